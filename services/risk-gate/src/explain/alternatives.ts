import type { Alternative, Alternatives } from "@countersign/contracts/alternatives";
import type { Modifies, OrderTerms } from "@countersign/contracts/order";
import type { Verdict } from "@countersign/contracts/verdict";
import type { Facts } from "../facts/fact.ts";
import type { PolicyInForce } from "../policy.ts";
import { smallerChangeRefusal } from "../reduce/smaller-terms.ts";
import { nearestLimitPrice } from "./limit-price.ts";
import { probeOf, type TwinsOf } from "./probe.ts";
import { largestQuantity } from "./quantity.ts";

interface Denied {
  readonly inForce: PolicyInForce;
  readonly verdict: Verdict;
  readonly twinsOf: TwinsOf;
  /** Absent: it changes no open order. */
  readonly modifies?: Modifies | undefined;
}

/** What would pass instead of a denied order, by the same rules and facts; undefined: it was not denied. */
export function alternativesTo(terms: OrderTerms, facts: Facts, denied: Denied): Alternatives | undefined {
  if (denied.verdict.outcome === "pass") return undefined;
  const probe = probeOf(terms, facts, denied);
  // Nothing but the what-if stands against it as it is.
  if (probe.passes(terms)) {
    const none = "only rules deny it that read the broker's what-if, which is not known for another order";
    return { quantity: { none }, limitPrice: { none } };
  }
  const offered = (name: "quantity" | "limitPrice", found: Alternative): Alternative => {
    if ("none" in found || denied.modifies === undefined) return found;
    const refusal = smallerChangeRefusal(
      denied.modifies,
      { ...terms, [name]: found.value } as OrderTerms,
      facts.replaces?.filledQuantity,
    );
    return refusal === undefined
      ? found
      : { none: `${found.value} would pass, but: ${refusal.denial.message}`.slice(0, 300) };
  };
  return {
    quantity: offered("quantity", largestQuantity(terms, facts, probe)),
    limitPrice: offered("limitPrice", nearestLimitPrice(terms, facts, probe)),
  };
}
