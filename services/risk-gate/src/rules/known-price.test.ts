import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { withQuote } from "../test-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { knownPrice } from "./known-price.ts";

const { denies, boundary, missingDenies, property } = ruleTests(knownPrice);
const quote = (changes: Parameters<typeof withQuote>[0]) => ({ facts: withQuote(changes) });

denies("a delayed quote", "QUOTE_NOT_LIVE", quote({ dataType: "delayed" }));
denies("a frozen quote", "QUOTE_NOT_LIVE", quote({ dataType: "frozen" }));
denies("a halted instrument", "QUOTE_IMPLAUSIBLE", quote({ flags: ["halted"] }));
denies("a quote from the future", "QUOTE_STALE", quote({ asOf: "2026-11-23T15:00:02.000Z" }));

boundary("as old as the limit, and a millisecond older", "QUOTE_STALE", {
  inside: quote({ asOf: "2026-11-23T14:59:55.000Z" }),
  outside: quote({ asOf: "2026-11-23T14:59:54.999Z" }),
});
boundary("bid a tick below the ask, and locked", "QUOTE_IMPLAUSIBLE", {
  inside: quote({ bid: "230.01", ask: "230.02" }),
  outside: quote({ bid: "230.02", ask: "230.02" }),
});

missingDenies("no quote", "QUOTE_MISSING", { facts: { quote: missing("none") } });
missingDenies("one-sided", "QUOTE_IMPLAUSIBLE", quote({ ask: null }));
missingDenies("bid zero", "QUOTE_IMPLAUSIBLE", quote({ bid: "0", ask: "0.01" }));
missingDenies("bid negative", "QUOTE_IMPLAUSIBLE", quote({ bid: "-1", ask: "1" }));
missingDenies("crossed", "QUOTE_IMPLAUSIBLE", quote({ bid: "230.05", ask: "230.01" }));
missingDenies("of another instrument", "QUOTE_MISSING", quote({ conid: 1 }));
missingDenies("in another currency", "QUOTE_IMPLAUSIBLE", quote({ currency: "EUR" }));

property(
  "passes exactly when bid is above zero and below ask",
  fc.tuple(fc.integer({ min: -5, max: 50 }), fc.nat(50)),
  {
    make: ([bid, ask]) => quote({ bid: String(bid), ask: String(ask) }),
    holds: ({ outcome }, [bid, ask]) => (outcome === "pass") === (bid > 0 && bid < ask),
  },
);
