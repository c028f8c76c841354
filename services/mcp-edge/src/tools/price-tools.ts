import { type Bar, BarDuration, BarSize, WhatToShow } from "@countersign/contracts/bars";
import { ok } from "@countersign/contracts/denial";
import { QUOTE_FIELDS, type Quote } from "@countersign/contracts/instrument";
import { numberOf } from "@countersign/contracts/market-value";
import { ConId, UtcText } from "@countersign/contracts/primitives";
import { RPCS } from "@countersign/contracts/subjects";
import * as z from "zod";
import { BRIEF, BRIEF_TEXT, plain } from "../wire/advertise.ts";
import { toSnake } from "../wire/snake.ts";
import { defineTool } from "./tool.ts";

const text = z.string();
const textOrNull = text.nullable();
const QUOTE_AGE_MS = 2_000;

const QuoteOut = z.strictObject({
  conid: z.int(),
  currency: text,
  bid: textOrNull,
  ask: textOrNull,
  last: textOrNull,
  close: textOrNull,
  bid_size: textOrNull,
  ask_size: textOrNull,
  volume: textOrNull,
  absent: z.record(text, text).meta(BRIEF),
  delayed: z.boolean(),
  data_type: text,
  flags: z.array(text),
  source: text,
  as_of: text,
  age_ms: z.int(),
  waited_ms: z.int().optional(),
});

export const getQuote = defineTool({
  name: "get_quote",
  title: "Get a quote",
  kind: "read",
  description:
    "Bid, ask, last and close of an instrument in its currency, with source and age. A missing price is null, absent and flags say why; nothing is made up. delayed true: 15 minutes old or frozen.",
  input: z.strictObject({
    conid: ConId.describe("Contract id"),
    max_age_ms: z.int().min(0).max(60_000).optional().describe("Oldest quote you accept, default 2000"),
  }),
  output: QuoteOut,
  async run(args, { agent, callId, deps }) {
    const request = { conid: args.conid, maxAgeMs: args.max_age_ms ?? QUOTE_AGE_MS, asker: agent.id };
    const reply = await deps.backend.request(RPCS.quote, request, { correlationId: callId });
    if (reply.outcome === "denied") return reply;
    return ok({ ...(toSnake(flat(reply.value)) as z.input<typeof QuoteOut>), ...waited(reply) });
  },
});

/** Numbers beside their names, as a model reads them best; what is absent is null there, and named with its reason. */
function flat(quote: Quote) {
  const numbers = QUOTE_FIELDS.map((field) => [field, numberOf(quote[field])]);
  const absent = QUOTE_FIELDS.flatMap((field) => {
    const value = quote[field];
    return value.state === "absent" ? [[field, value.reason]] : [];
  });
  const delayed = quote.dataType !== "live";
  const { asOf, ageMs } = oldestOf(quote);
  return { ...quote, asOf, ageMs, ...Object.fromEntries(numbers), absent: Object.fromEntries(absent), delayed };
}

/** There is one age for all numbers, so no number may be older than it: after a change of the data type some are. */
function oldestOf(quote: Quote): { readonly asOf: string; readonly ageMs: number } {
  const told = QUOTE_FIELDS.flatMap((field) => {
    const value = quote[field];
    return value.state === "known" ? [value] : [];
  });
  return [quote, ...told].reduce((oldest, one) => (one.ageMs > oldest.ageMs ? one : oldest));
}

/** How long the answer stood in the queue for the broker's pace; nothing when it did not. */
function waited({ waitedMs }: { waitedMs?: number }): { waited_ms?: number } {
  return waitedMs === undefined ? {} : { waited_ms: waitedMs };
}

const BarOut = z.strictObject({
  at: text,
  open: text,
  high: text,
  low: text,
  close: text,
  volume: textOrNull,
  partial: z.boolean(),
});
const Units = z.strictObject({ price: text, volume: textOrNull, adjusted: text });
const Gap = z.strictObject({ from: text, until: text, reason: text });
const BARS_WAIT_MS = 20_000;
const BARS_AGE_MS = 60_000;

export const getBars = defineTool({
  name: "get_bars",
  title: "Get historical bars",
  kind: "read",
  description:
    "Historical bars, oldest first; at is the start in UTC, from 1 day up the trading date. bar_size and what_to_show as TWS: 1 secs to 1 month; default TRADES, MIDPOINT for currencies. Give duration or from, up to until or now. More bars than limit are merged, resampled says how; gaps says what is missing and why.",
  input: z.strictObject({
    conid: ConId.describe("Contract id"),
    bar_size: BarSize.meta(BRIEF_TEXT),
    duration: BarDuration.optional().meta(plain("Such as 5 D; S, D, W, M, Y")),
    from: UtcText.optional().meta(plain("2026-11-20T14:30:00.000Z")),
    until: UtcText.optional().meta(plain()),
    what_to_show: WhatToShow.optional().meta(BRIEF_TEXT),
    regular_hours_only: z.boolean().optional().describe("Default true"),
    limit: z.int().min(1).max(200).optional().describe("Default 100"),
  }),
  output: z.strictObject({
    conid: z.int(),
    currency: text,
    units: Units.meta(BRIEF),
    time_zone: text,
    items: z.array(BarOut.meta(BRIEF)),
    resampled: z.strictObject({ size: text, factor: z.int(), of: z.int() }).meta(BRIEF).nullable(),
    gaps: z.array(Gap.meta(BRIEF)),
    complete: z.boolean(),
    refused: z.int(),
    delayed: z.boolean(),
    source: text,
    as_of: text,
    waited_ms: z.int().optional(),
  }),
  async run(args, { callId, agent, deps }) {
    const request = {
      ...{ conid: args.conid, barSize: args.bar_size, whatToShow: args.what_to_show ?? ("TRADES" as const) },
      ...{ duration: args.duration ?? null, from: args.from ?? null, until: args.until ?? null },
      ...{ regularHoursOnly: args.regular_hours_only ?? true, maxPoints: args.limit ?? 100 },
      ...{ maxAgeMs: BARS_AGE_MS, maxWaitMs: BARS_WAIT_MS, asker: agent.id },
    };
    const reply = await deps.backend.request(RPCS.bars, request, { correlationId: callId });
    if (reply.outcome === "denied") return reply;
    const { conid, currency, priceUnit, volumeUnit, adjusted, timeZoneId, resampled, complete } = reply.value;
    const gaps = reply.value.gaps.filter(({ reason }) => reason !== "closed");
    return ok({
      ...{ conid, currency, units: { price: priceUnit, volume: volumeUnit, adjusted } },
      ...{ time_zone: timeZoneId, items: reply.value.bars.map(barOut), resampled, complete },
      gaps: gapsOut(gaps),
      refused: reply.value.refused.length + reply.value.refusedLeftOut,
      ...{ delayed: reply.value.dataType === "delayed", source: reply.value.source },
      as_of: reply.value.asOf,
      ...waited(reply),
    });
  },
});

const GAPS_MAX = 20;

/** The newest one by one; those before them as one stretch that says how many it stands for, or they would pass for data. */
function gapsOut(all: readonly z.output<typeof Gap>[]): z.input<typeof Gap>[] {
  const gaps = all.map(({ from, until, reason }) => ({ from, until, reason }));
  if (gaps.length <= GAPS_MAX) return gaps;
  const [newest, older] = [gaps.slice(1 - GAPS_MAX), gaps.slice(0, 1 - GAPS_MAX)];
  const [first, last] = [older[0], older.at(-1)];
  if (first === undefined || last === undefined) return newest;
  return [{ from: first.from, until: last.until, reason: `${older.length} gaps` }, ...newest];
}

function barOut({ time, date, open, high, low, close, volume, partial }: Bar): z.input<typeof BarOut> {
  return { at: time ?? date ?? "", open, high, low, close, volume, partial };
}
