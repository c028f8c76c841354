import { CONFIRMATIONS_MAX } from "@countersign/contracts/order";
import { describe, expect, test } from "vitest";
import { judge } from "./judge.ts";
import { RiskPolicy } from "./policy.ts";

import { confirm } from "./rules/finding.ts";
import { RULES } from "./rules/registry.ts";
import { defineRule, resultOf } from "./rules/rule.ts";
import { FACTS, IN_FORCE, POLICY, TERMS } from "./test-facts.ts";

const refused = (rules: object) => RiskPolicy.safeParse({ ...POLICY, rules }).success === false;

describe("the policy file", () => {
  test("every rule with limits has its block; a rule without has none", () => {
    const named = RULES.filter(({ limits }) => limits !== null).map(({ name }) => name);
    expect(Object.keys(POLICY.rules).sort()).toEqual(named.sort());
    expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length);
  });
  test("a block that is missing, unknown or unparsable -> refused", () => {
    const { knownPrice: _, ...rest } = POLICY.rules;
    expect(refused(rest)).toBe(true);
    expect(refused({ ...POLICY.rules, noSuchRule: {} })).toBe(true);
    expect(refused({ ...POLICY.rules, killSwitch: {} })).toBe(true);
    expect(refused({ ...POLICY.rules, maxOrderQuantity: { max: "1", min: "0" } })).toBe(true);
    expect(refused({ ...POLICY.rules, maxOrderQuantity: { max: "-1" } })).toBe(true);
  });
  test("a rule that must not be switched off is not", () => {
    expect(refused({ ...POLICY.rules, maxOrderQuantity: { off: "nobody wants it here" } })).toBe(true);
  });
});

const asking = (name: string) =>
  defineRule({
    ...{ name, source: "test", description: "", formula: "", inputs: [], unit: "", limits: null, stricter: null },
    ...{ codes: ["PRICE_OFF_TICK"] as const, limit: () => null },
    judge: () => confirm("PRICE_OFF_TICK", "1", "above the soft limit"),
  });

describe("rules that ask for a confirmation", () => {
  const judged = (count: number) => {
    const rules = Array.from({ length: count }, (_, index) => asking(`soft${"abcdef"[index]}`));
    return judge(TERMS, FACTS, IN_FORCE, rules);
  };
  test("as many as may be confirmed -> the verdict passes and names each", () => {
    const verdict = judged(CONFIRMATIONS_MAX);
    expect(verdict.outcome).toBe("pass");
    expect(verdict.rules[0]).toMatchObject({ outcome: "confirm", code: "PRICE_OFF_TICK" });
    expect(verdict.rules.at(-1)).toMatchObject({ outcome: "pass", value: "3", message: "softa, softb, softc" });
  });
  test("one more -> TOO_MANY_CONFIRMATIONS", () => {
    const verdict = judged(CONFIRMATIONS_MAX + 1);
    expect(verdict.outcome).toBe("deny");
    expect(verdict.rules.at(-1)).toMatchObject({ outcome: "deny", code: "TOO_MANY_CONFIRMATIONS" });
  });
});

test("a rule that is off passes and says why, whatever it would find", () => {
  const input = { terms: TERMS, facts: FACTS, policy: POLICY, limits: { off: "not traded here" } };
  const result = resultOf(asking("soft"), input);
  expect(result).toMatchObject({ outcome: "pass", code: null, message: "off: not traded here" });
});

test("limits that contradict each other -> refused", () => {
  const block = (name: string) => POLICY.rules[name] as object;
  const collar = { ...block("priceCollar"), softPercent: "5" };
  expect(refused({ ...POLICY.rules, priceCollar: collar })).toBe(true);
  expect(refused({ ...POLICY.rules, stopDistance: { ...block("stopDistance"), percentMin: "25" } })).toBe(true);
  expect(refused({ ...POLICY.rules, slippage: { ...block("slippage"), softBps: "501" } })).toBe(true);
});
