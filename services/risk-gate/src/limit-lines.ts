import type { LimitLine } from "@countersign/contracts/messages/risk.v1";
import type * as z from "zod";
import type { RiskPolicy } from "./policy.ts";
import { RULES } from "./rules/registry.ts";
import { isOff } from "./rules/rule.ts";

/** Every rule with the limit that the policy gives it, in the order of a verdict. */
export function limitLines(policy: RiskPolicy): z.input<typeof LimitLine>[] {
  return RULES.map(({ name, description, unit, limit }) => {
    const limits = policy.rules[name] ?? null;
    return { rule: name, description, limit: isOff(limits) ? `off: ${limits.off}` : limit(limits, policy), unit };
  });
}
