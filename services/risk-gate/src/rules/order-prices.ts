import { type OrderTerms, otherSide, type Side } from "@countersign/contracts/order";
import { type OrderPrices, pricesOf } from "@countersign/contracts/order-check";
import { add, type Decimal, decimal, subtract } from "@countersign/money/decimal";
import type { Facts } from "../facts/fact.ts";
import { expectedPrice, firstStop } from "../facts/prices.ts";

/** A price of an order with the price that it is measured against, and the side on which it would trade. */
export interface MeasuredPrice {
  readonly what: string;
  readonly side: Side;
  readonly price: Decimal;
  readonly reference: Decimal;
  /** It waits for the market to come there; a limit that is no trigger is not waiting. */
  readonly waits: boolean;
}

/**
 * Every price of an order on one instrument. Limits are measured against where the order can trade at once: the far touch,
 * or its own stop or trigger where it has one; a pegged order without a limit goes as far as its offset takes it. Stops and
 * triggers are measured against the far touch, exits against the price of an entry that waits: no market is there before.
 */
export function measuredPrices(
  terms: OrderTerms,
  touch: (side: Side) => Decimal,
  entry: Decimal | undefined,
): MeasuredPrice[] {
  const { side, exits } = terms;
  const prices = pricesOf(terms);
  const { stopPrice, triggerPrice, offset } = prices;
  const far = touch(side);
  const begins = stopPrice ?? triggerPrice;
  const found: MeasuredPrice[] = [];
  const waiting = { side, reference: far, waits: true };
  if (stopPrice !== undefined) found.push({ what: "stop price", price: decimal(stopPrice), ...waiting });
  if (triggerPrice !== undefined) found.push({ what: "trigger price", price: decimal(triggerPrice), ...waiting });
  const limit = limitBehind(prices, side);
  if (limit !== undefined) {
    const reference = begins === undefined ? far : decimal(begins);
    found.push({ what: "limit price", side, price: limit, reference, waits: false });
  } else if (offset !== undefined) {
    const price = worse(touch(otherSide(side)), offset, side);
    found.push({ what: "pegged price", side, price, reference: far, waits: false });
  }
  if (exits === undefined) return found;
  return [...found, ...exitPrices(exits, otherSide(side), entry ?? touch(otherSide(side)))];
}

function worse(price: Decimal, distance: string, side: Side): Decimal {
  return (side === "BUY" ? add : subtract)(price, decimal(distance));
}

/** The limit that it has, or that it begins with where it lies behind its first stop. */
function limitBehind({ limitPrice, limitOffset, stopPrice }: OrderPrices, side: Side): Decimal | undefined {
  if (limitPrice !== undefined) return decimal(limitPrice);
  return limitOffset === undefined || stopPrice === undefined
    ? undefined
    : worse(decimal(stopPrice), limitOffset, side);
}

/** Where the market will be when the exits of a bracket begin to work: at the price of an entry that waits. undefined: they begin now. */
export function waitingEntry(terms: OrderTerms, facts: Facts): Decimal | undefined {
  const entry = expectedPrice(terms, facts);
  return entry === undefined || entry.basis === "farTouch" ? undefined : entry.price;
}

function exitPrices(
  { takeProfit, stopLoss }: NonNullable<OrderTerms["exits"]>,
  side: Side,
  reference: Decimal,
): MeasuredPrice[] {
  const stop = decimal(stopLoss.stopPrice);
  const profit = { what: "take profit", side, price: decimal(takeProfit.limitPrice), reference, waits: false };
  const loss = { what: "stop loss", side, price: stop, reference, waits: true };
  if (stopLoss.limitPrice === undefined) return [profit, loss];
  const limit = decimal(stopLoss.limitPrice);
  return [profit, loss, { what: "limit of the stop loss", side, price: limit, reference: stop, waits: false }];
}

export interface PlacedStop {
  readonly what: string;
  readonly side: Side;
  /** undefined: nobody can place it. */
  readonly stop: Decimal | undefined;
  /** The price of the entry, where that waits; undefined: it begins to work at the market of now. */
  readonly entry?: Decimal | undefined;
}

/** Where each stop of the order is when it begins to work, its own and that of its exits, with the side on which it trades. */
export function stopsOf(terms: OrderTerms, facts: Facts): PlacedStop[] {
  const { side, exits } = terms;
  const { stopPrice, trail } = pricesOf(terms);
  const own =
    stopPrice === undefined && trail === undefined ? [] : [{ what: "stop", side, stop: firstStop(terms, facts) }];
  if (exits === undefined) return own;
  return [
    ...own,
    {
      what: "stop loss",
      side: otherSide(side),
      stop: decimal(exits.stopLoss.stopPrice),
      entry: waitingEntry(terms, facts),
    },
  ];
}
