import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { withFact } from "../test-facts.ts";
import { COMBO, SPREAD } from "../testing/combo-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { quantityStep } from "./quantity-step.ts";

const { denies, boundary, missingDenies, property } = ruleTests(quantityStep, {
  ...{ unit: "units", tightens: null, finds: { limit: null, value: "10", headroom: null, says: "steps of 1" } },
});
const found = (value: string, says: string) => ({ finds: { value, headroom: null, says } });
const order = (quantity: string, change: object = {}) => ({
  terms: { quantity },
  facts: withFact("instrument", change),
});

denies("half a share of what is traded whole", "QUANTITY_OFF_STEP", {
  ...order("10.5"),
  ...found("10.5", "not a multiple of 1"),
});
const pair = (quantity: string) => ({
  terms: { ...SPREAD, quantity, legs: SPREAD.legs.map((leg) => ({ ...leg, ratio: 2 })) },
  facts: COMBO,
});
boundary("two combinations, and one and a half, though each of its legs is whole", "QUANTITY_OFF_STEP", {
  inside: { ...pair("2"), ...found("4, 4", "steps of 1") },
  outside: { ...pair("1.5"), ...found("1.5", "combinations are traded in whole units") },
});
denies("half a combination of which nothing is known", "QUANTITY_OFF_STEP", {
  terms: { conid: undefined, quantity: "1.5", legs: [1, 2].map((conid) => ({ conid, side: "BUY", ratio: 2 })) },
  ...found("1.5", "combinations are traded in whole units"),
});
boundary("the smallest size, and the smallest fraction less", "QUANTITY_OFF_STEP", {
  inside: { ...order("5", { minSize: "5", sizeIncrement: "0.00000001" }), ...found("5", "steps of 0.00000001") },
  outside: {
    ...order("4.99999999", { minSize: "5", sizeIncrement: "0.00000001" }),
    ...found("4.99999999", "the smallest order is 5"),
  },
});
boundary("a multiple of the increment, and one unit more", "QUANTITY_OFF_STEP", {
  inside: { ...order("200", { sizeIncrement: "100" }), ...found("200", "steps of 100") },
  outside: { ...order("201", { sizeIncrement: "100" }), ...found("201", "not a multiple of 100") },
});
missingDenies("no contract", "QUANTITY_OFF_STEP", {
  ...{ ...order("10"), facts: { instrument: missing("none") } },
  ...found("10", "the size increment is not known"),
});
missingDenies("an increment of zero", "QUANTITY_OFF_STEP", {
  ...order("10", { sizeIncrement: "0" }),
  ...found("10", "the size increment is not known"),
});
missingDenies("an increment below zero", "QUANTITY_OFF_STEP", {
  ...order("10", { sizeIncrement: "-1" }),
  ...found("10", "the size increment is not known"),
});
property(
  "passes exactly on multiples that are large enough",
  fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 20 })),
  {
    make: ([quantity, step, least]) => order(String(quantity), { sizeIncrement: String(step), minSize: String(least) }),
    holds: ({ outcome }, [quantity, step, least]) =>
      (outcome === "pass") === (quantity % step === 0 && quantity >= least),
  },
);
