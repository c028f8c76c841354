import { legSide, legsOf } from "@countersign/contracts/combo";
import { reservesRoom } from "@countersign/contracts/life";
import { type OrderTerms, otherSide, type Side } from "@countersign/contracts/order";
import { pricesOf } from "@countersign/contracts/order-check";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import { decimal, isZero, max, min, toText } from "@countersign/money/decimal";

/** An order that the broker holds back until its trigger comes. */
export interface HeldOrder {
  /** null: it follows the market, or nobody knows it. */
  readonly trigger: string | null;
  /** From its trigger on it trades within this; null: at any price. */
  readonly limit: string | null;
}

/** What our orders do, or may come to do, on one side of an instrument. */
export interface RestingOrders {
  /** Those that others could trade with now. */
  readonly orders: number;
  /** Limit price of the one that is reached first, and of the one that is reached last; null: none has a limit. */
  readonly nearest: string | null;
  readonly farthest: string | null;
  /** How many of them would trade at any price. */
  readonly unpriced: number;
  /** Those that wait for their trigger, or for the entry of their bracket; null: more than can be told. */
  readonly held: readonly HeldOrder[] | null;
}

/** One of our orders at the broker, or that may be there. */
export interface ActiveOrder {
  readonly conid: number;
  readonly account: string;
  readonly side: Side;
  /** null: at any price. */
  readonly price: string | null;
  /** Absent: others can trade with it now. */
  readonly held?: HeldOrder;
}

/** The broker holds them back until the market is there. */
export const TRIGGERED: readonly OrderTerms["orderType"][] = ["STP", "STP LMT", "TRAIL", "TRAIL LIMIT", "MIT", "LIT"];
const HELD_MAX = 50;

/** An intent counts as there; so does each exit of a bracket by itself. A change is no order beside its order. */
export function activeOf(view: ProposalView): ActiveOrder[] {
  const { state, terms, order, account, modifies } = view;
  if (modifies !== undefined) return [];
  const inForce = order?.terms ?? terms;
  const changing = order?.modifyingTerms !== undefined || terms.legs !== undefined;
  const waits = !changing && TRIGGERED.includes(inForce.orderType);
  const entry = {
    ...{ account, price: changing ? null : (pricesOf(inForce).limitPrice ?? null) },
    ...(waits && { held: heldOf(inForce) }),
  };
  const entries = legsOf(terms).map((leg) => ({ ...entry, conid: leg.conid, side: legSide(terms.side, leg) }));
  return [...(reservesRoom(state) ? entries : []), ...exitsOf(view, inForce)];
}

function exitsOf({ terms, order, account }: ProposalView, { exits }: OrderTerms): ActiveOrder[] {
  const { conid } = terms;
  if (conid === undefined) return [];
  const side = otherSide(terms.side);
  const unfilled = order === null || isZero(decimal(order.filledQuantity));
  const open = (order?.legs ?? []).filter((leg) => reservesRoom(leg.state));
  return open.map(({ leg }): ActiveOrder => {
    if (leg === "stopLoss") {
      const { stopPrice = null, limitPrice = null } = exits?.stopLoss ?? {};
      return { conid, account, side, price: null, held: { trigger: stopPrice, limit: limitPrice } };
    }
    const price = exits?.takeProfit.limitPrice ?? null;
    return { conid, account, side, price, ...(unfilled && { held: { trigger: null, limit: price } }) };
  });
}

/** Of an order that waits for its trigger. A trail goes wherever the market leads it. */
export function heldOf(terms: OrderTerms): HeldOrder {
  const { stopPrice, triggerPrice, limitPrice, trail } = pricesOf(terms);
  if (trail !== undefined) return { trigger: null, limit: null };
  return { trigger: stopPrice ?? triggerPrice ?? null, limit: limitPrice ?? null };
}

/** Of orders of one side, as another sees them that comes from the other side. */
export function restingOf(orders: readonly ActiveOrder[], side: Side): RestingOrders {
  const resting = orders.filter(({ held }) => held === undefined);
  const prices = resting.flatMap(({ price }) => (price === null ? [] : [decimal(price)]));
  const [first, last] = side === "SELL" ? [min, max] : [max, min];
  const held = new Map(orders.flatMap(({ held }) => (held === undefined ? [] : [[JSON.stringify(held), held]])));
  return {
    orders: resting.length,
    nearest: prices.length === 0 ? null : toText(prices.reduce(first)),
    farthest: prices.length === 0 ? null : toText(prices.reduce(last)),
    unpriced: resting.length - prices.length,
    held: held.size > HELD_MAX ? null : [...held.values()],
  };
}
