import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { FACTS } from "../test-facts.ts";
import { AAPL, holding, msft, withBook, withHistory } from "../testing/book-facts.ts";
import { COMBO, heldLegs, LONG, SHORT, SPREAD } from "../testing/combo-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { correlatedExposure } from "./correlated-exposure.ts";

/** Of an account worth 100000, 30 % in what moves together by 0.7 or more; the order is worth 10 x 230.02. */
const { passes, denies, boundary, missingDenies, property } = ruleTests(correlatedExposure, {
  unit: "% of value",
  tightens: { percentMax: ["30", "29"], thresholdPpm: [700_000, 600_000], sessionsMin: [20, 30] },
  mayBeOff: true,
  finds: { limit: "30", value: "2.3002", headroom: "27.6998", says: "AAPL and 0 that move with it" },
});
const MSFT = 272093;
/** So many MSFT at 500, which moves with AAPL so much. */
const beside = (quantity: string, ppm: number) => ({
  facts: { ...withBook([msft({ quantity })]), ...withHistory({ correlated: [{ conid: MSFT, with: AAPL, ppm }] }) },
});
const unknown = (says: string) => ({ value: null, headroom: null, says });

boundary("10 % of the account beside 2.3002 %", "CORRELATED_EXPOSURE", {
  inside: {
    ...beside("20", 900_000),
    limits: { percentMax: "12.3002" },
    finds: { limit: "12.3002", value: "12.3002", headroom: "0", says: "AAPL and 1 that move with it" },
  },
  outside: {
    ...beside("20", 900_000),
    limits: { percentMax: "12.3001" },
    finds: { limit: "12.3001", value: "12.3002", headroom: "-0.0001" },
  },
});
boundary("just below the threshold, and exactly there", "CORRELATED_EXPOSURE", {
  inside: { ...beside("100", 699_999), finds: { value: "2.3002", headroom: "27.6998" } },
  outside: { ...beside("100", 700_000), finds: { value: "52.3002", headroom: "-22.3002" } },
});
denies("what moves the other way is the same bet held short", "CORRELATED_EXPOSURE", {
  ...beside("100", -800_000),
  finds: { value: "52.3002", headroom: "-22.3002" },
});
denies("a short position is taken for no hedge", "CORRELATED_EXPOSURE", {
  ...beside("-100", 900_000),
  finds: { value: "52.3002", headroom: "-22.3002" },
});
passes("what moves along and is not held", {
  facts: withHistory({ correlated: [{ conid: MSFT, with: AAPL, ppm: 900_000 }] }),
  finds: { value: "2.3002", headroom: "27.6998", says: "AAPL and 1 that move with it" },
});
passes("what moves along with something else", {
  facts: {
    ...withBook([msft({ quantity: "100" })]),
    ...withHistory({ correlated: [{ conid: MSFT, with: 1, ppm: 900_000 }] }),
  },
  finds: { value: "2.3002", headroom: "27.6998", says: "AAPL and 0" },
});
boundary("as many common sessions as there are, and one more", "HISTORY_MISSING", {
  inside: { limits: { sessionsMin: 40 }, finds: { value: "2.3002", headroom: "27.6998" } },
  outside: { limits: { sessionsMin: 41 }, finds: unknown("40 common sessions; 41 are needed") },
});
passes("what moves by itself", {
  facts: withBook([msft({ quantity: "100" })]),
  finds: { value: "2.3002", headroom: "27.6998" },
});
passes("a sale out of a bet that is too large", {
  terms: { side: "SELL" },
  facts: { ...beside("100", 900_000).facts, ...withBook([holding(), msft({ quantity: "100" })]) },
  finds: { value: "52.3", headroom: null, says: "gets no larger" },
});
boundary("of a bet that is too large 200 are sold, and one more, which is a new bet behind it", "CORRELATED_EXPOSURE", {
  inside: {
    ...{ terms: { side: "SELL", quantity: "200" }, facts: withBook([holding({ quantity: "200" })]) },
    finds: { value: "46", headroom: null, says: "gets no larger" },
  },
  outside: {
    ...{ terms: { side: "SELL", quantity: "201" }, facts: withBook([holding({ quantity: "200" })]) },
    finds: { value: "46", headroom: "-16" },
  },
});
const pair = { conid: SHORT, with: LONG, ppm: 990_000 };
const { history: legs } = withHistory({ correlated: [pair, { conid: LONG, with: SHORT, ppm: 990_000 }] });
boundary("legs that move together are one bet: (8.05 + 6.05 + strike 30) x 2 x 100", "CORRELATED_EXPOSURE", {
  inside: {
    ...{ terms: SPREAD, facts: { ...COMBO, history: legs }, limits: { percentMax: "8.82" } },
    finds: { limit: "8.82", value: "8.82", headroom: "0", says: "C2000000071 and 1 that move with it" },
  },
  outside: {
    ...{ terms: SPREAD, facts: { ...COMBO, history: legs }, limits: { percentMax: "8.81" } },
    finds: { limit: "8.81", value: "8.82", headroom: "-0.01" },
  },
});
passes("a combination that closes both legs of a bet that is too large", {
  terms: { ...SPREAD, side: "SELL" },
  facts: { ...COMBO, history: legs, ...heldLegs("100", "-100") },
  // 100 x 230 of each, and 100 x strike 30 x 100 of the written one.
  finds: { value: "346", headroom: null, says: "gets no larger" },
});
denies("an order that names no instrument", "EXPOSURE_UNKNOWN", {
  unparsed: { conid: undefined, legs: [] },
  finds: unknown("names no instrument"),
});
missingDenies("no history", "HISTORY_MISSING", {
  facts: { history: missing("no answer") },
  finds: unknown("no answer"),
});
missingDenies("no book", "EXPOSURE_UNKNOWN", {
  facts: { book: missing("no answer") },
  finds: unknown("the book: no answer"),
});
missingDenies("no working orders", "EXPOSURE_UNKNOWN", {
  facts: { working: missing("no answer") },
  finds: unknown("working orders: no answer"),
});
missingDenies("no value of the account", "EXPOSURE_UNKNOWN", {
  facts: { ...FACTS, summary: missing("no answer") },
  finds: unknown("the account's value: no answer"),
});

property(
  "only what reaches the threshold is added",
  fc.tuple(fc.nat(100), fc.integer({ min: 300_000, max: 1_000_000 })),
  {
    make: ([quantity, ppm]) => beside(String(quantity), ppm),
    holds: ({ outcome }, [quantity, ppm]) =>
      (outcome === "deny") === (ppm >= 700_000 ? quantity * 50_000 : 0) + 230_020 > 3_000_000,
  },
);
