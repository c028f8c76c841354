import type { HoursKey } from "./exchange-hours.ts";

/** What all listings of one exchange share, under the code that IB gives the exchange. */
export interface Exchange {
  /** Part of the made-up conIds of its listings: never changed, never used twice. */
  readonly number: number;
  readonly currency: string;
  readonly hours: HoursKey;
  readonly marketRuleId: number;
  readonly minTick: string;
  /** Whole lots only, in shares. */
  readonly lot: string;
  /** Whether IB routes to it by SMART, or only by its own code. */
  readonly smart: boolean;
  /** Of all its listings; empty where each has its own. */
  readonly tradingClass: string;
  /** Other exchanges on which the same listings trade. */
  readonly alsoOn: readonly string[];
  /** Trading days from trade to settlement. */
  readonly settlementDays: number;
}

type Basics = readonly [number: number, currency: string, hours: HoursKey, marketRuleId: number, minTick: string];

function smart(basics: Basics, more: Partial<Exchange> = {}): Exchange {
  const [number, currency, hours, marketRuleId, minTick] = basics;
  const plain = { lot: "1", smart: true, tradingClass: "", alsoOn: [], settlementDays: 2 };
  return { number, currency, hours, marketRuleId, minTick, ...plain, ...more };
}

function direct(basics: Basics, more: Partial<Exchange> = {}): Exchange {
  return smart(basics, { smart: false, ...more });
}

const OFF_FLOOR = ["GETTEX", "TGATE"];

/** Exchanges outside the United States. */
export const EXCHANGES = {
  IBIS: smart([1, "EUR", "xetra", 2010, "0.0001"], { tradingClass: "XETRA", alsoOn: OFF_FLOOR }),
  IBIS2: smart([2, "EUR", "xetra", 2010, "0.0001"], { tradingClass: "XETRA", alsoOn: OFF_FLOOR }),
  SBF: smart([3, "EUR", "paris", 2010, "0.0001"]),
  AEB: smart([4, "EUR", "amsterdam", 2010, "0.0001"]),
  BVME: smart([5, "EUR", "milan", 2010, "0.0001"]),
  BM: smart([6, "EUR", "madrid", 2010, "0.0001"]),
  VSE: smart([7, "EUR", "vienna", 2010, "0.0001"]),
  "ENEXT.BE": smart([8, "EUR", "brussels", 2010, "0.0001"]),
  HEX: smart([9, "EUR", "helsinki", 2010, "0.0001"]),
  LSE: smart([10, "GBP", "london", 2010, "0.0001"], { tradingClass: "SET1" }),
  LSEETF: smart([11, "GBP", "london", 2010, "0.0001"], { tradingClass: "EUS3" }),
  EBS: smart([12, "CHF", "zurich", 2010, "0.0001"]),
  CPH: smart([13, "DKK", "copenhagen", 2010, "0.0001"]),
  OSE: smart([14, "NOK", "oslo", 2010, "0.0001"]),
  SFB: smart([15, "SEK", "stockholm", 2010, "0.0001"]),
  WSE: smart([16, "PLN", "warsaw", 2010, "0.0001"]),
  TSE: smart([17, "CAD", "toronto", 2011, "0.005"], { settlementDays: 1 }),
  VENTURE: smart([18, "CAD", "toronto", 2011, "0.005"], { settlementDays: 1 }),
  B3: direct([19, "BRL", "saoPaulo", 26, "0.01"], { lot: "100" }),
  MEXI: direct([20, "MXN", "mexico", 26, "0.01"], { settlementDays: 1 }),
  TSEJ: smart([21, "JPY", "tokyo", 2012, "0.1"], { lot: "100", tradingClass: "TSEJ" }),
  SEHK: direct([22, "HKD", "hongKong", 2013, "0.001"], { lot: "100" }),
  KSE: direct([23, "KRW", "seoul", 2014, "1"]),
  ASX: smart([24, "AUD", "sydney", 2016, "0.001"]),
  TWSE: direct([25, "TWD", "taipei", 2015, "0.01"], { lot: "1000" }),
  SEHKNTL: direct([26, "CNH", "shanghai", 26, "0.01"], { lot: "100", settlementDays: 1 }),
  SEHKSZSE: direct([27, "CNH", "shenzhen", 26, "0.01"], { lot: "100", settlementDays: 1 }),
  NSE: direct([28, "INR", "mumbai", 2017, "0.01"], { settlementDays: 1 }),
  SGX: direct([29, "SGD", "singapore", 2018, "0.001"], { lot: "100" }),
  SET: direct([30, "THB", "bangkok", 2019, "0.01"], { lot: "100" }),
  IDX: direct([31, "IDR", "jakarta", 2020, "1"], { lot: "100" }),
  KLSE: direct([32, "MYR", "kualaLumpur", 2021, "0.005"], { lot: "100" }),
  NZX: direct([33, "NZD", "wellington", 2022, "0.001"]),
  TASE: direct([34, "ILS", "telAviv", 26, "0.01"], { settlementDays: 1 }),
  TADAWUL: direct([35, "SAR", "riyadh", 2023, "0.01"]),
  EGX: direct([36, "EGP", "cairo", 26, "0.01"]),
  JSE: direct([37, "ZAR", "johannesburg", 26, "0.01"], { settlementDays: 3 }),
} as const satisfies Record<string, Exchange>;

export type ExchangeCode = keyof typeof EXCHANGES;

/** Hours of exchanges on which listings of another one trade, by their code. */
export const VENUE_HOURS: ReadonlyMap<string, HoursKey> = new Map(OFF_FLOOR.map((code) => [code, "offFloor"]));
