import type { ContractQuery } from "../codec/contract-fields.ts";
import type { Instrument } from "./instrument.ts";

export type Found =
  | { readonly kind: "one"; readonly instrument: Instrument; readonly exchange: string }
  | { readonly kind: "none" }
  | { readonly kind: "ambiguous"; readonly symbol: string };

function same(given: string, actual: string): boolean {
  return given === "" || given.toUpperCase() === actual.toUpperCase();
}

function sameNumber(given: string | undefined, actual: string): boolean {
  if (given === undefined || Number(given) === 0) return true;
  return Number(given) === Number(actual === "" ? "0" : actual);
}

function sameRight(given: string, actual: string): boolean {
  if (given === "" || given === "0" || given === "?") return true;
  return given.toUpperCase().startsWith(actual) && actual !== "";
}

function tradesOn(instrument: Instrument, exchange: string): boolean {
  if (exchange === "") return true;
  const [venue = "", primary = ""] = exchange.toUpperCase().split(":");
  return instrument.validExchanges.includes(venue) && (primary === "" || same(primary, instrument.primaryExchange));
}

function matches(query: ContractQuery, instrument: Instrument): boolean {
  if (!tradesOn(instrument, query.exchange)) return false;
  if (query.conId !== 0) return query.conId === instrument.conId;
  return (
    same(query.symbol, instrument.symbol) &&
    same(query.secType, instrument.secType) &&
    same(query.currency, instrument.currency) &&
    same(query.localSymbol, instrument.localSymbol) &&
    same(query.tradingClass, instrument.tradingClass) &&
    same(query.primaryExchange, instrument.primaryExchange) &&
    instrument.expiry.startsWith(query.expiry.slice(0, 8)) &&
    sameNumber(query.strike, instrument.strike) &&
    sameRight(query.right, instrument.right) &&
    sameNumber(query.multiplier === "" ? undefined : query.multiplier, instrument.multiplier)
  );
}

/** Every instrument that a contract description fits. A description without any name fits nothing. */
export function findAll(book: ReadonlyMap<number, Instrument>, query: ContractQuery): Instrument[] {
  if (query.conId === 0 && query.symbol === "" && query.localSymbol === "") return [];
  if (query.conId !== 0) {
    const instrument = book.get(query.conId);
    return instrument !== undefined && matches(query, instrument) ? [instrument] : [];
  }
  return [...book.values()].filter((instrument) => matches(query, instrument));
}

/** Every instrument with this ISIN, or this CUSIP of a bond, on the exchange and in the currency that the query names. */
export function findBySecurityId(
  book: ReadonlyMap<number, Instrument>,
  query: { readonly securityIdType: string; readonly securityId: string; readonly contract: ContractQuery },
): Instrument[] {
  const { securityIdType, securityId, contract } = query;
  const idOf = (instrument: Instrument) => (securityIdType === "CUSIP" ? instrument.bond?.cusip : instrument.isin);
  const known = securityIdType === "CUSIP" || securityIdType === "ISIN";
  const found = [...book.values()].filter((instrument) => known && idOf(instrument) === securityId);
  const fits = (instrument: Instrument) =>
    tradesOn(instrument, contract.exchange) && same(contract.currency, instrument.currency);
  return found.filter(fits);
}

/** The one instrument for an order, a quote or bars: a description that fits several is ambiguous. */
export function findOne(book: ReadonlyMap<number, Instrument>, query: ContractQuery): Found {
  const [instrument, ...others] = findAll(book, query);
  if (instrument === undefined) return { kind: "none" };
  if (others.length > 0) return { kind: "ambiguous", symbol: query.symbol || query.localSymbol };
  const venue = query.exchange.split(":")[0]?.toUpperCase() ?? "";
  return { kind: "one", instrument, exchange: venue === "" ? instrument.exchange : venue };
}
