import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { FACTS } from "../test-facts.ts";
import { AAPL, holding, msft, withBook, withHistory } from "../testing/book-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { correlatedExposure } from "./correlated-exposure.ts";

const { passes, denies, boundary, missingDenies, property } = ruleTests(correlatedExposure);
const MSFT = 272093;
/** So many MSFT at 500, which moves with AAPL so much. */
const beside = (quantity: string, ppm: number) => ({
  facts: { ...withBook([msft({ quantity })]), ...withHistory({ correlated: [{ conid: MSFT, with: AAPL, ppm }] }) },
});

boundary("10 % of the account beside 2.3002 %", "CORRELATED_EXPOSURE", {
  inside: { ...beside("20", 900_000), limits: { percentMax: "12.3002" } },
  outside: { ...beside("20", 900_000), limits: { percentMax: "12.3001" } },
});
boundary("just below the threshold, and exactly there", "CORRELATED_EXPOSURE", {
  inside: beside("100", 699_999),
  outside: beside("100", 700_000),
});
denies("what moves the other way is the same bet held short", "CORRELATED_EXPOSURE", beside("100", -800_000));
denies("a short position is taken for no hedge", "CORRELATED_EXPOSURE", beside("-100", 900_000));
denies("too few common sessions", "HISTORY_MISSING", { limits: { sessionsMin: 41 } });
passes("what moves by itself", { facts: withBook([msft({ quantity: "100" })]) });
passes("a sale out of a bet that is too large", {
  terms: { side: "SELL" },
  facts: { ...beside("100", 900_000).facts, ...withBook([holding(), msft({ quantity: "100" })]) },
});
missingDenies("no history", "HISTORY_MISSING", { facts: { history: missing("none") } });
missingDenies("no book", "EXPOSURE_UNKNOWN", { facts: { book: missing("none") } });
missingDenies("no value of the account", "EXPOSURE_UNKNOWN", { facts: { ...FACTS, summary: missing("none") } });

property(
  "only what reaches the threshold is added",
  fc.tuple(fc.nat(100), fc.integer({ min: 300_000, max: 1_000_000 })),
  {
    make: ([quantity, ppm]) => beside(String(quantity), ppm),
    holds: ({ outcome }, [quantity, ppm]) =>
      (outcome === "deny") === (ppm >= 700_000 ? quantity * 50_000 : 0) + 230_020 > 3_000_000,
  },
);
