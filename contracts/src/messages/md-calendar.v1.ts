import * as z from "zod";
import { Asker } from "../asker.ts";
import { pacedReplyOf } from "../denial.ts";
import { Exchange } from "../exchange.ts";
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

export const CalendarReply = pacedReplyOf(
  z.strictObject({
    conid: ConId,
    timeZoneId: z.string().max(60).describe("As TWS names it"),
    zone: z.string().min(1).max(60).describe("The IANA zone"),
    source: CalendarSource,
    days: z.array(Day).min(1).max(700).describe("In order; a date that is not there is not known"),
    asOf: UtcText,
  }),
);

/** exchange: what the table knows of an exchange, by its code at IB, by an alias of elsewhere, or by its MIC. */
export const ExchangeRequest = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9.]{0,14}$/)
    .describe("Code at IB, alias or MIC; upper and lower case are the same"),
});
export const ExchangeReply = pacedReplyOf(
  z.strictObject({
    exchange: Exchange,
    matched: z.enum(["code", "alias", "mic"]),
    conflicts: z
      .array(z.string().max(200))
      .max(5)
      .describe("What the name means elsewhere; the answer is what IB means"),
  }),
);

/** settlement: when a trade of an instrument settles. */
export const SettlementRequest = z.strictObject({
  conid: ConId,
  asker: Asker,
  tradeDate: DateText.nullable().describe("null: the session of now, or the next one when the market is closed"),
});
export const SettlementReply = pacedReplyOf(
  z.strictObject({
    conid: ConId,
    tradeDate: DateText,
    settlementDate: DateText,
    cycleDays: z.int().min(0).max(3).describe("Business days from trade to settlement"),
    lastTradeDate: DateText.nullable().describe(
      "The last date on which the contract is traded; null: it does not expire",
    ),
    basis: z.string().max(200).describe("Whose cycle and whose business days"),
    source: z.literal("fallback-table"),
    checkedOn: DateText,
  }),
);
