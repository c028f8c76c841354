import { numberOf } from "@countersign/contracts/market-value";
import { type OrderTerms, otherSide, type Side } from "@countersign/contracts/order";
import { pricesOf } from "@countersign/contracts/order-check";
import type { CostEstimate } from "@countersign/contracts/verdict";
import { add, type Decimal, decimal, max, min, multiply, roundUp, subtract, ZERO } from "@countersign/money/decimal";
import type { Facts } from "./fact.ts";
import { type Part, partsOf } from "./parts.ts";
import { perOrder } from "./per-order.ts";

const HUNDREDTH = decimal("0.01");

/** The ask of an instrument for its buyer, the bid for its seller; undefined when that side is missing. */
export function touchOf({ quote }: Pick<Part, "quote">, side: Side): Decimal | undefined {
  if (quote.state === "missing") return undefined;
  const text = numberOf(side === "BUY" ? quote.value.ask : quote.value.bid);
  return text === null ? undefined : decimal(text);
}

/** The price of one unit at the far touch: of a combination the sum over its legs, which may be negative. Undefined when one is missing. */
export const farTouch = perOrder((terms, facts): Decimal | undefined => {
  return sumOver(partsOf(terms, facts), (part) => touchOf(part, part.side));
});

/** The price of one unit at the side where a patient order would wait. */
export const nearTouch = perOrder((terms, facts): Decimal | undefined => {
  return sumOver(partsOf(terms, facts), (part) => touchOf(part, otherSide(part.side)));
});

function sumOver(parts: readonly Part[], price: (part: Part) => Decimal | undefined): Decimal | undefined {
  return parts.reduce<Decimal | undefined>((sum, part) => {
    const one = price(part);
    return sum === undefined || one === undefined ? undefined : add(sum, multiply(part.weight, one));
  }, ZERO);
}

function lastPrice(facts: Facts): Decimal | undefined {
  const last = facts.quote.state === "missing" ? null : numberOf(facts.quote.value.last);
  return last === null ? undefined : decimal(last);
}

/** What triggers are compared with: the last trade, or the far touch where nothing trades (currencies). */
export const triggerReference = perOrder((terms, facts): Decimal | undefined => {
  return lastPrice(facts) ?? farTouch(terms, facts);
});

/** Where the stop of the order is when it begins to work; undefined when it has none, or no market to start from. */
export const firstStop = perOrder((terms, facts): Decimal | undefined => {
  const { stopPrice, trail } = pricesOf(terms);
  if (stopPrice !== undefined) return decimal(stopPrice);
  const start = triggerReference(terms, facts);
  if (trail === undefined || start === undefined) return undefined;
  const distance =
    trail.by === "amount"
      ? decimal(trail.amount)
      : roundUp(multiply(multiply(start, decimal(trail.percent)), HUNDREDTH), 8);
  return terms.side === "BUY" ? add(start, distance) : subtract(start, distance);
});

/** The worst limit under which it may trade; undefined when nothing bounds it. */
export const limitOf = perOrder((terms, facts): Decimal | undefined => {
  const { limitPrice, limitOffset } = pricesOf(terms);
  if (limitPrice !== undefined) return decimal(limitPrice);
  const stop = limitOffset === undefined ? undefined : firstStop(terms, facts);
  if (limitOffset === undefined || stop === undefined) return undefined;
  return terms.side === "BUY" ? add(stop, decimal(limitOffset)) : subtract(stop, decimal(limitOffset));
});

/** How far a pegged order goes now: its offset from the near touch, and never beyond its limit. Undefined: it is none, or there is no touch. */
export const peggedPrice = perOrder((terms, facts): Decimal | undefined => {
  const { offset, limitPrice } = pricesOf(terms);
  const near = nearTouch(terms, facts);
  if (offset === undefined || near === undefined) return undefined;
  const isBuy = terms.side === "BUY";
  const price = (isBuy ? add : subtract)(near, decimal(offset));
  return limitPrice === undefined ? price : (isBuy ? min : max)(price, decimal(limitPrice));
});

/**
 * The largest price that one unit may change hands at, so that what is spent or sold is never taken for less: the far
 * touch, or any price of the order, of its exits, or of the auction, that is above it. Undefined without a far touch.
 */
export const worstPrice = perOrder((terms, facts): Decimal | undefined => {
  const touch = farTouch(terms, facts);
  if (touch === undefined) return undefined;
  const { triggerPrice } = pricesOf(terms);
  const stop = firstStop(terms, facts);
  const trigger = triggerPrice === undefined ? undefined : decimal(triggerPrice);
  const auction = isAuction(terms) ? lastPrice(facts) : undefined;
  const candidates = [limitOf(terms, facts), peggedPrice(terms, facts), stop, trigger, auction, ...exitPrices(terms)];
  return candidates.reduce<Decimal>((worst, one) => (one === undefined ? worst : max(worst, one)), touch);
});

function exitPrices({ exits }: OrderTerms): Decimal[] {
  if (exits === undefined) return [];
  const { takeProfit, stopLoss } = exits;
  const texts = [takeProfit.limitPrice, stopLoss.stopPrice, stopLoss.limitPrice];
  return texts.flatMap((text) => (text === undefined ? [] : [decimal(text)]));
}

type Expected = { readonly price: Decimal; readonly basis: NonNullable<CostEstimate["priceBasis"]> };

/** The price at which the order is taken to fill, and where that comes from; undefined when no price is known. */
export const expectedPrice = perOrder((terms, facts): Expected | undefined => {
  const unbounded = unboundedPrice(terms, facts);
  const limit = limitOf(terms, facts);
  if (limit === undefined) return unbounded;
  if (unbounded === undefined) return { price: limit, basis: "limit" };
  const better = terms.side === "BUY" ? min(limit, unbounded.price) : max(limit, unbounded.price);
  return better === unbounded.price ? unbounded : { price: limit, basis: "limit" };
});

/** The same without its limit. */
function unboundedPrice(terms: OrderTerms, facts: Facts): Expected | undefined {
  const touch = farTouch(terms, facts);
  const worse = terms.side === "BUY" ? max : min;
  const better = terms.side === "BUY" ? min : max;
  const against = (pick: typeof max, own: Decimal, basis: Expected["basis"]): Expected => {
    const price = touch === undefined ? own : pick(own, touch);
    return price === own ? { price, basis } : { price, basis: "farTouch" };
  };
  const stop = firstStop(terms, facts);
  if (stop !== undefined) return against(worse, stop, "stop");
  const { triggerPrice } = pricesOf(terms);
  if (triggerPrice !== undefined) return against(better, decimal(triggerPrice), "trigger");
  const last = isAuction(terms) ? lastPrice(facts) : undefined;
  if (last !== undefined) return against(worse, last, "auction");
  return touch === undefined ? undefined : { price: touch, basis: "farTouch" };
}

/** It trades in the opening or the closing auction, whose price nobody knows yet. */
export function isAuction({ orderType, timeInForce }: OrderTerms): boolean {
  return orderType === "MOC" || orderType === "LOC" || timeInForce === "OPG";
}
