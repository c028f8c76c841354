import type { Facts } from "../facts/fact.ts";
import type { RiskPolicy } from "../policy.ts";
import { RULES } from "../rules/registry.ts";
import { isOff } from "../rules/rule.ts";

const found = new WeakMap<object, Map<keyof Facts, boolean>>();

/** Some rule that is not off, in the policy or in one of its overrides, looks at this fact. */
export function looksAt(policy: Pick<RiskPolicy, "rules" | "overrides">, fact: keyof Facts): boolean {
  const ofPolicy = found.get(policy) ?? new Map<keyof Facts, boolean>();
  found.set(policy, ofPolicy);
  const looks = ofPolicy.get(fact) ?? look(policy, fact);
  ofPolicy.set(fact, looks);
  return looks;
}

function look({ rules, overrides }: Pick<RiskPolicy, "rules" | "overrides">, fact: keyof Facts): boolean {
  const reading = RULES.filter(({ inputs }) => inputs.includes(fact)).map(({ name }) => name);
  const blocks = [rules, ...overrides.map((override) => override.rules as Readonly<Record<string, unknown>>)];
  return reading.some((name) => blocks.some((block) => block[name] !== undefined && !isOff(block[name])));
}
