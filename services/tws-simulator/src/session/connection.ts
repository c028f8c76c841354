import type { Socket } from "node:net";
import type { WireTap } from "@countersign/wire-record/wire-tap";
import type { Reply } from "../codec/literals.ts";
import type { Traffic } from "../control/traffic.ts";
import { FrameReader, type WireEvent } from "../wire/frame-reader.ts";
import { Conversation } from "./conversation.ts";
import type { AcceptDecision, CloseHow, SessionHooks } from "./hooks.ts";
import { Inbox } from "./inbox.ts";
import { Outbox } from "./outbox.ts";
import { Segments } from "./segments.ts";
import { type Session, Subscriptions } from "./session.ts";
import { Stalls } from "./stalls.ts";
import type { World } from "./world.ts";

/** A client that reads nothing is dropped when so much waits for it. */
const UNREAD_BYTES_MAX = 64 * 1024 * 1024;

export interface ConnectionDeps {
  readonly world: World;
  readonly hooks: SessionHooks;
  readonly traffic: Traffic;
  /** False while TWS has no link to the broker's servers. */
  readonly linkUp: () => boolean;
  /** Enters the session under its client id, with `kick` in place of an older one; false when the id is taken. */
  readonly register: (connection: Connection, kick: boolean) => boolean;
  /** Called once, as soon as the session hears nothing any more. */
  readonly closed: (connection: Connection) => void;
  /** Listens to both directions for a recording. */
  readonly tap: WireTap | undefined;
}

/** One socket: what is read from it, what is written to it, and how it ends. */
export class Connection implements Session {
  readonly subscriptions = new Subscriptions();
  readonly #deps: ConnectionDeps;
  readonly #socket: Socket;
  readonly #reader = new FrameReader();
  readonly #inbox: Inbox<{ readonly event: WireEvent; readonly atMs: number }>;
  readonly #outbox: Outbox;
  readonly #conversation: Conversation;
  #stalls: Stalls | undefined;
  #muted = false;
  #over = false;

  constructor(socket: Socket, deps: ConnectionDeps) {
    this.#deps = deps;
    this.#socket = socket;
    const { hooks, world } = deps;
    const clientId = () => this.#conversation.clientId;
    const write = (bytes: Buffer, written: () => void) => this.#write(bytes, written);
    const segments = new Segments({ clock: world.clock, shape: () => hooks.writeShape(clientId()), write });
    const decide = (reply: Reply) => hooks.atReply({ reply, clientId: clientId() });
    this.#outbox = new Outbox({ clock: world.clock, segments, decide, end: (how) => this.end(how) });
    this.#inbox = new Inbox(world.clock, ({ event, atMs }) => this.#conversation.handle(event, atMs));
    this.#conversation = new Conversation({
      ...deps,
      session: this,
      register: (kick) => deps.register(this, kick),
      isOver: () => this.#over || this.#muted,
      end: (how) => this.end(how),
      destroy: () => this.destroy(),
      mute: () => this.mute(),
      wait: (delayMs, first) => this.#inbox.wait(delayMs, first),
    });
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.#receive(chunk));
    socket.on("error", () => this.destroy());
    socket.on("close", () => {
      this.destroy();
      deps.tap?.close();
    });
  }

  get serverVersion(): number {
    return this.#conversation.serverVersion;
  }

  get clientId(): number {
    const { clientId } = this.#conversation;
    if (clientId === undefined) throw new Error("no client id before START_API");
    return clientId;
  }

  get ready(): boolean {
    return this.#conversation.clientId !== undefined;
  }

  get muted(): boolean {
    return this.#muted;
  }

  accepted(decision: AcceptDecision | undefined): void {
    if (decision?.kind === "mute") this.mute();
    if (decision?.kind === "close") this.end(decision.how);
    if (decision?.kind !== "slow") return;
    this.#socket.pause();
    this.#deps.world.clock.setTimeout(() => void this.#socket.resume(), decision.delayMs);
  }

  send(reply: Reply): void {
    if (reply.name === "error") this.#deps.traffic.countError(reply.tokens[3] ?? "");
    this.#outbox.send(reply);
  }

  /** Stops reading and writing, and keeps the TCP connection. */
  mute(): void {
    this.#muted = true;
    this.#outbox.flush();
    this.#outbox.close();
    this.#socket.pause();
  }

  /** Hears nothing any more, writes what is queued, and closes. */
  end(how: CloseHow): void {
    if (this.#over) return;
    this.#leave();
    this.#outbox.finish(() => {
      if (how === "rst") this.#socket.resetAndDestroy();
      else this.#socket.destroySoon();
    });
  }

  /** Closes at once; what was not written is lost. */
  destroy(): void {
    this.#leave();
    this.#outbox.close();
    this.#socket.destroy();
  }

  /** The link to the broker's servers is back. */
  resume(): void {
    this.#conversation.resume();
  }

  /** Only a pace asks when exactly a frame came. */
  #arrivals(frames: number): number[] {
    const { hooks, world } = this.#deps;
    if (hooks.messageLimit(this.#conversation.clientId) === undefined)
      return Array.from({ length: frames }, () => world.clock.monotonicMs());
    this.#stalls ??= new Stalls(world.clock);
    return this.#stalls.arrivals(frames);
  }

  #leave(): void {
    if (this.#over) return;
    this.#over = true;
    this.#stalls?.close();
    this.#inbox.clear();
    this.#deps.closed(this);
  }

  #write(bytes: Buffer, written: () => void): void {
    this.#deps.tap?.fromServer(bytes);
    this.#socket.write(bytes, written);
    if (this.#socket.writableLength > UNREAD_BYTES_MAX) this.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#deps.tap?.fromClient(chunk);
    if (this.#over || this.#muted) return;
    const events = this.#reader.push(chunk);
    const times = this.#arrivals(events.length);
    this.#inbox.push(events.map((event, index) => ({ event, atMs: times[index] ?? Number.NaN })));
  }
}
