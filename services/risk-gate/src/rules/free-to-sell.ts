import { add, type Decimal, decimal, isNegative, subtract, ZERO } from "@countersign/money/decimal";
import { leftOf } from "../facts/exposure.ts";
import type { Facts } from "../facts/fact.ts";
import type { Part } from "../facts/parts.ts";

/** What is held less everything that already sells it. Buys that work do not count: they may never fill. */
export function freeToSell({ conid }: Part, facts: Facts): { units: Decimal; held: Decimal } | { reason: string } {
  const { book, working, replaces } = facts;
  if (book.state === "missing") return { reason: `the book: ${book.reason}` };
  if (working.state === "missing") return { reason: `working orders: ${working.reason}` };
  const held = book.value.holdings.find((holding) => holding.conid === conid)?.quantity ?? "0";
  const selling = working.value
    .filter((order) => order.conid === conid && order.side === "SELL" && order.order !== replaces?.proposalId)
    .map(({ remaining }) => decimal(remaining))
    .reduce(add, ZERO);
  return { units: subtract(decimal(held), selling), held: decimal(held) };
}

/** Whether this part sells what is not held, with everything else that sells filled first. Text: why nobody knows. */
export function sellsShort(part: Part, facts: Facts): boolean | { reason: string } {
  if (part.side === "BUY") return false;
  const free = freeToSell(part, facts);
  return "reason" in free ? free : isNegative(subtract(free.units, leftOf(part, facts)));
}
