import type { Difference } from "@countersign/contracts/facts/exec-facts.v1";
import { compare, decimal } from "@countersign/money/decimal";
import type { WireLeg, WireOrder, WireTerms } from "../session/wire.ts";

/** What the broker shows of an order's terms. */
export type Shown = Pick<
  WireOrder,
  | "side"
  | "quantity"
  | "legs"
  | "orderType"
  | "timeInForce"
  | "outsideRth"
  | "limitPrice"
  | "auxPrice"
  | "trailingPercent"
>;

/** Types of which the broker itself moves the limit price, or shows one that nobody set. */
const LIMIT_IS_OURS = new Set(["LMT", "STP LMT", "LIT", "LOC"]);

/** Legs in the order of their numbers: TWS may list them in another order than they were sent. */
function legsText(legs: readonly WireLeg[]): string {
  const sorted = legs.toSorted((a, b) => a.conid - b.conid);
  return sorted.map(({ conid, side, ratio }) => `${side} ${ratio} x ${conid}`).join(", ");
}

/**
 * Where the broker shows other terms than those that were sent: somebody changed the order by hand, or a preset of TWS
 * did. Fields that TWS computes are left out, and so is the quantity of an exit, which shrinks with its sibling's fills.
 */
export function differencesOf(sent: WireTerms, shown: Shown, isExit: boolean): Difference[] {
  const found: Difference[] = [];
  const text = (field: string, approved: string, broker: string) => {
    if (approved !== broker) found.push({ field, approved, broker: broker.slice(0, 100) });
  };
  const number = (field: string, approved: string | null, broker: string | null) => {
    if (approved === null) return;
    const same = broker !== null && compare(decimal(approved), decimal(broker)) === 0;
    if (!same) found.push({ field, approved, broker: broker ?? "" });
  };
  text("side", sent.side, shown.side);
  // Nobody can change the legs of an order; a message that leaves them out says nothing about them.
  if (shown.legs.length > 0) text("legs", legsText(sent.legs), legsText(shown.legs));
  if (!isExit) number("quantity", sent.quantity, shown.quantity);
  text("orderType", sent.orderType, shown.orderType);
  text("timeInForce", sent.timeInForce, shown.timeInForce);
  text("outsideRth", String(sent.outsideRth), String(shown.outsideRth));
  if (LIMIT_IS_OURS.has(sent.orderType)) number("limitPrice", sent.limitPrice, shown.limitPrice);
  number("auxPrice", sent.auxPrice, shown.auxPrice);
  number("trailingPercent", sent.trailingPercent, shown.trailingPercent);
  return found;
}
