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

/** The one future: Micro E-mini S&P 500, December 2027; conId made up. */
export const MES = {
  conId: 2_000_000_061,
  expiry: "20271217",
  localSymbol: "MESZ7",
  referencePrice: "6650.00",
} as const;
