import * as z from "zod";
import { DataType, MarketValue } from "./market-value.ts";
import { ConId, CurrencyCode, DecimalText, ForeignText, UtcText } from "./primitives.ts";

/** From this price on prices move in this step, until the next band begins. */
export const PriceBand = z.strictObject({ from: DecimalText, step: DecimalText });
export type PriceBand = z.infer<typeof PriceBand>;

/** By what types TWS can be asked; another word is refused, because a search for it would find nothing and look like an answer. */
export const InstrumentKind = z.enum([
  "STK",
  "CASH",
  "FUT",
  "OPT",
  "FOP",
  "IND",
  "BOND",
  "CRYPTO",
  "CFD",
  "FUND",
  "CMDTY",
  "WAR",
]);

/** An instrument as TWS describes it. Empty text means that TWS gave none. */
export const Instrument = z.strictObject({
  conid: ConId,
  symbol: z.string().min(1).max(40),
  secType: z.string().min(1).max(10).describe("STK, CASH, FUT, OPT, ..."),
  exchange: z.string().max(20),
  primaryExchange: z.string().max(20),
  currency: CurrencyCode,
  localSymbol: z.string().max(40),
  tradingClass: z.string().max(40),
  multiplier: DecimalText.describe(
    "What one unit is worth at a price of 1, in its currency: the multiplier of TWS, 1 where it gives none of what is not counted in contracts, / its price magnifier",
  ),
  lastTradeDate: z.string().max(40),
  strike: DecimalText.nullable(),
  right: z.enum(["C", "P"]).nullable(),
  underlyingConid: ConId.describe("Of an option; absent: TWS names none").exactOptional(),
  longName: ForeignText,
  minTick: DecimalText,
  priceBands: z
    .array(PriceBand)
    .min(1)
    .max(50)
    .describe("The market rule of the exchange that orders go to, lowest band first; absent: minTick everywhere")
    .exactOptional(),
  minSize: DecimalText,
  sizeIncrement: DecimalText,
  orderTypes: z.array(z.string().max(40)).max(200),
  validExchanges: z.array(z.string().max(20)).max(200),
  industry: ForeignText,
  category: ForeignText,
  timeZoneId: z.string().max(60),
  tradingHours: z.string().max(2000),
  liquidHours: z.string().max(2000),
});
export type Instrument = z.infer<typeof Instrument>;

/** A candidate of a search: enough to choose by, not enough to trade on. */
export const InstrumentCandidate = z.strictObject({
  conid: ConId,
  symbol: z.string().min(1).max(40),
  secType: z.string().max(10),
  primaryExchange: z.string().max(20),
  currency: z.string().max(3),
  description: ForeignText,
});
export type InstrumentCandidate = z.infer<typeof InstrumentCandidate>;

/** What is told of one instrument in a quote. */
export const QUOTE_FIELDS = ["bid", "ask", "last", "close", "bidSize", "askSize", "volume"] as const;
export type QuoteField = (typeof QUOTE_FIELDS)[number];

/**
 * The market of one instrument, each value with its label. A line of the broker tells every change, so a value that did
 * not change holds until the newest tick of its line. Nothing is made up.
 */
export const Quote = z.strictObject({
  conid: ConId,
  currency: CurrencyCode,
  bid: MarketValue,
  ask: MarketValue,
  last: MarketValue,
  close: MarketValue.describe("Of the session before"),
  bidSize: MarketValue,
  askSize: MarketValue,
  volume: MarketValue.describe("Of this session so far"),
  dataType: DataType.describe("The worst of bid, ask and last"),
  source: z.string().max(40),
  asOf: UtcText.describe("When the newest of these values arrived here"),
  ageMs: z.int().min(0).describe("Age when the answer was written"),
  flags: z
    .array(
      z.enum([
        ...["crossed", "locked", "oneSided", "noPrice", "zero", "negative"],
        ...["halted", "auctionOnly", "notSubscribed", "stale"],
      ] as const),
    )
    .max(10)
    .describe(
      "noPrice: neither bid nor ask nor last. auctionOnly: no bid and no ask, but the price of an auction. stale: the stream is interrupted",
    ),
});
export type Quote = z.infer<typeof Quote>;
