import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { FACTS, withFact } from "../test-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { comboLegs } from "./combo-legs.ts";

const { denies, boundary, missingDenies, property } = ruleTests(comboLegs);
const leg = (conid: number, change: object = {}) => ({
  ...FACTS,
  instrument: withFact("instrument", { conid, ...change }).instrument,
});
const combo = (first: object, second: object) => ({
  terms: { conid: undefined, legs: [1, 2].map((conid) => ({ conid, side: "BUY", ratio: 1 })) },
  facts: { legs: [leg(1, first), leg(2, second)] },
});

denies("two currencies", "COMBO_INVALID", combo({ currency: "USD" }, { currency: "EUR" }));
denies("two exchanges", "COMBO_INVALID", combo({ exchange: "CBOE" }, { exchange: "BOX" }));
boundary("multipliers of 100, and of 100 and 10", "COMBO_INVALID", {
  inside: combo({ multiplier: "100" }, { multiplier: "100" }),
  outside: combo({ multiplier: "100" }, { multiplier: "10" }),
});
missingDenies("a leg that nobody knows", "COMBO_INVALID", {
  ...combo({}, {}),
  facts: { legs: [leg(1), { ...leg(2), instrument: missing("none") }] },
});
missingDenies("nothing was gathered about the legs", "COMBO_INVALID", { ...combo({}, {}), facts: { legs: [] } });
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
