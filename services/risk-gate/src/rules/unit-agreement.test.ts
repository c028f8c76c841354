import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { withFact } from "../test-facts.ts";
import { COMBO, SPREAD } from "../testing/combo-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { unitAgreement } from "./unit-agreement.ts";

/** BUY 10 at limit 230 where the ask is 230.02: 2300, or 2300.20 at the far touch. Half a percent is 11.50 and 11.501. */
const { denies, boundary, missingDenies, property, passes } = ruleTests(unitAgreement, {
  ...{ unit: "percent", tightens: { percentMax: ["0.5", "0.4"], required: [false, true] } },
  finds: { limit: "0.5", value: null, headroom: null, says: "compared when it was proposed" },
});
const found = (value: string | null, headroom: string | null, says: string) => ({ finds: { value, headroom, says } });
const named = (notional: string | null) => ({ facts: { claim: { notional } } });
const DENIED = "UNIT_MISMATCH" as const;

denies("58 million named as the amount and typed as the quantity", DENIED, {
  ...named("58000000"),
  terms: { quantity: "58000000" },
  ...found("99.5653", "-99.0653", "13340000000 is the notional of 58000000 units"),
});
denies("a multiplier of a hundred that was left out", DENIED, {
  facts: { ...withFact("instrument", { multiplier: "100" }), claim: { notional: "2300" } },
  ...found("99", "-98.5", "2300 was named, 230000 is the notional of 10 units"),
});
denies("none named where the policy wants one", DENIED, {
  ...{ ...named(null), limits: { required: true } },
  ...found(null, null, "name the notional"),
});
passes("none named where the policy does not", { ...named(null), ...found(null, null, "no notional was named") });
passes("a ticket that was compared when it was proposed", {
  limits: { required: true },
  ...found(null, null, "compared when it was proposed"),
});
passes("at the far touch instead of at the limit", { ...named("2300.20"), ...found("0", "0.5", "it fits") });
boundary("half a percent above the far touch: 2311.701", DENIED, {
  inside: { ...named("2311.701"), ...found("0.5", "0", "it fits") },
  outside: {
    ...named("2311.7011"),
    ...found("0.5001", "-0.0001", "2311.7011 was named, 2300.2 is the notional of 10 units"),
  },
});
boundary("half a percent below the limit: 2288.5", DENIED, {
  inside: { ...named("2288.5"), ...found("0.5", "0", "it fits") },
  outside: { ...named("2288.4999"), ...found("0.5001", "-0.0001", "2300 is the notional of 10 units") },
});
denies("an order that names no instrument", "NOTIONAL_UNKNOWN", {
  ...{ ...named("2300"), unparsed: { conid: undefined, legs: [] } },
  ...found(null, null, "names no instrument"),
});
passes("a combination at the price of its legs: 8.05 less 5.95, two of a hundred", {
  ...{ terms: { ...SPREAD, limitPrice: "0" }, facts: { ...COMBO, claim: { notional: "420" } } },
  ...found("0", "0.5", "it fits"),
});
denies("a combination for nothing has no share of nothing: the next price counts", DENIED, {
  ...{ terms: { ...SPREAD, limitPrice: "0" }, facts: { ...COMBO, claim: { notional: "1" } } },
  ...found("99.762", "-99.262", "420 is the notional of 2 units"),
});
missingDenies("no contract, so no multiplier", "NOTIONAL_UNKNOWN", {
  facts: { ...named("2300").facts, instrument: missing("none") },
});
missingDenies("no price of any kind", "NOTIONAL_UNKNOWN", {
  ...{ terms: { orderType: "MKT", limitPrice: null } },
  facts: { ...named("2300").facts, quote: missing("none") },
});
property(
  "denied exactly where it is more than half a percent from both",
  fc.tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 22_000, max: 24_000 })),
  {
    make: ([quantity, cents]) => ({
      terms: { quantity: String(quantity) },
      ...named(String((quantity * cents) / 100)),
    }),
    holds: ({ outcome }, [, cents]) => {
      const fits = (price: number) => Math.abs(cents - price) * 200 <= price;
      return (outcome === "pass") === (fits(23_000) || fits(23_002));
    },
  },
);
