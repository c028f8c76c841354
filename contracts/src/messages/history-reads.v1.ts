import * as z from "zod";
import { WhatToShow } from "../bars.ts";
import { replyOf } from "../denial.ts";
import { ConId, CurrencyCode, DecimalText, ForeignText, UtcText } from "../primitives.ts";

/** What TWS keeps of the past, scans of the market, and news. */

const known = { source: z.string().max(40), asOf: UtcText };

export const HeadTimestampRequest = z.strictObject({
  conid: ConId,
  whatToShow: WhatToShow,
  regularHoursOnly: z.boolean(),
});
export const HeadTimestampReply = replyOf(z.strictObject({ conid: ConId, earliest: UtcText, ...known }));

export const HistogramRequest = z.strictObject({
  conid: ConId,
  days: z.int().min(1).max(60),
  regularHoursOnly: z.boolean(),
});
export const Histogram = z.strictObject({
  conid: ConId,
  currency: CurrencyCode,
  rows: z.array(z.strictObject({ price: DecimalText, size: DecimalText })).max(4000),
  ...known,
});
export const HistogramReply = replyOf(Histogram);

export const ScheduleRequest = z.strictObject({
  conid: ConId,
  days: z.int().min(1).max(365),
  regularHoursOnly: z.boolean(),
  until: UtcText.exactOptional().describe("Absent: now"),
});
/** Local time of the exchange, without offset: `2026-11-20T09:30:00`. */
const LocalText = z.string().regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$/);
export const ScheduleReply = replyOf(
  z.strictObject({
    conid: ConId,
    timeZoneId: z.string().min(1).max(60),
    sessions: z
      .array(
        z.strictObject({ open: LocalText, close: LocalText, date: z.string().regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/) }),
      )
      .max(400),
    ...known,
  }),
);

export const ScanParametersRequest = z.strictObject({});
const named = z.strictObject({ code: z.string().min(1).max(60), name: z.string().max(200) });
export const ScanParameters = z.strictObject({
  instruments: z.array(named).max(200),
  locations: z.array(named).max(600),
  scans: z.array(named).max(800),
  ...known,
});
export const ScanParametersReply = replyOf(ScanParameters);

const scanCode = z.string().regex(/^[A-Z0-9_]{1,60}$/);
export const ScanRequest = z.strictObject({
  instrument: z.string().regex(/^[A-Z0-9._]{1,30}$/),
  location: z.string().regex(/^[A-Z0-9._]{1,40}$/),
  scan: scanCode,
  rows: z.int().min(1).max(50),
  priceAbove: DecimalText.nullable(),
  priceBelow: DecimalText.nullable(),
  volumeAbove: z.int().min(0).max(2_000_000_000).nullable(),
});
/** rows: an empty list means that nothing fits the scan. */
export const Scan = z.strictObject({
  rows: z
    .array(
      z.strictObject({
        rank: z.int().min(0),
        conid: ConId,
        symbol: z.string().max(40),
        secType: z.string().max(10),
        currency: z.string().max(3),
        exchange: z.string().max(20),
        localSymbol: z.string().max(40),
        marketName: z.string().max(40),
        distance: z.string().max(40),
        benchmark: z.string().max(40),
        projection: z.string().max(40),
        legs: z.string().max(200),
      }),
    )
    .max(50),
  ...known,
});
export const ScanReply = replyOf(Scan);

const provider = z.string().regex(/^[A-Z0-9._+-]{1,20}$/);
export const NewsProvidersRequest = z.strictObject({});
export const NewsProviders = z.strictObject({
  providers: z.array(z.strictObject({ code: z.string().max(20), name: ForeignText })).max(200),
  ...known,
});
export const NewsProvidersReply = replyOf(NewsProviders);

export const HeadlinesRequest = z.strictObject({
  conid: ConId,
  providers: z.array(provider).min(1).max(20),
  from: UtcText.nullable(),
  until: UtcText.nullable(),
  limit: z.int().min(1).max(200),
});
export const Headlines = z.strictObject({
  conid: ConId,
  headlines: z
    .array(
      z.strictObject({
        at: UtcText,
        provider: z.string().max(20),
        articleId: z.string().max(60),
        headline: ForeignText,
      }),
    )
    .max(300),
  hasMore: z.boolean(),
  ...known,
});
export const HeadlinesReply = replyOf(Headlines);

export const ArticleRequest = z.strictObject({ provider, articleId: z.string().regex(/^[A-Za-z0-9$._:-]{1,60}$/) });
export const Article = z.strictObject({
  kind: z.enum(["text", "binary"]).describe("text may be HTML; binary is base64"),
  text: z.string().max(100_000).describe("Of the provider; untrusted"),
  truncated: z.boolean(),
  ...known,
});
export const ArticleReply = replyOf(Article);
