import { decimal, divideRoundingHalfEven } from "@countersign/money/decimal";
import type { Facts } from "../facts/fact.ts";
import { deviationPpm } from "../facts/history/statistics.ts";
import type { Part } from "../facts/parts.ts";
import type { Found } from "./commission.ts";
import type { DailyTrading } from "./impact.ts";

/** Sessions over which volatility is taken, like the volume. */
const SESSIONS = 20;
const MILLION = decimal("1000000");

/** Average volume and volatility of an instrument over its newest sessions, or why they are not known. */
export function dailyTradingOf(
  { conid }: Pick<Part, "conid">,
  { history }: Pick<Facts, "history">,
): Found<DailyTrading> {
  if (history.state === "missing") return { missing: history.reason };
  const past = history.value.parts.find((part) => part.conid === conid);
  if (past === undefined || past.averageVolume === null) return { missing: "no volume of a day is known" };
  const returns = past.own.slice(-SESSIONS);
  if (returns.length < SESSIONS)
    return { missing: `${returns.length} daily returns are known; ${SESSIONS} are needed` };
  const ppm = deviationPpm(returns);
  if (ppm === undefined) return { missing: "the volatility of a day is not known" };
  const volatility = divideRoundingHalfEven(decimal(String(ppm)), MILLION, 6);
  return { value: { adv20: decimal(past.averageVolume), volatility } };
}
