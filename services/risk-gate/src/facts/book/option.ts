import type { Instrument } from "@countersign/contracts/instrument";
import type { OptionTerms } from "@countersign/contracts/messages/book-facts.v1";
import { absolute, add, type Decimal, isNegative, multiply } from "@countersign/money/decimal";

/** Options that can be written: who sells one owes something. */
export const OPTION_TYPES: readonly string[] = ["OPT", "FOP"];

/** What is known of an option of an order; undefined: it is none. Text: why nobody knows what it obliges to. */
export function optionTermsOf(instrument: Instrument): OptionTerms | string | undefined {
  const { secType, right, strike, underlyingConid = null } = instrument;
  if (!OPTION_TYPES.includes(secType)) return undefined;
  return right === null || strike === null ? "the broker gives no strike of it" : { right, strike, underlyingConid };
}

/** So many of one option, held or as they may come to be held. In base currency. */
export interface OptionEnd {
  readonly isShort: boolean;
  /** Their price: all that a buyer can lose. */
  readonly premium: Decimal;
  /**
   * Strike and price together, x multiplier. It bounds what the option can move by when its underlying moves by a share:
   * a call rises by no more than the underlying does, which is worth no more than strike + price of the call; a put is
   * convex in the underlying and never worth more than its strike (R. C. Merton, Theory of Rational Option Pricing, 1973).
   */
  readonly notional: Decimal;
}

/** `unit` and `obligation`: of one contract. */
export function optionEnd(units: Decimal, unit: Decimal, obligation: Decimal): OptionEnd {
  const count = absolute(units);
  return {
    isShort: isNegative(units),
    premium: multiply(count, unit),
    notional: multiply(count, add(unit, obligation)),
  };
}

/** What a written option may oblige to beyond its price: strike x multiplier x rate. */
export interface Obligation {
  readonly right: OptionTerms["right"];
  readonly amount: Decimal;
}
