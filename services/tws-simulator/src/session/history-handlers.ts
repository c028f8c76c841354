import {
  type BarView,
  encodeHeadTimestamp,
  encodeHistoricalData,
  encodeHistoricalDataUpdate,
} from "../codec/encode-history.ts";
import type { HistoricalDataRequest, RequestOf } from "../codec/requests.ts";
import { type Bar, type BarSize, barOf, barsOf, parseBarSize, parseDuration } from "../market/bars.ts";
import type { Instrument } from "../market/instrument.ts";
import { parseTwsTime, twsTime, zonedTime } from "../market/zoned-time.ts";
import { resolve } from "./market-handlers.ts";
import type { Session } from "./session.ts";
import { sendError, type World } from "./world.ts";

const BARS_MAX = 20_000;
const HEAD_TIMESTAMP_MS = Date.UTC(2010, 0, 4, 14, 30);
const KINDS = new Set(["TRADES", "MIDPOINT", "BID", "ASK", "BID_ASK", "ADJUSTED_LAST"]);
const WITH_VOLUME = new Set(["TRADES", "ADJUSTED_LAST"]);
const SPELLED = new Map([["TRADES", "Trades"]]);

function invalid(session: Session, reqId: number, cause: string): void {
  sendError(session, reqId, 321, `Error validating request.-'bW' : cause - ${cause}`);
}

/** A daily bar is named by its date, any other by its start: as text in the exchange's zone or as epoch seconds. */
function dateOf(
  bar: Bar,
  format: { readonly formatDate: number; readonly zone: string; readonly size: BarSize },
): string {
  if (format.size.kind === "days") return zonedTime(bar.startMs, format.zone).date;
  return format.formatDate === 2 ? String(Math.floor(bar.startMs / 1000)) : twsTime(bar.startMs, format.zone);
}

function hasNoData(session: Session, request: { reqId: number; whatToShow: string }, instrument: Instrument): boolean {
  if (KINDS.has(request.whatToShow) && !(instrument.secType === "CASH" && WITH_VOLUME.has(request.whatToShow)))
    return false;
  const kind = SPELLED.get(request.whatToShow) ?? request.whatToShow;
  const text = `HMDS query returned no data: ${instrument.localSymbol}@${instrument.exchange} ${kind}`;
  sendError(session, request.reqId, 162, `Historical Market Data Service error message:${text}`);
  return true;
}

export function sendHistoricalData(world: World, session: Session, request: HistoricalDataRequest): void {
  const { reqId } = request;
  const size = parseBarSize(request.barSize);
  const duration = parseDuration(request.duration);
  if (size === undefined) {
    invalid(session, reqId, `Invalid bar size: ${request.barSize}`);
    return;
  }
  if (duration === undefined) {
    invalid(session, reqId, `Invalid duration: ${request.duration}`);
    return;
  }
  const instrument = resolve(world, session, request);
  if (instrument === undefined || hasNoData(session, request, instrument)) return;
  const zone = world.market.hours(instrument).timeZoneId;
  const nowMs = world.clock.nowMs();
  const endMs = request.endDateTime === "" ? nowMs : parseTwsTime(request.endDateTime, zone);
  if (endMs === undefined) {
    invalid(session, reqId, `Invalid end date time: ${request.endDateTime}`);
    return;
  }
  if (request.keepUpToDate && request.endDateTime !== "") {
    invalid(session, reqId, "End time not supported with keep up to date");
  }
  const wanted = { instrument, size, duration, endMs: Math.min(endMs, nowMs), liquidOnly: request.useRth };
  const bars = barsOf(world, wanted, BARS_MAX);
  if (bars === undefined) {
    sendError(session, reqId, 162, "Historical Market Data Service error message:Time length exceed max.");
    return;
  }
  const format = { formatDate: request.formatDate, zone, size };
  const view = (bar: Bar): BarView => ({
    ...bar,
    date: dateOf(bar, format),
    ...(WITH_VOLUME.has(request.whatToShow) ? {} : { volume: "-1", wap: "-1", count: -1 }),
  });
  const start = twsTime(bars[0]?.startMs ?? endMs, zone);
  session.send(encodeHistoricalData(reqId, { start, end: twsTime(endMs, zone), bars: bars.map(view) }));
  if (!request.keepUpToDate || size.kind !== "seconds") return;
  const stepMs = size.seconds * 1000;
  session.subscriptions.history.set(reqId, {
    reqId,
    push: () => {
      const atMs = world.clock.nowMs();
      const startMs = Math.floor(atMs / stepMs) * stepMs;
      return encodeHistoricalDataUpdate(reqId, view(barOf(world.market, instrument, { startMs, endMs: atMs })));
    },
  });
}

export function cancelHistoricalData(session: Session, reqId: number): void {
  if (session.subscriptions.history.delete(reqId)) return;
  sendError(session, reqId, 366, `No historical data query found for ticker id:${reqId}`);
}

export function sendHeadTimestamp(world: World, session: Session, request: RequestOf<"reqHeadTimestamp">): void {
  const instrument = resolve(world, session, request);
  if (instrument === undefined || hasNoData(session, request, instrument)) return;
  const seconds = Math.floor(HEAD_TIMESTAMP_MS / 1000);
  const text = zonedText(HEAD_TIMESTAMP_MS);
  session.send(encodeHeadTimestamp(request.reqId, request.formatDate === 2 ? String(seconds) : text));
}

/** Head timestamps are in UTC with a dash: `20100104-14:30:00`. */
function zonedText(epochMs: number): string {
  return twsTime(epochMs, "UTC").replace(" UTC", "").replace(" ", "-");
}
