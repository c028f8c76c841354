import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { withQuote } from "../test-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { knownPrice } from "./known-price.ts";

const { denies, boundary, missingDenies, passes, property } = ruleTests(knownPrice);
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
  "passes exactly when bid is above zero and below ask, and the spread within bounds",
  fc.tuple(fc.integer({ min: -5, max: 30 }), fc.integer({ min: 0, max: 30 })),
  {
    make: ([bid, ask]) => ({
      ...quote({ bid: String(bid), ask: String(ask), last: null }),
      limits: { spreadPercentMax: "99.9" },
    }),
    holds: ({ outcome }, [bid, ask]) =>
      (outcome === "pass") === (bid > 0 && bid < ask && (ask - bid) * 2_000 <= 999 * (ask + bid)),
  },
);

boundary("a spread of 2 % of the mid: 4.60 of 230, and a cent more", "QUOTE_IMPLAUSIBLE", {
  inside: quote({ bid: "227.70", ask: "232.30" }),
  outside: quote({ bid: "227.69", ask: "232.30" }),
});
boundary("the last price 5 % above the mid: 241.50, and a cent more", "QUOTE_IMPLAUSIBLE", {
  inside: quote({ last: "241.50" }),
  outside: quote({ last: "241.51" }),
});
passes("nothing was traded yet", quote({ last: null }));
const delayed = { ...quote({ dataType: "delayed" }), limits: { dataTypes: ["live", "delayed"] } };
passes("a delayed quote for a limit order, where the policy permits it", delayed);
denies("a delayed quote for a market order, whatever the policy permits", "QUOTE_NOT_LIVE", {
  ...delayed,
  terms: { orderType: "MKT", limitPrice: null },
});
denies("a delayed quote for a stop without a limit", "QUOTE_NOT_LIVE", {
  ...delayed,
  terms: { orderType: "STP", limitPrice: undefined, stopPrice: "235" },
});
