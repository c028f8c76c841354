import * as z from "zod";
import { Asker } from "../asker.ts";
import { Bar, BarDuration, BarSize, WhatToShow } from "../bars.ts";
import { pacedReplyOf } from "../denial.ts";
import { DataType } from "../market-value.ts";
import { ConId, CurrencyCode, DateText, DecimalText, ForeignText, UtcText } from "../primitives.ts";
import { LiveBar } from "./live-reads.v1.ts";

/** Bars, past ticks, live bars and how far back the data goes, as market-data answers them. */

const MAX_WAIT_MS = 25_000;
const asking = {
  maxWaitMs: z
    .int()
    .min(100)
    .max(MAX_WAIT_MS)
    .describe("What has not come by then is not in the answer, which says so"),
  asker: Asker,
};
const known = {
  source: z.string().max(40),
  asOf: UtcText.describe("When the broker said the part that may still change; else the oldest part"),
  ageMs: z.int().min(0).describe("Since asOf, when the answer was written"),
};

/** bars: exactly one of `from` and `duration` is given; `until` null is now. */
export const BarsRequest = z.strictObject({
  conid: ConId,
  barSize: BarSize,
  whatToShow: WhatToShow,
  regularHoursOnly: z.boolean(),
  from: UtcText.nullable(),
  duration: BarDuration.nullable(),
  until: UtcText.nullable().describe("Not in the range; null: now"),
  maxPoints: z.int().min(1).max(800).describe("More bars than that are put together into longer ones"),
  maxAgeMs: z.int().min(0).max(86_400_000).describe("Of the part that may still change"),
  ...asking,
});
export type BarsRequest = z.infer<typeof BarsRequest>;

/** A stretch of the range without bars. */
export const BarGap = z.strictObject({
  from: UtcText,
  until: UtcText.describe("Not in the gap"),
  reason: z
    .enum(["closed", "noTrades", "noData", "beforeHead", "notLoaded", "unknown"])
    .describe(
      "closed: no session. noTrades: a session in which the broker has no bar. noData: the broker says it has nothing. beforeHead: its data begins later. notLoaded: the wait was too long; ask again. unknown: no calendar reaches there",
    ),
  waitMs: z.int().min(0).nullable().describe("notLoaded: the estimate of the wait, where there is one"),
});
export type BarGap = z.infer<typeof BarGap>;

/** A bar of the broker that is not among the bars, because what it says cannot be. */
export const RefusedBar = z.strictObject({
  time: UtcText.nullable(),
  date: DateText.nullable(),
  reason: z.enum([
    ...(["badTime", "noPrice", "highBelowLow", "openOutside", "closeOutside"] as const),
    ...(["notPositive", "negativeVolume", "conflicting"] as const),
  ]),
  text: ForeignText.describe("The bar as it came"),
});
export type RefusedBar = z.infer<typeof RefusedBar>;

export const BarsValue = z.strictObject({
  conid: ConId,
  whatToShow: WhatToShow,
  barSize: BarSize,
  regularHoursOnly: z.boolean(),
  from: UtcText.describe("Start of the range that is answered"),
  until: UtcText,
  timeZoneId: z.string().max(60).describe("Of the exchange: what its trading dates and the buckets go by"),
  currency: CurrencyCode,
  priceUnit: z
    .enum(["currency", "fraction", "percent"])
    .describe("currency: of `currency`; volatilities are fractions"),
  volumeUnit: z.enum(["shares", "contracts", "units"]).nullable(),
  adjusted: z.enum(["splits", "splitsAndDividends", "none"]),
  dataType: DataType.nullable().describe("Null: TWS does not say it of bars"),
  resampled: z
    .strictObject({
      size: z.string().max(40).describe("Of the longer bars"),
      factor: z.int().min(2).describe("Most bars of the broker in one of them"),
      of: z.int().min(1).describe("How many bars of the broker there were"),
    })
    .nullable(),
  bars: z.array(Bar).max(800).describe("Oldest first"),
  gaps: z.array(BarGap).max(200).describe("Oldest first"),
  gapsLeftOut: z.int().min(0).describe("Gaps beyond what fits, closed hours first"),
  refused: z.array(RefusedBar).max(50),
  refusedLeftOut: z.int().min(0),
  complete: z.boolean().describe("False: a part of the range was not loaded, see gaps"),
  earliest: UtcText.nullable().describe("Where the broker's data begins; null: not asked"),
  pages: z.strictObject({ asked: z.int().min(0), cached: z.int().min(0) }),
  ...known,
});
export type BarsValue = z.infer<typeof BarsValue>;
export const BarsReply = pacedReplyOf(BarsValue);

export const HeadRequest = z.strictObject({
  conid: ConId,
  whatToShow: WhatToShow,
  regularHoursOnly: z.boolean(),
  ...asking,
});
export const HeadReply = pacedReplyOf(
  z.strictObject({ conid: ConId, whatToShow: WhatToShow, earliest: UtcText, ...known }),
);

const tickKind = z.enum(["TRADES", "BID_ASK", "MIDPOINT"]);
/** ticks-past: exactly one of `from` and `until`; from there forwards, or the last ones before. */
export const TicksPastRequest = z.strictObject({
  conid: ConId,
  kind: tickKind,
  from: UtcText.nullable(),
  until: UtcText.nullable(),
  regularHoursOnly: z.boolean(),
  count: z.int().min(1).max(1_500).describe("The rest of the last second comes on top"),
  ...asking,
});
export const PastTick = z.strictObject({
  at: UtcText.describe("To the second, which several ticks may share"),
  price: DecimalText.exactOptional(),
  size: DecimalText.exactOptional(),
  bid: DecimalText.exactOptional(),
  ask: DecimalText.exactOptional(),
  bidSize: DecimalText.exactOptional(),
  askSize: DecimalText.exactOptional(),
  exchange: z.string().max(20).exactOptional(),
  conditions: z.string().max(40).exactOptional(),
});
export type PastTick = z.infer<typeof PastTick>;
export const TicksPastReply = pacedReplyOf(
  z.strictObject({
    conid: ConId,
    kind: tickKind,
    currency: CurrencyCode,
    ticks: z.array(PastTick).max(3_000).describe("Oldest first; no second is cut"),
    next: UtcText.nullable().describe("Where to go on; null: this is all there is"),
    complete: z.boolean().describe("False: the wait for the rest was too long; it goes on at `next`"),
    waitMs: z.int().min(0).nullable().describe("The estimate of that wait, where there is one"),
    pages: z.int().min(1),
    ...known,
  }),
);

export const NextBarsRequest = z.strictObject({
  conid: ConId,
  whatToShow: z.enum(["TRADES", "MIDPOINT", "BID", "ASK"]),
  regularHoursOnly: z.boolean(),
  count: z.int().min(1).max(3).describe("One comes every five seconds"),
  ...asking,
});
export const NextBarsReply = pacedReplyOf(
  z.strictObject({ conid: ConId, currency: CurrencyCode, bars: z.array(LiveBar).min(1).max(3), ...known }),
);
