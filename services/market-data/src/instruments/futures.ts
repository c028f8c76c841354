import { type Clock, parseUtcText } from "@countersign/clock/clock";
import { denied, ok, type Reply } from "@countersign/contracts/denial";
import type { FutureSeries, FuturesReply, FuturesRequest } from "@countersign/contracts/messages/md-instruments.v1";
import type * as z from "zod";
import type { DetailsBook, Row } from "./details-book.ts";
import type { ExchangeNames } from "./exchange-names.ts";
import { expiryFault } from "./expiry.ts";
import { sameSymbol } from "./symbol-text.ts";

type Answer = Extract<z.output<typeof FuturesReply>, { outcome: "ok" }>["value"];

/** All contracts of a future, in the order in which they end; the first that has not ended is the front month. */
export async function futuresOf(
  deps: { readonly clock: Clock; readonly book: DetailsBook; readonly exchanges: ExchangeNames },
  request: z.output<typeof FuturesRequest>,
): Promise<Reply<Answer>> {
  const { symbol, currency, tradingClass, multiplier, includeExpired } = request;
  const exchange = request.exchange === null ? null : deps.exchanges.code(request.exchange);
  const named = { symbol: symbol.trim().toUpperCase(), secType: "FUT" as const, currency, exchange };
  const found = await deps.book.find({ ...named, tradingClass, multiplier, includeExpired });
  if (found.outcome === "denied") return found;
  const rows = found.outcome === "rows" ? found.rows.filter(({ ref }) => fits(ref, request, deps.exchanges)) : [];
  if (found.outcome === "none" || rows.length === 0) return denied("UNKNOWN_INSTRUMENT", "No future fits.");
  const nowMs = deps.clock.nowMs();
  const groups = Map.groupBy(rows, ({ ref }) =>
    JSON.stringify([ref.exchange, ref.tradingClass, ref.multiplier, ref.currency]),
  );
  const series = [...groups.values()].flatMap((group) => seriesOf(group, nowMs, includeExpired));
  if (series.length === 0) return denied("UNKNOWN_INSTRUMENT", "All contracts of it have ended.");
  const ageMs = Math.max(0, Math.round(nowMs - parseUtcText(found.asOf)));
  return ok({ series, source: found.source, asOf: found.asOf, ageMs });
}

function fits(
  ref: Row["ref"],
  { symbol, exchange, tradingClass }: z.output<typeof FuturesRequest>,
  exchanges: ExchangeNames,
): boolean {
  return (
    sameSymbol(ref.symbol, symbol) &&
    (exchange === null || exchanges.same(ref.exchange, exchange)) &&
    (tradingClass === null || sameSymbol(ref.tradingClass, tradingClass))
  );
}

function seriesOf(group: readonly Row[], nowMs: number, includeExpired: boolean): FutureSeries[] {
  const sorted = group.toSorted((a, b) => a.ref.lastTradeDate.localeCompare(b.ref.lastTradeDate));
  const ended = (row: Row) => expiryFault(row.ref.lastTradeDate, nowMs) !== undefined;
  const live = sorted.filter((row) => !ended(row));
  const place = (row: Row) => {
    const index = live.indexOf(row);
    return index < 0 ? "expired" : index === 0 ? "front" : index === 1 ? "next" : "later";
  };
  const contracts = (includeExpired ? sorted : live).map((row) => ({
    instrument: row.ref,
    contractMonth: row.contractMonth,
    lastTradeTime: row.lastTradeTime,
    place: place(row),
  })) satisfies FutureSeries["contracts"];
  const ref = sorted[0]?.ref;
  if (contracts.length === 0 || ref === undefined) return [];
  const { exchange, tradingClass, multiplier, currency } = ref;
  return [{ exchange, tradingClass, multiplier, currency, contracts }];
}
