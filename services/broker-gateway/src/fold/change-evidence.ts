import { isTerminal } from "@countersign/contracts/life";
import { compare, decimal, isZero } from "@countersign/money/decimal";
import { differencesOf, type Shown } from "./drift.ts";
import type { Draft, Evidence } from "./evidence.ts";
import { type ExecState, filledQuantity } from "./exec-state.ts";

/** The broker shows the terms that the open change asks for: it has happened, whatever was said of it. */
export function replaced({ pending }: ExecState, shown: Shown | undefined): Draft[] {
  if (pending === undefined || shown === undefined) return [];
  if (differencesOf(pending.sent, shown, false).length > 0) return [];
  return [{ type: "termsReplaced/1", by: pending.by, terms: pending.terms }];
}

/** True: the broker shows the order as it was before the open change. */
export function isAsBefore(order: ExecState, shown: Shown): boolean {
  return differencesOf(order.sent, shown, false).length === 0;
}

const MAY_COMPLETE: readonly ExecState["state"][] = ["WORKING", "PARTIAL", "CANCEL_REQUESTED", "UNKNOWN"];

/**
 * The list of completed orders has it as filled, with what its executions make up, and that is the quantity of the open
 * change and not the one before: the change was there before the last execution.
 */
function happenedBeforeTheEnd(order: ExecState, evidence: Evidence): boolean {
  const { pending, quantity, state } = order;
  if (pending === undefined || evidence.kind !== "seen" || evidence.status !== "Filled") return false;
  const { filledInAll } = evidence;
  if (filledInAll === undefined || !MAY_COMPLETE.includes(state)) return false;
  const filled = filledQuantity(order);
  const [inAll, asked] = [decimal(filledInAll), decimal(pending.terms.quantity)];
  return compare(filled, inAll) === 0 && compare(filled, asked) === 0 && compare(filled, decimal(quantity)) !== 0;
}

/**
 * An exit that the broker has made smaller, because its sibling or its entry was filled in part, is listed as filled with
 * just what its executions come to: more of it there is not.
 */
function filledAsMadeSmaller(order: ExecState, evidence: Evidence): boolean {
  if (order.leg === "entry" || evidence.kind !== "seen" || evidence.status !== "Filled") return false;
  const { filledInAll } = evidence;
  if (filledInAll === undefined || !MAY_COMPLETE.includes(order.state)) return false;
  const filled = filledQuantity(order);
  return !isZero(filled) && compare(filled, decimal(filledInAll)) === 0;
}

/**
 * What follows for the order once it is as the evidence has left it: a change of an order that ended came too late, and a
 * quantity that is settled may be what has been executed already.
 */
export function changeDrafts(order: ExecState, evidence: Evidence): Draft[] {
  const { pending, state, lastChange } = order;
  const close = (): Draft[] =>
    pending === undefined
      ? []
      : [{ type: "modifyClosed/1", by: pending.by, outcome: "ended", code: null, text: `the order is ${state}` }];
  if (isTerminal(state)) return close();
  if (happenedBeforeTheEnd(order, evidence)) {
    const reason = "the broker lists it as filled, with just the quantity that the change asked for";
    return pending === undefined
      ? []
      : [
          { type: "termsReplaced/1", by: pending.by, terms: pending.terms },
          { type: "completed/1", reason },
        ];
  }
  if (filledAsMadeSmaller(order, evidence))
    return [{ type: "completed/1", reason: "the broker lists the exit as filled, with just what was executed of it" }];
  const filled = filledQuantity(order);
  const isWhole = !isZero(filled) && compare(filled, decimal(order.quantity)) === 0;
  if (!isWhole || !MAY_COMPLETE.includes(state)) return [];
  const reason = "what was executed is the whole of its quantity";
  const settled = pending === undefined && lastChange !== undefined;
  const saidFilled = evidence.kind === "seen" && evidence.status === "Filled";
  if (!settled && !(pending !== undefined && saidFilled)) return [];
  const closing: Draft[] =
    pending === undefined
      ? []
      : [{ type: "modifyClosed/1", by: pending.by, outcome: "ended", code: null, text: "the order is filled" }];
  return [{ type: "completed/1", reason }, ...closing];
}
