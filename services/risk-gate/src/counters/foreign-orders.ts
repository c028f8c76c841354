import type { OpenOrder } from "@countersign/contracts/account";
import { legSide, legsOf } from "@countersign/contracts/combo";
import { decimal, isNegative, isZero, subtract } from "@countersign/money/decimal";
import { type ActiveOrder, TRIGGERED } from "./active-orders.ts";

/**
 * Orders that people or other programs entered for our accounts, as the broker lists them: to trade with one of them is to
 * trade with oneself as well. An exit that waits for its entry counts as if it rested; TWS does not say that it waits.
 */
export function foreignActive(orders: readonly OpenOrder[], conids: readonly number[]): ActiveOrder[] {
  return orders.flatMap((order) => {
    const legs = tradedBy(order).filter(({ conid }) => conids.includes(conid));
    if (legs.length === 0 || !isLeft(order)) return [];
    // The price of a combination says nothing about one leg.
    const prices = order.comboLegs === undefined ? pricesOf(order) : { price: null };
    const { account } = order;
    return legs.map((leg): ActiveOrder => ({ account, conid: leg.conid, side: legSide(order.side, leg), ...prices }));
  });
}

function tradedBy({ conid, comboLegs }: OpenOrder) {
  return legsOf(comboLegs === undefined ? { conid } : { legs: comboLegs });
}

function isLeft({ quantity, filledQuantity }: OpenOrder): boolean {
  const left = subtract(decimal(quantity), decimal(filledQuantity ?? "0"));
  return !isZero(left) && !isNegative(left);
}

function pricesOf({ orderType, limitPrice, stopPrice }: OpenOrder): Pick<ActiveOrder, "price" | "held"> {
  if (TRIGGERED.every((type) => type !== orderType)) return { price: limitPrice };
  // A trail goes wherever the market leads it.
  const follows = orderType.startsWith("TRAIL");
  const held = follows ? { trigger: null, limit: null } : { trigger: stopPrice ?? null, limit: limitPrice };
  return { price: limitPrice, held };
}
