import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { withFact } from "../test-facts.ts";
import { holding, msft, withBook, working } from "../testing/book-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { sectorExposure } from "./sector-exposure.ts";

const { passes, denies, boundary, missingDenies, property } = ruleTests(sectorExposure, {
  ...{ unit: "% of value", tightens: { industryPercentMax: ["30", "29"], categoryPercentMax: ["20", "19"] } },
  finds: { limit: "30", value: "2.3002", headroom: "17.6998", says: "category Computers would be 2.3002 %" },
});

// 10 x 230.02 is 2.3002 % of the account; 20 MSFT at 500 another 10 %.
boundary("other instruments of the industry count", "SECTOR_EXPOSURE", {
  inside: {
    facts: withBook([msft({ quantity: "20" })]),
    limits: { industryPercentMax: "12.3002" },
    finds: { limit: "12.3002", value: "12.3002", headroom: "0", says: "industry Technology" },
  },
  outside: {
    facts: withBook([msft({ quantity: "20" })]),
    limits: { industryPercentMax: "12.3001" },
    finds: { limit: "12.3001", value: "12.3002", headroom: "-0.0001", says: "industry Technology would be 12.3002 %" },
  },
});
boundary("a category has a limit of its own", "SECTOR_EXPOSURE", {
  inside: {
    facts: withBook([msft({ quantity: "20" })]),
    limits: { categoryPercentMax: "2.3002" },
    finds: { value: "2.3002", headroom: "0", says: "category Computers" },
  },
  outside: {
    facts: withBook([msft({ quantity: "20" })]),
    limits: { categoryPercentMax: "2.3001" },
    finds: { value: "2.3002", headroom: "-0.0001", says: "category Computers would be 2.3002 %" },
  },
});
boundary("200 x 230 above the limit are sold, and one more, which is a new position behind them", "SECTOR_EXPOSURE", {
  inside: {
    ...{ terms: { side: "SELL", quantity: "200" }, facts: withBook([holding({ quantity: "200" })]) },
    finds: { value: "46", headroom: null, says: "gets no larger" },
  },
  outside: {
    ...{ terms: { side: "SELL", quantity: "201" }, facts: withBook([holding({ quantity: "200" })]) },
    finds: { value: "46", headroom: "-16", says: "industry Technology would be 46 %" },
  },
});
denies("a short position is exposure to the industry too", "SECTOR_EXPOSURE", {
  facts: withBook([msft({ quantity: "-60" })]),
  finds: { value: "32.3002", headroom: "-2.3002", says: "industry Technology would be 32.3002 %" },
});
denies("orders that work in the industry count as filled", "SECTOR_EXPOSURE", {
  facts: withBook(
    [msft({ quantity: "0", unitValue: null })],
    [working({ conid: 272093, remaining: "60", unitValue: "500" })],
  ),
  finds: { value: "32.3002", headroom: "-2.3002", says: "industry Technology would be 32.3002 %" },
});
denies("what has no industry is one group, not outside every limit", "SECTOR_EXPOSURE", {
  facts: {
    ...withFact("instrument", { industry: "", category: "" }),
    ...withBook([msft({ quantity: "60", industry: "", category: "" })]),
  },
  finds: { value: "32.3002", headroom: "-2.3002", says: "industry" },
});
passes("another industry does not count", {
  facts: withBook([msft({ quantity: "60", industry: "Energy", category: "Oil" })]),
  finds: { value: "2.3002", headroom: "17.6998" },
});
passes("a purchase in another industry, beside one that is above its limit", {
  facts: withBook([msft({ quantity: "200", industry: "Energy", category: "Oil" })]),
  finds: { value: "2.3002", headroom: "17.6998" },
});
passes("a sale that makes an industry above its limit no larger", {
  terms: { side: "SELL" },
  facts: withBook([holding(), msft({ quantity: "200" })]),
  finds: { value: "102.3", headroom: null, says: "industry Technology is above the limit, and gets no larger" },
});
denies("an order that names no instrument", "EXPOSURE_UNKNOWN", {
  unparsed: { conid: undefined, legs: [] },
  finds: { value: null, headroom: null, says: "the order names no instrument" },
});
missingDenies("no book", "EXPOSURE_UNKNOWN", { facts: { ...withBook([]), book: missing("none") } });
missingDenies("no summary", "EXPOSURE_UNKNOWN", { facts: { ...withBook([]), summary: missing("none") } });

property(
  "an industry is the sum of its instruments",
  fc.tuple(fc.nat(80), fc.nat(80), fc.integer({ min: 1, max: 80 })),
  {
    make: ([first, second, percent]) => ({
      facts: withBook([msft({ quantity: String(first) }), msft({ conid: 2, quantity: String(-second) })]),
      limits: { industryPercentMax: String(percent), categoryPercentMax: "1000" },
    }),
    holds: ({ outcome }, [first, second, percent]) =>
      (outcome === "deny") === (first + second) * 50_000 + 230_020 > percent * 100_000,
  },
);
