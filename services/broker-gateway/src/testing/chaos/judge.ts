import type { ExecState } from "../../fold/exec-state.ts";
import type { Truth } from "./broker-truth.ts";

export interface Verdict {
  readonly orderRef: string;
  readonly kind: "duplicate" | "lost" | "wrong";
  readonly text: string;
}

const OPEN = new Set(["PreSubmitted", "Submitted", "PendingSubmit", "PendingCancel"]);
const CANCELLED = new Set(["Cancelled", "ApiCancelled"]);
const NEVER_SENT = new Set(["INTENT", "KILLED_NOT_SENT"]);

/** What the gateway says of an order beside what the broker has: undefined when both agree. Pure. */
export function judge(order: ExecState, truth: Truth): Verdict | undefined {
  const { orderRef, state } = order;
  const found = truth.orders.get(orderRef) ?? [];
  const wrong = (kind: Verdict["kind"], text: string): Verdict => ({ orderRef, kind, text: `${state}: ${text}` });
  if (found.length > 1) return wrong("duplicate", `${found.length} orders at the broker`);
  const [real] = found;
  if (real === undefined) {
    return state === "UNKNOWN" || NEVER_SENT.has(state) ? undefined : wrong("wrong", "the broker does not have it");
  }
  if (NEVER_SENT.has(state)) return wrong("lost", `the broker has it as ${real.status}`);
  if (!expected(real.status, order).includes(state)) return wrong("wrong", `the broker has it as ${real.status}`);
  return ofExecutions(order, truth.executions.get(orderRef) ?? new Map());
}

function expected(status: string, order: ExecState): readonly string[] {
  const open = order.executions.size > 0 ? ["PARTIAL", "CANCEL_REQUESTED"] : ["WORKING", "CANCEL_REQUESTED"];
  if (OPEN.has(status)) return open;
  if (CANCELLED.has(status)) return ["CANCELLED"];
  if (status === "Inactive") return ["BROKER_REJECTED"];
  return status === "Filled" ? ["FILLED"] : [];
}

function ofExecutions(order: ExecState, real: ReadonlyMap<string, number>): Verdict | undefined {
  const { orderRef, executions } = order;
  const missing = [...real.keys()].filter((execId) => !executions.has(execId));
  if (missing.length > 0) return { orderRef, kind: "lost", text: `executions ${missing.join(", ")}` };
  const invented = [...executions.keys()].filter((execId) => !real.has(execId));
  if (invented.length > 0) return { orderRef, kind: "wrong", text: `no such executions: ${invented.join(", ")}` };
  // What a combination costs is charged in its legs.
  const charged = [...executions.values()].filter((one) => order.sent.legs.length === 0 || one.comboLeg !== undefined);
  const uncharged = charged.map(({ execId }) => execId).filter((execId) => !order.commissions.has(execId));
  return uncharged.length > 0 ? { orderRef, kind: "lost", text: `commissions of ${uncharged.join(", ")}` } : undefined;
}
