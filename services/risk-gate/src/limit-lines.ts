import type { LimitLine } from "@countersign/contracts/messages/risk.v1";
import type { Mode } from "@countersign/contracts/mode";
import type * as z from "zod";
import { limitsFor } from "./policy/overrides.ts";
import type { RiskPolicy } from "./policy.ts";
import { RULES } from "./rules/registry.ts";
import { isOff } from "./rules/rule.ts";

/** Every rule with the limit that the policy gives it for any order of the account, in the order of a verdict. */
export function limitLines(
  policy: RiskPolicy,
  { mode, account }: { mode: Mode; account: string },
): z.input<typeof LimitLine>[] {
  const blocks = limitsFor(policy, () => ({ mode, account, agent: "", conids: [], secTypes: [] }));
  return RULES.map(({ name, description, unit, limit }) => {
    const limits = blocks[name] ?? null;
    return { rule: name, description, limit: isOff(limits) ? `off: ${limits.off}` : limit(limits, policy), unit };
  });
}
