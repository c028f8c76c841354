import type { RuleResult } from "@countersign/contracts/verdict";
import { describe, expect, test } from "vitest";
import { confirmationsOf, unconfirmed } from "./confirmations.ts";

const ruled = (rule: string, change: Partial<RuleResult> = {}): RuleResult => ({
  ...{
    rule,
    outcome: "confirm",
    code: null,
    limit: "100",
    value: "110",
    headroom: "-10",
    unit: "USD",
    message: "soft",
  },
  ...change,
});
const passed = ruled("calm", { outcome: "pass" });

describe("what asks for a confirmation", () => {
  test("only rules that say so, the furthest beyond its limit first, for its size", () => {
    const rules = [
      passed,
      ruled("tenPercent"),
      ruled("double", { limit: "0.5", headroom: "-0.5" }),
      ruled("denied", { outcome: "deny" }),
      ruled("half", { limit: "1000", headroom: "-500" }),
    ];
    expect(confirmationsOf({ rules }).map(({ rule }) => rule)).toEqual(["double", "half", "tenPercent"]);
  });
  test("a limit that is no number, or zero, comes before all that can be measured; alike, their order stays", () => {
    const rules = [
      ruled("measured"),
      ruled("words", { limit: "3 in 60 s" }),
      ruled("zero", { limit: "0" }),
      ruled("none", { headroom: null }),
      ruled("cents", { limit: "100.25", headroom: "-40.75" }),
      ruled("signed", { limit: "USD 3" }),
    ];
    const sorted = ["words", "zero", "none", "signed", "cents", "measured"];
    expect(confirmationsOf({ rules }).map(({ rule }) => rule)).toEqual(sorted);
  });
});

describe("whether it is confirmed", () => {
  const rules = [passed, ruled("spread"), ruled("collar")];
  const codeOf = (...said: Parameters<typeof unconfirmed>[0]) => unconfirmed(said, { rules })?.code;

  test("nothing asks -> nothing is missing, whatever was said", () => {
    expect(unconfirmed([{}], { rules: [passed] })).toBeUndefined();
    expect(unconfirmed([], { rules: [passed] })).toBeUndefined();
  });
  test("every rule named, by everybody who signs -> confirmed", () => {
    expect(codeOf({ confirmed: ["collar", "spread"] })).toBeUndefined();
    expect(codeOf({ confirmed: ["collar", "spread"] }, { confirmed: ["spread", "collar"] })).toBeUndefined();
  });
  test("one rule missing, one of two people silent, or nobody signing -> CONFIRMATION_REQUIRED", () => {
    expect(codeOf({})).toBe("CONFIRMATION_REQUIRED");
    expect(codeOf({ confirmed: ["collar"] })).toBe("CONFIRMATION_REQUIRED");
    expect(codeOf({ confirmed: ["collar", "spread"] }, {})).toBe("CONFIRMATION_REQUIRED");
    expect(codeOf({ confirmed: ["collar", "Spread"] })).toBe("CONFIRMATION_REQUIRED");
    expect(codeOf()).toBe("CONFIRMATION_REQUIRED");
  });
  test("a policy confirms nothing, although it names them all", () => {
    expect(codeOf({ by: "policy", confirmed: ["collar", "spread"] })).toBe("CONFIRMATION_REQUIRED");
  });
  test("more rules ask than a statement can name -> never confirmed", () => {
    const many = ["one", "two", "three", "four"];
    const asked = { rules: many.map((rule) => ruled(rule)) };
    const refused = unconfirmed([{ confirmed: many }], asked);
    expect(refused).toMatchObject({ code: "CONFIRMATION_REQUIRED", detail: { rules: many } });
    expect(refused?.message).toBe("more rules ask than anybody reads");
    expect(unconfirmed([{ confirmed: many }], { rules: asked.rules.slice(1) })).toBeUndefined();
  });
  test("what is missing is named, and all that asks", () => {
    const refused = unconfirmed([{ confirmed: ["collar"] }], { rules: [...rules, ruled("third")] });
    expect(refused?.message).toBe("not confirmed: spread, third");
    expect(refused?.detail).toEqual({ rules: ["spread", "collar", "third"] });
  });
});
