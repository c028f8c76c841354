import type { Socket } from "node:net";
import type { WireTap } from "@countersign/wire-record/wire-tap";
import { decodeRequest } from "../codec/decode-request.ts";
import { encodeError, encodeHelloReply } from "../codec/encode-session.ts";
import type { Reply } from "../codec/literals.ts";
import type { Request, RequestOf } from "../codec/requests.ts";
import { negotiate } from "../codec/version-gates.ts";
import type { Traffic } from "../control/traffic.ts";
import { connectionTime } from "../market/zoned-time.ts";
import { FrameReader, type WireEvent } from "../wire/frame-reader.ts";
import { dispatch } from "./dispatch.ts";
import { CLIENT_ID_IN_USE, greet, sendNotice } from "./greeting.ts";
import type { AcceptDecision, CloseHow, RequestDecision, RequestPoint, SessionHooks } from "./hooks.ts";
import { Inbox } from "./inbox.ts";
import { MessagePace } from "./message-pace.ts";
import { Outbox } from "./outbox.ts";
import { requestPoint } from "./request-point.ts";
import { Segments } from "./segments.ts";
import { type Session, Subscriptions } from "./session.ts";
import { TWS_ZONE, type World } from "./world.ts";

/** A client that reads nothing is dropped when so much waits for it. */
const UNREAD_BYTES_MAX = 64 * 1024 * 1024;
/** Answered by TWS itself while it has no link to the broker. */
const LOCAL: ReadonlySet<string> = new Set(["reqCurrentTime", "reqIds", "reqManagedAccts", "setServerLogLevel"]);
/** Connection option of a client that wants to be slowed down instead of told off. */
const PACE_OPTION = "+PACEAPI";
const HELLO: RequestPoint = { name: "hello", clientId: undefined, id: -1, orderRef: undefined, request: undefined };

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

/** One socket through its life: HELLO, then START_API, then ready for requests. */
export class Connection implements Session {
  readonly subscriptions = new Subscriptions();
  readonly #deps: ConnectionDeps;
  readonly #socket: Socket;
  readonly #reader = new FrameReader();
  readonly #inbox: Inbox<WireEvent>;
  readonly #outbox: Outbox;
  #serverVersion = 0;
  #clientId: number | undefined;
  readonly #pace = new MessagePace();
  #asksForPace = false;
  #muted = false;
  #over = false;
  /** Requests that wait for the link to the broker's servers. */
  #waiting: Request[] = [];

  constructor(socket: Socket, deps: ConnectionDeps) {
    this.#deps = deps;
    this.#socket = socket;
    const { clock } = deps.world;
    const shape = () => deps.hooks.writeShape(this.#clientId);
    const segments = new Segments({ clock, shape, write: (bytes, written) => this.#write(bytes, written) });
    const decide = (reply: Reply) => deps.hooks.atReply({ reply, clientId: this.#clientId });
    this.#outbox = new Outbox({ clock, segments, decide, end: (how) => this.end(how) });
    this.#inbox = new Inbox(clock, (event) => this.#handle(event));
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.#receive(chunk));
    socket.on("error", () => this.destroy());
    socket.on("close", () => {
      this.destroy();
      deps.tap?.close();
    });
  }

  get serverVersion(): number {
    return this.#serverVersion;
  }

  get clientId(): number {
    if (this.#clientId === undefined) throw new Error("no client id before START_API");
    return this.#clientId;
  }

  get ready(): boolean {
    return this.#clientId !== undefined;
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
    for (const request of this.#waiting.splice(0)) if (!this.#over) dispatch(this.#deps.world, this, request);
  }

  #leave(): void {
    if (this.#over) return;
    this.#over = true;
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
    if (!this.#over && !this.#muted) this.#inbox.push(this.#reader.push(chunk));
  }

  #handle(event: WireEvent): void {
    if (this.#over || this.#muted) return;
    if (event.kind === "hello") {
      this.#decided(HELLO, () => this.#hello(event.text));
    } else if (event.kind === "violation") {
      this.#deps.traffic.count("violation");
      this.destroy();
    } else if (this.#mayPass(event)) {
      this.#frame(event.tokens);
    }
  }

  /** False when this message comes too soon and is not processed now. */
  #mayPass(event: WireEvent): boolean {
    const limit = this.#deps.hooks.messageLimit(this.#clientId);
    if (limit === undefined) return true;
    const verdict = this.#pace.arrived(this.#deps.world.clock.monotonicMs(), limit, this.#asksForPace);
    if (verdict.kind === "fine") return true;
    if (verdict.kind === "wait") {
      this.#inbox.wait(verdict.delayMs, () => this.#handle(event));
      return false;
    }
    sendNotice(this, { code: 100, text: verdict.text });
    if (verdict.last) this.end("fin");
    return !limit.discard && !verdict.last;
  }

  #hello(text: string): void {
    const negotiation = negotiate(text);
    if (negotiation.kind === "refused") {
      this.destroy();
      return;
    }
    this.#serverVersion = negotiation.serverVersion;
    this.#asksForPace = text.includes(PACE_OPTION);
    const { world } = this.#deps;
    this.send(encodeHelloReply(this.#serverVersion, connectionTime(world.clock.nowMs(), TWS_ZONE)));
  }

  #frame(tokens: readonly string[]): void {
    const { traffic } = this.#deps;
    const decoded = decodeRequest(this.#serverVersion, tokens);
    switch (decoded.kind) {
      case "request":
        traffic.arrived(decoded.request, this.#clientId);
        this.#request(decoded.request);
        return;
      case "malformed":
        traffic.count(decoded.name);
        traffic.count("malformed");
        // A cancel in a layout of another version is ignored by TWS without a word.
        if (decoded.name === "cancelOrder" || decoded.name === "reqGlobalCancel") return;
        this.#unreadable(`${decoded.name}: ${decoded.reason}`);
        return;
      case "unsupported":
        traffic.count(decoded.name ?? "unknown");
        this.#unreadable(`Unknown message id ${decoded.messageId}`);
        return;
    }
  }

  #unreadable(why: string): void {
    this.send(encodeError({ id: -1, code: 320, text: `Error reading request. ${why}` }));
  }

  #request(request: Request): void {
    if (!this.ready && request.kind !== "startApi") {
      this.destroy();
      return;
    }
    const start = this.ready || request.kind !== "startApi" ? undefined : request;
    const point = requestPoint(request, start?.clientId ?? this.#clientId);
    this.#decided(point, () => {
      if (start !== undefined) this.#start(start);
      else if (this.#deps.linkUp() || LOCAL.has(request.kind)) dispatch(this.#deps.world, this, request);
      else this.#waiting.push(request);
    });
  }

  #decided(point: RequestPoint, process: () => void): void {
    const decision = this.#deps.hooks.atRequest(point);
    if (decision === undefined) process();
    else this.#obey(decision, process);
  }

  #obey(decision: RequestDecision, process: () => void): void {
    switch (decision.kind) {
      case "ignore":
        return;
      case "mute":
        this.mute();
        return;
      case "closeBefore":
        this.end(decision.how);
        return;
      case "closeAfter":
        this.end(decision.how);
        process();
        return;
      case "delay":
        this.#inbox.wait(decision.delayMs, () => {
          if (!this.#over && !this.#muted) process();
        });
        return;
      case "answer":
        this.send(encodeError(decision.error));
    }
  }

  #start(request: RequestOf<"startApi">): void {
    const decision = this.#deps.hooks.atStart(request.clientId);
    this.#clientId = request.clientId;
    if (this.#over) return;
    if (decision === "refuse" || !this.#deps.register(this, decision === "kick")) {
      sendNotice(this, CLIENT_ID_IN_USE);
      this.end("fin");
      return;
    }
    greet(this.#deps.world, this, this.#deps.linkUp());
  }
}
