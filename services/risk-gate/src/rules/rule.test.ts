import { TimeFormatError } from "@countersign/clock/clock";
import { DecimalFormatError } from "@countersign/money/decimal";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { FACTS, POLICY, TERMS } from "../test-facts.ts";
import { confirm, deny, type Finding, pass } from "./finding.ts";
import { blockSchema, defineRule, isOff, MESSAGE_MAX, Off, type Rule, resultOf } from "./rule.ts";
import type { SharedPolicy } from "./shared-policy.ts";

const ruleWith = (judge: () => Finding, { limit = "5", mayBeOff = false } = {}): Rule =>
  defineRule({
    ...{ name: "someRule", source: "test", description: "", formula: "", inputs: [], unit: "USD" },
    ...{ limits: z.strictObject({ max: z.int() }), stricter: { max: "lower" }, codes: ["FACT_INVALID"] as const },
    ...{ limit: () => limit, judge, ...(mayBeOff && { mayBeOff }) },
  });
const resultWith = (rule: Rule, limits: unknown = { max: 5 }) =>
  resultOf(rule, { terms: TERMS, facts: FACTS, policy: POLICY, limits });
const found = (finding: Finding) => resultWith(ruleWith(() => finding));
const head = { rule: "someRule", limit: "5", unit: "USD" };

describe("what a rule found, as a verdict shows it", () => {
  test("pass -> no code, with limit and unit of the rule", () => {
    const numbers = { value: "3", headroom: "2", message: "fits" };
    expect(found(pass("3", "fits", "2"))).toEqual({ ...head, ...numbers, outcome: "pass", code: null });
  });
  test("a finding that says nothing of its headroom -> null", () => {
    const finding: Finding = { outcome: "pass", value: null, message: "fits" };
    expect(found(finding)).toMatchObject({ value: null, headroom: null });
  });
  test("confirm and deny -> with their code", () => {
    const numbers = { value: "9", headroom: "-4", message: "above", code: "ORDER_RATE" };
    expect(found(confirm("ORDER_RATE", "9", "above", "-4"))).toEqual({ ...head, ...numbers, outcome: "confirm" });
    expect(found(deny("ORDER_RATE", "9", "above", "-4"))).toEqual({ ...head, ...numbers, outcome: "deny" });
  });
  test("a rule is given its own limits, and what the rules share", () => {
    const rule = defineRule({
      ...{ name: "someRule", source: "", description: "", formula: "", inputs: [], unit: "", codes: [] },
      ...{ limits: z.strictObject({ max: z.string() }), stricter: { max: "lower" } },
      limit: ({ max }, { accounts }) => `${max} ${accounts[0]}`,
      judge: ({ limits, policy, terms, facts }) =>
        pass(limits.max, [policy, terms, facts].map((one) => typeof one).join()),
    });
    const result = resultWith(rule, { max: "7" });
    expect(result).toMatchObject({ limit: "7 DU1234567", value: "7", message: "object,object,object" });
  });
  test("the limit is that of the rule, the policy and the block that are asked about, also the second time", () => {
    const shown = (name: string) => ({
      ...ruleWith(() => pass(null, "")),
      limit: (_: unknown, { accounts }: SharedPolicy) => `${name} ${accounts[0]}`,
    });
    const [one, other, limits] = [shown("one"), shown("other"), { max: 5 }];
    const limit = (rule: Rule, policy = POLICY) => resultOf(rule, { terms: TERMS, facts: FACTS, policy, limits }).limit;
    const elsewhere = { ...POLICY, accounts: ["DU7654321"] };
    expect([limit(one), limit(one), limit(one, elsewhere), limit(other, elsewhere), limit(other)]).toEqual([
      ...["one DU1234567", "one DU1234567", "one DU7654321", "other DU7654321", "other DU1234567"],
    ]);
  });
  test("a rule without limits has no block to remember anything by", () => {
    const rule = { ...ruleWith(() => pass(null, "")), limits: null };
    expect([resultWith(rule, null).limit, resultWith(rule, null).limit]).toEqual(["5", "5"]);
  });
  test("texts that are too long -> cut, so that no verdict is too large", () => {
    const long = "9".repeat(300);
    const result = resultWith(ruleWith(() => deny("ORDER_RATE", long, long, long), { limit: long }));
    const { limit, value, headroom, message } = result;
    expect([limit, value, headroom, message].map((text) => text?.length)).toEqual([200, 200, 200, MESSAGE_MAX]);
  });
});

describe("a rule that throws", () => {
  const thrown = (error: Error) => () =>
    resultWith(
      ruleWith(() => {
        throw error;
      }),
    );
  test.each([
    ["a decimal that is none", new DecimalFormatError("no decimal number: x")],
    ["a time that is none", new TimeFormatError("no UTC time: x")],
    ["a whole number that is none", new SyntaxError("Cannot convert x to a BigInt")],
  ])("%s -> a fact is missing: denied", (_, error) => {
    const denied = { outcome: "deny", code: "FACT_INVALID", value: null, headroom: null, message: error.message };
    expect(thrown(error)()).toEqual({ ...head, ...denied });
  });
  test.each([new TypeError("a bug"), new RangeError("a bug"), new Error("a bug")])("%s -> thrown on", (error) => {
    expect(thrown(error)).toThrow(error);
  });
});

describe("a rule that is off", () => {
  test("passes and says why, without a limit or a value, whatever it would find", () => {
    const rule = ruleWith(() => deny("ORDER_RATE", "9", "above"), { mayBeOff: true });
    const nothing = { limit: null, value: null, headroom: null, code: null };
    const off = { rule: "someRule", unit: "USD", outcome: "pass", message: "off: not traded here" };
    expect(resultWith(rule, { off: "not traded here" })).toEqual({ ...nothing, ...off });
  });
  test("only an object that says so is off", () => {
    expect([{ off: "not traded here" }, { off: undefined }].map(isOff)).toEqual([true, true]);
    expect([null, undefined, "off", { max: 5 }, {}].map(isOff)).toEqual(Array(5).fill(false));
  });
  test("a reason has 10 to 150 characters, and nothing stands beside it", () => {
    const isGood = (value: object) => Off.safeParse(value).success;
    expect([isGood({ off: "x".repeat(10) }), isGood({ off: "x".repeat(150) })]).toEqual([true, true]);
    expect([isGood({ off: "x".repeat(9) }), isGood({ off: "x".repeat(151) }), isGood({})]).toEqual([
      false,
      false,
      false,
    ]);
    expect(isGood({ off: "not traded here", max: 5 })).toBe(false);
  });
});

describe("the block of a rule in the policy", () => {
  const isGood = (rule: Rule, value: unknown) => blockSchema(rule)?.safeParse(value).success;
  test("its limits; off only where the rule may be", () => {
    const [never, may] = [ruleWith(() => pass(null, "")), ruleWith(() => pass(null, ""), { mayBeOff: true })];
    expect([isGood(never, { max: 5 }), isGood(may, { max: 5 })]).toEqual([true, true]);
    expect([isGood(never, { off: "not traded here" }), isGood(may, { off: "not traded here" })]).toEqual([false, true]);
    expect([isGood(never, {}), isGood(may, {}), isGood(may, { max: 5, off: "not traded here" })]).toEqual(
      Array(3).fill(false),
    );
  });
  test("none for a rule without limits", () => {
    expect(blockSchema({ ...ruleWith(() => pass(null, "")), limits: null, mayBeOff: true })).toBeNull();
  });
});
