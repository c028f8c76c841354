import type { WhatToShow } from "@countersign/contracts/bars";
import { Fault } from "@countersign/contracts/denial";
import type { Instrument } from "@countersign/contracts/instrument";
import type { ScanQuery } from "../session/read-commands.ts";
import { ARTICLE_CHARS_MAX } from "../session/replies/news-replies.ts";
import type { WireScanRow } from "../session/wire-reads.ts";
import { tradesOf } from "./bars.ts";
import { ask } from "./question.ts";
import type { ReadDeps } from "./reader.ts";
import { dateOf, fromEpoch, fromNewsUtc, localOf, newsUtc, twsUtc } from "./tws-time.ts";

const TIMEOUT_MS = 15_000;

export function headTimestamp(
  deps: ReadDeps,
  { conid, exchange, secType }: Instrument,
  { whatToShow, regularHoursOnly }: { whatToShow: WhatToShow; regularHoursOnly: boolean },
) {
  const how = { whatToShow: tradesOf(secType, whatToShow), regularHoursOnly };
  return ask<{ conid: number; earliest: string }>(deps, {
    what: "the earliest data",
    timeoutMs: TIMEOUT_MS,
    send: (connection, id) => connection.reads.headTimestamp(id, { conid, exchange }, how),
    cancel: (connection, id) => connection.reads.cancelHeadTimestamp(id),
    on: (event) =>
      event.kind === "headTimestamp" ? { result: { conid, earliest: fromEpoch(event.text) } } : undefined,
  });
}

export function histogram(
  deps: ReadDeps,
  { conid, currency, exchange }: Instrument,
  how: { days: number; regularHoursOnly: boolean },
) {
  return ask<{ conid: number; currency: string; rows: { price: string; size: string }[] }>(deps, {
    what: "the histogram",
    timeoutMs: TIMEOUT_MS,
    send: (connection, id) => connection.reads.histogram(id, { conid, exchange }, how),
    cancel: (connection, id) => connection.reads.cancelHistogram(id),
    on: (event) => {
      if (event.kind !== "histogram") return undefined;
      const rows = event.rows.map(({ price, size }) => {
        if (price === null || size === null) throw new Fault("BROKER_REFUSED", "TWS sent a histogram with a gap");
        return { price, size };
      });
      return { result: { conid, currency, rows } };
    },
  });
}

export function schedule(
  deps: ReadDeps,
  { conid, exchange }: Instrument,
  { days, regularHoursOnly, until }: { days: number; regularHoursOnly: boolean; until?: string },
) {
  const how = { days, regularHoursOnly, until: twsUtc(until ?? null) };
  return ask<{ conid: number; timeZoneId: string; sessions: { open: string; close: string; date: string }[] }>(deps, {
    what: "the schedule",
    timeoutMs: TIMEOUT_MS,
    send: (connection, id) => connection.reads.schedule(id, { conid, exchange }, how),
    on: (event) => {
      if (event.kind !== "schedule") return undefined;
      const sessions = event.sessions.map(({ start, end, date }) => ({
        open: localOf(start),
        close: localOf(end),
        date: dateOf(date),
      }));
      return { result: { conid, timeZoneId: event.timeZoneId, sessions } };
    },
  });
}

/** The first answer of TWS, complete in itself; an empty one says that nothing fits. */
export function scan(deps: ReadDeps, query: ScanQuery) {
  return ask<{ rows: ReturnType<typeof scanRowOf>[] }>(deps, {
    what: "the scan",
    timeoutMs: TIMEOUT_MS,
    send: (connection, id) => connection.reads.scan(id, query),
    cancel: (connection, id) => connection.reads.cancelScan(id),
    on: (event) => (event.kind === "scan" ? { result: { rows: event.rows.map(scanRowOf) } } : undefined),
  });
}

function scanRowOf(row: WireScanRow) {
  const { conid, symbol, secType, currency, exchange, localSymbol } = row.contract;
  const { rank, marketName, distance, benchmark, projection, legs } = row;
  const named = { rank, conid, symbol, secType, currency, exchange, localSymbol, marketName };
  return { ...named, distance, benchmark, projection, legs };
}

export function headlines(
  deps: ReadDeps,
  request: { conid: number; providers: readonly string[]; from: string | null; until: string | null; limit: number },
) {
  const rows: { at: string; provider: string; articleId: string; headline: string }[] = [];
  const { conid, limit } = request;
  const window = { from: newsUtc(request.from), until: newsUtc(request.until) };
  return ask<{ conid: number; headlines: typeof rows; hasMore: boolean }>(deps, {
    what: "headlines",
    timeoutMs: TIMEOUT_MS,
    send: (connection, id) =>
      connection.reads.headlines(id, { conid, providers: request.providers.join("+"), ...window, limit }),
    on: (event) => {
      if (event.kind === "headline") {
        const { time, provider, articleId, headline } = event;
        rows.push({ at: fromNewsUtc(time), provider, articleId, headline });
      }
      return event.kind === "headlinesEnd" ? { result: { conid, headlines: rows, hasMore: event.hasMore } } : undefined;
    },
  });
}

const BINARY = 1;

export function article(deps: ReadDeps, request: { provider: string; articleId: string }) {
  return ask<{ kind: "text" | "binary"; text: string; truncated: boolean }>(deps, {
    what: "the article",
    timeoutMs: TIMEOUT_MS,
    send: (connection, id) => connection.reads.article(id, request.provider, request.articleId),
    on: (event) => {
      if (event.kind !== "article") return undefined;
      const kind = event.articleType === BINARY ? "binary" : "text";
      return { result: { kind, text: event.text, truncated: event.text.length >= ARTICLE_CHARS_MAX } };
    },
  });
}
