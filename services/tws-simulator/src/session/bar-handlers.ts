import { encodeHistogram, encodeRealTimeBar } from "../codec/encode-ticks.ts";
import type { HistogramRequest, RealTimeBarsRequest } from "../codec/requests-data.ts";
import { barOfKind } from "../market/bar-sides.ts";
import { barOf } from "../market/bars.ts";
import { histogramOf, parsePeriod } from "../market/histogram.ts";
import { hasTrades } from "../market/tape.ts";
import { resolve } from "./resolve.ts";
import type { Session } from "./session.ts";
import { unlessStale } from "./unless-stale.ts";
import { refuse, refuseInvalid, sendError, type World } from "./world.ts";

const BAR_MS = 5_000;
const STREAMS_MAX = 50;
const KINDS: ReadonlySet<string> = new Set(["TRADES", "MIDPOINT", "BID", "ASK"]);

/** Subscribes to five-second bars: each bar that has ended since the last turn, none while the market is closed. */
export function startRealTimeBars(world: World, session: Session, request: RealTimeBarsRequest): undefined {
  const { reqId, whatToShow } = request;
  const { streams } = session.subscriptions;
  if (request.barSize !== 0 && request.barSize !== 5)
    return refuseInvalid(session, reqId, "Invalid bar size, only 5 allowed");
  if (!KINDS.has(whatToShow)) return refuseInvalid(session, reqId, `Invalid what to show: ${whatToShow}`);
  if (streams.has("realTimeBars", reqId)) return refuse(session, reqId, 102, "Duplicate ticker ID.");
  if (streams.count("realTimeBars") >= STREAMS_MAX) {
    return refuse(session, reqId, 420, "Invalid Real-time Query:Historical data request pacing violation");
  }
  const instrument = resolve(world, session, request);
  if (instrument === undefined) return;
  if (whatToShow === "TRADES" && !hasTrades(instrument)) {
    const why = `No market data permissions for ${instrument.exchange} ${instrument.secType}`;
    return refuse(session, reqId, 420, `Invalid Real-time Query:${why}`);
  }
  const hours = request.useRth ? "liquid" : "trading";
  let nextStartMs = Math.floor(world.clock.nowMs() / BAR_MS) * BAR_MS;
  const push = () => {
    for (; nextStartMs + BAR_MS <= world.clock.nowMs(); nextStartMs += BAR_MS) {
      if (!world.calendar.isOpen(world.market.hours(instrument), nextStartMs, hours)) continue;
      const bar = barOf(world.market, instrument, { startMs: nextStartMs, endMs: nextStartMs + BAR_MS });
      const shown = barOfKind(whatToShow, instrument, bar);
      session.send(encodeRealTimeBar(reqId, { ...shown, time: Math.floor(nextStartMs / 1000) }));
    }
  };
  streams.start("realTimeBars", reqId, unlessStale(world, instrument, push));
}

export function stopRealTimeBars(session: Session, reqId: number): void {
  if (session.subscriptions.streams.stop("realTimeBars", reqId)) return;
  sendError(session, reqId, 300, `Can't find EId with tickerId:${reqId}`);
}

export function sendHistogram(world: World, session: Session, request: HistogramRequest): undefined {
  const days = parsePeriod(request.period);
  if (days === undefined) return refuseInvalid(session, request.reqId, `Invalid time period: ${request.period}`);
  const instrument = resolve(world, session, request);
  if (instrument === undefined) return;
  const wanted = { instrument, days, endMs: world.clock.nowMs(), liquidOnly: request.useRth };
  session.send(encodeHistogram(request.reqId, histogramOf(world, wanted)));
}
