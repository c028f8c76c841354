import { compare, toText } from "@countersign/money/decimal";
import {
  encodeHistoricalMidpoints,
  encodeHistoricalQuotes,
  encodeHistoricalTrades,
  encodeTickByTickMidpoint,
  encodeTickByTickQuote,
  encodeTickByTickTrade,
  type MidpointView,
  type QuoteTickView,
  type TradeView,
} from "../codec/encode-ticks.ts";
import type { Reply } from "../codec/literals.ts";
import type { HistoricalTicksRequest, TickByTickRequest } from "../codec/requests-data.ts";
import type { Instrument } from "../market/instrument.ts";
import { BUCKET_MS } from "../market/price-path.ts";
import { hasQuotes, hasTrades, midpointText, type TapeTick, ticksFrom, ticksUntil, venueAt } from "../market/tape.ts";
import { parseTwsTime } from "../market/zoned-time.ts";
import { resolve } from "./resolve.ts";
import type { Session } from "./session.ts";
import { unlessStale } from "./unless-stale.ts";
import { refuse, refuseInvalid, sendError, type World } from "./world.ts";

const TICK_STREAMS_MAX = 3;
const PAST_TICKS_MAX = 1000;
type TickKind = "TRADES" | "BID_ASK" | "MIDPOINT";
const KIND_OF_TYPE: ReadonlyMap<string, TickKind> = new Map([
  ["Last", "TRADES"],
  ["AllLast", "TRADES"],
  ["BidAsk", "BID_ASK"],
  ["MidPoint", "MIDPOINT"],
]);
const KINDS: ReadonlySet<string> = new Set(["TRADES", "BID_ASK", "MIDPOINT"]);

function hasTicks(instrument: Instrument, kind: string): boolean {
  return kind === "TRADES" ? hasTrades(instrument) : hasQuotes(instrument);
}

function seconds(timeMs: number): number {
  return Math.floor(timeMs / 1000);
}

function tradeView({ timeMs, quote, venue }: TapeTick): TradeView {
  const price = toText(quote.last);
  return { time: seconds(timeMs), price, size: String(quote.lastSize), exchange: venue, conditions: "" };
}

function quoteView({ timeMs, quote }: TapeTick): QuoteTickView {
  const sizes = { bidSize: String(quote.bidSize), askSize: String(quote.askSize) };
  return { time: seconds(timeMs), bid: toText(quote.bid), ask: toText(quote.ask), ...sizes };
}

function midpointView({ timeMs, quote }: TapeTick): MidpointView {
  return { time: seconds(timeMs), price: midpointText(quote) };
}

function pastTicks(reqId: number, kind: TickKind, ticks: readonly TapeTick[]): Reply {
  if (kind === "TRADES") return encodeHistoricalTrades(reqId, ticks.map(tradeView), true);
  if (kind === "BID_ASK") return encodeHistoricalQuotes(reqId, ticks.map(quoteView), true);
  return encodeHistoricalMidpoints(reqId, ticks.map(midpointView), true);
}

/** Past ticks of one kind: from a start on or up to an end, 1000 at most. */
export function sendHistoricalTicks(world: World, session: Session, request: HistoricalTicksRequest): undefined {
  const { reqId, whatToShow, count } = request;
  if (!KINDS.has(whatToShow)) return refuseInvalid(session, reqId, `Invalid data type requested: ${whatToShow}`);
  if (count < 1 || count > PAST_TICKS_MAX) return refuseInvalid(session, reqId, "Invalid number of ticks requested");
  if ((request.start === "") === (request.end === "")) {
    return refuseInvalid(session, reqId, "Please specify either start or end time, not both");
  }
  const instrument = resolve(world, session, request);
  if (instrument === undefined) return;
  if (!hasTicks(instrument, whatToShow)) {
    const what = `No market data permissions for ${instrument.exchange} ${instrument.secType}`;
    sendError(session, reqId, 10187, `Failed to request historical ticks:${what}`);
    return;
  }
  const atMs = parseTwsTime(request.start || request.end, world.market.hours(instrument).timeZoneId);
  if (atMs === undefined) return refuseInvalid(session, reqId, "Invalid date, time, or time-zone entered");
  const wanted = { instrument, liquidOnly: request.useRth, count };
  const nowMs = world.clock.nowMs();
  const ticks =
    request.start === ""
      ? ticksUntil(world, wanted, Math.min(atMs, nowMs))
      : ticksFrom(world, wanted, { fromMs: atMs, nowMs });
  session.send(pastTicks(reqId, whatToShow as TickKind, ticks));
}

export function startTickByTick(world: World, session: Session, request: TickByTickRequest): undefined {
  const { reqId, tickType } = request;
  const { streams } = session.subscriptions;
  const kind = KIND_OF_TYPE.get(tickType);
  if (kind === undefined) return refuseInvalid(session, reqId, `Invalid tick-by-tick type: ${tickType}`);
  if (request.count < 0 || request.count > PAST_TICKS_MAX)
    return refuseInvalid(session, reqId, "Invalid number of ticks");
  if (streams.has("tickByTick", reqId)) return refuse(session, reqId, 102, "Duplicate ticker ID.");
  if (streams.count("tickByTick") >= TICK_STREAMS_MAX) {
    return refuse(session, reqId, 10190, "Max number of tick-by-tick requests has been reached.");
  }
  const instrument = resolve(world, session, request);
  if (instrument === undefined) return;
  if (!hasTicks(instrument, kind)) {
    const why = `No market data permissions for ${instrument.exchange} ${instrument.secType}`;
    return refuse(session, reqId, 10189, `Failed to request tick-by-tick data.${why}`);
  }
  if (request.count > 0) {
    const wanted = { instrument, liquidOnly: false, count: request.count };
    session.send(pastTicks(reqId, kind, ticksUntil(world, wanted, world.clock.nowMs())));
  }
  const tape = new LiveTape(world, instrument);
  const trade = tickType === "Last" ? 1 : 2;
  const push = () => {
    const tick = tape.next(kind, request.ignoreSize);
    if (tick === undefined) return;
    if (kind === "TRADES") session.send(encodeTickByTickTrade(reqId, trade, tradeView(tick)));
    else if (kind === "BID_ASK") session.send(encodeTickByTickQuote(reqId, quoteView(tick)));
    else session.send(encodeTickByTickMidpoint(reqId, midpointView(tick)));
  };
  streams.start("tickByTick", reqId, unlessStale(world, instrument, push));
}

export function stopTickByTick(session: Session, reqId: number): void {
  if (session.subscriptions.streams.stop("tickByTick", reqId)) return;
  sendError(session, reqId, 300, `Can't find EId with tickerId:${reqId}`);
}

/** One tick for each step at which there is news of the wanted kind; nothing while the market is closed. */
class LiveTape {
  readonly #world: World;
  readonly #instrument: Instrument;
  #seen: TapeTick | undefined;

  constructor(world: World, instrument: Instrument) {
    this.#world = world;
    this.#instrument = instrument;
  }

  next(kind: TickKind, ignoreSize: boolean): TapeTick | undefined {
    const { market, clock } = this.#world;
    if (!market.isOpen(this.#instrument, "trading")) return undefined;
    const bucket = Math.floor(clock.nowMs() / BUCKET_MS);
    const venue = venueAt(this.#instrument, bucket);
    const tick = { timeMs: clock.nowMs(), quote: market.quote(this.#instrument), venue };
    const before = this.#seen;
    if (before !== undefined && !differs(before, tick, kind, ignoreSize)) return undefined;
    this.#seen = tick;
    return tick;
  }
}

function differs(before: TapeTick, now: TapeTick, kind: TickKind, ignoreSize: boolean): boolean {
  if (kind === "TRADES") return Math.floor(before.timeMs / BUCKET_MS) !== Math.floor(now.timeMs / BUCKET_MS);
  const moved = compare(before.quote.bid, now.quote.bid) !== 0 || compare(before.quote.ask, now.quote.ask) !== 0;
  if (moved || kind === "MIDPOINT" || ignoreSize) return moved;
  return before.quote.bidSize !== now.quote.bidSize || before.quote.askSize !== now.quote.askSize;
}
