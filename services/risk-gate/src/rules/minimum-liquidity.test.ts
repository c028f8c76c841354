import fc from "fast-check";
import { expect, test } from "vitest";
import { missing } from "../facts/fact.ts";
import { POLICY, withFact } from "../test-facts.ts";
import { holding, partHistory, withBook, withHistory } from "../testing/book-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { minimumLiquidity } from "./minimum-liquidity.ts";

const { passes, denies, boundary, missingDenies, property } = ruleTests(minimumLiquidity, {
  unit: "units a day",
  tightens: {
    ...{ averageVolumeMin: ["100000", "100001"], orderPercentMax: ["1", "0.9"], sessionsMin: [5, 6] },
    classes: [["STK"], ["STK", "OPT"]],
  },
  finds: { limit: "100000", value: "1000000", headroom: "900000", says: "the order is 0.001 % of a day's volume" },
});
const traded = (averageVolume: string | null, volumeSessions = 20) => ({
  facts: withHistory({ parts: [{ ...partHistory([]), averageVolume, volumeSessions }] }),
});

boundary("exactly the least volume, and a share less", "LIQUIDITY", {
  inside: { ...traded("100000"), finds: { value: "100000", headroom: "0" } },
  outside: {
    ...traded("99999"),
    finds: { value: "99999", headroom: "-1", says: "99999 of AAPL are traded on a day; at least 100000" },
  },
});
boundary("1 % of a day's volume, and a share more", "LIQUIDITY", {
  inside: {
    ...{ ...traded("100000"), terms: { quantity: "1000" } },
    finds: { value: "100000", headroom: "0", says: "the order is 1 % of a day's volume" },
  },
  outside: {
    ...{ ...traded("100000"), terms: { quantity: "1001" } },
    finds: { value: "100000", headroom: null, says: "the order is 1.001 % of a day's volume of AAPL; at most 1 %" },
  },
});
boundary("as many sessions as are needed, and one fewer", "HISTORY_MISSING", {
  inside: { ...traded("1000000", 5), finds: { value: "1000000", headroom: "900000" } },
  outside: {
    ...traded("1000000", 4),
    finds: { value: null, headroom: null, says: "AAPL: a volume of 4 sessions; 5 are needed" },
  },
});
denies("a sale is held to it as well", "LIQUIDITY", {
  ...{ ...traded("100000"), terms: { side: "SELL", quantity: "5000" } },
  finds: { value: "100000", headroom: null, says: "the order is 5 % of a day's volume of AAPL" },
});
/** Ten are sold of what hardly anybody trades. */
const thin = (held: string, averageVolume = "1000") => ({
  terms: { side: "SELL" },
  facts: { ...traded(averageVolume).facts, ...withBook([holding({ quantity: held })]) },
});
boundary("what is held of something that is hardly traded is sold, and one more", "LIQUIDITY", {
  inside: {
    ...thin("10"),
    finds: { value: "1000", headroom: null, says: "hardly traded, and the order only reduces" },
  },
  outside: { ...thin("9"), finds: { value: "1000", headroom: "-99000" } },
});
boundary("the same, 1 % of a day's volume, and a share less of that", "LIQUIDITY", {
  inside: { ...thin("10", "1000"), finds: { value: "1000", headroom: null } },
  outside: { ...thin("10", "999"), finds: { value: "999", headroom: null, says: "1.0011 % of a day's volume" } },
});
missingDenies("hardly traded, and nobody knows what is held", "LIQUIDITY", {
  ...thin("10"),
  facts: { ...thin("10").facts, book: missing("none") },
  finds: { value: "1000", headroom: "-99000" },
});
passes("a class of which nobody reports the volume", {
  facts: { ...withFact("instrument", { secType: "CASH" }), history: missing("none") },
  finds: { value: null, headroom: null, says: "no volume is asked of CASH" },
});
passes("an instrument beside which another one has no volume", {
  facts: withHistory({ parts: [{ ...partHistory([]), conid: 1, averageVolume: null }, partHistory([])] }),
  finds: { value: "1000000", headroom: "900000" },
});
denies("an order that names no instrument", "HISTORY_MISSING", {
  unparsed: { legs: [] },
  finds: { value: null, headroom: null, says: "the order names no instrument" },
});
missingDenies("the volume of another instrument", "HISTORY_MISSING", {
  facts: withHistory({ parts: [{ ...partHistory([]), conid: 1 }] }),
  finds: { value: null, headroom: null, says: "AAPL: a volume of 0 sessions; 5 are needed" },
});
missingDenies("no history", "HISTORY_MISSING", { facts: { history: missing("none") } });
missingDenies("no volume", "HISTORY_MISSING", traded(null));
missingDenies("a volume of zero", "HISTORY_MISSING", traded("0"));
missingDenies("no instrument", "HISTORY_MISSING", { facts: { instrument: missing("none") } });

property(
  "denied exactly below the volume or above the share",
  fc.tuple(fc.integer({ min: 1, max: 300_000 }), fc.integer({ min: 1, max: 3_000 })),
  {
    make: ([volume, quantity]) => ({ ...traded(String(volume)), terms: { quantity: String(quantity) } }),
    holds: ({ outcome }, [volume, quantity]) => (outcome === "deny") === (volume < 100_000 || quantity * 100 > volume),
  },
);

test("a class is a type of instruments in capitals", () => {
  const isGood = (...classes: string[]) =>
    minimumLiquidity.limits?.safeParse({ ...(POLICY.rules.minimumLiquidity as object), classes }).success;
  expect([isGood(), isGood("STK", "FUT"), isGood("AB"), isGood("ABCDEFGHIJ")]).toEqual(Array(4).fill(true));
  const none = ["A", "ABCDEFGHIJK", "stk", " STK", "STK ", ""].map((one) => isGood(one));
  expect(none).toEqual(Array(6).fill(false));
  expect([isGood(...Array(20).fill("STK")), isGood(...Array(21).fill("STK"))]).toEqual([true, false]);
});
