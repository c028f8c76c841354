import { decimal, toText } from "@countersign/money/decimal";
import { describe, expect, test } from "vitest";
import { type Facts, missing } from "../facts/fact.ts";
import { FACTS, TERMS, withFact, withQuote } from "../test-facts.ts";
import { countersWith } from "../testing/test-counts.ts";
import { addedNotional, countersOf, isFinding, notionalTable, within } from "./over-time.ts";

const count = (what: string, value: string, max: string) => ({ what, value: decimal(value), max: decimal(max) });

describe("counts within their limits", () => {
  const judged = (...counts: ReturnType<typeof count>[]) => within("ORDER_RATE", counts, "orders");
  test("the one that has used the largest share of its limit is shown", () => {
    const found = {
      outcome: "pass",
      value: "9",
      headroom: "1",
      message: expect.stringContaining("hour: 9 of 10 orders"),
    };
    expect(judged(count("minute", "5", "10"), count("hour", "9", "10"), count("day", "80", "100"))).toEqual(found);
  });
  test("of equal shares the last one is shown, also while nothing was done", () => {
    expect(judged(count("minute", "5", "10"), count("day", "50", "100"))).toMatchObject({ value: "50" });
    expect(judged(count("minute", "0", "10"), count("day", "0", "7"))).toMatchObject({ value: "0", headroom: "7" });
  });
  test("nothing counted -> pass, and says so", () => {
    expect(judged()).toMatchObject({ outcome: "pass", value: "0", headroom: "0" });
    expect(judged().message).toContain("nothing");
  });
  test("at the limit -> pass, the smallest step beyond -> deny", () => {
    expect(judged(count("day", "10", "10"))).toMatchObject({ outcome: "pass", headroom: "0" });
    const denied = { outcome: "deny", code: "ORDER_RATE", value: "10.01", headroom: "-0.01" };
    expect(judged(count("day", "10.01", "10"))).toMatchObject(denied);
  });
  test("of several beyond their limits the first one is shown", () => {
    const found = judged(count("minute", "1", "2"), count("hour", "11", "10"), count("day", "99", "10"));
    const denied = { outcome: "deny", code: "ORDER_RATE", value: "11", headroom: "-1" };
    expect(found).toEqual({ ...denied, message: expect.stringContaining("hour: 11 of 10 orders") });
  });
});

describe("what an order adds: 10 at 230.02", () => {
  const added = (facts: Facts, replaced?: string) => {
    const counts = countersOf({
      terms: TERMS,
      facts: { ...FACTS, counters: countersWith(replaced === undefined ? {} : { replaced }) },
    });
    if (isFinding(counts)) throw new TypeError(counts.message);
    const found = addedNotional({ terms: TERMS, facts }, "USD", counts);
    return isFinding(found) ? found : toText(found);
  };
  test("price x quantity, rounded up to cents", () => {
    expect(added(FACTS)).toBe("2300.2");
    expect(added(withQuote({ ask: "230.0201" }))).toBe("2300.21");
  });
  test("of a change what it has more than the order that it changes, never less than nothing", () => {
    expect([added(FACTS, "2000"), added(FACTS, "2300.2"), added(FACTS, "2300.21")]).toEqual(["300.2", "0", "0"]);
  });
  test("what the order that it changes has counted is not known -> all of it", () => {
    const { counters } = FACTS;
    if (counters.state === "missing") throw new TypeError("counters");
    const found = addedNotional({ terms: TERMS, facts: FACTS }, "USD", { ...counters.value, replaced: null });
    expect(isFinding(found) ? found : toText(found)).toBe("2300.2");
  });
  test.each([
    ["without the account's currency", { ...FACTS, summary: missing("not asked") }, "not asked"],
    ["of an account in another currency", withFact("summary", { baseCurrency: "EUR" }), "in EUR"],
    ["without a rate", { ...FACTS, rate: missing("none") }, "not known"],
    ["without a quote", { ...FACTS, quote: missing("none") }, "not known"],
  ])("%s -> nobody knows", (_, facts, says) => {
    const refusal = { outcome: "deny", code: "NOTIONAL_UNKNOWN", value: null, headroom: null };
    expect(added(facts)).toEqual({ ...refusal, message: expect.stringContaining(says) });
  });
});

test("limits of notional have all their windows, each above zero, and a currency", () => {
  const table = { minute: "1", hour: "2", day: "3", currency: "USD" };
  const isGood = (change: object) => notionalTable.safeParse({ ...table, ...change }).success;
  expect(isGood({})).toBe(true);
  for (const name of Object.keys(table)) expect([name, isGood({ [name]: undefined })]).toEqual([name, false]);
  expect([isGood({ minute: "0" }), isGood({ currency: "US" }), isGood({ week: "9" })]).toEqual([false, false, false]);
});
