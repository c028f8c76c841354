import fc from "fast-check";
import { known, missing } from "../facts/fact.ts";
import { AT, withFact } from "../test-facts.ts";
import { holding, msft, withBook, working } from "../testing/book-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { concentration } from "./concentration.ts";

const { passes, denies, boundary, missingDenies, property } = ruleTests(concentration);
const limit = (percentMax: string) => ({ limits: { percentMax } });

boundary("10 x 230.02 of 100000 is 2.3002 %", "CONCENTRATION", { inside: limit("2.3002"), outside: limit("2.3001") });
boundary("what is held counts at its own value", "CONCENTRATION", {
  inside: { ...limit("4.6002"), facts: withBook([holding()]) },
  outside: { ...limit("4.6001"), facts: withBook([holding()]) },
});
denies("what works counts as filled, at its own price", "CONCENTRATION", {
  facts: withBook([holding({ quantity: "0", unitValue: null })], [working({ unitValue: "800" })]),
});
denies("the multiplier counts: a hundred times as much", "CONCENTRATION", {
  facts: withFact("instrument", { multiplier: "100" }),
});
denies("the rate counts", "CONCENTRATION", { facts: { rate: known("5", "tws", AT) } });
denies("a short sale is exposure like a purchase", "CONCENTRATION", {
  terms: { side: "SELL", quantity: "50" },
});
passes("other instruments do not count", { facts: withBook([msft({ quantity: "1000" })]) });
passes("a sale out of a position that has grown beyond the limit", {
  terms: { side: "SELL" },
  facts: withBook([holding({ quantity: "100" })]),
});
missingDenies("no book", "EXPOSURE_UNKNOWN", { facts: { ...withBook([]), book: missing("none") } });
missingDenies("no summary", "EXPOSURE_UNKNOWN", { facts: { ...withBook([]), summary: missing("none") } });
missingDenies("an account worth nothing", "EXPOSURE_UNKNOWN", {
  facts: withFact("summary", { netLiquidation: { amount: "0", currency: "USD" } }),
});
missingDenies("an account's value in another currency", "EXPOSURE_UNKNOWN", {
  facts: withFact("summary", { netLiquidation: { amount: "100000", currency: "EUR" } }),
});

property(
  "denied exactly above the share",
  fc.tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 300 })),
  {
    make: ([quantity, tenths]) => ({ terms: { quantity: String(quantity) }, ...limit(String(tenths / 10)) }),
    holds: ({ outcome }, [quantity, tenths]) => (outcome === "deny") === 23_002 * quantity > tenths * 10_000,
  },
);
