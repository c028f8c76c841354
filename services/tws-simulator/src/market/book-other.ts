import type { HoursKey } from "./exchange-hours.ts";

/** European listings; their conIds are made up. Prices in the listing's currency, London in pounds. */
export interface EuropeanRow {
  readonly symbol: string;
  readonly conId: number;
  readonly longName: string;
  readonly exchange: "IBIS" | "AEB" | "LSE";
  readonly currency: "EUR" | "GBP";
  readonly localSymbol: string;
  readonly tradingClass: string;
  readonly isin: string;
  readonly hours: HoursKey;
  readonly marketRuleId: number;
  readonly minTick: string;
  readonly referencePrice: string;
  readonly industry: string;
  readonly category: string;
  readonly subcategory: string;
}

export const EUROPEAN_LISTINGS: readonly EuropeanRow[] = [
  {
    symbol: "SAP",
    conId: 2_000_000_051,
    longName: "SAP SE",
    exchange: "IBIS",
    currency: "EUR",
    localSymbol: "SAP",
    tradingClass: "XETRA",
    isin: "DE0007164600",
    hours: "xetra",
    marketRuleId: 2001,
    minTick: "0.01",
    referencePrice: "206.40",
    industry: "Technology",
    category: "Software",
    subcategory: "Enterprise Software",
  },
  {
    symbol: "ASML",
    conId: 2_000_000_052,
    longName: "ASML HOLDING NV",
    exchange: "AEB",
    currency: "EUR",
    localSymbol: "ASML",
    tradingClass: "ASML",
    isin: "NL0010273215",
    hours: "amsterdam",
    marketRuleId: 2002,
    minTick: "0.1",
    referencePrice: "853.2",
    industry: "Technology",
    category: "Semiconductors",
    subcategory: "Semicon Equipment",
  },
  {
    symbol: "VOD",
    conId: 2_000_000_053,
    longName: "VODAFONE GROUP PLC",
    exchange: "LSE",
    currency: "GBP",
    localSymbol: "VOD",
    tradingClass: "SET1",
    isin: "GB00BH4HKS39",
    hours: "london",
    marketRuleId: 2003,
    minTick: "0.0002",
    referencePrice: "0.9240",
    industry: "Communications",
    category: "Telecommunications",
    subcategory: "Cellular Telecom",
  },
];

export interface ForexRow {
  readonly base: string;
  readonly quote: string;
  readonly conId: number;
  readonly longName: string;
  readonly minTick: string;
  readonly marketRuleId: number;
  readonly referencePrice: string;
}

export const FOREX_PAIRS: readonly ForexRow[] = [
  pair("EUR", "USD", 12087792, "European Monetary Union Euro", "0.00005", 239, "1.15200"),
  pair("GBP", "USD", 12087797, "British pound", "0.00005", 239, "1.31050"),
  pair("USD", "JPY", 15016059, "United States dollar", "0.005", 59, "156.500"),
];

function pair(
  ...[base, quote, conId, longName, minTick, marketRuleId, referencePrice]: [
    base: string,
    quote: string,
    conId: number,
    longName: string,
    minTick: string,
    marketRuleId: number,
    referencePrice: string,
  ]
): ForexRow {
  return { base, quote, conId, longName, minTick, marketRuleId, referencePrice };
}

/** The one future: Micro E-mini S&P 500, December 2027; conId made up. */
export const MES = {
  conId: 2_000_000_061,
  expiry: "20271217",
  localSymbol: "MESZ7",
  referencePrice: "6650.00",
} as const;

/** The one option chain: on AAPL, December 2027; conIds made up, calls first. */
export const AAPL_OPTIONS = {
  firstConId: 2_000_000_071,
  expiry: "20271217",
  strikes: ["200", "210", "220", "230", "240", "250", "260"],
} as const;

/** Price increments by market rule. 26, 59, 67, 110 and 239 carry IB's numbers; from 2000 on the numbers are made up. */
export const MARKET_RULES: ReadonlyMap<number, readonly { readonly lowEdge: string; readonly increment: string }[]> =
  new Map([
    [26, [{ lowEdge: "0", increment: "0.01" }]],
    [59, [{ lowEdge: "0", increment: "0.005" }]],
    [67, [{ lowEdge: "0", increment: "0.25" }]],
    [
      110,
      [
        { lowEdge: "0", increment: "0.01" },
        { lowEdge: "3", increment: "0.05" },
      ],
    ],
    [239, [{ lowEdge: "0", increment: "0.00005" }]],
    [
      2001,
      [
        { lowEdge: "0", increment: "0.01" },
        { lowEdge: "100", increment: "0.02" },
      ],
    ],
    [
      2002,
      [
        { lowEdge: "0", increment: "0.1" },
        { lowEdge: "1000", increment: "0.2" },
      ],
    ],
    [2003, [{ lowEdge: "0", increment: "0.0002" }]],
    [2004, [{ lowEdge: "0", increment: "0.001" }]],
    [2005, [{ lowEdge: "0", increment: "0.25" }]],
    [
      2006,
      [
        { lowEdge: "0", increment: "0.05" },
        { lowEdge: "5", increment: "0.25" },
      ],
    ],
  ]);
