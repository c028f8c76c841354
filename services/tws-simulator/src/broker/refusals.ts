import type { Order } from "./model.ts";
import { isOpen } from "./model.ts";
import type { Reject } from "./validate-order.ts";

export function cancelUnknown(orderId: number): Reject {
  return { code: 10147, text: `OrderId ${orderId} that needs to be cancelled is not found.` };
}

/** Why an order cannot be cancelled in the state that it is in; undefined when it can. */
export function cancelRefused(order: Order, orderId: number): Reject | undefined {
  if (isOpen(order)) return undefined;
  const text = `OrderId ${orderId} that needs to be cancelled can not be cancelled, state: ${order.status}.`;
  return { code: 10148, text };
}

/** Why an order id cannot be used for a new order or for a change; undefined when it can. */
export function idRefused(existing: Order | undefined, isUsed: boolean): Reject | undefined {
  if (existing === undefined) return isUsed ? DUPLICATE : undefined;
  if (isOpen(existing)) return undefined;
  return existing.status === "Filled" ? FILLED : DUPLICATE;
}

const DUPLICATE: Reject = { code: 103, text: "Duplicate order id" };
const FILLED: Reject = { code: 104, text: "Cannot modify a filled order." };
