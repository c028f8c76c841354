import { compare, toText } from "@countersign/money/decimal";
import type { ContractQuery } from "../codec/contract-fields.ts";
import {
  encodeMarketDataType,
  encodeTickGeneric,
  encodeTickPrice,
  encodeTickReqParams,
  encodeTickSize,
  encodeTickSnapshotEnd,
  encodeTickString,
} from "../codec/encode-market.ts";
import type { MarketDataRequest } from "../codec/requests.ts";
import { dailyBar } from "../market/bars.ts";
import type { Instrument } from "../market/instrument.ts";
import type { Quote } from "../market/market.ts";
import type { QuoteStream, Session } from "./session.ts";
import { sendError, type World } from "./world.ts";

/** Tick ids of live data; delayed data has its own. */
const LIVE = { bid: 1, ask: 2, last: 4, high: 6, low: 7, volume: 8, close: 9, open: 14, lastTime: 45 } as const;
const DELAYED = {
  bid: 66,
  ask: 67,
  last: 68,
  high: 72,
  low: 73,
  volume: 74,
  close: 75,
  open: 76,
  lastTime: 88,
} as const;
const HALTED_TICK = 49;
const DELAY_MS = 15 * 60_000;
const STREAMS_MAX = 100;
const FROZEN = 2;
const LAST_TYPE = 4;

/** Finds the one instrument of a request or tells the client why not. */
export function resolve(world: World, session: Session, request: { reqId: number; contract: ContractQuery }) {
  const found = world.broker.find(request.contract);
  if (found.kind === "one") return found.instrument;
  const text =
    found.kind === "none"
      ? "No security definition has been found for the request"
      : `The contract description specified for ${found.symbol} is ambiguous.`;
  sendError(session, request.reqId, 200, text);
  return undefined;
}

export function startMarketData(world: World, session: Session, request: MarketDataRequest): void {
  const { reqId } = request;
  const { quotes, marketDataType } = session.subscriptions;
  if (quotes.has(reqId)) {
    sendError(session, reqId, 102, "Duplicate ticker ID.");
    return;
  }
  if (request.snapshot && request.genericTicks !== "") {
    const cause = "Snapshot market data subscription is not applicable to generic ticks";
    sendError(session, reqId, 321, `Error validating request.-'bW' : cause - ${cause}`);
    return;
  }
  if (request.contract.exchange === "") {
    sendError(session, reqId, 321, "Error validating request.-'bW' : cause - Please enter exchange");
    return;
  }
  if (quotes.size >= STREAMS_MAX) {
    sendError(session, reqId, 101, "Max number of tickers has been reached");
    return;
  }
  const instrument = resolve(world, session, request);
  if (instrument === undefined) return;
  const answer = world.data.atSubscription(instrument, marketDataType);
  if (answer !== undefined) sendError(session, reqId, answer.code, answer.text);
  if (answer?.kind === "refuse") return;
  const delayed = marketDataType > FROZEN;
  const sent = quoteOf(world, instrument, delayed);
  const stream: QuoteStream = { reqId, instrument, delayed, sent, halted: world.data.halted(instrument) };
  session.send(encodeMarketDataType(reqId, marketDataType));
  session.send(encodeTickReqParams(reqId, instrument.minTick));
  sendAll(world, session, stream);
  if (!request.snapshot && !request.regulatorySnapshot) quotes.set(reqId, stream);
  else if (world.data.endsSnapshot(instrument)) session.send(encodeTickSnapshotEnd(reqId));
}

export function stopMarketData(session: Session, reqId: number): void {
  if (session.subscriptions.quotes.delete(reqId)) return;
  sendError(session, reqId, 300, `Can't find EId with tickerId:${reqId}`);
}

/** An unknown type is accepted in silence, as by TWS, and changes nothing. */
export function setMarketDataType(session: Session, type: number): void {
  if (type >= 1 && type <= LAST_TYPE) session.subscriptions.marketDataType = type;
}

function quoteOf(world: World, instrument: Instrument, delayed: boolean): Quote {
  const atMs = delayed ? world.clock.nowMs() - DELAY_MS : undefined;
  return world.data.shown(world.market.quote(instrument, atMs), instrument);
}

function sendAll(world: World, session: Session, stream: QuoteStream): void {
  const { reqId, instrument, delayed, sent } = stream;
  const ids = delayed ? DELAYED : LIVE;
  const seenMs = world.clock.nowMs() - (delayed ? DELAY_MS : 0);
  const price = (type: number, value: string, size = "0") =>
    session.send(encodeTickPrice({ reqId, type, price: value, size, auto: type <= LIVE.ask }));
  price(ids.bid, toText(sent.bid), String(sent.bidSize));
  price(ids.ask, toText(sent.ask), String(sent.askSize));
  const trades = instrument.secType !== "CASH";
  if (trades) price(ids.last, toText(sent.last), String(sent.lastSize));
  session.send(encodeTickString(reqId, ids.lastTime, String(Math.floor(seenMs / 1000))));
  if (!delayed) session.send(encodeTickGeneric(reqId, HALTED_TICK, stream.halted));
  const day = dailyBar(world.market, instrument, seenMs);
  price(ids.high, day.high);
  price(ids.low, day.low);
  if (trades) session.send(encodeTickSize(reqId, ids.volume, day.volume));
  price(ids.close, day.previousClose);
  if (trades) price(ids.open, day.open);
}

function pushHalt(world: World, session: Session, stream: QuoteStream): void {
  const halted = world.data.halted(stream.instrument);
  if (stream.delayed || halted === stream.halted) return;
  stream.halted = halted;
  session.send(encodeTickGeneric(stream.reqId, HALTED_TICK, halted));
}

/** Sends what moved since the last time. */
export function pushQuotes(world: World, session: Session): void {
  for (const stream of session.subscriptions.quotes.values()) {
    const { reqId, instrument, delayed, sent } = stream;
    const ids = delayed ? DELAYED : LIVE;
    if (world.data.isStale(instrument)) continue;
    pushHalt(world, session, stream);
    const quote = quoteOf(world, instrument, delayed);
    stream.sent = quote;
    const price = (type: number, value: string, size: number) =>
      session.send(encodeTickPrice({ reqId, type, price: value, size: String(size), auto: type <= LIVE.ask }));
    const bidMoved = compare(quote.bid, sent.bid) !== 0 || quote.bidSize !== sent.bidSize;
    const askMoved = compare(quote.ask, sent.ask) !== 0 || quote.askSize !== sent.askSize;
    if (bidMoved) price(ids.bid, toText(quote.bid), quote.bidSize);
    if (askMoved) price(ids.ask, toText(quote.ask), quote.askSize);
    if (instrument.secType === "CASH" || compare(quote.last, sent.last) === 0) continue;
    price(ids.last, toText(quote.last), quote.lastSize);
    session.send(encodeTickString(reqId, ids.lastTime, String(Math.floor(world.clock.nowMs() / 1000))));
  }
}
