import * as z from "zod";
import { FaultBody, replyOf } from "../denial.ts";
import { ConId, CurrencyCode, DateText, DecimalText, ForeignText, UtcText } from "../primitives.ts";
import { RateReply } from "./md-fx.v1.ts";

/** What the gate asks about everything that an account holds, in few questions and ahead of any order. */

const Failed = z.strictObject({ outcome: z.literal("fault"), fault: FaultBody });

/** What an option gives a right to. */
export const OptionTerms = z.strictObject({
  right: z.enum(["C", "P"]),
  strike: DecimalText,
  underlyingConid: ConId.nullable().describe("null: TWS names none"),
});
export type OptionTerms = z.infer<typeof OptionTerms>;

/** What an instrument is, as far as exposure goes. Empty text means that TWS gave none. */
export const BookInstrument = z.strictObject({
  symbol: z.string().min(1).max(40),
  secType: z.string().min(1).max(10),
  currency: CurrencyCode,
  multiplier: DecimalText.describe("As in Instrument"),
  industry: ForeignText,
  category: ForeignText,
  option: OptionTerms.describe("Of an option; absent: it is none, or TWS gives no strike").exactOptional(),
});
export type BookInstrument = z.infer<typeof BookInstrument>;

/** book-facts: instruments and rates of a whole account. */
export const BookFactsRequest = z.strictObject({
  conids: z.array(ConId).max(1_000),
  rates: z
    .strictObject({
      from: z.array(CurrencyCode).max(40),
      to: CurrencyCode,
      maxAgeMs: z.int().min(0).max(3_600_000).describe("Oldest quote that is accepted for a rate"),
    })
    .nullable()
    .describe("null: no rates are wanted"),
});
export const BookFactsReply = replyOf(
  z.strictObject({
    instruments: z
      .array(z.strictObject({ conid: ConId, instrument: z.union([replyOf(BookInstrument), Failed]) }))
      .max(1_000)
      .describe("In the order of the request"),
    rates: z
      .array(z.strictObject({ from: CurrencyCode, rate: z.union([RateReply, Failed]) }))
      .max(40)
      .describe("At mid, in the order of the request"),
  }),
);

/** Closing prices of finished sessions, oldest first. */
export const Closes = z.strictObject({
  closes: z.array(z.tuple([DateText, DecimalText])).max(800),
  averageVolume: DecimalText.nullable().describe(
    "Of one session, over the newest of them, rounded down; null: this kind of instrument has none, or none is known",
  ),
  volumeSessions: z.int().min(0).max(20).describe("How many sessions are averaged"),
  asOf: UtcText,
  source: z.string().max(40),
});
export type Closes = z.infer<typeof Closes>;

/** book-closes: the daily closes of several instruments, for volatility, correlation and value at risk. */
export const BookClosesRequest = z.strictObject({
  conids: z.array(ConId).min(1).max(40),
  days: z.int().min(2).max(800).describe("Calendar days back from now"),
});
export const BookClosesReply = replyOf(
  z.strictObject({
    instruments: z
      .array(z.strictObject({ conid: ConId, closes: z.union([replyOf(Closes), Failed]) }))
      .max(40)
      .describe("In the order of the request"),
  }),
);
