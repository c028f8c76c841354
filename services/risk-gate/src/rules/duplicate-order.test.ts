import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { siblingsWith } from "../testing/test-counts.ts";
import { duplicateOrder } from "./duplicate-order.ts";

const { denies, confirms, passes, boundary, missingDenies, property } = ruleTests(duplicateOrder);
const TWIN = { proposalId: "prop_2brn7bfkuciirvzclcw7h54tqh", state: "FILLED", price: "230", ageMs: 1_000 } as const;
/** The order of the tests has the limit 230. */
const twin = (changes: object) => ({ facts: { siblings: siblingsWith({ twins: [{ ...TWIN, ...changes }] }) } });
const many = (count: number) => ({
  facts: { siblings: siblingsWith({ twins: Array.from({ length: count }, () => TWIN) }) },
});
const TWO = { confirm: "DUPLICATE_ORDER" } as const;

denies("the same for the eleventh time: a loop", "DUPLICATE_ORDER", many(10));
confirms("the same a second ago, and filled already", "DUPLICATE_ORDER", twin({}));
confirms("an open twin, however old", "DUPLICATE_ORDER", twin({ state: "WORKING", ageMs: 80_000_000 }));
confirms("an UNKNOWN twin, however old", "DUPLICATE_ORDER", twin({ state: "UNKNOWN", ageMs: 80_000_000 }));
confirms("one that waits for a person", "DUPLICATE_ORDER", twin({ state: "PENDING_APPROVAL" }));
confirms("a twin without a limit price", "DUPLICATE_ORDER", twin({ price: null }));
passes("as many as need no confirmation", { ...twin({}), limits: { softTwins: 1 } });
boundary("three twins and a fourth", "DUPLICATE_ORDER", { inside: many(3), outside: many(4), softer: TWO });
boundary("an old twin to the millisecond", TWO, {
  inside: twin({ ageMs: 300_001 }),
  outside: twin({ ageMs: 300_000 }),
});
boundary("1 % of its price to the cent", TWO, {
  inside: twin({ price: "232.33" }),
  outside: twin({ price: "232.32" }),
});
missingDenies("other orders are not known", "COUNTERS_UNKNOWN", { facts: { siblings: missing("not loaded") } });
property(
  "confirmed exactly when a young twin is near",
  fc.tuple(fc.integer({ min: 22_000, max: 24_000 }), fc.nat(600)),
  {
    make: ([cents, seconds]) => twin({ price: (cents / 100).toFixed(2), ageMs: seconds * 1_000 }),
    holds: ({ outcome }, [cents, seconds]) =>
      (outcome === "confirm") === (seconds <= 300 && Math.abs(23_000 - cents) * 100 <= cents),
  },
);
