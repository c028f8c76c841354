import fc from "fast-check";
import { known, missing } from "../facts/fact.ts";
import { AT, withFact, withQuote } from "../test-facts.ts";
import { withBook } from "../testing/book-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { knownBook } from "./known-book.ts";

/** At most a minute old. */
const { denies, boundary, missingDenies, property } = ruleTests(knownBook, {
  ...{ unit: "ms", tightens: { ageMsMax: [60_000, 59_999] } },
  finds: { limit: "60000", value: "0", headroom: "60000", says: "0 ms old" },
});
const at = (ms: number) => new Date(Date.parse(AT) - ms).toISOString();
const aged = (ms: number) => ({ facts: { book: known({ baseCurrency: "USD", holdings: [] }, "broker", at(ms)) } });
const listed = (ms: number) => ({ facts: { working: known([], "broker", at(ms)) } });
const none = (says: string) => ({ value: null, headroom: null, says });

denies("an old list of open orders beside fresh prices", "EXPOSURE_STALE", {
  ...listed(3_600_000),
  finds: { value: "3600000", headroom: "-3540000", says: "3600000 ms old; at most 60000" },
});
denies("prices from the future beside an old list of open orders", "EXPOSURE_STALE", {
  facts: { ...aged(-1_001).facts, ...listed(50_000).facts },
  finds: none("the book is from the future"),
});
boundary("as old as the limit, and a millisecond older", "EXPOSURE_STALE", {
  inside: { ...aged(60_000), finds: { value: "60000", headroom: "0" } },
  outside: { ...aged(60_001), finds: { value: "60001", headroom: "-1", says: "60001 ms old; at most 60000" } },
});
boundary("the same for open orders", "EXPOSURE_STALE", {
  inside: { ...listed(60_000), finds: { value: "60000", headroom: "0" } },
  outside: { ...listed(60_001), finds: { value: "60001", headroom: "-1" } },
});
boundary("a clock that is a second ahead, and a millisecond more", "EXPOSURE_STALE", {
  inside: { ...aged(-1_000), finds: { value: "0", headroom: "60000" } },
  outside: { ...aged(-1_001), finds: none("the book is from the future") },
});

missingDenies("no book", "EXPOSURE_UNKNOWN", {
  facts: { ...withBook([]), book: missing("no answer") },
  finds: none("the book: no answer"),
});
missingDenies("no working orders", "EXPOSURE_UNKNOWN", {
  facts: { ...withBook([]), working: missing("no answer") },
  finds: none("working orders: no answer"),
});
missingDenies("no rate", "EXPOSURE_UNKNOWN", {
  facts: { rate: missing("no answer") },
  finds: none("exchange rate: no answer"),
});
missingDenies("no quote", "EXPOSURE_UNKNOWN", { facts: { quote: missing("none") }, finds: none("no price of AAPL") });
missingDenies("no far touch", "EXPOSURE_UNKNOWN", { facts: withQuote({ ask: null }), finds: none("no price of AAPL") });
missingDenies("no instrument", "EXPOSURE_UNKNOWN", {
  facts: { ...withFact("instrument", {}), instrument: missing("no answer") },
  finds: none("instrument 265598: no answer"),
});

property("passes exactly up to the limit", fc.tuple(fc.nat(200_000), fc.integer({ min: 1, max: 200_000 })), {
  make: ([age, ageMsMax]) => ({ ...aged(age), limits: { ageMsMax } }),
  holds: ({ outcome, headroom }, [age, ageMsMax]) =>
    (outcome === "pass") === age <= ageMsMax && headroom === String(ageMsMax - age),
});
