import { decimal } from "@countersign/money/decimal";
import { describe, expect, test } from "vitest";
import { missing } from "../facts/fact.ts";
import { FACTS, withFact } from "../test-facts.ts";
import { confirm, deny, pass } from "./finding.ts";
import { accountValue, judgeShare, tightest } from "./share-of-value.ts";

const worth = (amount: string, currency = "USD") => withFact("summary", { netLiquidation: { amount, currency } });

describe("the account's value", () => {
  test("in the currency asked for and above zero -> known", () => {
    expect(accountValue(FACTS, "USD")).toEqual(decimal("100000"));
    expect(accountValue(worth("0.01"), "USD")).toEqual(decimal("0.01"));
  });
  test.each([
    ["not there", { ...FACTS, summary: missing("not asked") }, "not asked"],
    ["in another currency", worth("5", "EUR"), "EUR"],
    ["nothing", worth("0"), "worth 0"],
    ["less than nothing", worth("-0.01"), "worth -0.01"],
  ])("%s -> missing", (_, facts, says) => {
    expect(accountValue(facts, "USD")).toEqual({ missing: expect.stringContaining(says) });
  });
});

describe("a share of 1000 with a limit of 10 per cent", () => {
  const judged = (before: string, after: string) =>
    judgeShare({
      ...{ what: "AAPL", change: { before: decimal(before), after: decimal(after) }, percentMax: "10" },
      ...{ value: decimal("1000"), code: "CONCENTRATION" },
    });
  test("at the limit -> pass, nothing left", () => {
    expect(judged("0", "100")).toMatchObject({ outcome: "pass", value: "10", headroom: "0" });
  });
  test("the smallest step above it -> deny, though it is less than what is shown", () => {
    const found = { outcome: "deny", code: "CONCENTRATION", value: "10.0001", headroom: "-0.0001" };
    expect(judged("99", "100.0000001")).toMatchObject(found);
  });
  test("above it and as much as before, or less -> pass, without room", () => {
    expect(judged("200", "200")).toMatchObject({ outcome: "pass", value: "20", headroom: null });
    expect(judged("201", "200")).toMatchObject({ outcome: "pass", value: "20", headroom: null });
  });
  test("above it and a little more than before -> deny", () => {
    expect(judged("200", "200.01")).toMatchObject({ outcome: "deny", value: "20.001", headroom: "-10.001" });
  });
});

describe("of several findings", () => {
  const [wide, narrow, none] = [pass("1", "", "9.5"), pass("2", "", "10"), pass("3", "")];
  const denied = deny("CONCENTRATION", "4", "", "-1");
  test("none -> none", () => expect(tightest([])).toBeUndefined());
  test("a denial stands before everything", () => {
    expect(tightest([none, narrow, denied, wide])).toBe(denied);
    expect(tightest([denied, deny("CONCENTRATION", "5", "", "-2")])).toBe(denied);
  });
  test("what asks for a confirmation stands before what passes, whatever room is left", () => {
    const asking = confirm("CONCENTRATION", "5", "", "20");
    expect([tightest([none, asking, wide]), tightest([asking, denied])]).toEqual([asking, denied]);
  });
  test("the least room by number; no headroom is no room", () => {
    expect(tightest([narrow, wide])).toBe(wide);
    expect(tightest([wide, narrow])).toBe(wide);
    expect(tightest([wide, none, narrow])).toBe(none);
  });
});
