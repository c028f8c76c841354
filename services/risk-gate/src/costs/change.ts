import type { Side } from "@countersign/contracts/order";
import { absolute, add, type Decimal, isNegative, max, min, negate, subtract, ZERO } from "@countersign/money/decimal";

/** What a trade does to a position: where it ends, and how many units it closes and opens. A flip does both. */
export function changeOf(before: Decimal, side: Side, quantity: Decimal) {
  const signed = side === "BUY" ? quantity : negate(quantity);
  const against = isNegative(before) !== isNegative(signed) ? absolute(before) : ZERO;
  const closed = min(against, quantity);
  return { after: add(before, signed), closed, opened: max(ZERO, subtract(quantity, closed)) };
}
