import * as z from "zod";
import { contradictions } from "./policy/contradictions.ts";
import { inKeyOrder } from "./policy/key-order.ts";
import { Override, overrideFaults } from "./policy/overrides.ts";
import { RULES } from "./rules/registry.ts";
import { blockSchema } from "./rules/rule.ts";
import { sharedPolicy } from "./rules/shared-policy.ts";

/** One block for each rule that has limits, by the rule's name and its own schema. */
const blocks = RULES.flatMap((rule) => {
  const schema = blockSchema(rule);
  return schema === null ? [] : [[rule.name, schema] as const];
});

/** The limits. None has a default; a key that is missing or unknown means that the policy is none, and the gate does not start. */
export const RiskPolicy = z
  .strictObject({
    version: z.int().min(1).max(1_000_000).describe("Higher than that of every policy that was in force before"),
    ...sharedPolicy,
    rules: z.strictObject(Object.fromEntries(blocks)) as unknown as z.ZodType<Readonly<Record<string, unknown>>>,
    overrides: z.array(Override).max(200).describe("Stricter limits by mode, account, agent, type or instrument"),
  })
  .superRefine((policy, context) => {
    for (const { path, message } of [...overrideFaults(policy), ...contradictions(policy.rules, policy.passports)])
      context.addIssue({ code: "custom", path, message });
  })
  .transform((policy) => inKeyOrder(policy));
export type RiskPolicy = z.infer<typeof RiskPolicy>;

/** The policy in force, with the hash that every verdict names. */
export interface PolicyInForce {
  readonly policy: RiskPolicy;
  readonly hash: string;
}
