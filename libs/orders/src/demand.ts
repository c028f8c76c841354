import { type Demand, type DemandBasis, STRICTEST } from "@countersign/contracts/demand";
import type { Verdict } from "@countersign/contracts/verdict";
import { compare, decimal } from "@countersign/money/decimal";

/**
 * What the rules ask for an order with this verdict. The size is the notional in the account's base currency as the gate
 * computed it; where the verdict has none, the order counts as above every limit.
 */
export function demandOf({ mode, rules }: DemandBasis, verdict: Pick<Verdict, "rules">): Demand {
  if (mode === "live") return STRICTEST;
  const notional = verdict.rules.find(({ rule }) => rule === "maxOrderNotional")?.value ?? null;
  const above = (limit: string) => notional === null || compare(decimal(notional), decimal(limit)) > 0;
  return {
    approvals: above(rules.twoApproversAboveBase) ? 2 : 1,
    keys: rules.passkeysAboveBase !== null && above(rules.passkeysAboveBase) ? "passkey" : "session",
  };
}
