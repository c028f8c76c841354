import type { Quote } from "@countersign/contracts/instrument";
import { numberOf, worstType } from "@countersign/contracts/market-value";
import type { Rate, RateLeg, RateSide } from "@countersign/contracts/messages/md-fx.v1";
import {
  add,
  compare,
  type Decimal,
  decimal,
  divideRoundingDown,
  divideRoundingHalfEven,
  divideRoundingUp,
  multiply,
  roundDown,
  roundHalfEven,
  roundUp,
  subtract,
  toText,
  ZERO,
} from "@countersign/money/decimal";
import type { Step } from "./paths.ts";

/** What a rate is told with, and what is carried from leg to leg. */
const DECIMALS = 12;
const DECIMALS_INSIDE = 24;
const ONE = decimal("1");
const TWO = decimal("2");
const HUNDRED = decimal("100");

/** Both sides of one pair, plausible; or why they are not. */
export type Sides = { readonly bid: Decimal; readonly ask: Decimal } | { readonly unusable: string };

/** A rate needs a two-sided market: positive, not crossed, and no wider than a mid still means something. */
export function sidesOf(quote: Quote, spreadMaxPercent: Decimal): Sides {
  const [bidText, askText] = [numberOf(quote.bid), numberOf(quote.ask)];
  if (bidText === null || askText === null) return { unusable: "no two-sided quote" };
  const [bid, ask] = [decimal(bidText), decimal(askText)];
  if (compare(bid, ZERO) <= 0) return { unusable: `bid ${bidText} is not above zero` };
  if (compare(ask, bid) < 0) return { unusable: `crossed: bid ${bidText}, ask ${askText}` };
  if (quote.flags.includes("halted")) return { unusable: "halted" };
  const spread = multiply(subtract(ask, bid), HUNDRED);
  if (compare(spread, multiply(bid, spreadMaxPercent)) > 0)
    return { unusable: `bid ${bidText} and ask ${askText} are more than ${toText(spreadMaxPercent)} % apart` };
  return { bid, ask };
}

/**
 * What one unit of the currency on the near end becomes. Rounded against whoever trades: down for one who sells it, up
 * for one who buys it; half to even where it only values.
 */
export function legRate({ bid, ask }: { bid: Decimal; ask: Decimal }, inverse: boolean, side: RateSide): Decimal {
  if (side === "sell") return inverse ? divideRoundingDown(ONE, ask, DECIMALS_INSIDE) : bid;
  if (side === "buy") return inverse ? divideRoundingUp(ONE, bid, DECIMALS_INSIDE) : ask;
  const mid = divideRoundingHalfEven(add(bid, ask), TWO, DECIMALS_INSIDE);
  return inverse ? divideRoundingHalfEven(ONE, mid, DECIMALS_INSIDE) : mid;
}

const ROUNDING = { sell: roundDown, buy: roundUp, mid: roundHalfEven } as const satisfies Record<RateSide, unknown>;

/** A leg as it is told, and its rate as it is carried on. */
export interface Passed {
  readonly told: RateLeg;
  readonly exact: Decimal;
}

export function legOf(
  { pair, inverse }: Step,
  quote: Quote,
  sides: { bid: Decimal; ask: Decimal },
  side: RateSide,
): Passed {
  const { conid, dataType, source, asOf, ageMs } = quote;
  const exact = legRate(sides, inverse, side);
  const rate = toText(roundHalfEven(exact, DECIMALS));
  const prices = { bid: toText(sides.bid), ask: toText(sides.ask) };
  return { told: { pair: pair.name, conid, inverse, ...prices, rate, dataType, source, asOf, ageMs }, exact };
}

/** A rate is as old as its oldest leg and no better than its worst. */
export function rateOf(from: string, to: string, side: RateSide, passed: readonly [Passed, ...Passed[]]): Rate {
  const legs = passed.map(({ told }) => told);
  const [first] = passed;
  const product = passed.reduce((sofar, { exact }) => multiply(sofar, exact), ONE);
  const oldest = legs.reduce((a, b) => (b.ageMs > a.ageMs ? b : a));
  return {
    ...{ from, to, side },
    rate: toText(ROUNDING[side](product, DECIMALS)),
    method: legs.length > 1 ? "crossed" : first.told.inverse ? "inverse" : "direct",
    legs,
    dataType: worstType([first.told.dataType, ...legs.map((leg) => leg.dataType)]),
    ...{ source: oldest.source, asOf: oldest.asOf, ageMs: oldest.ageMs },
  };
}
