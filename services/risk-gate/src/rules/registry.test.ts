import { DENIALS } from "@countersign/contracts/codes";
import { RuleName } from "@countersign/contracts/order";
import { describe, expect, test } from "vitest";
import { FACTS } from "../test-facts.ts";
import { RULES } from "./registry.ts";

/** What an order has beside the facts of every order. */
const SOMETIMES = ["legs", "replaces", "claim"];
const FACT_NAMES = [...Object.keys(FACTS), ...SOMETIMES];
const DIRECTIONS = ["lower", "higher", "fewer", "more", "false", "true", "none"];

describe.each(RULES.map((rule) => [rule.name, rule] as const))("%s", (name, rule) => {
  test("has a name that a person can type, and a unit that a verdict can show", () => {
    expect(RuleName.safeParse(name).success).toBe(true);
    expect(rule.unit).toMatch(/^[a-zA-Z%].{0,19}$/);
  });
  test("reads facts that there are, each named once", () => {
    expect(rule.inputs.filter((input) => !FACT_NAMES.includes(input))).toEqual([]);
    expect(new Set(rule.inputs).size).toBe(rule.inputs.length);
  });
  test("answers with codes that there are, each named once", () => {
    expect(rule.codes.filter((code) => !Object.hasOwn(DENIALS, code))).toEqual([]);
    expect([rule.codes.length > 0, new Set(rule.codes).size]).toEqual([true, rule.codes.length]);
  });
  test("says of each of its limits, and of nothing else, which change is stricter", () => {
    expect(Object.keys(rule.stricter ?? {}).sort()).toEqual(Object.keys(rule.limits?.shape ?? {}).sort());
    expect(Object.values(rule.stricter ?? {}).filter((direction) => !DIRECTIONS.includes(direction))).toEqual([]);
  });
  test("has no limit that a policy could leave out", () => {
    const optional = Object.entries(rule.limits?.shape ?? {}).filter(([, one]) => one.safeParse(undefined).success);
    expect(optional.map(([limit]) => limit)).toEqual([]);
    expect(rule.limits?.safeParse({ ...{ anything: 1 } }).success ?? false).toBe(false);
  });
});

test("a policy may switch off what needs a history or guards against habits, and nothing else", () => {
  const off = RULES.filter(({ mayBeOff }) => mayBeOff === true).map(({ name }) => name);
  expect(off.sort()).toEqual([
    ...["correlatedExposure", "duplicateOrder", "fillDrift", "minimumLiquidity", "selfTrade", "valueAtRisk"],
    "volatilitySize",
  ]);
});

test("every rule is there once", () => {
  expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length);
});
