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

/** The FIGIs that this book knows. */
const FIGIS: ReadonlyMap<number, string> = new Map([
  [265598, "BBG000B9XRY4"],
  [272093, "BBG000BPH459"],
]);

/** A CUSIP is part of the ISINs of the United States and Canada, a SEDOL of those of Great Britain and Ireland. */
function securityIdOf({ isin, bond, conId }: Instrument, type: string): string | undefined {
  if (type === "ISIN") return isin;
  if (type === "CUSIP") return bond?.cusip ?? (/^(US|CA)/.test(isin) ? isin.slice(2, 11) : undefined);
  if (type === "SEDOL") return /^(GB|IE)00/.test(isin) ? isin.slice(4, 11) : undefined;
  return type === "FIGI" ? FIGIS.get(conId) : undefined;
}

/** Every instrument with this ISIN, CUSIP, SEDOL or FIGI, on the exchange and in the currency that the query names. */
export function findBySecurityId(
  book: ReadonlyMap<number, Instrument>,
  query: { readonly securityIdType: string; readonly securityId: string; readonly contract: ContractQuery },
): Instrument[] {
  const { securityIdType, securityId, contract } = query;
  const found = [...book.values()].filter((instrument) => securityIdOf(instrument, securityIdType) === securityId);
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
