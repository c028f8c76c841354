import type { OrderTerms } from "@countersign/contracts/order";
import { exposuresOf } from "../facts/book/exposures.ts";
import { reduces } from "../facts/book/worst-case.ts";
import type { Facts } from "../facts/fact.ts";

/**
 * Whether the order only makes smaller what the account holds, by its book and whatever else fills; false too where nobody
 * knows. The exits of a bracket would open the position again. A change is judged as what it is instead of its order: a
 * sale that works and gets another price still only reduces.
 */
export function onlyReducesBook(terms: OrderTerms, facts: Facts): boolean {
  if (terms.exits !== undefined) return false;
  const found = exposuresOf(terms, facts);
  return !("missing" in found) && found.parts.every(({ without, after }) => reduces(without, after));
}
