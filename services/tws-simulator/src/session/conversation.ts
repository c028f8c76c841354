import { decodeRequest } from "../codec/decode-request.ts";
import { encodeError, encodeHelloReply } from "../codec/encode-session.ts";
import type { Request, RequestOf } from "../codec/requests.ts";
import { negotiate } from "../codec/version-gates.ts";
import type { Traffic } from "../control/traffic.ts";
import { connectionTime } from "../market/zoned-time.ts";
import type { WireEvent } from "../wire/frame-reader.ts";
import { dispatch } from "./dispatch.ts";
import { CLIENT_ID_IN_USE, greet, sendNotice } from "./greeting.ts";
import type { CloseHow, RequestDecision, RequestPoint, SessionHooks } from "./hooks.ts";
import { MessagePace } from "./message-pace.ts";
import { requestPoint } from "./request-point.ts";
import type { Session } from "./session.ts";
import { TWS_ZONE, type World } from "./world.ts";

/** Answered by TWS itself while it has no link to the broker. */
const LOCAL: ReadonlySet<string> = new Set(["reqCurrentTime", "reqIds", "reqManagedAccts", "setServerLogLevel"]);
const WAITING_MAX = 100_000;
/** Connection option of a client that wants to be slowed down instead of told off. */
const PACE_OPTION = "+PACEAPI";
const HELLO: RequestPoint = { name: "hello", clientId: undefined, id: -1, orderRef: undefined, request: undefined };

export interface ConversationDeps {
  readonly world: World;
  readonly hooks: SessionHooks;
  readonly traffic: Traffic;
  readonly session: Session;
  /** False while TWS has no link to the broker's servers. */
  readonly linkUp: () => boolean;
  /** Enters the session under its client id, with `kick` in place of an older one; false when the id is taken. */
  readonly register: (kick: boolean) => boolean;
  /** True once nothing may be processed any more. */
  readonly isOver: () => boolean;
  readonly end: (how: CloseHow) => void;
  readonly destroy: () => void;
  readonly mute: () => void;
  /** Nothing is read for `delayMs`; then `first`, and on with what waits. */
  readonly wait: (delayMs: number, first: () => void) => void;
}

/** What is said on one connection: HELLO, then START_API, then requests. */
export class Conversation {
  readonly #deps: ConversationDeps;
  readonly #pace = new MessagePace();
  #asksForPace = false;
  #serverVersion = 0;
  #clientId: number | undefined;
  /** Requests that wait for the link to the broker's servers. */
  #waiting: Request[] = [];

  constructor(deps: ConversationDeps) {
    this.#deps = deps;
  }

  get serverVersion(): number {
    return this.#serverVersion;
  }

  /** Undefined before START_API. */
  get clientId(): number | undefined {
    return this.#clientId;
  }

  /** `atMs`: when it came, in the clock's `monotonicMs`. */
  handle(event: WireEvent, atMs: number): void {
    if (this.#deps.isOver()) return;
    if (event.kind === "hello") {
      this.#decided(HELLO, () => this.#hello(event.text));
    } else if (event.kind === "violation") {
      this.#deps.traffic.count("violation");
      this.#deps.destroy();
    } else if (this.#mayPass(event, atMs)) {
      this.#frame(event.tokens);
    }
  }

  /** The link to the broker's servers is back. */
  resume(): void {
    const { world, session, isOver } = this.#deps;
    for (const request of this.#waiting.splice(0)) if (!isOver()) dispatch(world, session, request);
  }

  /** False when this message comes too soon and is not processed now. */
  #mayPass(event: WireEvent, atMs: number): boolean {
    const { hooks, world, session, wait, end } = this.#deps;
    const limit = hooks.messageLimit(this.#clientId);
    if (limit === undefined) return true;
    const verdict = this.#pace.arrived(this.#asksForPace ? world.clock.monotonicMs() : atMs, limit, this.#asksForPace);
    if (verdict.kind === "fine") return true;
    if (verdict.kind === "wait") {
      wait(verdict.delayMs, () => this.handle(event, world.clock.monotonicMs()));
      return false;
    }
    sendNotice(session, { code: 100, text: verdict.text });
    if (verdict.last) end("fin");
    return !limit.discard && !verdict.last;
  }

  #hello(text: string): void {
    const { world, session, destroy } = this.#deps;
    const negotiation = negotiate(text);
    if (negotiation.kind === "refused") {
      destroy();
      return;
    }
    this.#serverVersion = negotiation.serverVersion;
    this.#asksForPace = text.includes(PACE_OPTION);
    session.send(encodeHelloReply(this.#serverVersion, connectionTime(world.clock.nowMs(), TWS_ZONE)));
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
    sendNotice(this.#deps.session, { code: 320, text: `Error reading request. ${why}` });
  }

  #request(request: Request): void {
    const ready = this.#clientId !== undefined;
    if (!ready && request.kind !== "startApi") {
      this.#deps.destroy();
      return;
    }
    const start = ready || request.kind !== "startApi" ? undefined : request;
    this.#decided(requestPoint(request, start?.clientId ?? this.#clientId), () => {
      if (start !== undefined) this.#start(start);
      else this.#serve(request);
    });
  }

  #serve(request: Request): void {
    const { world, session, linkUp, destroy } = this.#deps;
    if (linkUp() || LOCAL.has(request.kind)) dispatch(world, session, request);
    else if (this.#waiting.push(request) > WAITING_MAX) destroy();
  }

  #decided(point: RequestPoint, process: () => void): void {
    const decision = this.#deps.hooks.atRequest(point);
    if (decision === undefined) process();
    else this.#obey(decision, process);
  }

  #obey(decision: RequestDecision, process: () => void): void {
    const { end, mute, wait, session, isOver } = this.#deps;
    switch (decision.kind) {
      case "ignore":
        return;
      case "mute":
        mute();
        return;
      case "closeBefore":
        end(decision.how);
        return;
      case "closeAfter":
        end(decision.how);
        process();
        return;
      case "delay":
        wait(decision.delayMs, () => {
          if (!isOver()) process();
        });
        return;
      case "answer":
        session.send(encodeError(decision.error));
    }
  }

  #start(request: RequestOf<"startApi">): void {
    const { hooks, world, session, register, linkUp, isOver, end } = this.#deps;
    const decision = hooks.atStart(request.clientId);
    this.#clientId = request.clientId;
    if (isOver()) return;
    if (decision === "refuse" || !register(decision === "kick")) {
      sendNotice(session, CLIENT_ID_IN_USE);
      end("fin");
      return;
    }
    greet(world, session, linkUp());
  }
}
