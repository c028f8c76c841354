import fc from "fast-check";
import { expect, test } from "vitest";
import { missing } from "../facts/fact.ts";
import { withQuote } from "../test-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { siblingsWith } from "../testing/test-counts.ts";
import { fillDrift } from "./fill-drift.ts";

/** The order of the tests buys at 230; the quote is 229.98 to 230.02; at most 3 % from the best of our own fills. */
const { result, denies, passes, boundary, missingDenies, property } = ruleTests(fillDrift);
const filled = (price: string) => ({ facts: { siblings: siblingsWith({ bestFill: { price, ageMs: 61_500 } }) } });
const sale = (limitPrice: string) => ({ terms: { side: "SELL", limitPrice } });
const market = { terms: { orderType: "MKT", limitPrice: null } };

denies("a purchase far above our own first one", "FILL_DRIFT", filled("200"));
denies("a sale far below our own first one", "FILL_DRIFT", { ...sale("230"), ...filled("260") });
denies("a market order where the ask was carried away", "FILL_DRIFT", { ...market, ...filled("223") });
denies("a stop that fires there", "FILL_DRIFT", {
  terms: { orderType: "STP", stopPrice: "240", limitPrice: undefined },
  ...filled("230"),
});
denies("whatever is bought after a fill at nothing", "FILL_DRIFT", filled("0"));
passes("a purchase far below our own first one", filled("300"));
passes("a sale far above our own first one", { ...sale("230"), ...filled("150") });
passes("a market order at the ask that our fill was at", { ...market, ...filled("230.02") });
boundary("a purchase 3 % above to the cent", "FILL_DRIFT", {
  inside: { terms: { limitPrice: "206" }, ...filled("200") },
  outside: { terms: { limitPrice: "206.01" }, ...filled("200") },
});
boundary("a sale 3 % below to the cent", "FILL_DRIFT", {
  inside: { ...sale("194"), ...filled("200") },
  outside: { ...sale("193.99"), ...filled("200") },
});
missingDenies("our own fills are not known", "COUNTERS_UNKNOWN", { facts: { siblings: missing("not loaded") } });
missingDenies("a market order without a quote, after a fill of ours", "QUOTE_MISSING", {
  ...market,
  facts: { ...filled("230").facts, quote: missing("none") },
});
missingDenies("a market order without an ask", "QUOTE_MISSING", {
  ...market,
  facts: { ...withQuote({ ask: null }), ...filled("230").facts },
});
property("a purchase is denied exactly above 103 % of our lowest", fc.integer({ min: 20_000, max: 25_000 }), {
  make: (cents) => filled((cents / 100).toFixed(2)),
  holds: ({ outcome }, cents) => (outcome === "deny") === 2_300_000 > 103 * cents,
});

test("says limit, value, headroom and unit, on both sides", () => {
  expect(result(filled("230"))).toEqual({
    ...{ rule: "fillDrift", outcome: "pass", code: null, limit: "3", value: "0", headroom: "3", unit: "percent" },
    message: "230 against our fill at 230, 61 s ago: 0 %",
  });
  expect(result({ ...sale("225"), ...filled("250") })).toEqual({
    ...{ rule: "fillDrift", outcome: "deny", code: "FILL_DRIFT", limit: "3", value: "10", headroom: "-7" },
    ...{ unit: "percent", message: "225 against our fill at 250, 61 s ago: 10 %, at most 3 %" },
  });
  expect(result()).toMatchObject({ value: null, headroom: null, outcome: "pass" });
});
