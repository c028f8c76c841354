import type { OrderTerms } from "@countersign/contracts/order";
import { add, type Decimal, decimal, multiply, ZERO } from "@countersign/money/decimal";
import type { Facts } from "../fact.ts";
import { exposuresOf } from "./exposures.ts";

/** Bought with a margin deposit, or with another currency: their price leaves no cash of the base currency for good. */
const NOT_PAID: readonly string[] = ["FUT", "FOP", "CASH", "CFD"];

/** Cash that all purchases may still take, in base currency: what works and the order itself. Sales bring nothing before they are filled. */
export function spendingOf(
  terms: OrderTerms,
  facts: Facts,
): { spent: Decimal; byOrder: Decimal } | { missing: string } {
  const found = exposuresOf(terms, facts);
  if ("missing" in found) return found;
  if (facts.book.state === "missing" || facts.working.state === "missing") return { missing: "the book" };
  const classes = new Map(facts.book.value.holdings.map(({ conid, secType }) => [conid, secType]));
  const isPaid = (secType: string | undefined) => secType === undefined || !NOT_PAID.includes(secType);
  let spent = ZERO;
  for (const { order, conid, side, remaining, unitValue } of facts.working.value) {
    if (side === "SELL" || order === facts.replaces?.proposalId || !isPaid(classes.get(conid))) continue;
    spent = add(spent, multiply(decimal(remaining), decimal(unitValue)));
  }
  let byOrder = ZERO;
  for (const { own, groups } of found.parts)
    if (own.side === "BUY" && isPaid(groups.assetClass))
      byOrder = add(byOrder, multiply(decimal(own.remaining), decimal(own.unitValue)));
  return { spent, byOrder };
}
