import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { checkRiskPolicy } from "./check.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const shipped = parse(readFileSync(join(ROOT, "config/risk-policy.yaml"), "utf8"));

/** The blocks of YAML of a page. */
function blocksOf(page: string): Record<string, object>[] {
  const text = readFileSync(join(ROOT, "docs", page), "utf8");
  return [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block = ""]) => parse(block));
}

const faultsOf = (policy: object) => {
  const checked = checkRiskPolicy(policy);
  return checked.outcome === "good" ? [] : checked.faults;
};

test("the strict limits over time that a page shows -> a policy that holds, with no limit left as it is shipped", () => {
  const rules = blocksOf("agent-sessions.md").find((block) => "orderRate" in block) ?? {};
  expect(faultsOf({ ...shipped, rules: { ...shipped.rules, ...rules } })).toEqual([]);
  for (const [name, block] of Object.entries(rules)) expect(block, name).not.toEqual(shipped.rules[name]);
});

test("the policy that its page shows, with the shipped block of each rule that it leaves out -> holds", () => {
  const [policy] = blocksOf("risk-policy.md");
  expect(Object.keys(policy ?? {}).sort()).toEqual(Object.keys(shipped).sort());
  expect(faultsOf({ ...policy, rules: { ...shipped.rules, ...policy?.rules } })).toEqual([]);
});
