import type { OrderTerms } from "@countersign/contracts/order";
import {
  absolute,
  add,
  compare,
  type Decimal,
  decimal,
  isNegative,
  max,
  multiply,
  negate,
  subtract,
  ZERO,
} from "@countersign/money/decimal";
import type { Facts } from "./fact.ts";
import { worstPrice } from "./prices.ts";

/** Price x quantity x multiplier, in the instrument's currency. */
export function notional(terms: OrderTerms, facts: Facts): Decimal | undefined {
  const price = worstPrice(terms, facts);
  if (price === undefined || facts.instrument.state === "missing") return undefined;
  return absolute(multiply(multiply(price, decimal(terms.quantity)), decimal(facts.instrument.value.multiplier)));
}

/** The same in the account's base currency. */
export function notionalBase(terms: OrderTerms, facts: Facts): Decimal | undefined {
  const own = notional(terms, facts);
  if (own === undefined || facts.rate.state === "missing") return undefined;
  return multiply(own, decimal(facts.rate.value));
}

/** Signed position in the instrument; flat when the complete list of positions does not name it. */
export function positionOf(terms: OrderTerms, facts: Facts): Decimal | undefined {
  if (facts.positions.state === "missing") return undefined;
  const found = facts.positions.value.find((position) => position.conid === terms.conid);
  return found === undefined ? ZERO : decimal(found.quantity);
}

/**
 * What orders of the same side may still add: those at the broker, and our own that it does not show (yet). The same
 * order in both counts once, with the larger remainder; an unknown filled part counts as nothing filled.
 */
export function workingSameSide(terms: OrderTerms, facts: Facts): Decimal | undefined {
  if (facts.openOrders.state === "missing" || facts.ownOrders.state === "missing") return undefined;
  const remaining = new Map<string, Decimal>();
  for (const { proposalId, side, remaining: left } of facts.ownOrders.value)
    if (side === terms.side) remaining.set(proposalId, decimal(left));
  for (const [index, order] of facts.openOrders.value.entries()) {
    if (order.conid !== terms.conid || order.side !== terms.side) continue;
    const left = subtract(decimal(order.quantity), decimal(order.filledQuantity ?? "0"));
    const key = order.proposalId ?? `foreign ${index}`;
    remaining.set(key, max(left, remaining.get(key) ?? ZERO));
  }
  return [...remaining.values()].reduce(add, ZERO);
}

/** True when the order, with everything working on its side, only makes the position smaller and never turns it. Exits would open it again. */
export function onlyReduces(terms: OrderTerms, facts: Facts): boolean | undefined {
  if (terms.exits !== undefined) return false;
  const position = positionOf(terms, facts);
  const working = workingSameSide(terms, facts);
  if (position === undefined || working === undefined) return undefined;
  const open = terms.side === "SELL" ? position : negate(position);
  return !isNegative(open) && compare(add(decimal(terms.quantity), working), open) <= 0;
}
