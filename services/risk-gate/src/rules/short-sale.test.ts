import { OrderTerms } from "@countersign/contracts/order";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Facts, known, missing } from "../facts/fact.ts";
import { AT, FACTS, POLICY, TERMS, withFact } from "../test-facts.ts";
import { policyWith } from "../test-policy.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { resultOf } from "./rule.ts";
import { looksForShares, shortSale } from "./short-sale.ts";

const { result, denies, boundary, missingDenies, property, passes } = ruleTests(shortSale, {
  ...{ limits: { allowed: false }, unit: "units", mayBeOff: false },
  tightens: { secTypes: [["STK"], ["STK", "ETF"]], allowed: [true, false], locate: [false, true] },
  finds: { limit: "none of STK", value: null, headroom: null, says: "it buys" },
});
const AAPL = {
  conid: 265598,
  symbol: "AAPL",
  secType: "STK",
  currency: "USD",
  multiplier: "1",
  industry: "",
  category: "",
};
const order = (side: string, remaining: string, id = "p1") => ({
  order: id,
  conid: 265598,
  side,
  remaining,
  unitValue: "230",
});
const holding = (quantity: string, working: object[] = []): Partial<Facts> => ({
  book: known({ baseCurrency: "USD", holdings: [{ ...AAPL, quantity, unitValue: "230" }] }, "broker", AT),
  working: known(working as never, "orders", AT),
});
/** So many units would be held when everything that sells has filled. */
const left = (units: string) => ({ value: units, headroom: units });
const short = (units: string) => ({ ...left(`-${units}`), says: `it would sell ${units} more than is held` });
const none = (says: string) => ({ value: null, headroom: null, says });
const sell = (quantity: string, facts: Partial<Facts>) => ({ terms: { side: "SELL", quantity }, facts });

denies("a sale of what is not held", "SHORT_SALE", { ...sell("1", holding("0")), finds: short("1") });
denies("a sale of what is not held, of two types that must not be short", "SHORT_SALE", {
  ...{ ...sell("1", holding("0")), limits: { secTypes: ["STK", "ETF"], allowed: false } },
  finds: { limit: "none of STK, ETF", ...short("1") },
});
denies("a sale while short", "SHORT_SALE", { ...sell("1", holding("-5")), finds: short("6") });
denies("a second sale of the same shares, the first still working", "SHORT_SALE", {
  ...sell("10", holding("10", [order("SELL", "1")])),
  finds: short("1"),
});
denies("a working buy is not held yet", "SHORT_SALE", {
  ...sell("10", holding("0", [order("BUY", "10")])),
  finds: short("10"),
});
passes("a purchase while short", { facts: holding("-5"), finds: none("it buys") });
passes("a short where the policy allows it", {
  ...{ ...sell("10", holding("0")), limits: { allowed: true } },
  finds: { limit: "allowed", value: "-10", headroom: null, says: "short by 10, which is allowed" },
});
passes("a currency, which nobody borrows", {
  ...sell("10", { ...holding("0"), instrument: withFact("instrument", { secType: "CASH" }).instrument }),
  finds: none("no short sales of CASH"),
});
passes("a change of the sale that works already", {
  ...sell("10", {
    ...holding("10", [order("SELL", "10", "p1")]),
    replaces: { proposalId: "p1", quantity: "10", filledQuantity: "0" },
  }),
  finds: { ...left("0"), says: "held and not yet being sold" },
});
passes("a change of a sale that is partly filled counts what is left of it", {
  ...sell("10", {
    ...holding("6", [order("SELL", "6", "p1")]),
    replaces: { proposalId: "p1", quantity: "10", filledQuantity: "4" },
  }),
  finds: left("0"),
});
boundary("what is held less what is being sold, and one share more", "SHORT_SALE", {
  inside: { ...sell("6", holding("10", [order("SELL", "4")])), finds: left("0") },
  outside: { ...sell("7", holding("10", [order("SELL", "4")])), finds: short("1") },
});
/** Short sales are let through where shares can be borrowed; 5000 can be, of level 3. */
const locate = { allowed: true, locate: true };
const located = (value: string | null, headroom: string | null, says = "") => ({
  finds: { limit: "allowed, where there are shares to borrow", value, headroom, says },
});
const shares = (change: object) => ({ ...withFact("shortable", change), ...holding("0") });
passes("a short where there are shares to borrow", {
  ...{ ...sell("10", holding("0")), limits: locate },
  ...located("5000", "4990", "10 to be borrowed; 5000 can be, of level 3"),
});
passes("a sale of what is held, whatever can be borrowed", {
  ...sell("10", { ...holding("10"), shortable: missing("none") }),
  limits: locate,
  ...located("0", "0", "held and not yet being sold"),
});
denies("shares that would have to be located first", "NOT_SHORTABLE", {
  ...sell("10", shares({ level: "2" })),
  limits: locate,
  // There are enough of them: what is left is no room for this order.
  ...located("5000", null, "10 to be borrowed; 5000 can be, of level 2"),
});
denies("too few shares, with the sales that work", "NOT_SHORTABLE", {
  ...sell("10", { ...shares({ shares: "13" }), ...holding("0", [order("SELL", "4")]) }),
  limits: locate,
  ...located("13", "-1", "14 to be borrowed; 13 can be"),
});
boundary("all that can be borrowed, and one share more", "NOT_SHORTABLE", {
  inside: { ...sell("10", shares({ shares: "10" })), limits: locate, ...located("10", "0") },
  outside: { ...sell("10", shares({ shares: "9" })), limits: locate, ...located("9", "-1") },
});
boundary("what is short already has been borrowed", "NOT_SHORTABLE", {
  inside: { ...sell("10", { ...shares({ shares: "10" }), ...holding("-90") }), limits: locate, ...located("10", "0") },
  outside: {
    ...sell("11", { ...shares({ shares: "10" }), ...holding("-90") }),
    limits: locate,
    ...located("10", "-1"),
  },
});
boundary("a level just above 2.5, and at it", "NOT_SHORTABLE", {
  inside: { ...sell("10", shares({ level: "2.51" })), limits: locate, ...located("5000", "4990", "of level 2.51") },
  outside: { ...sell("10", shares({ level: "2.5" })), limits: locate, ...located("5000", null, "of level 2.5") },
});
missingDenies("nobody says what can be borrowed", "BORROW_UNKNOWN", {
  ...sell("1", { ...holding("0"), shortable: missing("no line") }),
  limits: locate,
  ...located(null, null, "whether 1 can be borrowed: no line"),
});
missingDenies("a level without a number of shares", "BORROW_UNKNOWN", {
  ...sell("1", shares({ shares: null })),
  limits: locate,
  ...located(null, null, "the broker does not say"),
});
missingDenies("shares without a level", "BORROW_UNKNOWN", {
  ...{ ...sell("1", shares({ level: null })), limits: locate },
  ...located(null, null, "the broker does not say"),
});
missingDenies("shares as they were a while ago", "BORROW_UNKNOWN", {
  ...{ ...sell("1", shares({ dataType: "delayed" })), limits: locate },
  ...located(null, null, "the answer is delayed"),
});
missingDenies("shares of another instrument", "BORROW_UNKNOWN", {
  ...{ ...sell("1", shares({ conid: 1 })), limits: locate },
  ...located(null, null, "the answer is about another instrument"),
});

test("says what is to be borrowed and what can be; nobody asked is unknown too", () => {
  const { shortable: _, ...unasked } = FACTS;
  const base = { rule: "shortSale", limit: "allowed, where there are shares to borrow", unit: "units" };
  expect(result({ ...sell("10", shares({ shares: "4" })), limits: locate })).toEqual({
    ...{ ...base, outcome: "deny", code: "NOT_SHORTABLE", value: "4", headroom: "-6" },
    message: "10 to be borrowed; 4 can be, of level 3",
  });
  expect(result({ ...sell("10", holding("4")), limits: locate })).toEqual({
    ...{ ...base, outcome: "pass", code: null, value: "5000", headroom: "4994" },
    message: "6 to be borrowed; 5000 can be, of level 3",
  });
  const terms = OrderTerms.parse({ ...TERMS, side: "SELL" });
  const input = {
    terms,
    facts: { ...unasked, ...holding("0") },
    policy: POLICY,
    limits: { secTypes: ["STK"], ...locate },
  };
  expect(resultOf(shortSale, input)).toMatchObject({
    ...{ code: "BORROW_UNKNOWN", value: null },
    message: "whether 10 can be borrowed: nobody was asked",
  });
});

test("a class is a type of instruments in capitals", () => {
  const isGood = (secType: string) =>
    shortSale.limits?.safeParse({ ...(POLICY.rules.shortSale as object), secTypes: [secType] }).success;
  expect(["AB", "STK", "ABCDEFGHIJ"].map(isGood)).toEqual([true, true, true]);
  expect(["A", "ABCDEFGHIJK", "stk", " STK", "STK "].map(isGood)).toEqual(Array(5).fill(false));
});

test("shares are looked for where the policy or an override of it asks for them", () => {
  const override = { when: { agent: "agent-1" }, rules: { shortSale: { secTypes: ["STK"], ...locate } } };
  expect(looksForShares(POLICY)).toBe(false);
  expect(looksForShares(policyWith({ shortSale: { locate: true } }))).toBe(true);
  expect(looksForShares({ ...POLICY, overrides: [{ when: { agent: "agent-1" }, rules: {} }] as never })).toBe(false);
  expect(looksForShares({ ...POLICY, overrides: [override] as never })).toBe(true);
});

missingDenies("no positions", "EXPOSURE_UNKNOWN", {
  ...sell("1", { ...holding("10"), book: missing("no answer") }),
  finds: none("the book: no answer"),
});
missingDenies("no working orders", "EXPOSURE_UNKNOWN", {
  ...sell("1", { ...holding("10"), working: missing("no answer") }),
  finds: none("working orders: no answer"),
});
missingDenies("no contract", "EXPOSURE_UNKNOWN", {
  ...sell("1", { ...holding("10"), instrument: missing("no answer") }),
  finds: none("no answer"),
});
property(
  "whatever works and fills, what passes never leaves the account short",
  fc.tuple(
    fc.integer({ min: -20, max: 60 }),
    fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 9 })), { maxLength: 6 }),
    fc.integer({ min: 1, max: 40 }),
  ),
  {
    make: ([held, working, quantity]) =>
      sell(
        String(quantity),
        holding(
          String(held),
          working.map(([buys, left], at) => order(buys ? "BUY" : "SELL", String(left), `p${at}`)),
        ),
      ),
    holds: ({ outcome }, [held, working, quantity]) => {
      const sold = working.reduce((sum, [buys, left]) => sum + (buys ? 0 : left), 0);
      return (outcome === "pass") === held - sold - quantity >= 0;
    },
    runs: 300,
  },
);
