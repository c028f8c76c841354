import { canonicalHash } from "@countersign/ids/hash";
import { type PolicyInForce, RiskPolicy } from "../policy.ts";

export type CheckedPolicy =
  | ({ readonly outcome: "good" } & PolicyInForce)
  | { readonly outcome: "faulty"; readonly faults: readonly string[] };

/** Whether this value is a risk policy, with every fault in a line of its own that begins with its place. */
export function checkRiskPolicy(value: unknown): CheckedPolicy {
  const parsed = RiskPolicy.safeParse(value);
  if (parsed.success) return { outcome: "good", ...inForceOf(parsed.data) };
  const faults = parsed.error.issues.map((issue) => `${issue.path.join(".") || "(top)"}: ${issue.message}`);
  return { outcome: "faulty", faults };
}

/** The policy with the hash that tickets and verdicts name: SHA-256 of its canonical JSON. */
export function inForceOf(policy: RiskPolicy): PolicyInForce {
  return { policy, hash: canonicalHash(policy) };
}
