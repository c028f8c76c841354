import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { withFact } from "../test-facts.ts";
import { COMBO, SPREAD } from "../testing/combo-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { priceTick } from "./price-tick.ts";

/** Ticks of a cent. */
const { denies, boundary, missingDenies, property, passes } = ruleTests(priceTick, {
  ...{ unit: "tick", tightens: null, finds: { limit: null, value: "230", headroom: null, says: "on the tick" } },
});
const found = (value: string, says: string) => ({ finds: { value, headroom: null, says } });
const limit = (limitPrice: string) => ({ terms: { limitPrice } });
const banded = (limitPrice: string) => ({
  ...limit(limitPrice),
  facts: withFact("instrument", {
    priceBands: [
      { from: "0", step: "0.01" },
      { from: "500", step: "0.05" },
    ],
  }),
});

denies("a trailing amount between two ticks", "PRICE_OFF_TICK", {
  terms: { orderType: "TRAIL", limitPrice: undefined, trail: { by: "amount", amount: "5.005" } },
  ...found("5.005", "5.005 is not a multiple of 0.01; nearest: 5 and 5.01"),
});
denies("the stop loss of a bracket between two ticks", "PRICE_OFF_TICK", {
  terms: { exits: { takeProfit: { limitPrice: "240" }, stopLoss: { stopPrice: "220.001" }, timeInForce: "DAY" } },
  ...found("220.001", "220.001 is not a multiple of 0.01; nearest: 220 and 220.01"),
});
passes("a market order, which has no price, and needs no contract for that", {
  terms: { orderType: "MKT", limitPrice: null },
  facts: { instrument: missing("none") },
  finds: { value: null, headroom: null, says: "no price to check" },
});
passes("several prices, each on the tick", {
  terms: { orderType: "STP LMT", stopPrice: "235", limitPrice: "236.05" },
  finds: { value: "236.05, 235", headroom: null },
});
denies("less than a tick: the price below it would be nothing", "PRICE_OFF_TICK", {
  ...limit("0.005"),
  ...found("0.005", "0.005 is not a multiple of 0.01; nearest: 0.01"),
});
denies("the same of a combination, whose price may be nothing", "PRICE_OFF_TICK", {
  terms: { ...SPREAD, limitPrice: "0.005" },
  facts: COMBO,
  ...found("0.005", "0.005 is not a multiple of 0.01; nearest: 0 and 0.01"),
});
boundary("on the tick, and the smallest step off it", "PRICE_OFF_TICK", {
  inside: { ...limit("230.01"), ...found("230.01", "on the tick") },
  outside: { ...limit("230.00999999"), ...found("230.00999999", "nearest: 230 and 230.01") },
});
boundary("from 500 on the ticks are wider", "PRICE_OFF_TICK", {
  inside: { ...banded("499.99"), ...found("499.99", "on the tick") },
  outside: { ...banded("500.01"), ...found("500.01", "not a multiple of 0.05; nearest: 500 and 500.05") },
});
missingDenies("no contract", "PRICE_OFF_TICK", {
  facts: { instrument: missing("none") },
  ...found("230", "the tick size is not known"),
});
missingDenies("a tick of zero", "PRICE_OFF_TICK", {
  facts: withFact("instrument", { minTick: "0" }),
  ...found("230", "the tick size is not known"),
});
missingDenies("a tick below zero", "PRICE_OFF_TICK", {
  facts: withFact("instrument", { minTick: "-0.01" }),
  ...found("230", "the tick size is not known"),
});
property(
  "passes exactly on multiples of the tick",
  fc.tuple(fc.integer({ min: 1, max: 99_999 }), fc.constantFrom(1, 5, 25)),
  {
    make: ([tenths, tick]) => ({
      ...limit(`${Math.floor(tenths / 1_000)}.${String(tenths % 1_000).padStart(3, "0")}`),
      facts: withFact("instrument", { minTick: `0.${String(tick).padStart(3, "0")}` }),
    }),
    holds: ({ outcome }, [tenths, tick]) => (outcome === "pass") === (tenths % tick === 0),
  },
);
