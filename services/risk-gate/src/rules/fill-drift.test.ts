import fc from "fast-check";
import { known, missing } from "../facts/fact.ts";
import { AT, withQuote } from "../test-facts.ts";
import { COMBO, LONG, SHORT, SPREAD } from "../testing/combo-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { siblingsWith } from "../testing/test-counts.ts";
import { fillDrift } from "./fill-drift.ts";

/** The order of the tests buys at 230; the quote is 229.98 to 230.02; at most 3 % from the best of our own fills. */
const { denies, passes, boundary, missingDenies, property } = ruleTests(fillDrift, {
  ...{ unit: "percent", tightens: { percentMax: ["3", "2.9"] }, mayBeOff: true },
  finds: { limit: "3", value: null, headroom: null, says: "nothing of ours was filled on its side" },
});
const filled = (price: string) => ({ facts: { siblings: siblingsWith({ bestFill: { price, ageMs: 61_500 } }) } });
const sale = (limitPrice: string) => ({ terms: { side: "SELL", limitPrice } });
const market = { terms: { orderType: "MKT", limitPrice: null } };

denies("a purchase far above our own first one", "FILL_DRIFT", {
  ...filled("200"),
  finds: { value: "15", headroom: "-12", says: "230 against our fill at 200, 61 s ago: 15 %, at most 3 %" },
});
denies("a sale far below our own first one", "FILL_DRIFT", {
  ...sale("225"),
  ...filled("250"),
  finds: { value: "10", headroom: "-7", says: "225 against our fill at 250, 61 s ago: 10 %, at most 3 %" },
});
denies("a market order where the ask was carried away: 230.02 of 200", "FILL_DRIFT", {
  ...market,
  ...filled("200"),
  finds: { value: "15.01", headroom: "-12.01", says: "230.02 against" },
});
const pegged = (side: string) => ({ terms: { side, orderType: "REL", offset: "10", limitPrice: undefined } });
denies("a pegged purchase 10 above the bid, which is past the ask", "FILL_DRIFT", {
  ...{ ...pegged("BUY"), ...filled("230") },
  finds: { value: "4.3392", headroom: "-1.3392", says: "239.98 against" },
});
denies("a pegged sale 10 below the ask, which is past the bid", "FILL_DRIFT", {
  ...{ ...pegged("SELL"), ...filled("230") },
  finds: { value: "4.3392", headroom: "-1.3392", says: "220.02 against" },
});
denies("a stop that fires there", "FILL_DRIFT", {
  terms: { orderType: "STP", stopPrice: "240", limitPrice: undefined },
  ...filled("200"),
  finds: { value: "20", headroom: "-17", says: "240 against" },
});
denies("whatever is bought after a fill at nothing", "FILL_DRIFT", {
  ...filled("0"),
  finds: { value: null, headroom: null, says: "nothing is a percentage of zero" },
});
denies("a price below zero is a percentage of its size: 230 of -1000", "FILL_DRIFT", {
  ...filled("-1000"),
  finds: { value: "123", headroom: "-120" },
});
passes("a purchase far below our own first one", { ...filled("460"), finds: { value: "-50", headroom: "53" } });
passes("a sale far above our own first one", {
  ...sale("230"),
  ...filled("115"),
  finds: { value: "-100", headroom: "103" },
});
passes("a purchase where our own first one was", {
  ...filled("230"),
  finds: { value: "0", headroom: "3", says: "230 against our fill at 230, 61 s ago: 0 %" },
});
passes("a market order at the ask that our fill was at", {
  ...market,
  ...filled("230.02"),
  finds: { value: "0", headroom: "3" },
});
boundary("a purchase 3 % above to the cent", "FILL_DRIFT", {
  inside: { terms: { limitPrice: "206" }, ...filled("200"), finds: { value: "3", headroom: "0" } },
  outside: { terms: { limitPrice: "206.01" }, ...filled("200"), finds: { value: "3.005", headroom: "-0.005" } },
});
boundary("a sale 3 % below to the cent", "FILL_DRIFT", {
  inside: { ...sale("194"), ...filled("200"), finds: { value: "3", headroom: "0" } },
  outside: { ...sale("193.99"), ...filled("200"), finds: { value: "3.005", headroom: "-0.005" } },
});
/** Our own fills in the legs of a spread, of which one is bought at 8.05 and the other sold at 5.95. */
const inLegs = (long: string | null, short: string | null) => {
  const fill = (price: string | null) => (price === null ? null : { price, ageMs: 1_000 });
  const parts = [
    siblingsWith({ conid: LONG, bestFill: fill(long) }),
    siblingsWith({ conid: SHORT, bestFill: fill(short) }),
  ].flatMap((one) => (one.state === "known" ? one.value.parts : []));
  return { terms: SPREAD, facts: { ...COMBO, siblings: known({ twins: [], parts }, "orders", AT) } };
};
boundary("of a combination every leg is held against its own fills: 5.95 is 4.8 % below 6.25", "FILL_DRIFT", {
  inside: {
    ...{ ...inLegs("8.05", "6.25"), limits: { percentMax: "4.8" } },
    finds: { limit: "4.8", value: "4.8", headroom: "0", says: "5.95 against our fill at 6.25" },
  },
  outside: {
    ...{ ...inLegs("8.05", "6.25"), limits: { percentMax: "4.79" } },
    finds: { limit: "4.79", value: "4.8", headroom: "-0.01" },
  },
});
passes("of two legs the one that drifted farther is shown, whichever comes first", {
  ...inLegs("8.05", "5.95"),
  finds: { value: "0", headroom: "3", says: "8.05 against our fill at 8.05" },
});
passes("of a first leg that drifted farther: 8.05 is 0.625 % above 8", {
  ...inLegs("8", "5"),
  finds: { value: "0.625", headroom: "2.375", says: "8.05 against our fill at 8" },
});
for (const [long, short, says] of [
  ["8", null, "8.05 against"],
  [null, "5.95", "5.95 against"],
] as const)
  passes(`a leg without a fill of ours counts for nothing: ${says}`, {
    ...inLegs(long, short),
    finds: long === null ? { value: "0", headroom: "3", says } : { value: "0.625", headroom: "2.375", says },
  });
for (const [long, short] of [
  ["0", "5.95"],
  ["8.05", "0"],
] as const)
  denies(`a leg that cannot be measured denies, whatever the other one did: ${long} and ${short}`, "FILL_DRIFT", {
    ...inLegs(long, short),
    finds: { value: null, headroom: null, says: "nothing is a percentage of zero" },
  });
missingDenies("our own fills are not known", "COUNTERS_UNKNOWN", { facts: { siblings: missing("not loaded") } });
missingDenies("a market order without a quote, after a fill of ours", "QUOTE_MISSING", {
  ...market,
  facts: { ...filled("230").facts, quote: missing("none") },
  finds: { value: null, headroom: null, says: "no price to hold against our fill at 230" },
});
missingDenies("a market order without an ask", "QUOTE_MISSING", {
  ...market,
  facts: { ...withQuote({ ask: null }), ...filled("230").facts },
});
property("a purchase is denied exactly above 103 % of our lowest", fc.integer({ min: 20_000, max: 25_000 }), {
  make: (cents) => filled((cents / 100).toFixed(2)),
  holds: ({ outcome }, cents) => (outcome === "deny") === 2_300_000 > 103 * cents,
});
