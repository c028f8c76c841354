import type { Clock } from "@countersign/clock/clock";
import type {
  AcceptDecision,
  ReplyDecision,
  ReplyPoint,
  RequestDecision,
  RequestPoint,
  SessionHooks,
  StartDecision,
  WriteShape,
} from "../session/hooks.ts";
import type { MessageLimit } from "../session/message-pace.ts";
import type { FaultEngine } from "./fault-engine.ts";
import { HistoricalPace, LIVE_BARS } from "./historical-pace.ts";
import { meansClient } from "./matching.ts";
import { OrderTrail } from "./order-trail.ts";
import { replyDecision } from "./reply-faults.ts";
import { requestDecision } from "./request-faults.ts";

const PACING_VIOLATION = "Historical data request pacing violation";
const ACCEPTS = new Set(["acceptSilently", "acceptSlowly", "acceptAndClose"] as const);

/** The rules in force, as the sessions ask for them. */
export class SessionFaults implements SessionHooks {
  readonly #engine: FaultEngine;
  readonly #trail = new OrderTrail();

  readonly #clock: Clock;
  readonly #historicalPace = new HistoricalPace();

  constructor(engine: FaultEngine, clock: Clock) {
    this.#engine = engine;
    this.#clock = clock;
  }

  atAccept(): AcceptDecision | undefined {
    if (this.mutes(undefined)) return { kind: "mute" };
    const fault = this.#engine.take(ACCEPTS, () => true);
    switch (fault?.action) {
      case "acceptSilently":
        return { kind: "mute" };
      case "acceptSlowly":
        return { kind: "slow", delayMs: fault.delayMs };
      case "acceptAndClose":
        return { kind: "close", how: fault.how };
      default:
        return undefined;
    }
  }

  atRequest(point: RequestPoint): RequestDecision | undefined {
    this.#trail.learnRequest(point);
    if (this.#engine.empty) return undefined;
    return this.#tooSoon(point) ?? requestDecision(this.#engine, point);
  }

  messageLimit(clientId: number | undefined): MessageLimit | undefined {
    if (this.#engine.empty) return undefined;
    return this.#engine.standing("messagePacing", (fault) => meansClient(fault, clientId));
  }

  #tooSoon({ request, id }: RequestPoint): RequestDecision | undefined {
    const limits = this.#engine.standing("historicalPacing", () => true);
    if (limits === undefined || request === undefined) return undefined;
    if (!this.#historicalPace.exceeds(request, limits, this.#clock.monotonicMs())) return undefined;
    const live = (request.kind as string) === LIVE_BARS;
    const error = live
      ? { code: 420, text: `Invalid Real-time Query:${PACING_VIOLATION}` }
      : { code: 162, text: `Historical Market Data Service error message:${PACING_VIOLATION}` };
    return { kind: "answer", error: { id, ...error, rejectJson: "" } };
  }

  atStart(clientId: number): StartDecision | undefined {
    if (this.#engine.standing("clientIdInUse", (fault) => meansClient(fault, clientId))) return "refuse";
    return this.#engine.standing("kickOlderClient", (fault) => meansClient(fault, clientId)) ? "kick" : undefined;
  }

  atReply(point: ReplyPoint): ReplyDecision {
    return replyDecision(this.#engine, this.#trail, point);
  }

  writeShape(clientId: number | undefined): WriteShape | undefined {
    if (this.#engine.empty) return undefined;
    const chunk = this.#engine.standing("chunkWrites", (fault) => meansClient(fault, clientId));
    if (chunk !== undefined) return { kind: "chunk", bytes: chunk.bytes };
    const gather = this.#engine.standing("gatherWrites", (fault) => meansClient(fault, clientId));
    return gather === undefined ? undefined : { kind: "gather", frames: gather.frames, delayMs: gather.delayMs };
  }

  refusesConnections(): boolean {
    return this.#engine.standing("refuseConnections", () => true) !== undefined;
  }

  /** True when the connections of this client are half-open from now on, without waiting for a request. */
  mutes(clientId: number | undefined): boolean {
    return (
      this.#engine.standing("halfOpen", (fault) => fault.message === "*" && meansClient(fault, clientId)) !== undefined
    );
  }
}
