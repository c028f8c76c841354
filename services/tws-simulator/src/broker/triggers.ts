import {
  add,
  compare,
  type Decimal,
  decimal,
  divideRoundingDown,
  max,
  min,
  multiply,
  roundToStepDown,
  roundToStepUp,
  subtract,
  toText,
} from "@countersign/money/decimal";
import type { Instrument } from "../market/instrument.ts";
import { incrementAt, type Quote } from "../market/market.ts";
import type { Order, OrderTerms, Side } from "./model.ts";
import { hasTrigger, isTrailing, kindOf } from "./order-kinds.ts";

const HUNDRED = decimal("100");
const HALF = decimal("0.5");
const PRICE_DECIMALS = 8;

type Watched = "last" | "bidAsk" | "lastOrBidAsk" | "middle";

/** Trigger methods of TWS by number: what is looked at, and how often in a row it has to be there. */
const METHODS: ReadonlyMap<number, { readonly watched: Watched; readonly hits: number }> = new Map([
  [1, { watched: "bidAsk", hits: 2 }],
  [2, { watched: "last", hits: 1 }],
  [3, { watched: "last", hits: 2 }],
  [4, { watched: "bidAsk", hits: 1 }],
  [7, { watched: "lastOrBidAsk", hits: 1 }],
  [8, { watched: "middle", hits: 1 }],
]);

/** Method 0: instruments that trade look at the last price, all others at bid and ask, options twice. */
function method(terms: OrderTerms, secType: string): { readonly watched: Watched; readonly hits: number } {
  const chosen = METHODS.get(terms.triggerMethod);
  if (chosen !== undefined) return chosen;
  if (secType === "OPT" || secType === "FOP") return { watched: "bidAsk", hits: 2 };
  return { watched: secType === "CASH" || secType === "BAG" ? "bidAsk" : "last", hits: 1 };
}

/** Prices that are compared with a trigger: one, or the two of "last or bid/ask". */
export function watchedPrices(watched: Watched, side: Side, quote: Quote): Decimal[] {
  const touch = side === "BUY" ? quote.ask : quote.bid;
  switch (watched) {
    case "last":
      return [quote.last];
    case "bidAsk":
      return [touch];
    case "lastOrBidAsk":
      return [quote.last, touch];
    case "middle":
      return [multiply(add(quote.bid, quote.ask), HALF)];
  }
}

/** The price that a trigger method of a condition compares. Sells and falling prices look at the bid. */
export function conditionPrices(triggerMethod: number, isMore: boolean, quote: Quote): Decimal[] {
  return watchedPrices(METHODS.get(triggerMethod)?.watched ?? "last", isMore ? "BUY" : "SELL", quote);
}

function onStep(price: Decimal, side: Side, instrument: Instrument): Decimal {
  const step = decimal(incrementAt(instrument, Number(toText(price))));
  return side === "BUY" ? roundToStepUp(price, step) : roundToStepDown(price, step);
}

/** The stop at the order's distance from a price, on a step away from the market. */
function stopFrom(terms: OrderTerms, price: Decimal, instrument: Instrument): Decimal {
  const distance =
    terms.trailingPercent === undefined
      ? decimal(terms.auxPrice ?? "0")
      : divideRoundingDown(multiply(price, decimal(terms.trailingPercent)), HUNDRED, PRICE_DECIMALS);
  const stop = terms.action === "BUY" ? add(price, distance) : subtract(price, distance);
  return onStep(stop, terms.action, instrument);
}

/** Where the stop starts: at the price given, or at the distance from the market. Undefined for types without one. */
export function firstStop(terms: OrderTerms, instrument: Instrument, quote: Quote): string | undefined {
  if (!hasTrigger(terms)) return undefined;
  if (!isTrailing(terms)) return terms.auxPrice;
  if (terms.trailStopPrice !== undefined) return terms.trailStopPrice;
  const [price] = watchedPrices(method(terms, instrument.secType).watched, terms.action, quote);
  return price === undefined ? undefined : toText(stopFrom(terms, price, instrument));
}

/** A trailing stop follows a market that moves in the order's favour and never goes back. */
function trailed(order: Order, instrument: Instrument, price: Decimal): string {
  const candidate = stopFrom(order.terms, price, instrument);
  const current = order.stopPrice === undefined ? candidate : decimal(order.stopPrice);
  return toText(order.terms.action === "BUY" ? min(current, candidate) : max(current, candidate));
}

/** A stop is reached from inside the market, a touch from outside it. */
function isReached(terms: OrderTerms, price: Decimal, stop: Decimal): boolean {
  const upwards = (terms.action === "BUY") !== (kindOf(terms.orderType).aux === "touch");
  return upwards ? compare(price, stop) >= 0 : compare(price, stop) <= 0;
}

/** Looks at the market once: moves a trailing stop, counts hits. Changes `order`; true when it is triggered now. */
export function watchTrigger(order: Order, instrument: Instrument, quote: Quote): boolean {
  const { terms } = order;
  const { watched, hits } = method(terms, instrument.secType);
  const prices = watchedPrices(watched, terms.action, quote);
  const [anchor] = prices;
  if (isTrailing(terms) && anchor !== undefined) order.stopPrice = trailed(order, instrument, anchor);
  const stop = decimal(order.stopPrice ?? "0");
  order.triggerHits = prices.some((price) => isReached(terms, price, stop)) ? order.triggerHits + 1 : 0;
  order.triggered = order.triggerHits >= hits;
  return order.triggered;
}

/** The limit at which an order works; undefined = at the market. That of a trailing one keeps its distance to the stop. */
export function workingLimit(order: Order): Decimal | undefined {
  const { terms } = order;
  if (kindOf(terms.orderType).limit !== "trailing") {
    return kindOf(terms.orderType).works === "market" || terms.lmtPrice === undefined
      ? undefined
      : decimal(terms.lmtPrice);
  }
  const stop = decimal(order.stopPrice ?? "0");
  const offset = limitOffset(terms);
  return terms.action === "BUY" ? add(stop, offset) : subtract(stop, offset);
}

/** Distance of a trailing limit from its stop: given as such, or by both first prices. */
function limitOffset(terms: OrderTerms): Decimal {
  if (terms.lmtPriceOffset !== undefined) return decimal(terms.lmtPriceOffset);
  const stop = decimal(terms.trailStopPrice ?? terms.lmtPrice ?? "0");
  const limit = decimal(terms.lmtPrice ?? "0");
  return terms.action === "BUY" ? subtract(limit, stop) : subtract(stop, limit);
}
