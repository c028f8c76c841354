import type { Facts } from "../facts/fact.ts";
import type { RiskPolicy } from "../policy.ts";
import { RULES } from "../rules/registry.ts";
import { isOff } from "../rules/rule.ts";

/** Some rule that is not off, in the policy or in one of its overrides, looks at this fact. */
export function looksAt({ rules, overrides }: Pick<RiskPolicy, "rules" | "overrides">, fact: keyof Facts): boolean {
  const reading = RULES.filter(({ inputs }) => inputs.includes(fact)).map(({ name }) => name);
  const blocks = [rules, ...overrides.map((override) => override.rules as Readonly<Record<string, unknown>>)];
  return reading.some((name) => blocks.some((block) => block[name] !== undefined && !isOff(block[name])));
}
