import type { OrderTerms } from "@countersign/contracts/order";
import { pricesOf } from "@countersign/contracts/order-check";
import { compare, decimal } from "@countersign/money/decimal";
import type { Facts } from "../facts/fact.ts";
import { farTouch } from "../facts/prices.ts";

/** How an order is taken to meet the market: it takes what rests there, rests itself, or trades in an auction. */
export type Liquidity = "remove" | "add" | "open" | "close";

/** By its type and its limit: one that the far touch does not reach waits in the book. */
export function liquidityOf(terms: OrderTerms, facts: Facts): Liquidity {
  const { orderType, timeInForce, side } = terms;
  if (orderType === "MOC" || orderType === "LOC") return "close";
  if (orderType === "MOO" || orderType === "LOO" || timeInForce === "OPG") return "open";
  if (orderType === "REL" || orderType === "MIDPRICE") return "add";
  const { limitPrice } = pricesOf(terms);
  const far = farTouch(terms, facts);
  if (orderType !== "LMT" || limitPrice === undefined || far === undefined) return "remove";
  const reaches = compare(decimal(limitPrice), far) * (side === "BUY" ? 1 : -1);
  return reaches < 0 ? "add" : "remove";
}
