import type { Bus } from "@countersign/bus/bus";
import type { Clock } from "@countersign/clock/clock";
import type { Rpc } from "@countersign/contracts/contract-kinds";
import type { Denial } from "@countersign/contracts/denial";
import * as z from "zod";
import type { AgentLimit } from "./agent-limit.ts";
import { askerOf } from "./asker-of.ts";
import { type Asker, GATE } from "./cost.ts";
import { askFor, Caller } from "./demand.ts";
import { orDenied } from "./refused.ts";

export interface AskingDeps {
  readonly clock: Clock;
  readonly agentLimit: AgentLimit;
  /** Share of a row's time limit that its caller waits for a turn; the rest is for the broker and the way back. */
  readonly waitShare: number;
}

/** What the bus is to the parts of this service. */
export type Served = Pick<Bus, "serve" | "request">;

/**
 * A bus whose handlers know for whom they answer: the asker's limit is kept, what the answer asks of the broker is asked in
 * the asker's turn, and a turn that comes too late is a denial.
 */
export function servedFor(bus: Served, deps: AskingDeps): Served {
  return {
    request: (rpc, body, options) => bus.request(rpc, body, options),
    serve(rpc, handler, options) {
      bus.serve(rpc, (body, call) => answerFor(rpc, body as Asked, deps, () => handler(body, call)) as never, {
        pendingMax: PENDING_MAX,
        ...options,
      });
    },
  };
}

/** On a subject that only the gate may publish on it is the gate; the server sees to that, so no text can claim it. */
export function whoAsks(rpc: Pick<Rpc, "callers">, body: { readonly asker?: unknown }): Asker {
  if (rpc.callers.every((caller) => caller === "risk-gate")) return GATE;
  return askerOf(typeof body.asker === "string" ? body.asker : UNNAMED);
}

/** Many may wait for one load; the queue to the broker behind it has bounds of its own. */
const PENDING_MAX = 4_096;

/** What a request may say of its caller. */
interface Asked {
  readonly asker?: unknown;
  readonly maxWaitMs?: number;
}

/** Rows that cost the broker nothing name no asker. */
const UNNAMED = "";

async function answerFor<T>(
  rpc: Pick<Rpc, "callers" | "timeoutMs" | "reply">,
  body: Asked,
  { clock, agentLimit, waitShare }: AskingDeps,
  answer: () => Promise<T>,
): Promise<T | { outcome: "denied"; denial: Denial }> {
  const asker = whoAsks(rpc, body);
  // An answer that says how long its parts may wait says itself what did not come.
  const caller = new Caller(
    clock,
    asker,
    body.maxWaitMs === undefined ? rpc.timeoutMs * waitShare : Number.POSITIVE_INFINITY,
    () => (asker.lane === "agent" && asker.id !== UNNAMED ? agentLimit.take(asker.id) : 0),
  );
  return withWait(await orDenied(askFor(caller, answer)), caller, rpc.reply);
}

/** An answer that stood in the queue says for how long, where its schema has a place for that. */
function withWait<T>(answer: T, caller: Caller, reply: z.ZodType): T {
  const waitedMs = Math.round(caller.waitedMs());
  if (waitedMs === 0 || !(reply instanceof z.ZodDiscriminatedUnion)) return answer;
  const hasPlace = reply.options.some((option) => option instanceof z.ZodObject && "waitedMs" in option.shape);
  const isOk = typeof answer === "object" && answer !== null && "outcome" in answer && answer.outcome === "ok";
  return hasPlace && isOk ? { ...answer, waitedMs } : answer;
}
