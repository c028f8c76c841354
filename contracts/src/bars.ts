import * as z from "zod";
import { DateText, DecimalText, UtcText } from "./primitives.ts";

/** Every bar size of TWS, in its own words, shortest first. */
export const BAR_SIZES = [
  ...(["1 secs", "5 secs", "10 secs", "15 secs", "30 secs"] as const),
  ...(["1 min", "2 mins", "3 mins", "5 mins", "10 mins", "15 mins", "20 mins", "30 mins"] as const),
  ...(["1 hour", "2 hours", "3 hours", "4 hours", "8 hours"] as const),
  ...(["1 day", "1 week", "1 month"] as const),
] as const;
export const BarSize = z.enum(BAR_SIZES);
export type BarSize = z.infer<typeof BarSize>;

/** Of crypto TRADES are the trades of all its venues together, which TWS calls AGGTRADES. */
export const WhatToShow = z.enum([
  ...(["TRADES", "MIDPOINT", "BID", "ASK", "BID_ASK", "ADJUSTED_LAST"] as const),
  ...(["HISTORICAL_VOLATILITY", "OPTION_IMPLIED_VOLATILITY", "FEE_RATE"] as const),
  ...(["YIELD_ASK", "YIELD_BID", "YIELD_BID_ASK", "YIELD_LAST"] as const),
]);
export type WhatToShow = z.infer<typeof WhatToShow>;

export const BarDuration = z
  .string()
  .regex(/^[1-9][0-9]{0,4} [SDWMY]$/)
  .describe("Number and unit as TWS has them: S seconds, D days, W weeks, M months, Y years");

/**
 * One bar. A bar within a day has the instant at which it starts; a bar of a day or longer has a trading date, which is
 * not an instant: the session of that date may begin on the evening before.
 */
export const Bar = z.strictObject({
  time: UtcText.nullable().describe("Start; null for bars of a day and longer"),
  date: DateText.nullable().describe("Trading date; null for bars within a day"),
  open: DecimalText,
  high: DecimalText,
  low: DecimalText,
  close: DecimalText,
  volume: DecimalText.nullable().describe("Null: this kind of data has none, or the broker gave none"),
  trades: z.int().min(0).nullable().describe("Null as for volume"),
  averagePrice: DecimalText.nullable().describe("Weighted by volume; null as for volume"),
  partial: z.boolean().describe("It does not have the whole of its time: not over yet, or cut by the range"),
  merged: z.int().min(1).describe("How many bars of the broker are in it"),
});
export type Bar = z.infer<typeof Bar>;
