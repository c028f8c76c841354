import type { Order } from "./model.ts";
import type { Placement } from "./what-if.ts";

/** An order that was accepted a moment ago. */
export function newOrder(placement: Placement, given: Pick<Order, "permId" | "acceptedMs" | "expiresMs">): Order {
  return {
    orderId: placement.orderId,
    clientId: placement.clientId,
    terms: placement.terms,
    status: "PreSubmitted",
    whyHeld: "",
    filled: "0",
    filledValue: "0",
    lastFillPrice: "0",
    commission: undefined,
    activeFromMs: undefined,
    completedMs: undefined,
    completedStatus: "",
    ...given,
  };
}
