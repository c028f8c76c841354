import type { OpenOrder } from "@countersign/contracts/account";
import { legSide, legsOf } from "@countersign/contracts/combo";
import type { OrderLeg, OrderTerms } from "@countersign/contracts/order";
import { pricesOf } from "@countersign/contracts/order-check";
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
import { type Part, partsOf } from "./parts.ts";
import { perOrder } from "./per-order.ts";
import { touchOf, worstPrice } from "./prices.ts";

/** Price x quantity x multiplier, in the instrument's currency. Legs never make each other smaller: their sum counts. */
export const notional = perOrder((terms, facts): Decimal | undefined => {
  if (terms.legs !== undefined) return comboNotional(terms, facts);
  const price = worstPrice(terms, facts);
  if (price === undefined || facts.instrument.state === "missing") return undefined;
  return absolute(multiply(multiply(price, decimal(terms.quantity)), decimal(facts.instrument.value.multiplier)));
});

/** Every leg at its ask, bought or sold, or the limit of the whole where that is more. */
function comboNotional(terms: OrderTerms, facts: Facts): Decimal | undefined {
  let [sum, multiplierMax] = [ZERO, ZERO];
  for (const part of partsOf(terms, facts)) {
    const ask = touchOf(part, "BUY");
    if (ask === undefined || part.instrument.state === "missing") return undefined;
    const multiplier = decimal(part.instrument.value.multiplier);
    multiplierMax = max(multiplierMax, multiplier);
    sum = add(sum, absolute(multiply(multiply(ask, part.quantity), multiplier)));
  }
  const { limitPrice = "0" } = pricesOf(terms);
  return max(sum, absolute(multiply(multiply(decimal(limitPrice), decimal(terms.quantity)), multiplierMax)));
}

/** The same in the account's base currency. */
export const notionalBase = perOrder((terms, facts): Decimal | undefined => {
  const own = notional(terms, facts);
  if (own === undefined || facts.rate.state === "missing") return undefined;
  return multiply(own, decimal(facts.rate.value));
});

/** Signed position in the instrument; flat when the complete list of positions does not name it. */
export function positionOf({ conid }: Pick<Part, "conid">, facts: Facts): Decimal | undefined {
  if (facts.positions.state === "missing") return undefined;
  const found = facts.positions.value.find((position) => position.conid === conid);
  return found === undefined ? ZERO : decimal(found.quantity);
}

/**
 * What orders of the same side may still add to a position: those at the broker, and our own that it does not show (yet).
 * The same order in both counts once, with the larger remainder; an unknown filled part counts as nothing filled.
 * The order that is being changed is not among them: its worse half stands in `leftOf`.
 * Undefined too while a combination is open of which nobody knows the legs.
 */
export function workingSameSide({ conid, side }: Pick<Part, "conid" | "side">, facts: Facts): Decimal | undefined {
  if (facts.openOrders.state === "missing" || facts.ownOrders.state === "missing") return undefined;
  const replaced = facts.replaces?.proposalId;
  const remaining = new Map<string, Decimal>();
  for (const own of facts.ownOrders.value)
    if (own.conid === conid && own.side === side && own.proposalId !== replaced)
      remaining.set(own.proposalId, max(decimal(own.remaining), remaining.get(own.proposalId) ?? ZERO));
  for (const [index, order] of facts.openOrders.value.entries()) {
    if (order.comboLegs?.length === 0) return undefined;
    if (replaced !== undefined && order.proposalId === replaced) continue;
    const leg = tradedBy(order).find((one) => one.conid === conid);
    if (leg === undefined || legSide(order.side, leg) !== side) continue;
    const units = subtract(decimal(order.quantity), decimal(order.filledQuantity ?? "0"));
    const left = multiply(units, decimal(String(leg.ratio)));
    const key = order.proposalId ?? `foreign ${index}`;
    remaining.set(key, max(left, remaining.get(key) ?? ZERO));
  }
  return [...remaining.values()].reduce(add, ZERO);
}

function tradedBy({ conid, comboLegs }: OpenOrder): readonly OrderLeg[] {
  return legsOf(comboLegs === undefined ? { conid } : { legs: comboLegs });
}

/** True when the order, with everything working on its side, only makes each of its positions smaller and turns none. Exits would open it again. */
export function onlyReduces(terms: OrderTerms, facts: Facts): boolean | undefined {
  if (terms.exits !== undefined) return false;
  const found = partsOf(terms, facts).map((part) => partReduces(part, facts));
  return found.includes(undefined) ? undefined : !found.includes(false);
}

function partReduces(part: Part, facts: Facts): boolean | undefined {
  const position = positionOf(part, facts);
  const working = workingSameSide(part, facts);
  if (position === undefined || working === undefined) return undefined;
  const open = part.side === "SELL" ? position : negate(position);
  return !isNegative(open) && compare(add(leftOf(part, facts), working), open) <= 0;
}

/** What the order may still trade; of a change the larger of what the old and the new terms leave. */
export function leftOf(part: Pick<Part, "quantity" | "weight">, { replaces }: Facts): Decimal {
  if (replaces === undefined) return part.quantity;
  const ratio = absolute(part.weight);
  const filled = multiply(ratio, decimal(replaces.filledQuantity));
  return subtract(max(part.quantity, multiply(ratio, decimal(replaces.quantity))), filled);
}
