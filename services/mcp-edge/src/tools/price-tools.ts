import { ok } from "@countersign/contracts/denial";
import { QUOTE_FIELDS, type Quote } from "@countersign/contracts/instrument";
import { numberOf } from "@countersign/contracts/market-value";
import { BarSize, BarsRequest } from "@countersign/contracts/messages/broker.v1";
import { ConId } from "@countersign/contracts/primitives";
import { RPCS } from "@countersign/contracts/subjects";
import * as z from "zod";
import { BRIEF } from "../wire/advertise.ts";
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
    return ok(toSnake(flat(reply.value)) as z.input<typeof QuoteOut>);
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
  return { ...quote, ...Object.fromEntries(numbers), absent: Object.fromEntries(absent), delayed };
}

const BarOut = z.strictObject({ time: text, open: text, high: text, low: text, close: text, volume: textOrNull });

export const getBars = defineTool({
  name: "get_bars",
  title: "Get historical bars",
  kind: "read",
  description:
    "Historical bars of an instrument, oldest first, in its currency: {time, open, high, low, close, volume}. Only the newest `limit` bars are returned; truncated says that there were more.",
  input: z.strictObject({
    conid: ConId.describe("Contract id"),
    bar_size: BarSize,
    duration: BarsRequest.shape.duration.describe("Number and unit S, D, W, M or Y, for example 5 D"),
    what_to_show: BarsRequest.shape.whatToShow.optional().describe("Default TRADES; MIDPOINT for currencies"),
    regular_hours_only: z.boolean().optional().describe("Default true"),
    limit: z.int().min(1).max(200).optional().describe("Default 100"),
  }),
  output: z.strictObject({
    conid: z.int(),
    currency: text,
    items: z.array(BarOut.meta(BRIEF)),
    truncated: z.boolean(),
    source: text,
    as_of: text,
  }),
  async run(args, { agent, callId, deps }) {
    const request = {
      asker: agent.id,
      conid: args.conid,
      barSize: args.bar_size,
      duration: args.duration,
      whatToShow: args.what_to_show ?? ("TRADES" as const),
      regularHoursOnly: args.regular_hours_only ?? true,
    };
    const reply = await deps.backend.request(RPCS.bars, request, { correlationId: callId });
    if (reply.outcome === "denied") return reply;
    const { conid, currency, bars, source, asOf } = reply.value;
    const items = bars.slice(-(args.limit ?? 100));
    return ok({ conid, currency, items, truncated: items.length < bars.length, source, as_of: asOf });
  },
});
