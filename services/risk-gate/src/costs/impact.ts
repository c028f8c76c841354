import {
  add,
  type Decimal,
  decimal,
  divideRoundingHalfEven,
  isNegative,
  isZero,
  multiply,
  squareRoot,
  subtract,
  ZERO,
} from "@countersign/money/decimal";
import type { Found } from "./commission.ts";

/** Digits of a share of the price. */
const DIGITS = 12;

/** How an instrument trades in a day. */
export interface DailyTrading {
  /** Average volume of a session over the last 20, in units. */
  readonly adv20: Decimal;
  /** Standard deviation of the daily return; 0.02 is 2 %. */
  readonly volatility: Decimal;
}

/**
 * What an order moves the price, as a share of it: Y x sigma x sqrt(Q / V), with Q the quantity, V the average daily
 * volume over 20 sessions, sigma the volatility of a day and Y a coefficient of order one. The square-root law: Almgren,
 * Thum, Hauptmann and Li, "Direct estimation of equity market impact" (2005); Toth et al., "Anomalous price impact and
 * the critical nature of liquidity in financial markets" (2011). Without volume or volatility it is missing, never zero.
 */
export function impactShare(quantity: Decimal, trading: Found<DailyTrading>, coefficient: string): Found<Decimal> {
  if ("missing" in trading) return { missing: trading.missing };
  const { adv20, volatility } = trading.value;
  if (isZero(adv20) || isNegative(adv20)) return { missing: "no volume traded in the last 20 sessions" };
  const participation = divideRoundingHalfEven(quantity, adv20, 2 * DIGITS);
  return { value: multiply(multiply(decimal(coefficient), volatility), squareRoot(participation, DIGITS)) };
}

/** Sample standard deviation of the returns from one close to the next, oldest close first; undefined: fewer than three closes, or one that is not above zero. */
export function volatilityOf(closes: readonly Decimal[]): Decimal | undefined {
  if (closes.length < 3 || closes.some((close) => isZero(close) || isNegative(close))) return undefined;
  const one = decimal("1");
  const returns = closes.slice(1).map((close, at) => subtract(divide(close, closes[at] ?? one), one));
  const mean = divide(sum(returns), decimal(String(returns.length)));
  const squares = returns.map((value) => subtract(value, mean)).map((value) => multiply(value, value));
  return squareRoot(divide(sum(squares), decimal(String(returns.length - 1))), DIGITS);
}

const divide = (a: Decimal, b: Decimal) => divideRoundingHalfEven(a, b, 2 * DIGITS);
const sum = (values: readonly Decimal[]) => values.reduce(add, ZERO);
