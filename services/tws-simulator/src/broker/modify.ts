import { compare, decimal } from "@countersign/money/decimal";
import type { Order, OrderTerms } from "./model.ts";
import type { Reject } from "./validate-order.ts";

const MISMATCH: Reject = { code: 105, text: "Order being modified does not match original order." };
const TYPE_CHANGE: Reject = { code: 329, text: "Order modify failed. Cannot change to the new order type." };
const TOO_SMALL: Reject = {
  code: 201,
  text: "Order rejected - reason:The order size cannot be smaller than the quantity that is already filled.",
};

/** An open order may change price, quantity, time in force, and from LMT to MKT. The old order lives on a refusal. */
export function checkModification(order: Order, terms: OrderTerms): Reject | undefined {
  const old = order.terms;
  const same =
    old.conId === terms.conId &&
    old.action === terms.action &&
    old.account === terms.account &&
    old.exchange === terms.exchange &&
    old.orderRef === terms.orderRef &&
    old.outsideRth === terms.outsideRth &&
    old.hidden === terms.hidden &&
    old.ocaGroup === terms.ocaGroup;
  if (!same) return MISMATCH;
  if (old.orderType === "MKT" && terms.orderType !== "MKT") return TYPE_CHANGE;
  return compare(decimal(terms.quantity), decimal(order.filled)) <= 0 ? TOO_SMALL : undefined;
}
