import * as z from "zod";
import { Asker } from "../asker.ts";
import { replyOf } from "../denial.ts";
import { CalendarSource, MarketDayKind, SessionKind } from "../market-session.ts";
import { ConId, DateText, UtcText } from "../primitives.ts";

/** calendar: the sessions of an instrument, date by date, as far as its own hours reach; past ones from the broker. */
export const CalendarRequest = z.strictObject({
  conid: ConId,
  pastDays: z
    .int()
    .min(0)
    .max(365)
    .describe("Trading days before those of the contract; 0 asks the broker for nothing"),
  asker: Asker,
});

const Day = z.strictObject({
  date: DateText.describe("In the zone of the exchange"),
  kind: MarketDayKind,
  source: z
    .enum([...CalendarSource.options, "schedule"])
    .describe("schedule: the broker's word on a past date, regular hours only"),
  sessions: z
    .array(z.strictObject({ session: SessionKind, open: UtcText, close: UtcText.describe("Not in it any more") }))
    .max(20),
});
export type CalendarDay = z.infer<typeof Day>;

export const CalendarReply = replyOf(
  z.strictObject({
    conid: ConId,
    timeZoneId: z.string().max(60).describe("As TWS names it"),
    zone: z.string().min(1).max(60).describe("The IANA zone"),
    source: CalendarSource,
    days: z.array(Day).min(1).max(700).describe("In order; a date that is not there is not known"),
    asOf: UtcText,
  }),
);
