import { CONFIRMATIONS_MAX } from "@countersign/contracts/order";
import type { RuleResult } from "@countersign/contracts/verdict";

/** The last line of every verdict: how many rules ask for a confirmation, and whether that is too many. */
export function confirmations(results: readonly RuleResult[]): RuleResult {
  const asking = results.filter(({ outcome }) => outcome === "confirm").map(({ rule }) => rule);
  const tooMany = asking.length > CONFIRMATIONS_MAX;
  const message = tooMany ? `too many at once: ${asking.join(", ")}` : asking.join(", ") || "none asked for";
  return {
    rule: "confirmations",
    outcome: tooMany ? "deny" : "pass",
    code: tooMany ? "TOO_MANY_CONFIRMATIONS" : null,
    limit: String(CONFIRMATIONS_MAX),
    value: String(asking.length),
    headroom: String(CONFIRMATIONS_MAX - asking.length),
    unit: "rules",
    message: message.slice(0, 200),
  };
}
