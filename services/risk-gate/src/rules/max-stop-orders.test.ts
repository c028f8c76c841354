import fc from "fast-check";
import { known, missing } from "../facts/fact.ts";
import { AT } from "../test-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { maxStopOrders } from "./max-stop-orders.ts";

/** At most 25. */
const { denies, boundary, missingDenies, property, passes } = ruleTests(maxStopOrders, {
  ...{ unit: "stops", tightens: { max: [25, 24] } },
  finds: { limit: "25", value: "0", headroom: "25", says: "no stop" },
});
const open = (count: number, terms: object = { orderType: "STP", limitPrice: undefined, stopPrice: "235" }) => ({
  ...{ terms, facts: { openStops: known(count, "orders", AT) } },
});
const EXITS = { takeProfit: { limitPrice: "240" }, stopLoss: { stopPrice: "220" }, timeInForce: "DAY" };
const TRAIL = { orderType: "TRAIL", limitPrice: undefined, trail: { by: "percent", percent: "2" } };
const BOTH = { orderType: "STP LMT", stopPrice: "235", limitPrice: "236", exits: EXITS };

denies("a trail beside 25 stops", "MAX_STOP_ORDERS", {
  ...open(25, TRAIL),
  finds: { value: "26", headroom: "-1" },
});
denies("a bracket, whose exit is a stop", "MAX_STOP_ORDERS", {
  ...open(25, { exits: EXITS }),
  finds: { value: "26", headroom: "-1" },
});
passes("an order without a stop, however many are open", {
  ...open(1_000, {}),
  finds: { value: "1000", headroom: "-975", says: "no stop" },
});
boundary("stop number 25, and number 26", "MAX_STOP_ORDERS", {
  inside: { ...open(24), finds: { value: "25", headroom: "0" } },
  outside: { ...open(25), finds: { value: "26", headroom: "-1", says: "it would be stop number 26; at most 25" } },
});
boundary("a stop with a stop loss of its own counts as two", "MAX_STOP_ORDERS", {
  inside: { ...open(23, BOTH), finds: { value: "25", headroom: "0", says: "with those of this order" } },
  outside: { ...open(24, BOTH), finds: { value: "26", headroom: "-1" } },
});
missingDenies("nobody knows how many are open", "COUNTERS_UNKNOWN", {
  ...open(0),
  facts: { openStops: missing("not loaded") },
  finds: { value: null, headroom: null, says: "not loaded" },
});
missingDenies("a count below zero", "COUNTERS_UNKNOWN", open(-1));
missingDenies("half a stop", "COUNTERS_UNKNOWN", open(0.5));
property("denied exactly above the limit", fc.tuple(fc.nat(60), fc.nat(60)), {
  make: ([count, max]) => ({ ...open(count), limits: { max } }),
  holds: ({ outcome }, [count, max]) => (outcome === "deny") === count + 1 > max,
});
