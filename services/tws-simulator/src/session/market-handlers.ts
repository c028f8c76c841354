import { encodeMarketDataType, encodeTickReqParams, encodeTickSnapshotEnd } from "../codec/encode-market.ts";
import { encodeTickNews } from "../codec/encode-ticks.ts";
import type { Reply } from "../codec/literals.ts";
import type { MarketDataRequest } from "../codec/requests.ts";
import { dailyBar } from "../market/bars.ts";
import { newsOf } from "../market/news.ts";
import { SMART_QUOTE_CODE } from "../market/venues.ts";
import { genericTicks, parseGenericTicks } from "./generic-ticks.ts";
import { optionTicks } from "./option-ticks.ts";
import { changedTicks, firstTicks, haltedTick } from "./quote-frames.ts";
import { isDelayed, shownAtMs, shownQuote, shownType } from "./quote-source.ts";
import { resolveTradable } from "./resolve.ts";
import type { MarketDataType, QuoteStream, Session } from "./session.ts";
import { refuse, refuseInvalid, sendError, type World } from "./world.ts";

const NEWS_AT_ONCE_MAX = 5;
const TYPES: readonly MarketDataType[] = [1, 2, 3, 4];

/** The stream that a request asks for, not yet begun; undefined when the client was told why there is none. */
function openStream(world: World, session: Session, request: MarketDataRequest): QuoteStream | undefined {
  const { reqId } = request;
  const { quotes, marketDataType: wanted } = session.subscriptions;
  if (quotes.has(reqId)) return refuse(session, reqId, 102, "Duplicate ticker ID.");
  if (request.snapshot && request.genericTicks !== "") {
    return refuseInvalid(session, reqId, "Snapshot market data subscription is not applicable to generic ticks");
  }
  if (request.contract.exchange === "") return refuseInvalid(session, reqId, "Please enter exchange");
  if (quotes.size >= world.linesMax) return refuse(session, reqId, 101, "Max number of tickers has been reached");
  const tradable = resolveTradable(world, session, request);
  if (tradable === undefined) return undefined;
  const { instrument, legs } = tradable;
  const generic = parseGenericTicks(request.genericTicks, instrument);
  if (typeof generic === "string") return refuseInvalid(session, reqId, generic);
  const answer = world.data.atSubscription(instrument, wanted);
  if (answer !== undefined) sendError(session, reqId, answer.code, answer.text);
  if (answer?.kind === "refuse") return undefined;
  const open = world.market.isOpen(instrument, "trading");
  const sent = shownQuote(world, tradable, { wanted, open });
  const halted = world.data.halted(instrument);
  return { reqId, instrument, legs, wanted, generic, open, sent, halted, newsSeenMs: world.clock.nowMs() };
}

export function startMarketData(world: World, session: Session, request: MarketDataRequest): void {
  const stream = openStream(world, session, request);
  if (stream === undefined) return;
  const { reqId, instrument, wanted, open } = stream;
  const bboExchange = instrument.secType === "STK" && instrument.currency === "USD" ? SMART_QUOTE_CODE : "";
  session.send(encodeMarketDataType(reqId, shownType(wanted, open)));
  session.send(encodeTickReqParams(reqId, { minTick: instrument.minTick, bboExchange }));
  for (const tick of begin(world, stream)) session.send(tick);
  if (!request.snapshot && !request.regulatorySnapshot) session.subscriptions.quotes.set(reqId, stream);
  else if (world.data.endsSnapshot(instrument)) session.send(encodeTickSnapshotEnd(reqId));
}

export function stopMarketData(session: Session, reqId: number): void {
  if (session.subscriptions.quotes.delete(reqId)) return;
  sendError(session, reqId, 300, `Can't find EId with tickerId:${reqId}`);
}

/** An unknown type is accepted in silence, as by TWS, and changes nothing. */
export function setMarketDataType(session: Session, type: number): void {
  const known = TYPES.find((each) => each === type);
  if (known !== undefined) session.subscriptions.marketDataType = known;
}

function subjectOf({ reqId, instrument, wanted }: QuoteStream) {
  return { reqId, instrument, delayed: isDelayed(wanted) };
}

function begin(world: World, stream: QuoteStream): Reply[] {
  const { instrument, sent, halted } = stream;
  const subject = subjectOf(stream);
  const seenMs = shownAtMs(world, instrument, stream);
  const day = stream.legs.length > 0 ? undefined : dailyBar(world.market, instrument, seenMs);
  return [
    ...firstTicks(subject, sent, { day, halted, seenMs }),
    ...optionTicks(world, subject, { quote: sent, atMs: seenMs }),
    ...genericTicks(world, stream, "all"),
  ];
}

/** Sends what moved since the last time. */
export function pushQuotes(world: World, session: Session): void {
  for (const stream of session.subscriptions.quotes.values()) {
    if (world.data.isStale(stream.instrument, isDelayed(stream.wanted))) continue;
    for (const tick of movedTicks(world, stream)) session.send(tick);
  }
}

function movedTicks(world: World, stream: QuoteStream): Reply[] {
  const { reqId, instrument, wanted } = stream;
  const ticks: Reply[] = [];
  const open = world.market.isOpen(instrument, "trading");
  const turned = open !== stream.open;
  if (!open && !turned) return ticks;
  stream.open = open;
  if (turned && (wanted === 2 || wanted === 4)) ticks.push(encodeMarketDataType(reqId, shownType(wanted, open)));
  const halted = world.data.halted(instrument);
  if (halted !== stream.halted && !isDelayed(wanted)) ticks.push(haltedTick(reqId, halted));
  stream.halted = halted;
  const before = stream.sent;
  const now = shownQuote(world, stream, stream);
  stream.sent = now;
  const seenMs = shownAtMs(world, instrument, stream);
  const changed = changedTicks(subjectOf(stream), { before, now, seenMs });
  if (changed.length > 0) {
    ticks.push(...changed, ...optionTicks(world, subjectOf(stream), { quote: now, atMs: seenMs }));
    ticks.push(...genericTicks(world, stream, "traded"));
  }
  return [...ticks, ...newsTicks(world, stream)];
}

function newsTicks(world: World, stream: QuoteStream): Reply[] {
  const { reqId, instrument, generic } = stream;
  if (generic.providers.size === 0) return [];
  const untilMs = world.clock.nowMs();
  const span = { afterMs: stream.newsSeenMs, untilMs, count: NEWS_AT_ONCE_MAX };
  stream.newsSeenMs = untilMs;
  return newsOf(world, { instrument, providers: generic.providers, ...span }).found.map((news) => {
    return encodeTickNews(reqId, news);
  });
}
