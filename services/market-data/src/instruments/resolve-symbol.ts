import type { Clock } from "@countersign/clock/clock";
import { denied } from "@countersign/contracts/denial";
import type { BySymbol } from "@countersign/contracts/messages/md-instruments.v1";
import type { DetailsBook, Query, Row, Rows } from "./details-book.ts";
import type { ExchangeNames } from "./exchange-names.ts";
import { expiryFault } from "./expiry.ts";
import { listingOf, passes } from "./filters.ts";
import { type Hit, NOTHING, type Reading, refusedBy } from "./reading.ts";
import { localSymbolKind, pairOf, sameSymbol, symbolWritings } from "./symbol-text.ts";

/** Kinds in which a bare symbol is looked for; a root of futures or options names many contracts, so these must be asked for. */
const BARE_KINDS = ["STK", "IND", "CRYPTO", "FUND"] as const;

/** What is bought and sold as one currency against another. */
const PAIR_KINDS = ["CASH", "CRYPTO"] as const;

interface Deps {
  readonly clock: Clock;
  readonly book: DetailsBook;
  readonly exchanges: ExchangeNames;
}

/** An exact symbol with filters. TWS does not search without a kind, so each kind that is possible is asked for. */
export async function bySymbol(deps: Deps, by: BySymbol): Promise<Reading> {
  const fault = faultOf(by, deps.clock.nowMs());
  if (fault !== undefined) return refusedBy(denied("INVALID_ARGUMENT", fault).denial);
  const found = await ask(deps.book, symbolQueries(by, deps.exchanges));
  const equal = found.rows.filter(({ row }) => sameSymbol(row.ref.symbol, symbolAsked(by, row)));
  if (equal.length > 0) return readingOf(deps, by, equal, "symbol equal");
  const local = await ask(deps.book, localQueries(by));
  const localEqual = local.rows.filter(({ row }) => sameSymbol(row.ref.localSymbol, by.symbol));
  if (localEqual.length > 0) return readingOf(deps, by, localEqual, "local symbol equal");
  return found.refused ?? local.refused ?? NOTHING;
}

/** What contradicts itself in the request. */
function faultOf({ secType, expiry, strike, right }: BySymbol, nowMs: number): string | undefined {
  const isOption = secType === null || secType === "OPT" || secType === "FOP" || secType === "WAR";
  if (right !== null && strike === null) return "a right needs a strike and an expiry";
  if (strike !== null && expiry === null) return "a strike needs an expiry";
  if (strike !== null && !isOption) return `${secType} has no strike`;
  return expiry === null ? undefined : expiryFault(expiry, nowMs);
}

type Kind = NonNullable<Query["secType"]>;

function kindsOf({ secType, expiry, strike }: BySymbol): readonly Kind[] {
  if (secType !== null) return [secType];
  if (strike !== null) return ["OPT", "FOP"];
  return expiry !== null ? ["FUT"] : BARE_KINDS;
}

function symbolQueries(by: BySymbol, exchanges: ExchangeNames): Query[] {
  const { currency, expiry, strike, right, multiplier, tradingClass, secType } = by;
  const terms = { lastTradeDate: expiry, strike, right, multiplier, tradingClass };
  const derivative = strike !== null || expiry !== null;
  const exchange = derivative && by.exchange !== null ? exchanges.code(by.exchange) : null;
  const pairs = derivative ? [] : pairQueries(by);
  // Written with a separator it is a pair and nothing else.
  if (pairs.length > 0 && secType === null && /[./]/.test(by.symbol)) return pairs;
  const plain = kindsOf(by).filter((kind) => kind !== "CASH" || pairs.length === 0);
  const named = plain.flatMap((kind) =>
    symbolWritings(by.symbol).map((symbol) => ({ symbol, secType: kind, currency, exchange, ...terms })),
  );
  return [...named, ...pairs];
}

function pairQueries({ symbol, secType }: BySymbol): Query[] {
  const pair = pairOf(symbol);
  if (pair === undefined) return [];
  const kinds = PAIR_KINDS.filter((kind) => secType === null || secType === kind);
  return kinds.map((kind) => ({ symbol: pair.base, currency: pair.quote, secType: kind }));
}

function localQueries(by: BySymbol): Query[] {
  const secType = by.secType ?? localSymbolKind(by.symbol);
  return [{ localSymbol: by.symbol.trim().toUpperCase(), secType, currency: by.currency }];
}

/** The symbol of a pair is what is bought with the other currency. */
function symbolAsked(by: BySymbol, { ref }: Row): string {
  const pair = pairOf(by.symbol);
  return pair !== undefined && ref.currency === pair.quote && ref.symbol === pair.base ? pair.base : by.symbol;
}

interface Asked {
  readonly rows: readonly { readonly row: Row; readonly from: Rows }[];
  readonly refused: Reading | undefined;
}

async function ask(book: DetailsBook, queries: readonly Query[]): Promise<Asked> {
  const found = await Promise.all(queries.map((query) => book.find(query)));
  const rows = found.flatMap((one) => (one.outcome === "rows" ? one.rows.map((row) => ({ row, from: one })) : []));
  const refused = found.find((one) => one.outcome === "denied");
  return { rows, refused: refused?.outcome === "denied" ? refusedBy(refused.denial) : undefined };
}

/** With a filter that takes all away, what it took is still worth showing. */
function readingOf({ exchanges }: Deps, by: BySymbol, rows: Asked["rows"], equal: string): Reading {
  const hit = ({ row, from }: Asked["rows"][number], why: string): Hit => ({
    ...{ ref: row.ref, method: "symbol", score: 1, why: why.slice(0, 200), source: from.source, asOf: from.asOf },
  });
  const fits = rows.filter(({ row }) => passes(by, row, exchanges));
  const told = (one: Asked["rows"][number]) => `${equal}, ${one.row.ref.localSymbol} ${listingOf(one.row.ref)}`;
  if (fits.length > 0) return { ...NOTHING, fits: fits.map((one) => hit(one, fits.length > 1 ? told(one) : equal)) };
  return { ...NOTHING, near: rows.map((one) => hit(one, `same ticker ${listingOf(one.row.ref)}, not as asked`)) };
}
