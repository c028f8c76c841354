import type { OrderLeg, OrderType, Side, Ticket } from "./order.ts";
import { LEG_RATIO_MAX, LEGS_MAX } from "./order.ts";
import type { TermsRefusal } from "./order-check.ts";

/** The types that TWS takes of a combination. */
export const COMBO_ORDER_TYPES: readonly OrderType[] = ["MKT", "LMT"];

interface Instruments {
  readonly conid?: number;
  readonly legs?: readonly OrderLeg[];
}

/** What the order trades: its legs, or its one instrument as a leg that is bought once for each unit. */
export function legsOf(terms: Instruments): readonly OrderLeg[] {
  if (terms.legs !== undefined) return terms.legs;
  return terms.conid === undefined ? [] : [{ conid: terms.conid, side: "BUY", ratio: 1 }];
}

/** Every instrument that the order trades. */
export function conidsOf(terms: Instruments): readonly number[] {
  return legsOf(terms).map(({ conid }) => conid);
}

/** What the order does with a leg: selling a combination sells what buying it buys. */
export function legSide(order: Side, leg: Pick<OrderLeg, "side">): Side {
  return order === leg.side ? "BUY" : "SELL";
}

/** Whether the legs make a combination, and one that the order may be of. Undefined where there are none. */
export function comboRefusal(order: {
  readonly orderType: OrderType;
  readonly legs?: readonly OrderLeg[] | undefined;
  readonly exits?: unknown;
}): TermsRefusal | undefined {
  const { orderType, legs, exits } = order;
  if (legs === undefined) return undefined;
  const no = (message: string): TermsRefusal => ({ code: "COMBO_INVALID", message, field: "legs" });
  if (legs.length < 2) return no("A combination has at least two legs; one instrument is named by its contract id.");
  if (legs.length > LEGS_MAX) return no(`A combination has at most ${LEGS_MAX} legs.`);
  const doubled = legs.find(({ conid }, index) => legs.findIndex((other) => other.conid === conid) !== index);
  if (doubled !== undefined) return no(`The contract ${doubled.conid} is in two legs; name it once, with its ratio.`);
  const odd = legs.find(({ ratio }) => !Number.isInteger(ratio) || ratio < 1 || ratio > LEG_RATIO_MAX);
  if (odd !== undefined) return no(`A ratio is a whole number from 1 to ${LEG_RATIO_MAX}, not ${odd.ratio}.`);
  const divisor = legs.map(({ ratio }) => ratio).reduce(greatestDivisor);
  if (divisor > 1) return no(`All ratios are multiples of ${divisor}: divide them by it, and multiply the quantity.`);
  if (!COMBO_ORDER_TYPES.includes(orderType)) {
    return no(`A combination trades as ${COMBO_ORDER_TYPES.join(" or ")}, not as ${orderType}.`);
  }
  if (exits === undefined) return undefined;
  return { code: "BRACKET_NOT_ALLOWED", message: "A combination cannot be the entry of a bracket.", field: "exits" };
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

/** What every leg must have in common. */
interface LegInstrument {
  readonly symbol: string;
  readonly exchange: string;
  readonly currency: string;
  readonly multiplier: string;
}

/** A combination as the broker files it: by the symbols of its legs. The rest is read off the first leg, because legs that differ in it are denied. */
export function comboOf(legs: readonly LegInstrument[]): LegInstrument {
  const [first] = legs;
  if (first === undefined) throw new TypeError("a combination without legs");
  const { exchange, currency, multiplier } = first;
  const symbol = [...new Set(legs.map((leg) => leg.symbol))].sort().join(",");
  return { symbol, exchange: exchange || "SMART", currency, multiplier };
}

/** An instrument as a person names it, for example AAPL 20261218 C 200. */
export function instrumentName({ symbol, series }: { readonly symbol: string; readonly series?: string }): string {
  return series === undefined ? symbol : `${symbol} ${series}`;
}

/** Whether the ticket describes exactly the instruments that its terms name, in their order. */
export function namesItsTerms({ terms, instrument }: Pick<Ticket, "terms" | "instrument">): boolean {
  const described = instrument.legs === undefined ? [instrument.conid] : instrument.legs.map(({ conid }) => conid);
  const isCombo = instrument.legs !== undefined;
  return isCombo === (terms.legs !== undefined) && described.join() === conidsOf(terms).join();
}
