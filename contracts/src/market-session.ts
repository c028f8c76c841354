import * as z from "zod";
import { ConId, DateText, UtcText } from "./primitives.ts";

/** Which hours: regular; outside of them by day; outside of them in a session that began before local midnight. */
export const SessionKind = z.enum(["liquid", "extended", "overnight"]);
export type SessionKind = z.infer<typeof SessionKind>;

/** `holiday`: no regular hours on a weekday; `halfDay`: they end earlier than usual; `unknown`: nothing to compare with. */
export const MarketDayKind = z.enum(["regular", "halfDay", "holiday", "weekend", "unknown"]);
export type MarketDayKind = z.infer<typeof MarketDayKind>;

/** Whose word it is. The table of exchanges is for display: no order is admitted on it. */
export const CalendarSource = z.enum(["contract", "fallback-table"]);

/** Whether the market of an instrument is open. A time that is null does not lie within what the calendar covers. */
export const MarketSession = z.strictObject({
  conid: ConId,
  state: z.enum(["open", "closed", "unknown"]),
  session: z.enum([...SessionKind.options, "none"]),
  nextOpen: UtcText.nullable(),
  nextClose: UtcText.nullable().describe("The first close after now, of this session or of the next one"),
  nextLiquidOpen: UtcText.nullable(),
  nextLiquidClose: UtcText.nullable(),
  liquidSince: UtcText.describe(
    "When the regular hours that now lies in began; absent: now is outside of them",
  ).exactOptional(),
  tradeDate: DateText.nullable().describe("The date of the session that now lies in; null: in none"),
  today: z
    .strictObject({ date: DateText, kind: MarketDayKind })
    .nullable()
    .describe("The local date of now; null: not covered"),
  days: z.array(DateText).max(100).describe("The dates that the calendar covers"),
  coveredUntil: UtcText.nullable().describe("From here on nothing is known; null: nothing is known of now either"),
  source: CalendarSource,
  timeZoneId: z
    .string()
    .max(60)
    .describe("The IANA zone that the calendar goes by; where there is no calendar what TWS named"),
  asOf: UtcText,
  reason: z.string().max(300).describe("Why, in words; for unknown: what was missing or malformed"),
});
export type MarketSession = z.infer<typeof MarketSession>;
