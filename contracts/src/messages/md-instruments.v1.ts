import * as z from "zod";
import { Asker } from "../asker.ts";
import { pacedReplyOf } from "../denial.ts";
import { Instrument, InstrumentKind } from "../instrument.ts";
import { KnownValue, MarketValue } from "../market-value.ts";
import { ConId, CurrencyCode, DecimalText, ForeignText, freeText, UtcText } from "../primitives.ts";

/** Which instrument is meant: resolving, option and futures chains, the legs of a combination. */

const known = {
  source: z.string().max(40),
  asOf: UtcText.describe("When the broker said it"),
  ageMs: z.int().min(0).describe("Age when the answer was written"),
};

/** At most this many are resolved at once. */
export const RESOLVE_MANY_MAX = 50;
/** At most this many option contracts are described at once, and this many with their market values. */
export const CHAIN_CONTRACTS_MAX = 60;
export const CHAIN_VALUES_MAX = 20;

const SymbolText = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9 ._/+&*'-]{0,39}$/)
  .describe("Symbol as the exchange or TWS writes it; BRK B and BRK.B are the same");
const ExchangeText = z
  .string()
  .regex(/^[A-Z0-9.]{1,20}$/)
  .describe("Exchange: the code of TWS, a usual other name of it, or its MIC");
const Day = z.string().regex(/^[0-9]{8}$/);
const Month = z.string().regex(/^[0-9]{6}([0-9]{2})?$/);
export const Right = z.enum(["C", "P"]);

/** Null: any. */
const filters = {
  secType: InstrumentKind.nullable(),
  exchange: ExchangeText.nullable(),
  currency: CurrencyCode.nullable(),
};

export const IDENTIFIER_TYPES = ["ISIN", "CUSIP", "SEDOL", "FIGI"] as const;
export const IdentifierType = z.enum(IDENTIFIER_TYPES);
export type IdentifierType = z.infer<typeof IdentifierType>;

export const BySymbol = z.strictObject({
  symbol: SymbolText,
  ...filters,
  expiry: Month.nullable().describe("YYYYMM or YYYYMMDD"),
  strike: DecimalText.nullable(),
  right: Right.nullable().describe("With a strike and an expiry"),
  multiplier: DecimalText.nullable(),
  tradingClass: SymbolText.nullable(),
});
export type BySymbol = z.infer<typeof BySymbol>;
export const ByIdentifier = z.strictObject({
  identifier: z.string().min(1).max(40),
  type: IdentifierType.nullable().describe("Null: told from its form and its check digit"),
  ...filters,
});
export type ByIdentifier = z.infer<typeof ByIdentifier>;
export const ByName = z.strictObject({ name: freeText(100), ...filters });
export type ByName = z.infer<typeof ByName>;
export const ByText = z.strictObject({ text: freeText(100), ...filters });
export type ByText = z.infer<typeof ByText>;

/** What is known of the instrument. `text` may be any of the others: every reading is tried. */
export const ResolveBy = z.union([z.strictObject({ conid: ConId }), BySymbol, ByIdentifier, ByName, ByText]);
export type ResolveBy = z.infer<typeof ResolveBy>;

/** What tells one instrument from another. */
export const InstrumentRef = Instrument.pick({
  conid: true,
  symbol: true,
  secType: true,
  exchange: true,
  primaryExchange: true,
  currency: true,
  localSymbol: true,
  tradingClass: true,
  lastTradeDate: true,
  strike: true,
  right: true,
  longName: true,
}).extend({ multiplier: DecimalText.nullable() });
export type InstrumentRef = z.infer<typeof InstrumentRef>;

export const ResolveMethod = z.enum(["conid", "symbol", "isin", "cusip", "sedol", "figi", "name"]);
export type ResolveMethod = z.infer<typeof ResolveMethod>;
const found = {
  method: ResolveMethod,
  score: z
    .string()
    .regex(/^(1|0\.[0-9]{2})$/)
    .describe("1: equal; of a name its likeness, rounded down"),
  why: z.string().max(200).describe('For example "symbol equal" or "name 0.91"'),
};

export const Resolved = z.strictObject({ instrument: InstrumentRef, ...found, ...known });
export type Resolved = z.infer<typeof Resolved>;

/** In the detail of AMBIGUOUS_SYMBOL and INSTRUMENT_UNCERTAIN as `candidates`, best first. Choose by conid. */
export const ResolveCandidate = z.strictObject({
  conid: ConId,
  symbol: z.string().max(40),
  secType: z.string().max(10),
  exchange: z.string().max(20).describe("Where it is listed"),
  currency: z.string().max(3),
  name: ForeignText,
  ...found,
});
export type ResolveCandidate = z.infer<typeof ResolveCandidate>;

export const ResolveRequest = z.strictObject({ by: ResolveBy, asker: Asker });
export const ResolveReply = pacedReplyOf(Resolved);

/** Each by itself: one that cannot be resolved takes nothing from the others. More than 50 are denied. */
export const ResolveManyRequest = z.strictObject({
  items: z.array(ResolveBy).min(1).max(10_000),
  asker: Asker,
});
export const ResolveManyReply = pacedReplyOf(
  z.strictObject({ results: z.array(ResolveReply).min(1).max(RESOLVE_MANY_MAX).describe("In the order of the items") }),
);

/** Which options there are on an underlying. Null: no bound. */
export const ChainRequest = z.strictObject({
  asker: Asker,
  conid: ConId.describe("The underlying"),
  exchange: ExchangeText.nullable().describe(
    "Only what is listed there; of options on a future null is its own exchange",
  ),
  tradingClass: SymbolText.nullable(),
  expiryFrom: Day.nullable(),
  expiryTo: Day.nullable(),
  strikeFrom: DecimalText.nullable(),
  strikeTo: DecimalText.nullable(),
});
export const OptionSeries = z.strictObject({
  exchanges: z.array(z.string().max(20)).min(1).max(500).describe("All that list exactly this"),
  tradingClass: z.string().max(40),
  multiplier: DecimalText.nullable(),
  expirations: z.array(Day).max(2000),
  strikes: z.array(DecimalText).max(5000).describe("Of all expirations together: not each of them has every strike"),
});
export type OptionSeries = z.infer<typeof OptionSeries>;
export const ChainReply = pacedReplyOf(
  z.strictObject({ underlying: InstrumentRef, series: z.array(OptionSeries).min(1).max(500), ...known }),
);

/** The contracts of a part of a chain, each with its conid. */
export const ChainContractsRequest = z.strictObject({
  asker: Asker,
  conid: ConId.describe("The underlying"),
  exchange: ExchangeText.nullable().describe(
    "Only what is listed there; of options on a future null is its own exchange",
  ),
  tradingClass: SymbolText.nullable().describe("Needed when several classes have the expiration"),
  expirations: z.array(Day).min(1).max(20),
  strikes: z
    .union([
      z.array(DecimalText).min(1).max(CHAIN_CONTRACTS_MAX),
      z.strictObject({
        nearest: z.int().min(1).max(CHAIN_CONTRACTS_MAX).describe("That many strikes around the price"),
        price: DecimalText.nullable().describe("Null: the price of the underlying now"),
      }),
    ])
    .describe("Named, or around the money"),
  right: Right.nullable(),
  values: z.boolean().describe("True: with quote, open interest, implied volatility and Greeks of each"),
});
/** Of one option. Greeks are per unit of the underlying; theta per day; volatilities as a ratio. */
export const OptionValues = z.strictObject({
  bid: MarketValue,
  ask: MarketValue,
  last: MarketValue,
  volume: MarketValue,
  openInterest: MarketValue,
  impliedVolatility: MarketValue,
  delta: MarketValue,
  gamma: MarketValue,
  vega: MarketValue,
  theta: MarketValue,
  modelPrice: MarketValue,
  underlyingPrice: MarketValue,
});
export type OptionValues = z.infer<typeof OptionValues>;
export const OptionContract = z.strictObject({
  instrument: InstrumentRef,
  values: OptionValues.nullable().describe("Null: not asked for, or absent with the reason"),
  absent: z.string().max(200).nullable().describe("Why there are no values though they were asked for"),
});
export type OptionContract = z.infer<typeof OptionContract>;
export const ChainContractsReply = pacedReplyOf(
  z.strictObject({
    underlying: InstrumentRef,
    money: KnownValue.nullable().describe("The price that strikes were chosen around; null: none was needed"),
    contracts: z.array(OptionContract).max(CHAIN_CONTRACTS_MAX),
    missing: z
      .array(z.strictObject({ expiration: Day, strike: DecimalText, right: Right }))
      .max(CHAIN_CONTRACTS_MAX)
      .describe("What the broker does not define"),
    ...known,
  }),
);

/** The contracts of a future, by its symbol. */
export const FuturesRequest = z.strictObject({
  asker: Asker,
  symbol: SymbolText,
  exchange: ExchangeText.nullable(),
  currency: CurrencyCode.nullable(),
  tradingClass: SymbolText.nullable(),
  multiplier: DecimalText.nullable(),
  includeExpired: z.boolean(),
});
export const FutureContract = z.strictObject({
  instrument: InstrumentRef,
  contractMonth: z.string().max(10),
  lastTradeTime: z.string().max(60),
  place: z.enum(["front", "next", "later", "expired"]).describe("By its last trading day"),
});
/** Contracts of one symbol that differ in exchange, class, multiplier or currency are different futures. */
export const FutureSeries = z.strictObject({
  exchange: z.string().max(20),
  tradingClass: z.string().max(40),
  multiplier: DecimalText.nullable(),
  currency: z.string().max(3),
  contracts: z.array(FutureContract).min(1).max(120).describe("By last trading day"),
});
export type FutureSeries = z.infer<typeof FutureSeries>;
export const FuturesReply = pacedReplyOf(z.strictObject({ series: z.array(FutureSeries).min(1).max(120), ...known }));

/** The legs of a combination, described; resolved all or none. */
export const ComboRequest = z.strictObject({
  asker: Asker,
  legs: z
    .array(z.strictObject({ by: ResolveBy, action: z.enum(["BUY", "SELL"]), ratio: z.int().min(1).max(1000) }))
    .min(2)
    .max(8),
});
export const ComboLeg = z.strictObject({
  instrument: InstrumentRef,
  action: z.enum(["BUY", "SELL"]),
  ratio: z.int().min(1).max(1000),
});
export type ComboLeg = z.infer<typeof ComboLeg>;
export const ComboReply = pacedReplyOf(
  z.strictObject({
    legs: z.array(ComboLeg).min(2).max(8),
    kind: z.string().max(40).describe("vertical, calendar, straddle, ...; other: none of those that have a name"),
    description: z.string().max(600).describe("What one unit of it buys and sells"),
    currency: CurrencyCode,
    ...known,
  }),
);

/** An instrument as it was described; kept longer than it is taken for fresh, so that a name is not lost with its contract. */
export const StoredInstrument = z.strictObject({
  type: z.literal("instrument/1"),
  instrument: Instrument,
  source: z.string().max(40),
  asOf: UtcText,
});
export type StoredInstrument = z.infer<typeof StoredInstrument>;
