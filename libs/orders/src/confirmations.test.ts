import type { RuleResult } from "@countersign/contracts/verdict";
import { describe, expect, test } from "vitest";
import { confirmationsOf, unconfirmed } from "./confirmations.ts";

const ruled = (rule: string, change: Partial<RuleResult> = {}): RuleResult => ({
  ...{
    rule,
    outcome: "confirm",
    code: null,
    limit: "100 / 200",
    value: "110",
    headroom: "90",
    unit: "USD",
    message: "soft",
  },
  ...change,
});
const passed = ruled("calm", { outcome: "pass" });

describe("what asks for a confirmation", () => {
  test("only rules that say so, the nearest to its hard limit first, for its size", () => {
    const rules = [
      passed,
      ruled("tenth", { value: "10", headroom: "90" }),
      ruled("all", { value: "0.5", headroom: "0" }),
      ruled("denied", { outcome: "deny" }),
      ruled("half", { value: "1000", headroom: "1000" }),
    ];
    expect(confirmationsOf({ rules }).map(({ rule }) => rule)).toEqual(["all", "half", "tenth"]);
  });
  test("what is no number, or has no hard limit above zero, comes before all that can be measured; alike, their order stays", () => {
    const rules = [
      ruled("measured"),
      ruled("words", { value: "3 in 60 s" }),
      ruled("zero", { value: "0", headroom: "0" }),
      ruled("below", { value: "1", headroom: "-2" }),
      ruled("none", { headroom: null }),
      ruled("cents", { value: "100.25", headroom: "4.75" }),
      ruled("signed", { value: "USD 3" }),
    ];
    const sorted = ["words", "zero", "below", "none", "signed", "cents", "measured"];
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
