import { add, compare, type Decimal, decimal, max, min, multiply, subtract } from "@countersign/money/decimal";
import type { Quote } from "../market/market.ts";
import type { Order, OrderTerms } from "./model.ts";
import { kindOf } from "./order-kinds.ts";
import { workingLimit } from "./triggers.ts";

const HALF = decimal("0.5");

/** `arriving` takes what the market offers, `resting` gets its own price, `auction` the price that all get. */
export type How = "arriving" | "resting" | "auction";

function within(terms: OrderTerms, price: Decimal, limit: Decimal | undefined): boolean {
  if (limit === undefined) return true;
  return terms.action === "BUY" ? compare(price, limit) <= 0 : compare(price, limit) >= 0;
}

/** No worse than the cap. */
export function capped(terms: OrderTerms, price: Decimal): Decimal {
  if (terms.lmtPrice === undefined) return price;
  const cap = decimal(terms.lmtPrice);
  return terms.action === "BUY" ? min(price, cap) : max(price, cap);
}

/** The price of a relative order: its offset better than the own side of the quote. */
function relativePrice(terms: OrderTerms, quote: Quote): Decimal {
  const offset = decimal(terms.auxPrice ?? "0");
  const price = terms.action === "BUY" ? add(quote.bid, offset) : subtract(quote.ask, offset);
  return capped(terms, price);
}

/** Fills when the other side comes to its price, or when a trade goes through there. */
function relativeFill(terms: OrderTerms, quote: Quote): Decimal | undefined {
  const own = relativePrice(terms, quote);
  const touch = terms.action === "BUY" ? quote.ask : quote.bid;
  if (within(terms, touch, own)) return touch;
  return within(terms, quote.last, own) ? own : undefined;
}

/** The price of a fill now, or undefined when the market does not reach the order. */
export function fillPrice(order: Order, quote: Quote, how: How): Decimal | undefined {
  const { terms } = order;
  const touch = terms.action === "BUY" ? quote.ask : quote.bid;
  if (how === "auction") return within(terms, quote.last, workingLimit(order)) ? quote.last : undefined;
  switch (kindOf(terms.orderType).works) {
    case "market":
      return touch;
    case "limit": {
      const limit = workingLimit(order);
      if (limit === undefined || !within(terms, touch, limit)) return undefined;
      return how === "resting" ? limit : touch;
    }
    case "middle": {
      const middle = multiply(add(quote.bid, quote.ask), HALF);
      const limit = terms.lmtPrice === undefined ? undefined : decimal(terms.lmtPrice);
      return how === "resting" && within(terms, middle, limit) ? middle : undefined;
    }
    case "relative":
      return how === "resting" ? relativeFill(terms, quote) : undefined;
  }
}

/** The cap where it holds the order back from the price it would otherwise have; undefined = it does not. */
export function bindingCap(terms: OrderTerms, quote: Quote): string | undefined {
  const { works } = kindOf(terms.orderType);
  if (terms.lmtPrice === undefined || (works !== "middle" && works !== "relative")) return undefined;
  const free = { ...terms, lmtPrice: undefined };
  const wanted = works === "middle" ? multiply(add(quote.bid, quote.ask), HALF) : relativePrice(free, quote);
  return within(terms, wanted, decimal(terms.lmtPrice)) ? undefined : terms.lmtPrice;
}
