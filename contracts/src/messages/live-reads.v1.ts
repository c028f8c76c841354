import * as z from "zod";
import { replyOf } from "../denial.ts";
import { DataType } from "../market-value.ts";
import { ConId, CurrencyCode, DecimalText, ForeignText, UtcText } from "../primitives.ts";

/** Live market data as questions: a subscription that ends with its answer. */

const known = { source: z.string().max(40), asOf: UtcText };

export const TicksRequest = z.strictObject({
  conid: ConId,
  genericTicks: z.array(z.int().min(1).max(999)).max(30).describe("Ids of generic ticks; none in a snapshot"),
  dataType: DataType.describe("What is wanted; the answer says for each value what it is"),
  snapshot: z.boolean().describe("True: ended by TWS, so that what is not there does not exist"),
});
/** Each value carries its own label: what it is, when it came, how old it is. */
const labelled = {
  tickId: z.int().min(0),
  field: z.string().max(40),
  dataType: DataType,
  asOf: UtcText.describe("When it arrived here"),
  ageMs: z.int().min(0),
  stale: z.boolean().describe("Older than the gateway accepts for a price"),
};
export const TickValue = z.strictObject({ ...labelled, value: z.string().max(500) });
export type TickValue = z.infer<typeof TickValue>;
export const OptionFigures = z.strictObject({
  ...labelled,
  impliedVolatility: DecimalText.nullable(),
  delta: DecimalText.nullable(),
  optionPrice: DecimalText.nullable(),
  presentValueOfDividends: DecimalText.nullable(),
  gamma: DecimalText.nullable(),
  vega: DecimalText.nullable(),
  theta: DecimalText.nullable(),
  underlyingPrice: DecimalText.nullable(),
});
export type OptionFigures = z.infer<typeof OptionFigures>;
export const TicksReply = replyOf(
  z.strictObject({
    conid: ConId,
    currency: CurrencyCode,
    complete: z.boolean().describe("TWS said that this is all"),
    values: z.array(TickValue).max(200),
    options: z.array(OptionFigures).max(10),
    minTick: DecimalText.nullable(),
    bboExchange: z.string().max(20).nullable(),
    snapshotPermissions: z.int().nullable(),
    notices: z.array(z.strictObject({ code: z.int(), text: ForeignText })).max(10),
    ...known,
  }),
);

export const DepthRequest = z.strictObject({
  conid: ConId,
  rows: z.int().min(1).max(20),
  smart: z.boolean().describe("True: of all exchanges together"),
});
export const DepthRow = z.strictObject({
  price: DecimalText,
  size: DecimalText,
  marketMaker: z.string().max(20).describe("Or exchange; empty when TWS names none"),
});
export const Depth = z.strictObject({
  conid: ConId,
  currency: CurrencyCode,
  bids: z.array(DepthRow).max(20),
  asks: z.array(DepthRow).max(20),
  ...known,
});
export const DepthReply = replyOf(Depth);

export const TickByTickRequest = z.strictObject({
  conid: ConId,
  kind: z.enum(["Last", "AllLast", "BidAsk", "MidPoint"]),
  count: z.int().min(1).max(500),
  waitMs: z.int().min(500).max(15_000).describe("What has come by then is the answer; nothing at all is a fault"),
});
/** One trade, quote or midpoint; what its kind has not is null. */
export const Trade = z.strictObject({
  at: UtcText,
  price: DecimalText.nullable(),
  size: DecimalText.nullable(),
  bid: DecimalText.nullable(),
  ask: DecimalText.nullable(),
  bidSize: DecimalText.nullable(),
  askSize: DecimalText.nullable(),
  exchange: z.string().max(20),
  conditions: z.string().max(40),
});
export type Trade = z.infer<typeof Trade>;
const trades = { conid: ConId, currency: CurrencyCode, ticks: z.array(Trade).max(1000) };
export const TickByTickReply = replyOf(z.strictObject({ ...trades, ...known }));

export const LiveBarsRequest = z.strictObject({
  conid: ConId,
  whatToShow: z.enum(["TRADES", "MIDPOINT", "BID", "ASK"]),
  regularHoursOnly: z.boolean(),
  count: z.int().min(1).max(3).describe("One comes every five seconds"),
});
export const LiveBar = z.strictObject({
  at: UtcText,
  open: DecimalText,
  high: DecimalText,
  low: DecimalText,
  close: DecimalText,
  volume: DecimalText.nullable(),
  averagePrice: DecimalText.nullable(),
  trades: z.int().nullable(),
});
export const LiveBarsReply = replyOf(
  z.strictObject({ conid: ConId, currency: CurrencyCode, bars: z.array(LiveBar).min(1).max(3), ...known }),
);

export const PastTicksRequest = z.strictObject({
  conid: ConId,
  kind: z.enum(["TRADES", "BID_ASK", "MIDPOINT"]),
  from: UtcText.nullable().describe("Null: the newest before `until`"),
  until: UtcText.nullable().describe("Exactly one of the two is given"),
  count: z.int().min(1).max(1000),
  regularHoursOnly: z.boolean(),
});
export const PastTicksReply = replyOf(z.strictObject({ ...trades, ...known }));
