import { compare, decimal, toText } from "@countersign/money/decimal";
import { dailyBar } from "./bars.ts";
import type { Instrument } from "./instrument.ts";
import type { Market } from "./market.ts";

/** What a scan ranks by: the largest number comes first. A ranking, not money. */
type Rank = (row: { readonly changeRatio: number; readonly volume: number; readonly price: number }) => number;

/** The scans that are offered, with the names that TWS gives them. */
export const SCAN_TYPES: ReadonlyMap<string, { readonly name: string; readonly rank: Rank }> = new Map([
  ["TOP_PERC_GAIN", { name: "Top % Gainers", rank: (row) => row.changeRatio }],
  ["TOP_PERC_LOSE", { name: "Top % Losers", rank: (row) => -row.changeRatio }],
  ["MOST_ACTIVE", { name: "Most Active", rank: (row) => row.volume }],
  ["MOST_ACTIVE_USD", { name: "Most Active ($)", rank: (row) => row.volume * row.price }],
  ["HOT_BY_VOLUME", { name: "Hot Contracts by Volume", rank: (row) => row.volume }],
  ["HOT_BY_PRICE", { name: "Hot Contracts by Price", rank: (row) => Math.abs(row.changeRatio) }],
  ["TOP_TRADE_COUNT", { name: "Top Trade Count", rank: (row) => row.volume }],
]);

/** Where a scan looks: the kind of instrument, and which ones are there. */
export const SCAN_LOCATIONS: ReadonlyMap<
  string,
  { readonly name: string; readonly instrument: string; readonly holds: (instrument: Instrument) => boolean }
> = new Map([
  ["STK.US", { name: "US Stocks", instrument: "STK", holds: isUsShare }],
  ["STK.US.MAJOR", { name: "Listed/NASDAQ", instrument: "STK", holds: isUsShare }],
  ["STK.NASDAQ", { name: "NASDAQ", instrument: "STK", holds: (each) => isUsShare(each) && isAt(each, "NASDAQ") }],
  ["STK.NYSE", { name: "NYSE", instrument: "STK", holds: (each) => isUsShare(each) && isAt(each, "NYSE") }],
  ["STK.ARCA", { name: "ARCA", instrument: "STK", holds: (each) => isUsShare(each) && isAt(each, "ARCA") }],
  ["STK.EU", { name: "Europe", instrument: "STOCK.EU", holds: isEuropeanShare }],
  ["FUT.US", { name: "US Futures", instrument: "FUT.US", holds: (each) => each.secType === "FUT" }],
  ["IND.US", { name: "US Indexes", instrument: "IND.US", holds: (each) => each.secType === "IND" }],
]);

const EUROPEAN_CURRENCIES: ReadonlySet<string> = new Set(["EUR", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN"]);

function isUsShare(instrument: Instrument): boolean {
  return instrument.secType === "STK" && instrument.currency === "USD";
}

function isEuropeanShare(instrument: Instrument): boolean {
  return instrument.secType === "STK" && EUROPEAN_CURRENCIES.has(instrument.currency);
}

function isAt(instrument: Instrument, exchange: string): boolean {
  return instrument.primaryExchange === exchange;
}

/** Undefined = no such limit. */
export interface ScanFilter {
  readonly abovePrice: string | undefined;
  readonly belowPrice: string | undefined;
  readonly aboveVolume: string | undefined;
  /** `ALL`, `STOCK`, `ETF`, or empty. */
  readonly stockType: string;
}

function passes(filter: ScanFilter, row: { instrument: Instrument; last: string; volume: string }): boolean {
  const price = decimal(row.last);
  if (filter.abovePrice !== undefined && compare(price, decimal(filter.abovePrice)) < 0) return false;
  if (filter.belowPrice !== undefined && compare(price, decimal(filter.belowPrice)) > 0) return false;
  if (filter.aboveVolume !== undefined && compare(decimal(row.volume), decimal(filter.aboveVolume)) < 0) return false;
  const isEtf = row.instrument.stockType === "ETF";
  return filter.stockType === "ETF" ? isEtf : filter.stockType !== "STOCK" || !isEtf;
}

/** The instruments of a location that pass the filter, best first. */
export function scan(
  deps: { readonly market: Market; readonly book: ReadonlyMap<number, Instrument> },
  request: {
    readonly scanCode: string;
    readonly location: string;
    readonly filter: ScanFilter;
    readonly nowMs: number;
  },
): Instrument[] {
  const type = SCAN_TYPES.get(request.scanCode);
  const location = SCAN_LOCATIONS.get(request.location);
  if (type === undefined || location === undefined) return [];
  const rows = [...deps.book.values()].filter(location.holds).map((instrument) => {
    const day = dailyBar(deps.market, instrument, request.nowMs);
    return { instrument, day, last: toText(deps.market.quote(instrument).last), volume: day.volume };
  });
  const ranked = rows
    .filter((row) => passes(request.filter, row))
    .map(({ instrument, day, last }) => {
      const changeRatio = Number(last) / Number(day.previousClose) - 1;
      return { instrument, rank: type.rank({ changeRatio, volume: Number(day.volume), price: Number(last) }) };
    });
  ranked.sort((left, right) => right.rank - left.rank || left.instrument.conId - right.instrument.conId);
  return ranked.map(({ instrument }) => instrument);
}
