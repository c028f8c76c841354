import type { State } from "@countersign/contracts/life";
import type { OrderTerms } from "@countersign/contracts/order";
import type { FakeTws } from "../fakes/tws.ts";
import { isOpen, type TwsOrder } from "../fakes/tws-orders.ts";
import type { OrderToSend } from "../gateway-types.ts";
import type { TrueOrder, Truth } from "./truth.ts";

type Report = (invariant: string, what: string) => void;

/** The change of an order that its log shows as open; undefined: none. */
export function openChange({ exec }: TrueOrder): string | undefined {
  const last = exec.findLast(({ fact }) => CHANGES.includes(fact.type))?.fact;
  return last?.type === "modifyRequested/1" ? last.by : undefined;
}

const CHANGES = ["modifyRequested/1", "termsReplaced/1", "modifyClosed/1"];

/** What the log says about its terms: those of the ticket, or of the last change that happened. */
export function termsInForce({ exec, ticket }: TrueOrder): OrderTerms {
  const last = exec.findLast(({ fact }) => fact.type === "termsReplaced/1")?.fact;
  return last?.type === "termsReplaced/1" ? last.terms : ticket.terms;
}

/** A message under a reference that has left before is the change that the order's log shows as open, or it must not leave. */
export function writtenAs(truth: Truth, known: TrueOrder, order: OrderToSend, report: Report): TrueOrder | undefined {
  if (known.ticket.modifies !== undefined) {
    report("M2", `${known.ticket.proposalId} leaves as an order of its own, and is a change`);
    return undefined;
  }
  if (known.written === 0) return known;
  const change = truth.orders.get(openChange(known) ?? "");
  if (change === undefined) return known;
  if (change.ticket.modifies?.proposalId !== known.ticket.proposalId)
    report("M2", `${change.ticket.proposalId} changes another order than it names`);
  change.sentAs = order;
  return change;
}

/** Never a second one while the first is open. */
export function checkChange({ ticket, exec }: TrueOrder, report: Report): void {
  const fact = exec.at(-1)?.fact;
  if (fact?.type !== "modifyRequested/1") return;
  const before = exec.slice(0, -1).findLast((one) => CHANGES.includes(one.fact.type))?.fact;
  if (before?.type === "modifyRequested/1") report("M1", `${ticket.proposalId} is changed while a change is open`);
}

/** Where the logs and the broker tell different things of one change; undefined: nowhere. */
export function contradictionOfChange(
  { ticket, sentAs, written }: TrueOrder,
  state: State,
  order: TwsOrder | undefined,
): string | undefined {
  const name = `the change ${ticket.proposalId} is ${state}`;
  const happened = order !== undefined && sentAs !== undefined && order.changes.includes(sentAs);
  if (state === "MODIFIED") return happened ? undefined : `${name}, and the broker never had it`;
  if (!happened || order === undefined) return undefined;
  if (written === 0 || state === "KILLED_NOT_SENT" || state === "BROKER_REJECTED")
    return `${name}, and the broker has made it`;
  return isOpen(order) ? `${name}, and the broker shows it` : undefined;
}

/** The order as it is in force is the one that the broker has, unless a change of it is open. */
export function wrongTerms(known: TrueOrder, order: TwsOrder): string | undefined {
  if (!isOpen(order) || openChange(known) !== undefined) return undefined;
  const terms = termsInForce(known);
  const limit = "limitPrice" in terms ? terms.limitPrice : null;
  const { sent } = order;
  if (sent.quantity === terms.quantity && sent.limitPrice === limit) return undefined;
  return `${terms.quantity} at ${limit} are in force, and the broker has ${sent.quantity} at ${sent.limitPrice}`;
}

/** As the broker has it under this reference. */
export function atBroker(tws: FakeTws, orderRef: string): TwsOrder | undefined {
  const at = tws.orders.filter(({ sent }) => sent.orderRef === orderRef);
  return at.find((one) => isOpen(one) || one.status === "Filled") ?? at[0];
}
