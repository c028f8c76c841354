import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { siblingsWith } from "../testing/test-counts.ts";
import { duplicateOrder } from "./duplicate-order.ts";

/** A twin within 300 s and 1 % of its price needs a confirmation, more than three are denied. */
const { denies, confirms, boundary, missingDenies, property } = ruleTests(duplicateOrder, {
  unit: "twins",
  tightens: { withinSeconds: [300, 301], pricePercent: ["1", "1.1"], softTwins: [1, 0], hardTwins: [3, 2] },
  mayBeOff: true,
  finds: { limit: "0 / 3", value: "0", headroom: "3", says: "like no other" },
});
const ID = "prop_2brn7bfkuciirvzclcw7h54tqh";
const TWIN = { proposalId: ID, state: "FILLED", price: "230", ageMs: 1_000 } as const;
/** The order of the tests has the limit 230. */
const twins = (...changes: object[]) => ({
  facts: { siblings: siblingsWith({ twins: changes.map((change) => ({ ...TWIN, ...change })) }) },
});
const many = (count: number) => twins(...Array.from({ length: count }, () => ({})));
const ASKS = { confirm: "DUPLICATE_ORDER" } as const;
const NONE = { value: "0", headroom: "3" };
const one = (state: string) => ({ value: "1", headroom: "2", says: `like ${ID}, which is ${state}` });

denies("the same for the eleventh time: a loop", "DUPLICATE_ORDER", {
  ...many(10),
  finds: { value: "10", headroom: "-7", says: `again like ${ID}, which is FILLED` },
});
confirms("the same a second ago, and filled already", "DUPLICATE_ORDER", { ...twins({}), finds: one("FILLED") });
confirms("an open twin, however old", "DUPLICATE_ORDER", {
  ...twins({ state: "WORKING", ageMs: 80_000_000 }),
  finds: one("WORKING"),
});
confirms("an UNKNOWN twin, however old", "DUPLICATE_ORDER", {
  ...twins({ state: "UNKNOWN", ageMs: 80_000_000 }),
  finds: one("UNKNOWN"),
});
confirms("one that waits for a person", "DUPLICATE_ORDER", {
  ...twins({ state: "PENDING_APPROVAL" }),
  finds: one("PENDING_APPROVAL"),
});
confirms("a twin without a limit price", "DUPLICATE_ORDER", { ...twins({ price: null }), finds: one("FILLED") });
confirms("an order without a limit price, whatever the twin's is", "DUPLICATE_ORDER", {
  ...twins({ price: "5" }),
  terms: { orderType: "MKT", limitPrice: null },
  finds: one("FILLED"),
});
confirms("the newest that counts is named: the first one is too far away", "DUPLICATE_ORDER", {
  ...twins({ price: "100", state: "WORKING" }, { state: "CANCELLED" }),
  finds: one("CANCELLED"),
});
boundary("as many as need no confirmation, and one more", ASKS, {
  inside: { ...many(1), limits: { softTwins: 1 }, finds: { limit: "1 / 3", value: "1", headroom: "2" } },
  outside: { ...many(2), limits: { softTwins: 1 }, finds: { limit: "1 / 3", value: "2", headroom: "1" } },
});
boundary("three twins and a fourth", "DUPLICATE_ORDER", {
  inside: { ...many(3), finds: { value: "3", headroom: "0" } },
  outside: { ...many(4), finds: { value: "4", headroom: "-1" } },
  softer: ASKS,
});
boundary("an old twin to the millisecond", ASKS, {
  inside: { ...twins({ ageMs: 300_001 }), finds: NONE },
  outside: { ...twins({ ageMs: 300_000 }), finds: one("FILLED") },
});
boundary("1 % of its price to the cent, above the order", ASKS, {
  inside: { ...twins({ price: "232.33" }), finds: NONE },
  outside: { ...twins({ price: "232.32" }), finds: one("FILLED") },
});
boundary("1 % of its price to the cent, below the order", ASKS, {
  inside: { ...twins({ price: "227.72" }), finds: NONE },
  outside: { ...twins({ price: "227.73" }), finds: one("FILLED") },
});
boundary("a price below zero, as a combination may have, counts without its sign", ASKS, {
  inside: { ...twins({ price: "-1.01" }), unparsed: { limitPrice: "-0.99" }, finds: NONE },
  outside: { ...twins({ price: "-1" }), unparsed: { limitPrice: "-0.99" }, finds: one("FILLED") },
});
missingDenies("other orders are not known", "COUNTERS_UNKNOWN", {
  facts: { siblings: missing("not loaded") },
  finds: { value: null, headroom: null, says: "other orders: not loaded" },
});
missingDenies("they are of another instrument", "COUNTERS_UNKNOWN", {
  facts: { siblings: siblingsWith({ conid: 1 }) },
});
property(
  "confirmed exactly when a young twin is near",
  fc.tuple(fc.integer({ min: 22_000, max: 24_000 }), fc.nat(600)),
  {
    make: ([cents, seconds]) => twins({ price: (cents / 100).toFixed(2), ageMs: seconds * 1_000 }),
    holds: ({ outcome }, [cents, seconds]) =>
      (outcome === "confirm") === (seconds <= 300 && Math.abs(23_000 - cents) * 100 <= cents),
  },
);
