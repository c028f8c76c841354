import type { RequestDecision, RequestPoint } from "../session/hooks.ts";
import type { FaultEngine } from "./fault-engine.ts";
import { meansClient, meansFrame } from "./matching.ts";

const ACTIONS = new Set([
  "halfOpen",
  "dropBefore",
  "dropAfter",
  "ignoreRequest",
  "delayRequest",
  "answerError",
] as const);

const CHANGES_ORDERS = new Set(["placeOrder", "placeOrder.whatIf", "cancelOrder", "reqGlobalCancel"]);
const ASKS_FOR_ORDERS = new Set(["reqOpenOrders", "reqAllOpenOrders", "reqAutoOpenOrders", "reqCompletedOrders"]);
const READ_ONLY = "Error validating request.-'bW' : cause - The API interface is currently in Read-Only mode.";

/** What the rules in force do to an incoming frame. */
export function requestDecision(engine: FaultEngine, point: RequestPoint): RequestDecision | undefined {
  const { name, clientId, id, orderRef } = point;
  const readOnly = engine.standing("readOnlyApi", (fault) => meansClient(fault, clientId));
  if (readOnly !== undefined) {
    const refused = CHANGES_ORDERS.has(name) || (readOnly.refuseOpenOrders && ASKS_FOR_ORDERS.has(name));
    if (refused) return { kind: "answer", error: { id, code: 321, text: READ_ONLY, rejectJson: "" } };
  }
  const frame = { names: [name], clientId, orderId: id, orderRef };
  const fault = engine.take(ACTIONS, (rule) => meansFrame(rule, frame));
  switch (fault?.action) {
    case undefined:
      return undefined;
    case "halfOpen":
      return { kind: "mute" };
    case "dropBefore":
      return { kind: "closeBefore", how: fault.how };
    case "dropAfter":
      return { kind: "closeAfter", how: fault.how };
    case "ignoreRequest":
      return { kind: "ignore" };
    case "delayRequest":
      return { kind: "delay", delayMs: fault.delayMs };
    case "answerError": {
      const { code, text, rejectJson } = fault;
      return { kind: "answer", error: { id: fault.id ?? id, code, text, rejectJson } };
    }
  }
}
