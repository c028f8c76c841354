import { currentContext } from "@countersign/bus/context";
import { Fault } from "@countersign/contracts/denial";
import type { Instrument } from "@countersign/contracts/instrument";
import type { Trade } from "@countersign/contracts/messages/live-reads.v1";
import type { WireDepthRow, WireLiveBar, WireTrade } from "../session/wire-reads.ts";
import { ask } from "./question.ts";
import type { ReadDeps } from "./reader.ts";
import { fromEpoch, twsUtc } from "./tws-time.ts";

const DEPTH_SETTLE_MS = 3_000;
const BAR_EVERY_MS = 5_000;
const PAST_TIMEOUT_MS = 15_000;
/** TWS adds the rest of the last second to what was asked for. */
const PAST_TICKS_MAX = 1_000;
const UPDATE = 1;
const DELETE = 2;

/** The book as it stands once it has as many rows as were asked for, or after a while. None at all is a fault. */
export function depth(deps: ReadDeps, instrument: Instrument, request: { rows: number; smart: boolean }) {
  const { conid, currency, exchange } = instrument;
  const bids: WireDepthRow[] = [];
  const asks: WireDepthRow[] = [];
  const told = () => ({
    result: { conid, currency, bids: rowsOf(bids, request.rows), asks: rowsOf(asks, request.rows) },
  });
  return ask<ReturnType<typeof told>["result"]>(deps, {
    what: "the order book",
    timeoutMs: DEPTH_SETTLE_MS,
    send: (connection, id) => connection.reads.depth(id, { conid, exchange }, request.rows, request.smart),
    cancel: (connection, id) => connection.reads.cancelDepth(id, request.smart),
    on: (event) => {
      if (event.kind !== "depthRow") return undefined;
      putRow(event.row.side === "bid" ? bids : asks, event.row);
      return bids.length >= request.rows && asks.length >= request.rows ? told() : undefined;
    },
    atTimeout: () => (bids.length + asks.length === 0 ? undefined : told()),
  });
}

function putRow(side: WireDepthRow[], row: WireDepthRow): void {
  const { position, operation } = row;
  if (position < 0 || position > side.length) throw new Fault("BROKER_REFUSED", "TWS sent a book with a gap");
  if (operation === DELETE) side.splice(position, 1);
  else side.splice(position, operation === UPDATE ? 1 : 0, row);
}

function rowsOf(side: readonly WireDepthRow[], count: number) {
  return side.slice(0, count).map(({ price, size, marketMaker }) => {
    if (price === null || size === null) throw new Fault("BROKER_REFUSED", "TWS sent a book row without its figures");
    return { price, size, marketMaker };
  });
}

export function tickByTick(
  deps: ReadDeps,
  instrument: Instrument,
  request: { kind: "Last" | "AllLast" | "BidAsk" | "MidPoint"; count: number; waitMs: number },
) {
  const { conid, currency, exchange } = instrument;
  const rows: Trade[] = [];
  const told = () => ({ result: { conid, currency, ticks: rows } });
  return ask<{ conid: number; currency: string; ticks: Trade[] }>(deps, {
    what: "ticks",
    timeoutMs: request.waitMs,
    send: (connection, id) => connection.reads.tickByTick(id, { conid, exchange }, request.kind),
    cancel: (connection, id) => connection.reads.cancelTickByTick(id),
    on: (event) => {
      if (event.kind !== "tickByTick") return undefined;
      rows.push(tradeOf(event.trade));
      return rows.length >= request.count ? told() : undefined;
    },
    atTimeout: () => (rows.length === 0 ? undefined : told()),
  });
}

export function liveBars(
  deps: ReadDeps,
  instrument: Instrument,
  request: { whatToShow: "TRADES" | "MIDPOINT" | "BID" | "ASK"; regularHoursOnly: boolean; count: number },
) {
  const { conid, currency, exchange } = instrument;
  const bars: ReturnType<typeof barOf>[] = [];
  return ask<{ conid: number; currency: string; bars: typeof bars }>(deps, {
    what: "live bars",
    // The first one may be nearly two periods away.
    timeoutMs: (request.count + 1) * BAR_EVERY_MS + 3_000,
    notAfterMs: currentContext()?.deadlineMs,
    send: (connection, id) => connection.reads.liveBars(id, { conid, exchange }, request),
    cancel: (connection, id) => connection.reads.cancelLiveBars(id),
    on: (event) => {
      if (event.kind !== "liveBar") return undefined;
      bars.push(barOf(event.bar));
      return bars.length >= request.count ? { result: { conid, currency, bars } } : undefined;
    },
    atTimeout: () => (bars.length === 0 ? undefined : { result: { conid, currency, bars } }),
  });
}

/** TWS sends them in several messages, the last of which says that it is the last. */
export function pastTicks(
  deps: ReadDeps,
  instrument: Instrument,
  request: {
    kind: "TRADES" | "BID_ASK" | "MIDPOINT";
    from: string | null;
    until: string | null;
    count: number;
    regularHoursOnly: boolean;
  },
) {
  const { conid, currency, exchange } = instrument;
  const rows: Trade[] = [];
  const { kind, from, until, count, regularHoursOnly } = request;
  const how = { from: twsUtc(from), until: twsUtc(until), count, whatToShow: kind, regularHoursOnly };
  return ask<{ conid: number; currency: string; ticks: Trade[] }>(deps, {
    what: "past ticks",
    timeoutMs: PAST_TIMEOUT_MS,
    notAfterMs: currentContext()?.deadlineMs,
    send: (connection, id) => connection.reads.pastTicks(id, { conid, exchange }, how),
    on: (event) => {
      if (event.kind !== "historicalTicks") return undefined;
      rows.push(...event.rows.map(tradeOf));
      if (rows.length > PAST_TICKS_MAX) return { failure: new Fault("BROKER_REFUSED", "TWS sent too many ticks") };
      return event.done ? { result: { conid, currency, ticks: rows } } : undefined;
    },
  });
}

function tradeOf({ epochSeconds, ...figures }: WireTrade): Trade {
  return { at: fromEpoch(epochSeconds), ...figures };
}

function barOf({ epochSeconds, open, high, low, close, volume, averagePrice, count }: WireLiveBar) {
  if (open === null || high === null || low === null || close === null) {
    throw new Fault("BROKER_REFUSED", "TWS sent a bar without a price");
  }
  const at = fromEpoch(epochSeconds);
  // What is no trade has no volume, which TWS writes as -1.
  const more = { volume: noneOf(volume), averagePrice: noneOf(averagePrice), trades: count === -1 ? null : count };
  return { at, open, high, low, close, ...more };
}

function noneOf(value: string | null): string | null {
  return value === "-1" ? null : value;
}
