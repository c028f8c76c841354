import { isFinal, isOpen, type Order } from "./model.ts";
import type { Reject } from "./reject.ts";

const DUPLICATE: Reject = { code: 103, text: "Duplicate order id" };
const FILLED: Reject = { code: 104, text: "Cannot modify a filled order." };
const TOO_LATE: Reject = {
  code: 201,
  text: "Order rejected - reason:Order has been cancelled already, too late to replace",
};
/** So long after a cancel a change of the order is answered as late; then its id is only used up. */
const LATE_CHANGE_MS = 5_000;

export function cancelUnknown(orderId: number): Reject {
  return { code: 10147, text: `OrderId ${orderId} that needs to be cancelled is not found.` };
}

/** Why an order cannot be cancelled in the state that it is in; undefined when it can. */
export function cancelRefused(order: Order, orderId: number): Reject | undefined {
  if (!isFinal(order)) return undefined;
  const text = `OrderId ${orderId} that needs to be cancelled can not be cancelled, state: ${order.status}.`;
  return { code: 10148, text };
}

/** What a global cancel says about an order that is dead and could come back. */
export function notCancellable(order: Order): Reject {
  const text = `Cancel attempted when order is not in a cancellable state.  Order permId =${order.permId}`;
  return { code: 161, text };
}

/** Why an order id cannot be used for a new order or for a change; undefined when it can. */
export function idRefused(existing: Order | undefined, isUsed: boolean, nowMs: number): Reject | undefined {
  if (existing === undefined) return isUsed ? DUPLICATE : undefined;
  if (isOpen(existing) || existing.status === "Inactive") return undefined;
  if (existing.status === "Filled") return FILLED;
  return nowMs - (existing.completedMs ?? 0) <= LATE_CHANGE_MS ? TOO_LATE : DUPLICATE;
}
