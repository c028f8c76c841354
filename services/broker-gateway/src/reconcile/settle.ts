import type { Absence } from "@countersign/contracts/facts/exec-facts.v1";
import { maybeAtBroker } from "@countersign/contracts/life";
import { compare, decimal } from "@countersign/money/decimal";
import { BETWEEN_ABSENCES_MS } from "@countersign/orders/absences";
import { filledQuantity } from "../fold/exec-state.ts";
import { seenIn } from "../orders/follow.ts";
import type { OrderActor } from "../orders/order-actor.ts";
import type { WireOrder } from "../session/wire.ts";

/** The complete lists of the broker, read on one epoch of the link. */
export interface Reading {
  readonly open: readonly WireOrder[];
  readonly completed: readonly WireOrder[];
  /** Monotonic ms before the first of them was asked for. */
  readonly startedAtMs: number;
  /** False: it was read under another id than the one that orders are sent under; what it does not show proves nothing. */
  readonly provesAbsence: boolean;
  /** When, on which link, and how much was shown. */
  readonly looked: Omit<Absence, "sinceMs">;
}

/** An order that was sent less than this before the reading may not be in it yet. */
const JUST_SENT_MS = 2_000;
/** Once may be the moment between open and completed, or a list that TWS has not filled yet. */
const ABSENCES_UNTIL_LOST = 2;

/** The part of an order's actor that is needed here. */
export interface Settled extends Pick<OrderActor, "order" | "sentAtMs" | "cancelledAtMs" | "absences" | "absentAtMs"> {
  movedAtMs: number;
  readonly take: OrderActor["take"];
}

export type Finding = "open" | "completed" | "absent" | "tooNew" | "unproven";

/** What a complete reading says about one order; its executions have been taken in before. */
export async function settle(actor: Settled, reading: Reading): Promise<Finding> {
  const open = find(reading.open, actor);
  if (open !== undefined) {
    actor.absences = 0;
    // A list from before the cancel says nothing of whether it was heard.
    const adopted = !isBeforeItsCancel(actor, reading);
    await actor.take({ kind: "seen", ...seenIn(open), adopted });
    return "open";
  }
  const completed = find(reading.completed, actor);
  if (completed !== undefined) {
    actor.absences = 0;
    await settleCompleted(actor, completed, reading);
    return "completed";
  }
  if (!reading.provesAbsence) return "unproven";
  if (isTooNew(actor, reading)) return "tooNew";
  if (actor.absences > 0 && reading.startedAtMs - actor.absentAtMs < BETWEEN_ABSENCES_MS) return "absent";
  const sinceMs = actor.absences === 0 ? null : Math.round(reading.startedAtMs - actor.absentAtMs);
  actor.absences += 1;
  actor.absentAtMs = reading.startedAtMs;
  const acknowledged = actor.order.state !== "SEND_STARTED";
  const reason = "neither open nor completed at the broker, and not executed in full";
  const isLost = !acknowledged || actor.absences >= ABSENCES_UNTIL_LOST;
  if (isLost) await actor.take({ kind: "lost", reason, unacknowledgedOnly: false });
  await actor.take({ kind: "absent", reading: reading.looked, sinceMs });
  return "absent";
}

async function settleCompleted(actor: Settled, wire: WireOrder, { provesAbsence }: Reading): Promise<void> {
  const { status, permId, completedStatus } = wire;
  // TWS shows the executions of today only: what was filled while nobody listened may be missing for good.
  const incomplete = `the broker says ${status} (${completedStatus}) and does not show every execution`;
  if (status !== "Filled" && isFilledFurther(actor.order, wire)) {
    if (provesAbsence) await actor.take({ kind: "lost", reason: incomplete, unacknowledgedOnly: false });
    return;
  }
  if (status === "Cancelled" || status === "ApiCancelled") {
    await actor.take({ kind: "ended", as: "cancelled", text: completedStatus });
    return;
  }
  if (status === "Inactive") {
    await actor.take({ kind: "ended", as: "rejected", text: completedStatus });
    return;
  }
  const isWhole = () => compare(filledQuantity(actor.order), decimal(actor.order.quantity)) === 0;
  // With a change open it is not over yet: the larger quantity might have been in force.
  if (isWhole() && actor.order.pending === undefined) return;
  const inAll = wire.filledQuantity === null ? {} : { filledInAll: wire.filledQuantity };
  await actor.take({ kind: "seen", status, permId, whyHeld: "", adopted: true, ...inAll });
  if (isWhole()) return;
  if (status === "Filled" && provesAbsence)
    await actor.take({ kind: "lost", reason: incomplete, unacknowledgedOnly: false });
}

/** The broker's list has more of it as filled than its executions that are known come to. */
function isFilledFurther(order: Settled["order"], { filledQuantity: inAll }: WireOrder): boolean {
  return inAll !== null && compare(decimal(inAll), filledQuantity(order)) > 0;
}

/** The row of this order; undefined: it is not among them. */
export function find(rows: readonly WireOrder[], { order }: Pick<Settled, "order">): WireOrder | undefined {
  const { orderRef, permId } = order;
  return (
    rows.find((row) => row.orderRef === orderRef) ??
    rows.find((row) => row.orderRef === "" && permId !== null && row.permId === permId)
  );
}

/** A reading that began less than this after the send may not have it yet. */
export function isTooNew(actor: Pick<Settled, "sentAtMs">, reading: Pick<Reading, "startedAtMs">): boolean {
  return actor.sentAtMs > reading.startedAtMs - JUST_SENT_MS;
}

/** Its cancel was asked for, or left, after the reading began. */
function isBeforeItsCancel(
  { order, cancelledAtMs, movedAtMs }: Pick<Settled, "order" | "cancelledAtMs" | "movedAtMs">,
  { startedAtMs }: Pick<Reading, "startedAtMs">,
): boolean {
  return order.state === "CANCEL_REQUESTED" && Math.max(cancelledAtMs, movedAtMs) >= startedAtMs;
}

/** Orders that a reading bears on. */
export function isOpenQuestion(actor: OrderActor): boolean {
  return maybeAtBroker(actor.order.state);
}
