import { compare, decimal } from "@countersign/money/decimal";
import type { Order, OrderTerms } from "./model.ts";
import { kindOf } from "./order-kinds.ts";
import type { Reject } from "./reject.ts";

const MISMATCH: Reject = { code: 105, text: "Order being modified does not match original order." };
const TYPE_CHANGE: Reject = { code: 329, text: "Order modify failed. Cannot change to the new order type." };
const IN_PROCESS: Reject = { code: 2102, text: "Unable to modify this order as it is still being processed." };
const TOO_SMALL: Reject = {
  code: 201,
  text: "Order rejected - reason:The order size cannot be smaller than the quantity that is already filled.",
};

/** What stays as it was in every change. */
const FIXED = [
  "conId",
  "action",
  "account",
  "exchange",
  "orderRef",
  "outsideRth",
  "hidden",
  "parentId",
  "ocaGroup",
] as const;

/**
 * An open order may change prices, quantity, time in force, and from a limit to a market order. The old order lives on
 * a refusal.
 */
export function checkModification(order: Order, terms: OrderTerms): Reject | undefined {
  if (order.status === "PendingCancel" || order.status === "PendingSubmit") return IN_PROCESS;
  const old = order.terms;
  const isSame = FIXED.every((key) => old[key] === terms[key]);
  const sameParts = (key: "combo" | "conditions") => JSON.stringify(old[key]) === JSON.stringify(terms[key]);
  if (!isSame || !sameParts("combo") || !sameParts("conditions")) return MISMATCH;
  if (old.orderType !== terms.orderType && !becomesMarket(old, terms)) return TYPE_CHANGE;
  return compare(decimal(terms.quantity), decimal(order.filled)) <= 0 ? TOO_SMALL : undefined;
}

export function becomesMarket(old: OrderTerms, terms: OrderTerms): boolean {
  return terms.orderType === "MKT" && kindOf(old.orderType).works === "limit";
}

/** Another stop, or another distance: what was watched so far no longer counts. */
export function movesStop(old: OrderTerms, terms: OrderTerms): boolean {
  return (["auxPrice", "trailStopPrice", "trailingPercent", "orderType"] as const).some(
    (key) => old[key] !== terms[key],
  );
}
