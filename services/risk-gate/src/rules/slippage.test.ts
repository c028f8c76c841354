import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { FACTS, withQuote } from "../test-facts.ts";
import { COMBO, SPREAD } from "../testing/combo-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { slippage } from "./slippage.ts";

/** Hard 50 bps, soft 25 bps; a market order around a mid of 200, where 1.00 of half spread is 50 bps. */
const { denies, confirms, boundary, missingDenies, property, passes } = ruleTests(slippage, {
  ...{ limits: { hardBps: "50", softBps: "25" }, unit: "bps" },
  tightens: { hardBps: ["50", "49"], softBps: ["25", "24"] },
  // 230 is the middle of 229.98 and 230.02, and the limit of the order.
  finds: { limit: "50", value: "0", headroom: "50", says: "0 bps against the mid" },
});
const market = { orderType: "MKT", limitPrice: null };
const pair = { terms: { ...SPREAD, ...market }, facts: COMBO };
const around = (bid: string, ask: string, terms: object = market) => ({
  terms,
  facts: withQuote({ bid, ask, last: null }),
});

denies("a market order through a wide spread", "SLIPPAGE_TOO_HIGH", {
  ...around("190", "210"),
  finds: { value: "500", headroom: "-450", says: "500 bps against the mid; at most 50" },
});
confirms("between the soft and the hard limit", "SLIPPAGE_TOO_HIGH", {
  ...around("199.4", "200.6"),
  finds: { value: "30", headroom: "20", says: "30 bps against the mid; above 25 it needs a confirmation" },
});
passes("the far touch of an ordinary spread: 2 cents of 230", {
  terms: market,
  finds: { value: "0.87", headroom: "49.13" },
});
boundary(
  "of a combination in basis points of the value of all legs: 8 + 6, of which 0.1 is 71.43",
  "SLIPPAGE_TOO_HIGH",
  {
    inside: {
      ...pair,
      limits: { hardBps: "71.43", softBps: "71.43" },
      finds: { limit: "71.43", value: "71.43", headroom: "0" },
    },
    outside: {
      ...{ ...pair, limits: { hardBps: "71.42", softBps: "71.42" } },
      finds: { limit: "71.42", value: "71.43", headroom: "-0.01" },
    },
  },
);
passes("a limit at the middle gives nothing away", {
  ...around("190", "210", { limitPrice: "200" }),
  finds: { value: "0", headroom: "50" },
});
passes("a limit below the middle", {
  ...around("190", "210", { limitPrice: "191" }),
  finds: { value: "0", headroom: "50" },
});
boundary("half a spread of 50 bps", "SLIPPAGE_TOO_HIGH", {
  inside: { ...around("199", "201"), finds: { value: "50", headroom: "0" } },
  outside: { ...around("198.99", "201.01"), finds: { value: "50.5", headroom: "-0.5" } },
  softer: { confirm: "SLIPPAGE_TOO_HIGH" },
});
boundary(
  "half a spread of 25 bps asks for a confirmation above it",
  { confirm: "SLIPPAGE_TOO_HIGH" },
  {
    inside: { ...around("199.5", "200.5"), finds: { value: "25", headroom: "25" } },
    outside: { ...around("199.49", "200.51"), finds: { value: "25.5", headroom: "24.5" } },
  },
);
missingDenies("no quote", "QUOTE_MISSING", { facts: { quote: missing("none") } });
missingDenies("one-sided", "QUOTE_IMPLAUSIBLE", { facts: withQuote({ bid: null }) });
property(
  "denied exactly above 50 bps of the mid, on both sides",
  fc.tuple(fc.boolean(), fc.integer({ min: 100, max: 1_000 }), fc.integer({ min: 1, max: 10 })),
  {
    make: ([isBuy, mid, half]) => ({
      terms: { ...market, side: isBuy ? "BUY" : "SELL" },
      facts: { ...FACTS, quote: withQuote({ bid: String(mid - half), ask: String(mid + half), last: null }).quote },
    }),
    holds: ({ outcome }, [, mid, half]) => (outcome === "deny") === half * 10_000 > 50 * mid,
  },
);
