import {
  type BarView,
  encodeHeadTimestamp,
  encodeHistoricalData,
  encodeHistoricalDataUpdate,
} from "../codec/encode-history.ts";
import type { HistoricalDataRequest, RequestOf } from "../codec/requests.ts";
import { barOfKind, hasVolume } from "../market/bar-sides.ts";
import {
  type BarSize,
  barOf,
  barsOf,
  type DatedBar,
  type Duration,
  parseBarSize,
  parseDuration,
} from "../market/bars.ts";
import type { Instrument } from "../market/instrument.ts";
import { parseTwsTime, twsTime } from "../market/zoned-time.ts";
import { resolve } from "./resolve.ts";
import { sendSchedule } from "./schedule-handler.ts";
import type { Session } from "./session.ts";
import { refuse, refuseInvalid, sendError, type World } from "./world.ts";

/** Requests that are kept up to date at a time. */
const STREAMS_MAX = 50;
const BARS_MAX = 20_000;
const HEAD_TIMESTAMP_MS = Date.UTC(2010, 0, 4, 14, 30);
const SCHEDULE = "SCHEDULE";
const AGGREGATED = "AGGTRADES";
const KINDS = new Set(["TRADES", "MIDPOINT", "BID", "ASK", "BID_ASK", "ADJUSTED_LAST", AGGREGATED, SCHEDULE]);
const SPELLED = new Map([["TRADES", "Trades"]]);

/** A bar of days is named by its date, any other by its start: as text in the exchange's zone or as epoch seconds. */
function dateOf(bar: DatedBar, format: { readonly formatDate: number; readonly zone: string }): string {
  if (bar.date !== undefined) return bar.date;
  return format.formatDate === 2 ? String(Math.floor(bar.startMs / 1000)) : twsTime(bar.startMs, format.zone);
}

function hasNoData(session: Session, request: { reqId: number; whatToShow: string }, instrument: Instrument): boolean {
  if (instrument.secType === "CRYPTO" && request.whatToShow === "TRADES") {
    const text = "Expected what to show is AGGTRADES, please use that instead of TRADES.";
    sendError(session, request.reqId, 10299, text);
    return true;
  }
  if (KINDS.has(request.whatToShow) && !(instrument.secType === "CASH" && hasVolume(request.whatToShow))) return false;
  const kind = SPELLED.get(request.whatToShow) ?? request.whatToShow;
  const text = `HMDS query returned no data: ${instrument.localSymbol}@${instrument.exchange} ${kind}`;
  sendError(session, request.reqId, 162, `Historical Market Data Service error message:${text}`);
  return true;
}

interface HistoryPlan {
  readonly instrument: Instrument;
  readonly size: BarSize;
  readonly duration: Duration;
  readonly zone: string;
  /** As asked for, and not after now. */
  readonly endMs: number;
  readonly untilMs: number;
}

/** What a request comes to, or undefined when the client was told why it comes to nothing. */
function planOf(world: World, session: Session, request: HistoricalDataRequest): HistoryPlan | undefined {
  const { reqId, endDateTime } = request;
  const size = parseBarSize(request.barSize);
  const duration = parseDuration(request.duration);
  if (size === undefined) return refuseInvalid(session, reqId, `Invalid bar size: ${request.barSize}`);
  if (duration === undefined) return refuseInvalid(session, reqId, `Invalid duration: ${request.duration}`);
  if (session.subscriptions.history.has(reqId)) {
    sendError(session, reqId, 386, "Duplicate ticker ID for API historical data query.");
    return undefined;
  }
  if (request.keepUpToDate && session.subscriptions.history.size >= STREAMS_MAX) {
    const text = "Historical Market Data Service error message:Historical data request pacing violation";
    return refuse(session, reqId, 162, text);
  }
  const instrument = resolve(world, session, request);
  if (instrument === undefined || hasNoData(session, request, instrument)) return undefined;
  const zone = world.market.hours(instrument).timeZoneId;
  const nowMs = world.clock.nowMs();
  const endMs = endDateTime === "" ? nowMs : parseTwsTime(endDateTime, zone);
  if (endMs === undefined) return refuseInvalid(session, reqId, `Invalid end date time: ${endDateTime}`);
  if (request.keepUpToDate && endDateTime !== "") {
    return refuseInvalid(session, reqId, "End time not supported with keep up to date");
  }
  return { instrument, size, duration, zone, endMs, untilMs: Math.min(endMs, nowMs) };
}

export function sendHistoricalData(world: World, session: Session, request: HistoricalDataRequest): void {
  const { reqId } = request;
  const plan = planOf(world, session, request);
  if (plan === undefined) return;
  const { instrument, size, duration, zone, untilMs } = plan;
  if (request.whatToShow === SCHEDULE) {
    sendSchedule(world, session, { reqId, instrument, duration, endMs: untilMs, useRth: request.useRth });
    return;
  }
  const wanted = { instrument, size, duration, endMs: untilMs, liquidOnly: request.useRth };
  const bars = barsOf(world, wanted, BARS_MAX);
  if (bars === undefined) {
    sendError(session, reqId, 162, "Historical Market Data Service error message:Time length exceed max.");
    return;
  }
  const format = { formatDate: request.formatDate, zone };
  const view = (bar: DatedBar): BarView => ({
    ...barOfKind(request.whatToShow, instrument, bar),
    date: dateOf(bar, format),
  });
  const range = { start: twsTime(bars[0]?.startMs ?? plan.endMs, zone), end: twsTime(plan.endMs, zone) };
  session.send(encodeHistoricalData(reqId, { ...range, bars: bars.map(view) }));
  if (!request.keepUpToDate) return;
  const last = bars.at(-1);
  const push = () => {
    const endMs = world.clock.nowMs();
    const startMs = size.kind === "calendar" ? (last?.startMs ?? untilMs) : barStart(endMs, size.seconds);
    const bar = barOf(world.market, instrument, { startMs, endMs });
    return encodeHistoricalDataUpdate(reqId, view({ ...bar, date: last?.date }));
  };
  session.subscriptions.history.set(reqId, { reqId, push });
}

function barStart(atMs: number, barSeconds: number): number {
  const stepMs = barSeconds * 1000;
  return Math.floor(atMs / stepMs) * stepMs;
}

/** TWS confirms the end of bars that were kept up to date with 162. */
export function cancelHistoricalData(session: Session, reqId: number): void {
  if (session.subscriptions.history.delete(reqId)) {
    const text = `Historical Market Data Service error message:API historical data query cancelled: ${reqId}`;
    sendError(session, reqId, 162, text);
    return;
  }
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
