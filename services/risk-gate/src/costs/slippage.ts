import type { OrderTerms } from "@countersign/contracts/order";
import {
  add,
  type Decimal,
  decimal,
  divideRoundingHalfEven,
  max,
  min,
  multiply,
  subtract,
  ZERO,
} from "@countersign/money/decimal";
import type { Facts } from "../facts/fact.ts";
import { farTouch, limitOf, nearTouch } from "../facts/prices.ts";
import type { Found } from "./commission.ts";

const TWO = decimal("2");

export interface Slippage {
  /** From the middle of the quote to the price at which the order is taken to fill, and no further than the far touch. */
  readonly halfSpread: Found<Decimal>;
  /** What the order itself moves the price, in the same money. */
  readonly impact: Found<Decimal>;
}

/**
 * Both for the whole quantity, in the instrument's currency. A limit bounds them together: what lies beyond it does not
 * trade, and so costs nothing. What a market moves after a trigger, nobody knows; it is not in here.
 */
export function slippageOf(
  terms: OrderTerms,
  facts: Facts,
  at: { price: Decimal; multiplier: string; impactShare: Found<Decimal> },
): Slippage {
  const [far, near] = [farTouch(terms, facts), nearTouch(terms, facts)];
  if (far === undefined || near === undefined) {
    const missing = { missing: "the quote is one-sided" };
    return { halfSpread: missing, impact: missing };
  }
  const middle = divideRoundingHalfEven(add(far, near), TWO, 12);
  const beyond = (price: Decimal) =>
    max(ZERO, terms.side === "BUY" ? subtract(price, middle) : subtract(middle, price));
  const units = multiply(decimal(terms.quantity), decimal(at.multiplier));
  const half = min(beyond(far), beyond(at.price));
  const halfSpread = { value: multiply(half, units) };
  if ("missing" in at.impactShare) return { halfSpread, impact: at.impactShare };
  const limit = limitOf(terms, facts);
  const moved = max(ZERO, multiply(middle, at.impactShare.value));
  const room = limit === undefined ? moved : max(ZERO, subtract(beyond(limit), half));
  return { halfSpread, impact: { value: multiply(min(moved, room), units) } };
}
