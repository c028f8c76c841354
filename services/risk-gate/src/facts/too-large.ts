import type { Instrument } from "@countersign/contracts/instrument";
import type { OrderTerms } from "@countersign/contracts/order";
import { pricesOf } from "@countersign/contracts/order-check";
import { absolute, compare, type Decimal, decimal, max, multiply, toText, ZERO } from "@countersign/money/decimal";

/**
 * Messages hold 20 digits before the point. What is left above this takes a change into any base currency, and the sums
 * and shares that rules make of it.
 */
export const VALUE_MAX = decimal("10000000000000000");

/**
 * Why no rule could say what the order is worth, or undefined. To be asked before anything is recorded: a figure that fits
 * no message would leave behind a proposal that nobody can judge. What an order without a price of its own is worth is not
 * known then: of it the estimate is missing.
 */
export function tooLarge(terms: OrderTerms, instruments: readonly Instrument[]): string | undefined {
  const price = namedPrices(terms).reduce<Decimal>((most, text) => max(most, absolute(decimal(text))), ZERO);
  const multiplier = instruments.map((one) => decimal(one.multiplier)).reduce(max, ZERO);
  if (compare(multiply(multiply(decimal(terms.quantity), price), multiplier), VALUE_MAX) <= 0) return undefined;
  return `The quantity times the price is above ${toText(VALUE_MAX)}, the most that can be figured with.`;
}

function namedPrices(terms: OrderTerms): string[] {
  const { trail, ...prices } = pricesOf(terms);
  const named: string[] = Object.values(prices);
  if (trail?.by === "amount") named.push(trail.amount);
  if (terms.exits !== undefined) {
    const { takeProfit, stopLoss } = terms.exits;
    named.push(takeProfit.limitPrice, stopLoss.stopPrice);
    if (stopLoss.limitPrice !== undefined) named.push(stopLoss.limitPrice);
  }
  return named;
}
