import { flag, type Reply, wireText } from "./literals.ts";

/** The model's numbers of one option; undefined = not computed, which travels as -1 or -2. */
export interface OptionComputationView {
  /** 10 bid, 11 ask, 12 last, 13 model, 53 asked for; 80 to 83 delayed. */
  readonly type: number;
  readonly impliedVolatility: string | undefined;
  readonly delta: string | undefined;
  readonly optionPrice: string | undefined;
  readonly presentValueOfDividends: string | undefined;
  readonly gamma: string | undefined;
  readonly vega: string | undefined;
  readonly theta: string | undefined;
  readonly underlyingPrice: string | undefined;
}

/** The attribute says what the volatility was computed from: 0 = returns, 1 = prices. */
export function encodeOptionComputation(reqId: number, view: OptionComputationView): Reply {
  const head = ["21", String(reqId), String(view.type), "1", view.impliedVolatility ?? "-1", view.delta ?? "-2"];
  const greeks = [view.gamma ?? "-2", view.vega ?? "-2", view.theta ?? "-2", view.underlyingPrice ?? "-1"];
  const prices = [view.optionPrice ?? "-1", view.presentValueOfDividends ?? "-1"];
  return { name: "tickOptionComputation", tokens: [...head, ...prices, ...greeks] };
}

/** A headline inside a stream of ticks; `timeMs` since the epoch. */
export function encodeTickNews(
  reqId: number,
  news: { readonly timeMs: number; readonly provider: string; readonly articleId: string; readonly headline: string },
): Reply {
  const tokens = ["84", String(reqId), String(news.timeMs), news.provider, news.articleId, wireText(news.headline), ""];
  return { name: "tickNews", tokens };
}

/** One trade. `time` is in epoch seconds. */
export interface TradeView {
  readonly time: number;
  readonly price: string;
  readonly size: string;
  readonly exchange: string;
  /** Special conditions of the tape; usually empty. */
  readonly conditions: string;
}

export interface QuoteTickView {
  readonly time: number;
  readonly bid: string;
  readonly ask: string;
  readonly bidSize: string;
  readonly askSize: string;
}

export interface MidpointView {
  readonly time: number;
  readonly price: string;
}

/** `kind` is 1 for trades of the exchanges that report at once and 2 for all of them. */
export function encodeTickByTickTrade(reqId: number, kind: 1 | 2, trade: TradeView): Reply {
  const tokens = ["99", String(reqId), String(kind), String(trade.time), trade.price, trade.size, "0"];
  return { name: "tickByTick", tokens: [...tokens, trade.exchange, trade.conditions] };
}

export function encodeTickByTickQuote(reqId: number, tick: QuoteTickView): Reply {
  const head = ["99", String(reqId), "3", String(tick.time), tick.bid, tick.ask];
  return { name: "tickByTick", tokens: [...head, tick.bidSize, tick.askSize, "0"] };
}

export function encodeTickByTickMidpoint(reqId: number, tick: MidpointView): Reply {
  return { name: "tickByTick", tokens: ["99", String(reqId), "4", String(tick.time), tick.price] };
}

export function encodeHistoricalTrades(reqId: number, ticks: readonly TradeView[], done: boolean): Reply {
  const rows = ticks.flatMap((tick) => [String(tick.time), "0", tick.price, tick.size, tick.exchange, tick.conditions]);
  return { name: "historicalTicksLast", tokens: ["98", String(reqId), String(ticks.length), ...rows, flag(done)] };
}

export function encodeHistoricalQuotes(reqId: number, ticks: readonly QuoteTickView[], done: boolean): Reply {
  const rows = ticks.flatMap((tick) => [String(tick.time), "0", tick.bid, tick.ask, tick.bidSize, tick.askSize]);
  return { name: "historicalTicksBidAsk", tokens: ["97", String(reqId), String(ticks.length), ...rows, flag(done)] };
}

/** A mid-point has no size. */
export function encodeHistoricalMidpoints(reqId: number, ticks: readonly MidpointView[], done: boolean): Reply {
  const rows = ticks.flatMap((tick) => [String(tick.time), "0", tick.price, "0"]);
  return { name: "historicalTicks", tokens: ["96", String(reqId), String(ticks.length), ...rows, flag(done)] };
}

/** One five-second bar; `volume` and `wap` are -1 for what has none. */
export function encodeRealTimeBar(
  reqId: number,
  bar: {
    readonly time: number;
    readonly open: string;
    readonly high: string;
    readonly low: string;
    readonly close: string;
    readonly volume: string;
    readonly wap: string;
    readonly count: number;
  },
): Reply {
  const prices = [bar.open, bar.high, bar.low, bar.close, bar.volume, bar.wap, String(bar.count)];
  return { name: "realtimeBar", tokens: ["50", "3", String(reqId), String(bar.time), ...prices] };
}

export function encodeHistogram(
  reqId: number,
  rows: readonly { readonly price: string; readonly size: string }[],
): Reply {
  const tokens = rows.flatMap((row) => [row.price, row.size]);
  return { name: "histogramData", tokens: ["89", String(reqId), String(rows.length), ...tokens] };
}
