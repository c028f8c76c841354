import type { HoursKey } from "./exchange-hours.ts";
import { type Instrument, PLAIN } from "./instrument.ts";

interface FutureRow {
  readonly symbol: string;
  readonly conId: number;
  readonly localSymbol: string;
  readonly expiry: string;
  readonly product: Product;
}

/** What all contracts of one future share. Margins are per contract, in its currency. */
interface Product {
  readonly longName: string;
  readonly exchange: string;
  readonly currency: string;
  readonly multiplier: string;
  readonly marketRuleId: number;
  readonly minTick: string;
  readonly hours: HoursKey;
  readonly referencePrice: string;
  readonly underlying: readonly [conId: number, symbol: string];
  readonly margin: { readonly initial: string; readonly maintenance: string };
}

const US_FUTURE = { currency: "USD", hours: "cme" } as const;
const EUREX_FUTURE = { currency: "EUR", exchange: "EUREX", hours: "eurex", marketRuleId: 2034, minTick: "1" } as const;

const ES: Product = {
  ...US_FUTURE,
  ...{ longName: "E-mini S&P 500", exchange: "CME", multiplier: "50", marketRuleId: 67, minTick: "0.25" },
  ...{ referencePrice: "6650.00", underlying: [416904, "SPX"], margin: { initial: "24800", maintenance: "22550" } },
};
const NQ: Product = {
  ...US_FUTURE,
  ...{ longName: "E-mini NASDAQ 100", exchange: "CME", multiplier: "20", marketRuleId: 67, minTick: "0.25" },
  ...{ referencePrice: "24300.00", underlying: [416843, "NDX"], margin: { initial: "36900", maintenance: "33550" } },
};
const CL: Product = {
  ...US_FUTURE,
  ...{ longName: "Light Sweet Crude Oil", exchange: "NYMEX", multiplier: "1000", marketRuleId: 26, minTick: "0.01" },
  ...{ referencePrice: "61.40", underlying: [0, ""], margin: { initial: "6600", maintenance: "6000" } },
};
const GC: Product = {
  ...US_FUTURE,
  ...{ longName: "Gold", exchange: "COMEX", multiplier: "100", marketRuleId: 2033, minTick: "0.1" },
  ...{ referencePrice: "4065.0", underlying: [0, ""], margin: { initial: "19800", maintenance: "18000" } },
};
const FDAX: Product = {
  ...EUREX_FUTURE,
  ...{ longName: "DAX 40 Index (Deutsche Aktien Xchange 40)", multiplier: "25", referencePrice: "23250" },
  ...{ underlying: [825711, "DAX"], margin: { initial: "42600", maintenance: "38700" } },
};
const FESX: Product = {
  ...EUREX_FUTURE,
  ...{ longName: "Dow Jones Euro STOXX50", multiplier: "10", referencePrice: "5540" },
  ...{ underlying: [4356500, "ESTX50"], margin: { initial: "4100", maintenance: "3700" } },
};

/** Futures beside the Micro E-mini; conIds made up. */
const FUTURES: readonly FutureRow[] = [
  { symbol: "ES", conId: 2_000_000_201, localSymbol: "ESH7", expiry: "20270319", product: ES },
  { symbol: "ES", conId: 2_000_000_202, localSymbol: "ESM7", expiry: "20270618", product: ES },
  { symbol: "ES", conId: 2_000_000_203, localSymbol: "ESU7", expiry: "20270917", product: ES },
  { symbol: "ES", conId: 2_000_000_204, localSymbol: "ESZ7", expiry: "20271217", product: ES },
  { symbol: "NQ", conId: 2_000_000_211, localSymbol: "NQZ7", expiry: "20271217", product: NQ },
  { symbol: "CL", conId: 2_000_000_221, localSymbol: "CLZ7", expiry: "20271119", product: CL },
  { symbol: "GC", conId: 2_000_000_231, localSymbol: "GCZ7", expiry: "20271229", product: GC },
  { symbol: "DAX", conId: 2_000_000_241, localSymbol: "FDAX 20271217 M", expiry: "20271217", product: FDAX },
  { symbol: "ESTX50", conId: 2_000_000_251, localSymbol: "FESX 20271217 M", expiry: "20271217", product: FESX },
];

export function futures(): Instrument[] {
  return FUTURES.map(({ symbol, conId, localSymbol, expiry, product }) => {
    const { underlying, margin, exchange, ...shared } = product;
    return {
      ...PLAIN,
      ...shared,
      ...{ symbol, conId, localSymbol, expiry, exchange, margin },
      secType: "FUT",
      primaryExchange: "",
      validExchanges: [exchange],
      fillVenue: exchange,
      tradingClass: localSymbol.split(" ")[0]?.replace(/[A-Z]\d$/, "") ?? symbol,
      marketName: symbol,
      underlyingConId: underlying[0],
      underlyingSymbol: underlying[1],
      underlyingSecType: underlying[0] === 0 ? "" : "IND",
      liveliness: 0.7,
      displayedSize: 40,
    };
  });
}

type IndexRow = readonly [
  symbol: string,
  conId: number,
  name: string,
  exchange: string,
  currency: string,
  price: string,
];

/** Indices with the conIds of IB; they have prices and cannot be traded. */
const INDICES: readonly IndexRow[] = [
  ["NDX", 416843, "NASDAQ 100 Stock Index", "NASDAQ", "USD", "24240.00"],
  ["VIX", 13455763, "CBOE Volatility Index", "CBOE", "USD", "21.40"],
  ["DAX", 825711, "DAX 40 Index (Deutsche Aktien Xchange 40)", "EUREX", "EUR", "23190.00"],
  ["ESTX50", 4356500, "Dow Jones Euro STOXX50", "EUREX", "EUR", "5530.00"],
];

export function indices(): Instrument[] {
  return INDICES.map(([symbol, conId, longName, exchange, currency, referencePrice]) => ({
    ...PLAIN,
    ...{ symbol, conId, longName, exchange, currency, referencePrice },
    secType: "IND",
    primaryExchange: "",
    validExchanges: [exchange],
    fillVenue: exchange,
    localSymbol: symbol,
    tradingClass: symbol,
    marketName: symbol,
    industry: "Indices",
    category: "Broad Range Equity Index",
    subcategory: "*",
    marketRuleId: 26,
    minTick: "0.01",
    hours: exchange === "EUREX" ? "xetra" : "usIndex",
    liveliness: 0.6,
    displayedSize: 1,
  }));
}

/** Options on one stock or fund; conIds made up, by expiry, then right (calls first), then strike. */
interface Chain {
  readonly firstConId: number;
  readonly expiries: readonly string[];
  readonly strikes: readonly string[];
}

export const AAPL_CHAIN: Chain = {
  firstConId: 2_000_000_071,
  expiries: ["20271217"],
  strikes: ["200", "210", "220", "230", "240", "250", "260"],
};

/** Three expiries, strikes around its price. */
export const SPY_CHAIN: Chain = {
  firstConId: 2_000_000_301,
  expiries: ["20270319", "20270618", "20271217"],
  strikes: ["620", "630", "640", "650", "660", "670", "680", "690", "700"],
};

export function optionChain(underlying: Instrument, { firstConId, expiries, strikes }: Chain): Instrument[] {
  const series = expiries.flatMap((expiry) =>
    (["C", "P"] as const).flatMap((right) => strikes.map((strike) => ({ expiry, right, strike }))),
  );
  return series.map(({ expiry, right, strike }, index) => ({
    ...PLAIN,
    ...{ expiry, right, strike },
    conId: firstConId + index,
    symbol: underlying.symbol,
    secType: "OPT",
    currency: "USD",
    exchange: "SMART",
    primaryExchange: "",
    validExchanges: ["SMART", "AMEX", "CBOE", "PHLX", "ISE", "BATS", "NASDAQOM", "CBOE2", "EMERALD"],
    fillVenue: "CBOE",
    localSymbol: `${underlying.symbol.padEnd(6)}${expiry.slice(2)}${right}${`${strike}000`.padStart(8, "0")}`,
    tradingClass: underlying.symbol,
    marketName: underlying.symbol,
    longName: underlying.longName,
    industry: underlying.industry,
    category: underlying.category,
    subcategory: underlying.subcategory,
    multiplier: "100",
    underlyingConId: underlying.conId,
    underlyingSymbol: underlying.symbol,
    underlyingSecType: underlying.secType,
    marketRuleId: 110,
    minTick: "0.01",
    hours: "usOption",
    referencePrice: "0",
    liveliness: 1,
    displayedSize: 20,
    spreadTicks: 2,
  }));
}
