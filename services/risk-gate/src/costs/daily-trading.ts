import type { Part } from "../facts/parts.ts";
import type { Found } from "./commission.ts";
import type { DailyTrading } from "./impact.ts";

/** Average volume and volatility out of the daily bars of an instrument, or why they are not known. */
export function dailyTradingOf(_part: Part): Found<DailyTrading> {
  return { missing: "no daily bars are gathered for the estimate" };
}
