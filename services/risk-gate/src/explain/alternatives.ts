import type { Alternatives } from "@countersign/contracts/alternatives";
import type { OrderTerms } from "@countersign/contracts/order";
import type { Verdict } from "@countersign/contracts/verdict";
import type { Facts } from "../facts/fact.ts";
import type { PolicyInForce } from "../policy.ts";
import { nearestLimitPrice } from "./limit-price.ts";
import { probeOf } from "./probe.ts";
import { largestQuantity } from "./quantity.ts";

/** What would pass instead of a denied order, by the same rules and facts; undefined: it was not denied. Pure. */
export function alternativesTo(
  terms: OrderTerms,
  facts: Facts,
  { inForce, verdict }: { inForce: PolicyInForce; verdict: Verdict },
): Alternatives | undefined {
  if (verdict.outcome === "pass") return undefined;
  const probe = probeOf(facts, inForce, verdict);
  // Nothing but the what-if stands against it as it is.
  if (probe.passes(terms)) {
    const none = "only rules deny it that read the broker's what-if, which is not known for another order";
    return { quantity: { none }, limitPrice: { none } };
  }
  return { quantity: largestQuantity(terms, facts, probe), limitPrice: nearestLimitPrice(terms, facts, probe) };
}
