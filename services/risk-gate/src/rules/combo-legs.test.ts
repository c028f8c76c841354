import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { FACTS, withFact } from "../test-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { comboLegs } from "./combo-legs.ts";

const { passes, denies, boundary, missingDenies, property } = ruleTests(comboLegs, {
  ...{ unit: "legs", tightens: null },
  finds: { limit: null, value: null, headroom: null, says: "one instrument" },
});
const leg = (conid: number, change: object = {}) => ({
  ...FACTS,
  instrument: withFact("instrument", { conid, ...change }).instrument,
});
const combo = (first: object, second: object) => ({
  terms: { conid: undefined, legs: [1, 2].map((conid) => ({ conid, side: "BUY", ratio: 1 })) },
  facts: { legs: [leg(1, first), leg(2, second)] },
});
const two = (says: string) => ({ value: "2", headroom: null, says });

denies("two currencies", "COMBO_INVALID", {
  ...combo({ currency: "USD" }, { currency: "EUR" }),
  finds: two("the currency differs: USD, EUR"),
});
denies("two exchanges", "COMBO_INVALID", {
  ...combo({ exchange: "CBOE" }, { exchange: "BOX" }),
  finds: two("the exchange differs: CBOE, BOX"),
});
denies("an exchange beside the broker's own routing", "COMBO_INVALID", {
  ...combo({ exchange: "" }, { exchange: "BOX" }),
  finds: two("the exchange differs: SMART, BOX"),
});
passes("no exchange is the broker's own routing", {
  ...combo({ exchange: "" }, { exchange: "SMART" }),
  finds: two("they fit together"),
});
boundary("multipliers of 100, and of 100 and 10", "COMBO_INVALID", {
  inside: { ...combo({ multiplier: "100" }, { multiplier: "100" }), finds: two("they fit together") },
  outside: { ...combo({ multiplier: "100" }, { multiplier: "10" }), finds: two("the multiplier differs: 100, 10") },
});
missingDenies("a leg that nobody knows", "COMBO_INVALID", {
  ...combo({}, {}),
  facts: { legs: [leg(1), { ...leg(2), instrument: missing("no answer") }] },
  finds: two("a leg is not known: no answer"),
});
missingDenies("nothing was gathered about the legs", "COMBO_INVALID", {
  ...combo({}, {}),
  facts: { legs: [] },
  finds: two("a leg is not known: nothing was gathered"),
});
const one = fc.record({
  currency: fc.constantFrom("USD", "EUR"),
  multiplier: fc.constantFrom("1", "100"),
  exchange: fc.constantFrom("", "SMART", "CBOE"),
});
property("passes exactly when the legs have all three in common", fc.tuple(one, one), {
  make: ([first, second]) => combo(first, second),
  holds: ({ outcome }, [a, b]) =>
    (outcome === "pass") ===
    (a.currency === b.currency && a.multiplier === b.multiplier && (a.exchange || "SMART") === (b.exchange || "SMART")),
});
