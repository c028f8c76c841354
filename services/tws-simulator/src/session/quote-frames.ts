import { compare, toText } from "@countersign/money/decimal";
import { encodeTickGeneric, encodeTickPrice, encodeTickSize, encodeTickString } from "../codec/encode-market.ts";
import type { Reply } from "../codec/literals.ts";
import type { dailyBar } from "../market/bars.ts";
import type { Instrument } from "../market/instrument.ts";
import type { Quote } from "../market/market.ts";
import { hasQuotes, hasTrades } from "../market/tape.ts";

/** Tick ids of live data; delayed data has its own. */
const LIVE = {
  ...{ bidSize: 0, bid: 1, ask: 2, askSize: 3, last: 4, lastSize: 5 },
  ...{ high: 6, low: 7, volume: 8, close: 9, open: 14, lastTime: 45 },
} as const;
const DELAYED = {
  ...{ bid: 66, ask: 67, last: 68, bidSize: 69, askSize: 70, lastSize: 71 },
  ...{ high: 72, low: 73, volume: 74, close: 75, open: 76, lastTime: 88 },
} as const;
const HALTED = 49;

interface Subject {
  readonly reqId: number;
  readonly instrument: Instrument;
  readonly delayed: boolean;
}

function price(reqId: number, type: number, tick: { readonly price: string; readonly size?: number }): Reply {
  const size = String(tick.size ?? 0);
  return encodeTickPrice({ reqId, type, price: tick.price, size, auto: type === LIVE.bid || type === LIVE.ask });
}

function bestTicks({ reqId, instrument, delayed }: Subject, quote: Quote): Reply[] {
  const ids = delayed ? DELAYED : LIVE;
  const bid = price(reqId, ids.bid, { price: toText(quote.bid), size: quote.bidSize });
  const ask = price(reqId, ids.ask, { price: toText(quote.ask), size: quote.askSize });
  const last = price(reqId, ids.last, { price: toText(quote.last), size: quote.lastSize });
  return [...(hasQuotes(instrument) ? [bid, ask] : []), ...(hasTrades(instrument) ? [last] : [])];
}

function ticksOfDay({ reqId, instrument, delayed }: Subject, day: ReturnType<typeof dailyBar>): Reply[] {
  const ids = delayed ? DELAYED : LIVE;
  const trades = hasTrades(instrument);
  return [
    ...[price(reqId, ids.high, { price: day.high }), price(reqId, ids.low, { price: day.low })],
    ...(trades ? [encodeTickSize(reqId, ids.volume, day.volume)] : []),
    price(reqId, ids.close, { price: day.previousClose }),
    ...(trades ? [price(reqId, ids.open, { price: day.open })] : []),
  ];
}

/** Everything of a first answer: live data begins with the time of the last trade, delayed data with the quote. */
export function firstTicks(
  subject: Subject,
  quote: Quote,
  state: { readonly day: ReturnType<typeof dailyBar> | undefined; readonly halted: string; readonly seenMs: number },
): Reply[] {
  const { reqId, delayed } = subject;
  const { day } = state;
  const ids = delayed ? DELAYED : LIVE;
  const time = encodeTickString(reqId, ids.lastTime, String(Math.floor(state.seenMs / 1000)));
  const dayTicks = day === undefined ? [] : ticksOfDay(subject, day);
  if (delayed) return [...bestTicks(subject, quote), time, ...dayTicks];
  return [time, encodeTickGeneric(reqId, HALTED, state.halted), ...dayTicks, ...bestTicks(subject, quote)];
}

export function haltedTick(reqId: number, halted: string): Reply {
  return encodeTickGeneric(reqId, HALTED, halted);
}

/** What differs between two quotes: a price brings its size with it, a size that moved alone comes alone. */
export function changedTicks(subject: Subject, change: { before: Quote; now: Quote; seenMs: number }): Reply[] {
  const { reqId, instrument, delayed } = subject;
  const { before, now } = change;
  const ids = delayed ? DELAYED : LIVE;
  const ticks: Reply[] = [];
  if (hasQuotes(instrument)) {
    if (compare(now.bid, before.bid) !== 0) {
      ticks.push(price(reqId, ids.bid, { price: toText(now.bid), size: now.bidSize }));
    } else if (now.bidSize !== before.bidSize) ticks.push(encodeTickSize(reqId, ids.bidSize, String(now.bidSize)));
    if (compare(now.ask, before.ask) !== 0) {
      ticks.push(price(reqId, ids.ask, { price: toText(now.ask), size: now.askSize }));
    } else if (now.askSize !== before.askSize) ticks.push(encodeTickSize(reqId, ids.askSize, String(now.askSize)));
  }
  if (hasTrades(instrument) && compare(now.last, before.last) !== 0) {
    ticks.push(price(reqId, ids.last, { price: toText(now.last), size: now.lastSize }));
    ticks.push(encodeTickString(reqId, ids.lastTime, String(Math.floor(change.seenMs / 1000))));
  }
  return ticks;
}
