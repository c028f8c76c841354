import * as z from "zod";
import { RULES } from "./rules/registry.ts";
import { blockSchema } from "./rules/rule.ts";
import { sharedPolicy } from "./rules/shared-policy.ts";

/** One block for each rule that has limits, by the rule's name and its own schema. */
const blocks = RULES.flatMap((rule) => {
  const schema = blockSchema(rule);
  return schema === null ? [] : [[rule.name, schema] as const];
});

/** config/risk-policy.yaml: the limits. None has a default; a key that is missing or unknown means no start. */
export const RiskPolicy = z.strictObject({
  ...sharedPolicy,
  rules: z.strictObject(Object.fromEntries(blocks)) as unknown as z.ZodType<Readonly<Record<string, unknown>>>,
});
export type RiskPolicy = z.infer<typeof RiskPolicy>;

/** The policy in force, with the hash that every verdict names. */
export interface PolicyInForce {
  readonly policy: RiskPolicy;
  readonly hash: string;
}
