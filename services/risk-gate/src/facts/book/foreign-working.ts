import type { OpenOrder } from "@countersign/contracts/account";
import { legSide, legsOf } from "@countersign/contracts/combo";
import {
  absolute,
  decimal,
  isNegative,
  isZero,
  max,
  multiply,
  subtract,
  toText,
  ZERO,
} from "@countersign/money/decimal";
import type { WorkingOrder } from "./book.ts";
import { IN_PER_CENT, type Knowledge, worthOf } from "./holdings.ts";

/**
 * What the broker shows as open and our log does not know: entered by hand or by another program. An own order stands in
 * the log, which is newer than any list. Text: why one of them cannot be valued, and so none of the exposure is known.
 */
export function foreignWorking(
  orders: readonly OpenOrder[],
  { isOurs, knowledge }: { isOurs: (proposalId: string) => boolean; knowledge: Knowledge },
): readonly WorkingOrder[] | string {
  const found: WorkingOrder[] = [];
  for (const order of orders) {
    if (order.proposalId !== null && isOurs(order.proposalId)) continue;
    if (order.comboLegs?.length === 0) return `the broker does not say what order ${order.permId} trades`;
    const left = subtract(decimal(order.quantity), decimal(order.filledQuantity ?? "0"));
    if (isZero(left) || isNegative(left)) continue;
    const { conid, comboLegs } = order;
    for (const leg of legsOf(comboLegs === undefined ? { conid } : { legs: comboLegs })) {
      // The price of a combination says nothing about one leg.
      const unitValue = unitValueOf(leg.conid, comboLegs === undefined ? order : NO_PRICES, knowledge);
      if ("unknown" in unitValue)
        return `nothing says what foreign order ${order.permId} (${order.orderType} ${order.side} ${order.quantity} ${order.symbol}) is worth: ${unitValue.unknown}`;
      const remaining = toText(multiply(left, decimal(String(leg.ratio))));
      const side = legSide(order.side, leg);
      found.push({ order: `foreign ${order.permId}`, conid: leg.conid, side, remaining, unitValue: unitValue.text });
    }
  }
  return found;
}

const NO_PRICES = { limitPrice: null };

/** At its limit or stop, or at the price of what is held, whichever is the most; without a limit or position by its quote too. */
function unitValueOf(
  conid: number,
  { limitPrice, stopPrice }: Pick<OpenOrder, "limitPrice" | "stopPrice">,
  knowledge: Knowledge,
): { readonly text: string } | { readonly unknown: string } {
  const described = knowledge.described(conid);
  if (described === undefined) return { unknown: `instrument ${conid} is not described` };
  const rate = knowledge.rate(described.currency);
  if (rate === undefined) return { unknown: `no rate of ${described.currency}` };
  const held = knowledge.price(conid);
  const worth = held === undefined ? undefined : worthOf(described, decimal(held), knowledge.worth(conid));
  if (worth === undefined && IN_PER_CENT.includes(described.secType))
    return { unknown: "the price of a bond is in per cent of nobody knows what" };
  const prices = limitPrice === null ? [] : [limitPrice];
  if (prices.length === 0 && worth === undefined) {
    const quoted = knowledge.quoted(conid);
    if (typeof quoted === "string") return { unknown: quoted };
    prices.push(quoted.price);
  }
  // It waits beyond the market, and trades there or farther away.
  if (stopPrice !== undefined) prices.push(stopPrice);
  const values = prices.map((price) => absolute(multiply(decimal(price), decimal(described.multiplier))));
  return { text: toText(multiply([worth ?? ZERO, ...values].reduce(max), decimal(rate))) };
}
