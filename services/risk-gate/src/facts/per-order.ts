import type { OrderTerms } from "@countersign/contracts/order";
import type { Facts } from "./fact.ts";

/**
 * Remembers the last result of a pure function of an order and its facts. Some forty rules judge the same order by the
 * same facts, one after another, and ask for the same prices and sums; neither terms nor facts ever change.
 */
export function perOrder<T>(compute: (terms: OrderTerms, facts: Facts) => T): (terms: OrderTerms, facts: Facts) => T {
  let last: { terms: OrderTerms; facts: Facts; result: T } | undefined;
  return (terms, facts) => {
    if (last !== undefined && last.terms === terms && last.facts === facts) return last.result;
    const result = compute(terms, facts);
    last = { terms, facts, result };
    return result;
  };
}
