import fc from "fast-check";
import { known, missing } from "../facts/fact.ts";
import { AT, withFact } from "../test-facts.ts";
import { holding, msft, withBook, working } from "../testing/book-facts.ts";
import { COMBO, SPREAD } from "../testing/combo-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { concentration } from "./concentration.ts";

/** Of an account worth 100000 one instrument may be 10 %; the order is worth 10 x 230.02. */
const { passes, denies, boundary, missingDenies, property } = ruleTests(concentration, {
  ...{ unit: "% of value", tightens: { percentMax: ["10", "9.99"] } },
  finds: { limit: "10", value: "2.3002", headroom: "7.6998", says: "AAPL would be 2.3002 % of the account's value" },
});
const limit = (percentMax: string) => ({ limits: { percentMax } });
const unknown = (says: string) => ({ value: null, headroom: null, says });

boundary("10 x 230.02 of 100000 is 2.3002 %", "CONCENTRATION", {
  inside: { ...limit("2.3002"), finds: { limit: "2.3002", value: "2.3002", headroom: "0" } },
  outside: { ...limit("2.3001"), finds: { limit: "2.3001", value: "2.3002", headroom: "-0.0001" } },
});
boundary("what is held counts at its own value: 10 x 230 beside it", "CONCENTRATION", {
  inside: {
    ...limit("4.6002"),
    facts: withBook([holding()]),
    finds: { limit: "4.6002", value: "4.6002", headroom: "0" },
  },
  outside: {
    ...limit("4.6001"),
    facts: withBook([holding()]),
    finds: { limit: "4.6001", value: "4.6002", headroom: "-0.0001" },
  },
});
denies("what works counts as filled, at its own price: 10 x 800", "CONCENTRATION", {
  facts: withBook([holding({ quantity: "0", unitValue: null })], [working({ unitValue: "800" })]),
  finds: { value: "10.3002", headroom: "-0.3002" },
});
denies("the multiplier counts: a hundred times as much", "CONCENTRATION", {
  facts: withFact("instrument", { multiplier: "100" }),
  finds: { value: "230.02", headroom: "-220.02" },
});
denies("the rate counts: five times as much", "CONCENTRATION", {
  facts: { rate: known("5", "tws", AT) },
  finds: { value: "11.501", headroom: "-1.501" },
});
denies("a short sale is exposure like a purchase: 50 x 230", "CONCENTRATION", {
  terms: { side: "SELL", quantity: "50" },
  finds: { value: "11.5", headroom: "-1.5" },
});
passes("other instruments do not count", {
  facts: withBook([msft({ quantity: "1000" })]),
  finds: { value: "2.3002", headroom: "7.6998" },
});
passes("a sale out of a position that has grown beyond the limit", {
  terms: { side: "SELL" },
  facts: withBook([holding({ quantity: "100" })]),
  finds: { value: "23", headroom: null, says: "gets no larger" },
});
boundary(
  "one beyond the limit may be turned into the opposite as far as the limit: 43 short are 9.89 %",
  "CONCENTRATION",
  {
    inside: {
      ...{ terms: { side: "SELL", quantity: "143" }, facts: withBook([holding({ quantity: "100" })]) },
      finds: { value: "23", headroom: null, says: "gets no larger" },
    },
    outside: {
      ...{ terms: { side: "SELL", quantity: "144" }, facts: withBook([holding({ quantity: "100" })]) },
      finds: { value: "10.12", headroom: "-0.12", says: "AAPL would be 10.12 % of the account's value; at most 10 %" },
    },
  },
);
const written = (quantity: string) =>
  holding({
    ...{ secType: "OPT", multiplier: "100", quantity, unitValue: "800", obligation: "3000" },
    option: { right: "C", strike: "30", underlyingConid: 1 },
  });
const AT_A_NEWER_RATE = {
  ...withFact("instrument", { secType: "OPT", multiplier: "100", right: "C", strike: "30" }),
  rate: known("1.01", "tws", AT),
};
boundary(
  "written options beyond the limit are bought back, also where the rate has risen since the book",
  "CONCENTRATION",
  {
    inside: {
      facts: { ...AT_A_NEWER_RATE, ...withBook([written("-50")]) },
      finds: { value: "190", headroom: null, says: "gets no larger" },
    },
    outside: {
      terms: { side: "SELL", quantity: "1" },
      facts: { ...AT_A_NEWER_RATE, ...withBook([written("-50")]) },
      finds: { value: "216.23", headroom: "-206.23" },
    },
  },
);
boundary(
  "the leg that may cost most decides: a written one, (6.05 + strike 30) x 2 x 100, is 7.21 %",
  "CONCENTRATION",
  {
    inside: {
      ...{ terms: SPREAD, facts: COMBO, ...limit("7.21") },
      finds: { limit: "7.21", value: "7.21", headroom: "0", says: "C2000000072" },
    },
    outside: {
      ...{ terms: SPREAD, facts: COMBO, ...limit("7.2") },
      finds: { limit: "7.2", value: "7.21", headroom: "-0.01", says: "C2000000072" },
    },
  },
);
denies("an order that names no instrument", "EXPOSURE_UNKNOWN", {
  ...{ unparsed: { conid: undefined, legs: [] }, finds: unknown("names no instrument") },
});
missingDenies("no book", "EXPOSURE_UNKNOWN", {
  ...{ facts: { ...withBook([]), book: missing("no answer") }, finds: unknown("the book: no answer") },
});
missingDenies("no summary", "EXPOSURE_UNKNOWN", {
  ...{ facts: { ...withBook([]), summary: missing("no answer") }, finds: unknown("the account's value: no answer") },
});
missingDenies("an account worth nothing", "EXPOSURE_UNKNOWN", {
  facts: withFact("summary", { netLiquidation: { amount: "0", currency: "USD" } }),
});
missingDenies("an account's value in another currency", "EXPOSURE_UNKNOWN", {
  facts: withFact("summary", { netLiquidation: { amount: "100000", currency: "EUR" } }),
});

property(
  "denied exactly above the share",
  fc.tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 300 })),
  {
    make: ([quantity, tenths]) => ({ terms: { quantity: String(quantity) }, ...limit(String(tenths / 10)) }),
    holds: ({ outcome }, [quantity, tenths]) => (outcome === "deny") === 23_002 * quantity > tenths * 10_000,
  },
);
