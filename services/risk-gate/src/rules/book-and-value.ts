import type { Decimal } from "@countersign/money/decimal";
import { type Exposures, exposuresOf } from "../facts/book/exposures.ts";
import { deny, type Finding } from "./finding.ts";
import type { RuleInput } from "./rule.ts";
import { accountValue } from "./share-of-value.ts";

type Known = { readonly book: Exposures; readonly value: Decimal };

/** What the order makes of the book, and the account's value to compare it with; or the refusal when one is not known. */
export function bookAndValue({
  terms,
  facts,
}: Pick<RuleInput, "terms" | "facts">): Known | { readonly refusal: Finding } {
  const book = exposuresOf(terms, facts);
  if ("missing" in book) return { refusal: deny("EXPOSURE_UNKNOWN", null, book.missing) };
  const value = accountValue(facts, book.baseCurrency);
  if ("missing" in value) return { refusal: deny("EXPOSURE_UNKNOWN", null, value.missing) };
  return { book, value };
}
