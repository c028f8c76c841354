import fc from "fast-check";
import { expect, test } from "vitest";
import { missing } from "../facts/fact.ts";
import { withFact } from "../test-facts.ts";
import { holding, msft, withBook } from "../testing/book-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { assetClassExposure } from "./asset-class-exposure.ts";

/** Of an account worth 100000 stocks may be 90 % and options 10 %; the order is worth 2300.2. */
const { passes, denies, boundary, missingDenies, property } = ruleTests(assetClassExposure, {
  ...{ unit: "% of value", tightens: { percentMax: [{ STK: "90" }, { STK: "80" }] } },
  finds: { limit: "OPT 10, STK 90", value: "2.3002", headroom: "87.6998", says: "class STK would be 2.3002 %" },
});
const stocks = (percent: string) => ({ limits: { percentMax: { STK: percent } } });

boundary("everything of the class counts: 20 x 500 beside it", "ASSET_CLASS_EXPOSURE", {
  inside: {
    facts: withBook([msft({ quantity: "20" })]),
    ...stocks("12.3002"),
    finds: { limit: "STK 12.3002", value: "12.3002", headroom: "0" },
  },
  outside: {
    facts: withBook([msft({ quantity: "20" })]),
    ...stocks("12.3001"),
    finds: { limit: "STK 12.3001", value: "12.3002", headroom: "-0.0001", says: "at most 12.3001 %" },
  },
});
boundary(
  "400 x 230 above the limit are sold, and one more, which is a new position behind them",
  "ASSET_CLASS_EXPOSURE",
  {
    inside: {
      ...{ terms: { side: "SELL", quantity: "400" }, facts: withBook([holding({ quantity: "400" })]) },
      finds: { value: "92", headroom: null, says: "gets no larger" },
    },
    outside: {
      ...{ terms: { side: "SELL", quantity: "401" }, facts: withBook([holding({ quantity: "400" })]) },
      finds: { value: "92", headroom: "-2", says: "class STK" },
    },
  },
);
denies("a class without a limit", "ASSET_CLASS_EXPOSURE", {
  facts: withFact("instrument", { secType: "WAR" }),
  finds: { value: null, headroom: null, says: "the class WAR has no limit" },
});
denies("options count with their multiplier: ten of 100", "ASSET_CLASS_EXPOSURE", {
  facts: withFact("instrument", { secType: "OPT", multiplier: "100", strike: "30", right: "C" }),
  finds: { value: "230.02", headroom: "-220.02", says: "class OPT" },
});
passes("another class does not count", {
  facts: withBook([msft({ quantity: "20", secType: "OPT" })]),
  ...stocks("2.4"),
  finds: { limit: "STK 2.4", value: "2.3002", headroom: "0.0998" },
});
passes("a sale that makes a class smaller which is beyond its limit", {
  terms: { side: "SELL" },
  facts: withBook([holding(), msft({ quantity: "20" })]),
  ...stocks("10"),
  finds: { limit: "STK 10", value: "12.3", headroom: null, says: "gets no larger" },
});
denies("an order that names no instrument", "EXPOSURE_UNKNOWN", {
  unparsed: { conid: undefined, legs: [] },
  finds: { value: null, headroom: null, says: "names no instrument" },
});
missingDenies("no book", "EXPOSURE_UNKNOWN", {
  facts: { ...withBook([]), book: missing("no answer") },
  finds: { value: null, headroom: null, says: "the book: no answer" },
});
missingDenies("no summary", "EXPOSURE_UNKNOWN", {
  facts: { ...withBook([]), summary: missing("no answer") },
  finds: { value: null, headroom: null, says: "the account's value: no answer" },
});

property(
  "denied exactly above the limit of the class",
  fc.tuple(fc.nat(100), fc.boolean(), fc.integer({ min: 1, max: 60 })),
  {
    make: ([quantity, isSame, percent]) => ({
      facts: withBook([msft({ quantity: String(quantity), secType: isSame ? "STK" : "FUT" })]),
      ...stocks(String(percent)),
    }),
    holds: ({ outcome }, [quantity, isSame, percent]) =>
      (outcome === "deny") === (isSame ? quantity : 0) * 50_000 + 230_020 > percent * 100_000,
  },
);

test.each(["stk", "S", "1STK", "STK1", "ABCDEFGHIJK"])("%s is no class of instruments", (name) => {
  const parsed = assetClassExposure.limits?.safeParse({ percentMax: { [name]: "5" } });
  expect(parsed?.success).toBe(false);
});
