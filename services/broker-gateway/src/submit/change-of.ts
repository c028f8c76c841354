import { type Denial, denied } from "@countersign/contracts/denial";
import type { Modifies, Ticket } from "@countersign/contracts/order";
import { changedTerms, changeRefusal } from "@countersign/contracts/order-change";
import { compare, decimal, isZero } from "@countersign/money/decimal";
import { concerns, sentOf } from "../fold/change.ts";
import { filledQuantity } from "../fold/exec-state.ts";
import type { OrderActor } from "../orders/order-actor.ts";
import { contractToSend } from "../session/order-terms.ts";
import type { OrderToSend } from "../session/wire.ts";
import type { SubmitDeps } from "./deps.ts";

/** The names under which the order is known: a change goes out under the same ones, and there is never a second order. */
export interface ChangedIds {
  readonly orderRef: string;
  readonly orderId: number;
  readonly clientId: number;
  readonly modifies: string;
}

export interface Change {
  readonly outcome: "allowed";
  readonly ids: ChangedIds;
  /** Notes in the order's log that the change may be on its way; false: the order has moved on, or has another one open. */
  readonly announce: () => Promise<boolean>;
  /** Looked at in the tick of the send: why it must not go out any more. */
  readonly obstacle: () => string | undefined;
  readonly messages: () => OrderToSend[];
}

/**
 * Whether the order may be changed to the terms of this ticket, by what this process knows of it. The link is up and was
 * reconciled, or nothing gets here; beyond that the last reading of the broker must have been a complete one.
 */
export function changeOf(
  deps: Pick<SubmitDeps, "table" | "link" | "readingIsClean" | "clock">,
  ticket: Ticket,
  { proposalId, orderRef, before }: Modifies,
): Change | { readonly outcome: "denied"; readonly denial: Denial } {
  const actor = deps.table.get(proposalId);
  if (actor === undefined || actor.order.modifies !== undefined) return denied("ORDER_NOT_FOUND");
  const { order } = actor;
  if (order.account !== ticket.terms.account || order.agent !== ticket.agent || order.orderRef !== orderRef)
    return denied("ORDER_NOT_FOUND");
  if (changedTerms(order.terms, before).length > 0) return denied("ORDER_CHANGED");
  const refusal = changeRefusal(order.terms, ticket.terms);
  if (refusal !== undefined) return denied(refusal.code, refusal.message, { field: refusal.field });
  const why =
    obstacleOf(deps, actor, ticket) ?? (order.pending === undefined ? undefined : "another change of it is open");
  if (why !== undefined) return denied("ORDER_NOT_MODIFIABLE", why, { state: order.state });
  const { orderId, clientId } = order;
  const obstacle = () => obstacleOf(deps, actor, ticket);
  return {
    outcome: "allowed",
    ids: { orderRef, orderId, clientId, modifies: proposalId },
    announce: () => actor.append({ type: "modifyRequested/1", by: ticket.proposalId, terms: ticket.terms }),
    obstacle,
    messages: () => messagesOf(actor, ticket),
  };
}

/** TWS may show an order as working for a while after it was told to cancel it, and its log may not have the cancel yet. */
const CANCEL_HEARD_MS = 30_000;

function obstacleOf(
  { link, readingIsClean, clock }: Pick<SubmitDeps, "link" | "readingIsClean" | "clock">,
  actor: OrderActor,
  { terms }: Ticket,
): string | undefined {
  const { order, exits } = actor;
  const cancelledAtMs = Math.max(...[actor, ...exits].map((one) => one.cancelledAtMs));
  if (clock.monotonicMs() - cancelledAtMs < CANCEL_HEARD_MS) return "a cancel of it has left";
  if (order.state !== "WORKING" && order.state !== "PARTIAL") return `it is ${order.state}, not working`;
  if (order.permId === null) return "the broker has not named it yet";
  if (order.dispute !== null || order.drift.length > 0) return "the broker shows other terms than the ones in force";
  if (!link.ownsOrders || order.clientId !== link.clientId) return "it was placed under another client id";
  if (!readingIsClean()) return "the last reading of the broker was not complete";
  if (compare(decimal(terms.quantity), filledQuantity(order)) <= 0) return "that much is executed already";
  const concerned = exits.filter((exit) => concerns(exit.order, terms));
  if (concerned.some((exit) => exit.order.state !== "WORKING" || exit.order.permId === null))
    return "an exit of the bracket is not working";
  return concerned.some((exit) => !isZero(filledQuantity(exit.order)))
    ? "an exit has been executed in part"
    : undefined;
}

/** The order itself, and the exits whose quantity goes with it. Each under its own id, as a change of what is there. */
function messagesOf(actor: OrderActor, { terms, instrument }: Ticket): OrderToSend[] {
  const contract = contractToSend(terms, instrument);
  const { orderId: parentId, orderRef: ocaGroup } = actor.order;
  const group = [actor, ...actor.exits.filter((exit) => concerns(exit.order, terms))];
  return group.map((one) => {
    const { leg, orderId, orderRef, account } = one.order;
    const place = leg === "entry" ? { parentId: null, ocaGroup: "" } : { parentId, ocaGroup };
    return {
      ...sentOf(leg, terms),
      ...{ orderId, orderRef, account, contract, whatIf: false },
      group: actor.exits.length === 0 ? null : { ...place, transmit: true },
    };
  });
}
