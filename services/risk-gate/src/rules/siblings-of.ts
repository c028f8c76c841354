import type { Siblings } from "../counters/siblings.ts";
import { deny, type Finding } from "./finding.ts";
import type { RuleInput } from "./rule.ts";

/** Our other orders, or why they cannot be used. */
export function siblingsOf({
  facts,
  terms,
}: Pick<RuleInput, "facts" | "terms">): { known: Siblings } | { refusal: Finding } {
  const refused = (reason: string) => ({ refusal: deny("COUNTERS_UNKNOWN", null, reason) });
  if (facts.siblings.state === "missing") return refused(`other orders: ${facts.siblings.reason}`);
  const { value } = facts.siblings;
  const conids = terms.legs?.map(({ conid }) => conid) ?? [terms.conid];
  const same = value.parts.length === conids.length && value.parts.every(({ conid }, at) => conid === conids[at]);
  return same ? { known: value } : refused("they are of other instruments");
}
