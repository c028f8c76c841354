import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { siblingsWith } from "../testing/test-counts.ts";
import { selfTrade } from "./self-trade.ts";

const { denies, passes, boundary, missingDenies, property } = ruleTests(selfTrade);
/** The order of the tests buys at 230; the quote is 229.98 to 230.02. */
const offer = (nearest: string | null, unpriced = 0) => ({
  facts: { siblings: siblingsWith({ opposite: { orders: 1 + unpriced, nearest, unpriced } }) },
});
const filled = (oppositeFillMs: number) => ({ facts: { siblings: siblingsWith({ oppositeFillMs }) } });
const market = { terms: { orderType: "MKT", limitPrice: null } };

denies("our own offer below its limit", "SELF_TRADE", offer("10"));
denies("an order of ours at any price", "SELF_TRADE", offer(null, 1));
denies("a market order with our offer at the ask", "SELF_TRADE", { ...market, ...offer("230.02") });
denies("an order for the close, wherever our offer is", "SELF_TRADE", {
  terms: { orderType: "MOC", limitPrice: undefined },
  ...offer("500"),
});
denies("a sale at our own bid", "SELF_TRADE", { terms: { side: "SELL" }, ...offer("230") });
passes("a market order with our offer behind the ask", { ...market, ...offer("230.03") });
passes("a stop, which is not there yet", {
  terms: { orderType: "STP", stopPrice: "240", limitPrice: undefined },
  ...offer("10"),
});
boundary("our offer a cent above the limit, and at it", "SELF_TRADE", {
  inside: offer("230.01"),
  outside: offer("230"),
});
boundary("the cool-down to the millisecond", "FLIP_COOL_DOWN", { inside: filled(60_000), outside: filled(59_999) });
missingDenies("other orders are not known", "COUNTERS_UNKNOWN", { facts: { siblings: missing("not loaded") } });
missingDenies("a market order without a quote, and an offer of ours", "SELF_TRADE", {
  ...market,
  facts: { ...offer("500").facts, quote: missing("none") },
});
property("a buy is denied exactly when it reaches our lowest offer", fc.integer({ min: 22_000, max: 24_000 }), {
  make: (cents) => offer((cents / 100).toFixed(2)),
  holds: ({ outcome }, cents) => (outcome === "deny") === cents <= 23_000,
});
