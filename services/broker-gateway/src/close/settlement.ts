import { compare, decimal } from "@countersign/money/decimal";
import { missingOf } from "@countersign/orders/absences";
import { type ExecState, filledQuantity } from "../fold/exec-state.ts";
import { find, isTooNew, type Reading, type Settled } from "../reconcile/settle.ts";
import type { WireOrder } from "../session/wire.ts";

/** How a person's word ends the question about an order: by which fact, and what the broker showed. */
export interface Settlement {
  readonly as:
    | "closedAbsent/1"
    | "resolvedOpen/1"
    | "resolvedPartial/1"
    | "resolvedFilled/1"
    | "resolvedCancelled/1"
    | "resolvedRejected/1";
  readonly shown: string;
}

const NOWHERE = "neither open nor completed";

/** What a reading made just now allows a person to say about an order; `missing`: it allows nothing yet. Pure. */
export function settlementOf(
  actor: Pick<Settled, "order" | "sentAtMs">,
  reading: Reading,
): Settlement | { readonly missing: string } {
  const { order } = actor;
  if (order.modifies !== undefined) return ofChange(order);
  const copies = reading.open.filter(({ orderRef }) => orderRef === order.orderRef);
  if (copies.length > 1) return { missing: `the broker shows ${copies.length} orders with this reference` };
  const row = find(reading.open, actor) ?? find(reading.completed, actor);
  if (row !== undefined) return bySight(order, row, reading.open.includes(row));
  if (!reading.provesAbsence) return { missing: "the link has not the client id under which orders are sent" };
  if (isTooNew(actor, reading)) return { missing: "it was sent a moment before the reading began" };
  const missing = missingOf(order.absences ?? []);
  return missing === undefined ? ended(order) : { missing };
}

/** Of a change the readings show its order with the old terms; had they shown the new ones, it would have ended. */
function ofChange({ absences = [] }: ExecState): Settlement | { readonly missing: string } {
  const missing = missingOf(absences);
  return missing === undefined ? { as: "closedAbsent/1", shown: "the terms from before" } : { missing };
}

/** Only a dispute is settled by what is shown; an UNKNOWN order has left that state when the broker shows it. */
function bySight(order: ExecState, row: WireOrder, isOpen: boolean): Settlement | { readonly missing: string } {
  const shown = `${row.status} ${row.completedStatus}`.trim().slice(0, 200);
  if (order.state !== "DISPUTED") return { missing: `the broker shows it as ${shown}, without every execution` };
  if (isOpen) return { as: order.executions.size > 0 ? "resolvedPartial/1" : "resolvedOpen/1", shown };
  if (row.status === "Filled") return { as: "resolvedFilled/1", shown };
  return { as: row.status === "Inactive" ? "resolvedRejected/1" : "resolvedCancelled/1", shown };
}

/** Gone, and two readings say so: an order with executions was there once, one without may never have been. */
function ended(order: ExecState): Settlement {
  if (order.executions.size === 0) return { as: "closedAbsent/1", shown: NOWHERE };
  if (order.state === "UNKNOWN") return { as: "closedAbsent/1", shown: NOWHERE };
  const isWhole = compare(filledQuantity(order), decimal(order.quantity)) >= 0;
  return { as: isWhole ? "resolvedFilled/1" : "resolvedCancelled/1", shown: NOWHERE };
}
