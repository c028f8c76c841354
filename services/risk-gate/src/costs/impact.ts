import {
  type Decimal,
  decimal,
  divideRoundingHalfEven,
  isNegative,
  isZero,
  multiply,
  squareRoot,
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
