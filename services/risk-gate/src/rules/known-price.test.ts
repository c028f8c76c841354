import fc from "fast-check";
import { type Facts, missing } from "../facts/fact.ts";
import { FACTS, withQuote } from "../test-facts.ts";
import { BOUGHT, COMBO, factsOf, LONG, legFacts, SHORT, SPREAD } from "../testing/combo-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { knownPrice } from "./known-price.ts";

/** Live, at most 5 s old, a spread of 2 % and a last price within 5 %; the quote of the tests is half a second old. */
const { denies, boundary, missingDenies, passes, property } = ruleTests(knownPrice, {
  unit: "ms",
  tightens: {
    ageMsMax: [5000, 4999],
    dataTypes: [["live", "frozen"], ["live"]],
    spreadPercentMax: ["2", "1.9"],
    lastPercentMax: ["5", "4.9"],
  },
  finds: { limit: "5000", value: "500", headroom: "4500", says: "bid 229.98, ask 230.02, live" },
});
const quote = (changes: Parameters<typeof withQuote>[0]) => ({ facts: withQuote(changes) });
const none = (says: string) => ({ value: null, headroom: null, says });
const FINE = { value: "500", headroom: "4500" };

denies("a delayed quote", "QUOTE_NOT_LIVE", {
  ...quote({ dataType: "delayed" }),
  finds: none("the quote is delayed; allowed: live"),
});
const told = (field: "bid" | "ask" | "last", dataType: string): Partial<Facts> => {
  if (FACTS.quote.state === "missing") throw new TypeError("quote");
  const { value } = FACTS.quote;
  return { quote: { ...FACTS.quote, value: { ...value, [field]: { ...value[field], dataType } } } };
};
for (const field of ["bid", "ask", "last"] as const)
  denies("a delayed price in a quote that says that it is live", "QUOTE_NOT_LIVE", {
    facts: told(field, "delayed"),
    finds: none("the quote is delayed; allowed: live"),
  });
denies("a frozen quote", "QUOTE_NOT_LIVE", {
  ...quote({ dataType: "frozen" }),
  limits: { dataTypes: ["live", "delayed"] },
  finds: none("the quote is frozen; allowed: live, delayed"),
});
denies("a halted instrument", "QUOTE_IMPLAUSIBLE", {
  ...quote({ flags: ["halted"] }),
  finds: none("trading is halted"),
});

boundary("as old as the limit, and a millisecond older", "QUOTE_STALE", {
  inside: { ...quote({ asOf: "2026-11-23T14:59:55.000Z" }), finds: { value: "5000", headroom: "0" } },
  outside: {
    ...quote({ asOf: "2026-11-23T14:59:54.999Z" }),
    finds: { value: "5001", headroom: "-1", says: "the quote is 5001 ms old; at most 5000" },
  },
});
const sideAt = (side: "bid" | "ask", asOf: string): Partial<Facts> => {
  if (FACTS.quote.state === "missing") throw new TypeError("quote");
  const { value } = FACTS.quote;
  return { quote: { ...FACTS.quote, value: { ...value, [side]: { ...value[side], asOf } } } };
};
for (const side of ["bid", "ask"] as const)
  boundary(`a young quote whose ${side} is as old as the limit, and a millisecond older`, "QUOTE_STALE", {
    inside: { facts: sideAt(side, "2026-11-23T14:59:55.000Z"), finds: { value: "5000", headroom: "0" } },
    outside: {
      facts: sideAt(side, "2026-11-23T14:59:54.999Z"),
      finds: { value: "5001", headroom: "-1", says: "the quote is 5001 ms old; at most 5000" },
    },
  });
for (const side of ["bid", "ask"] as const)
  boundary(`a young quote whose ${side} is a second ahead, and a millisecond more`, "QUOTE_STALE", {
    inside: { facts: sideAt(side, "2026-11-23T15:00:01.000Z"), finds: { value: "500", headroom: "4500" } },
    outside: {
      facts: sideAt(side, "2026-11-23T15:00:01.001Z"),
      finds: { value: "-1001", headroom: null, says: "lies in the future" },
    },
  });
boundary("a clock that is a second ahead, and a millisecond more", "QUOTE_STALE", {
  inside: { ...quote({ asOf: "2026-11-23T15:00:01.000Z" }), finds: { value: "0", headroom: "5000" } },
  outside: {
    ...quote({ asOf: "2026-11-23T15:00:01.001Z" }),
    finds: { value: "-1001", headroom: null, says: "lies in the future" },
  },
});
boundary("bid a tick below the ask, and locked", "QUOTE_IMPLAUSIBLE", {
  inside: { ...quote({ bid: "230.01", ask: "230.02" }), finds: FINE },
  outside: { ...quote({ bid: "230.02", ask: "230.02" }), finds: none("bid 230.02, ask 230.02: crossed, locked") },
});

missingDenies("no quote", "QUOTE_MISSING", {
  facts: { quote: missing("no answer") },
  finds: none("there is no quote: no answer"),
});
missingDenies("one-sided", "QUOTE_IMPLAUSIBLE", quote({ ask: null }));
missingDenies("bid zero", "QUOTE_IMPLAUSIBLE", quote({ bid: "0", ask: "0.01" }));
missingDenies("bid negative", "QUOTE_IMPLAUSIBLE", quote({ bid: "-1", ask: "1" }));
missingDenies("crossed", "QUOTE_IMPLAUSIBLE", quote({ bid: "230.05", ask: "230.01" }));
missingDenies("of another instrument", "QUOTE_MISSING", quote({ conid: 1 }));
missingDenies("in another currency", "QUOTE_IMPLAUSIBLE", quote({ currency: "EUR" }));
missingDenies("no quote of the second leg", "QUOTE_MISSING", {
  terms: SPREAD,
  facts: factsOf([BOUGHT, { ...BOUGHT, quote: missing("no answer") }]),
  finds: none("leg 2"),
});

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
  inside: { ...quote({ bid: "227.70", ask: "232.30" }), finds: FINE },
  outside: {
    ...quote({ bid: "227.69", ask: "232.30" }),
    finds: none("the spread is 2.0044 % of the mid; at most 2 %"),
  },
});
boundary("the last price 5 % above the mid: 241.50, and a cent more", "QUOTE_IMPLAUSIBLE", {
  inside: { ...quote({ last: "241.50" }), finds: FINE },
  outside: { ...quote({ last: "241.51" }), finds: none("the last price is 5.0044 % from the mid; at most 5 %") },
});
boundary("the last price 5 % below the mid: 218.50, and a cent less", "QUOTE_IMPLAUSIBLE", {
  inside: { ...quote({ last: "218.50" }), finds: FINE },
  outside: { ...quote({ last: "218.49" }), finds: none("the last price is 5.0044 % from the mid") },
});
passes("nothing was traded yet", { ...quote({ last: null }), finds: FINE });
passes("every leg of a combination: its own bid and ask", {
  terms: SPREAD,
  facts: COMBO,
  limits: { spreadPercentMax: "3" },
  finds: { value: "500, 500", headroom: null, says: "bid 5.95, ask 6.05" },
});
denies("a leg whose quote is old", "QUOTE_STALE", {
  terms: SPREAD,
  facts: factsOf([
    legFacts(LONG, { bid: "8", ask: "8.05" }),
    legFacts(SHORT, { bid: "6", ask: "6.05", asOf: "2026-11-23T14:59:50.000Z" }),
  ]),
  finds: { value: "10000", headroom: "-5000", says: "leg 2" },
});
const delayed = { ...quote({ dataType: "delayed" }), limits: { dataTypes: ["live", "delayed"] } };
const MARKET = { orderType: "MKT", limitPrice: null };
passes("a delayed quote for a limit order, where the policy permits it", { ...delayed, finds: FINE });
passes("a delayed quote for a trail whose limit moves with it", {
  ...delayed,
  terms: {
    orderType: "TRAIL LIMIT",
    limitPrice: undefined,
    ...{ trail: { by: "amount", amount: "5" }, stopPrice: "235", limitOffset: "0.5" },
  },
  finds: FINE,
});
denies("a delayed quote for a market order, whatever the policy permits", "QUOTE_NOT_LIVE", {
  ...delayed,
  terms: MARKET,
  finds: none("the quote is delayed, and nothing bounds the price of a MKT"),
});
passes("a live quote for a market order", { terms: MARKET, facts: FACTS, finds: FINE });
denies("a delayed quote for a stop without a limit", "QUOTE_NOT_LIVE", {
  ...delayed,
  terms: { orderType: "STP", limitPrice: undefined, stopPrice: "235" },
  finds: none("nothing bounds the price of a STP"),
});
