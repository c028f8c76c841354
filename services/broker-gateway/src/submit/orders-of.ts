import type { Ticket } from "@countersign/contracts/order";
import type { OrderActor } from "../orders/order-actor.ts";
import { contractToSend } from "../session/order-terms.ts";
import type { OrderGroup, OrderToSend } from "../session/wire.ts";

/**
 * The messages that send a countersigned order, in their order: one, or for a bracket three. TWS holds the entry and the
 * first exit back until it has the last, so that it takes all of them or none.
 */
export function ordersOf(entry: OrderActor, ticket: Ticket): OrderToSend[] {
  const contract = contractToSend(ticket.terms, ticket.instrument);
  const { orderId: parentId, orderRef: ocaGroup } = entry.order;
  return [entry, ...entry.exits].map((one, index, all) => {
    const { sent, orderId, orderRef, account } = one.order;
    const parts = { parentId: index === 0 ? null : parentId, ocaGroup: index === 0 ? "" : ocaGroup };
    const group: OrderGroup | null = all.length === 1 ? null : { ...parts, transmit: index === all.length - 1 };
    return { ...sent, orderId, orderRef, account, contract, whatIf: false, group };
  });
}
