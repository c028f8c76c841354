import fc from "fast-check";
import { known, missing } from "../facts/fact.ts";
import { AT, withFact, withQuote } from "../test-facts.ts";
import { withBook } from "../testing/book-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { knownBook } from "./known-book.ts";

const { denies, boundary, missingDenies, property } = ruleTests(knownBook);
const at = (ms: number) => new Date(Date.parse(AT) - ms).toISOString();
const aged = (ms: number) => ({ facts: { book: known({ baseCurrency: "USD", holdings: [] }, "broker", at(ms)) } });
const listed = (ms: number) => ({ facts: { working: known([], "broker", at(ms)) } });

denies("prices from the future", "EXPOSURE_STALE", aged(-1_001));
denies("an old list of open orders beside fresh prices", "EXPOSURE_STALE", listed(3_600_000));
boundary("as old as the limit, and a millisecond older", "EXPOSURE_STALE", {
  inside: aged(60_000),
  outside: aged(60_001),
});
boundary("the same for open orders", "EXPOSURE_STALE", { inside: listed(60_000), outside: listed(60_001) });

missingDenies("no book", "EXPOSURE_UNKNOWN", { facts: { ...withBook([]), book: missing("none") } });
missingDenies("no working orders", "EXPOSURE_UNKNOWN", { facts: { ...withBook([]), working: missing("none") } });
missingDenies("no rate", "EXPOSURE_UNKNOWN", { facts: { rate: missing("none") } });
missingDenies("no quote", "EXPOSURE_UNKNOWN", { facts: { quote: missing("none") } });
missingDenies("no far touch", "EXPOSURE_UNKNOWN", { facts: withQuote({ ask: null }) });
missingDenies("no instrument", "EXPOSURE_UNKNOWN", {
  facts: { ...withFact("instrument", {}), instrument: missing("none") },
});

property("passes exactly up to the limit", fc.tuple(fc.nat(200_000), fc.integer({ min: 1, max: 200_000 })), {
  make: ([age, ageMsMax]) => ({ ...aged(age), limits: { ageMsMax } }),
  holds: ({ outcome, headroom }, [age, ageMsMax]) =>
    (outcome === "pass") === age <= ageMsMax && headroom === String(ageMsMax - age),
});
