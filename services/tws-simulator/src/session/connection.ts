import type { Socket } from "node:net";
import { decodeRequest } from "../codec/decode-request.ts";
import { encodeError, encodeHelloReply, encodeManagedAccounts, encodeNextValidId } from "../codec/encode-session.ts";
import type { Reply } from "../codec/literals.ts";
import type { Request } from "../codec/requests.ts";
import { negotiate } from "../codec/version-gates.ts";
import type { Traffic } from "../control/traffic.ts";
import { type FaultRules, REQUEST_ACTIONS } from "../faults/fault-rules.ts";
import { connectionTime } from "../market/zoned-time.ts";
import { FrameReader, type WireEvent } from "../wire/frame-reader.ts";
import { dispatch } from "./dispatch.ts";
import { sendOpenOrders } from "./order-handlers.ts";
import { Outbox } from "./outbox.ts";
import { type Session, Subscriptions } from "./session.ts";
import { TWS_ZONE, type World } from "./world.ts";

const FARM_NOTICES: readonly (readonly [code: number, text: string])[] = [
  [2104, "Market data farm connection is OK:usfarm"],
  [2106, "HMDS data farm connection is OK:ushmds"],
  [2158, "Sec-def data farm connection is OK:secdefnj"],
];
const CLIENT_ID_IN_USE = "Unable to connect as the client id is already in use. Retry with a unique client id.";

export interface ConnectionDeps {
  readonly world: World;
  readonly faults: FaultRules;
  readonly traffic: Traffic;
  /** Enters the session under its client id; false when the id is taken. */
  readonly register: (connection: Connection) => boolean;
  readonly closed: (connection: Connection) => void;
}

/** One socket through its life: HELLO, then START_API, then ready for requests. */
export class Connection implements Session {
  readonly subscriptions = new Subscriptions();
  readonly #deps: ConnectionDeps;
  readonly #socket: Socket;
  readonly #reader = new FrameReader();
  readonly #outbox: Outbox;
  #serverVersion = 0;
  #clientId: number | undefined;
  #muted = false;

  constructor(socket: Socket, deps: ConnectionDeps) {
    this.#deps = deps;
    this.#socket = socket;
    this.#outbox = new Outbox({
      clock: deps.world.clock,
      faults: deps.faults,
      write: (bytes) => void socket.write(bytes),
      cut: () => this.destroy(),
      clientId: () => this.#clientId,
    });
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.#receive(chunk));
    socket.on("error", () => this.destroy());
    socket.on("close", () => {
      this.#outbox.close();
      deps.closed(this);
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

  send(reply: Reply): void {
    this.#outbox.send(reply);
  }

  /** Stops reading and writing, and keeps the TCP connection. */
  mute(): void {
    this.#muted = true;
    this.#outbox.close();
    this.#socket.pause();
  }

  destroy(): void {
    this.#outbox.close();
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    if (this.#muted) return;
    for (const event of this.#reader.push(chunk)) {
      if (this.#socket.destroyed || this.#muted) return;
      this.#handle(event);
    }
  }

  #handle(event: WireEvent): void {
    if (event.kind === "hello") {
      this.#hello(event.text);
      return;
    }
    if (event.kind === "violation") {
      this.#deps.traffic.count("violation");
      this.destroy();
      return;
    }
    this.#frame(event.tokens);
  }

  #hello(text: string): void {
    const negotiation = negotiate(text);
    if (negotiation.kind === "refused") {
      this.destroy();
      return;
    }
    this.#serverVersion = negotiation.serverVersion;
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
        this.send(
          encodeError({ id: -1, code: 320, text: `Error reading request. ${decoded.name}: ${decoded.reason}` }),
        );
        return;
      case "unsupported":
        traffic.count(decoded.name ?? "unknown");
        this.send(
          encodeError({ id: -1, code: 320, text: `Error reading request. Unknown message id ${decoded.messageId}` }),
        );
        return;
    }
  }

  #request(request: Request): void {
    const { faults, world } = this.#deps;
    if (!this.ready) {
      if (request.kind === "startApi") {
        this.#start(request.clientId);
        return;
      }
      this.destroy();
      return;
    }
    const fault = faults.match({ message: faultName(request), clientId: this.#clientId }, REQUEST_ACTIONS);
    if (fault?.action === "halfOpen") {
      this.mute();
      return;
    }
    if (fault?.action === "dropBefore") {
      this.destroy();
      return;
    }
    if (fault?.action === "ignoreRequest") return;
    if (fault?.action === "dropAfter") this.destroy();
    dispatch(world, this, request);
  }

  #start(clientId: number): void {
    this.#clientId = clientId;
    const { world, register } = this.#deps;
    if (!register(this)) {
      this.send(encodeError({ id: -1, code: 326, text: CLIENT_ID_IN_USE }));
      this.#outbox.flush();
      this.#outbox.close();
      this.#socket.end();
      return;
    }
    const own = world.state.openOrders().some((order) => order.clientId === clientId);
    if (own) sendOpenOrders(world, this, clientId);
    this.send(encodeManagedAccounts(world.state.accountIds));
    this.send(encodeNextValidId(world.state.highestOrderId(clientId) + 1));
    for (const [code, text] of FARM_NOTICES) this.send(encodeError({ id: -1, code, text }));
  }
}

/** A what-if is not an order for a fault rule either. */
function faultName(request: Request): string {
  return request.kind === "placeOrder" && request.whatIf ? "placeOrder.whatIf" : request.kind;
}
