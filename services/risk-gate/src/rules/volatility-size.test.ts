import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { withFact, withQuote } from "../test-facts.ts";
import { holding, partHistory, withBook, withHistory } from "../testing/book-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { volatilitySize } from "./volatility-size.ts";

const { passes, denies, boundary, missingDenies, property } = ruleTests(volatilitySize, {
  ...{ unit: "% of value", tightens: { percentMax: ["0.5", "0.4"], sessions: null }, mayBeOff: true },
  finds: { limit: "0.5", value: "0.0237", headroom: "0.4763", says: "AAPL, at 1.03 % a day," },
});
const moving = (ppm: number, count = 20) =>
  partHistory(Array.from({ length: count }, (_, at) => (at % 2 === 0 ? ppm : -ppm)));

// Ten up and ten down by 10000 ppm: a deviation of 10260 ppm (rounded up); 2300.20 of it is 0.0236 % of 100000.
boundary("2300.20 at 1.026 % a day", "VOLATILITY_SIZE", {
  inside: { limits: { percentMax: "0.0237" }, finds: { limit: "0.0237", value: "0.0237", headroom: "0" } },
  outside: { limits: { percentMax: "0.0235" }, finds: { limit: "0.0235", value: "0.0237", headroom: "-0.0002" } },
});
boundary("as many daily returns as are needed, and one fewer", "HISTORY_MISSING", {
  inside: {
    facts: withHistory({ parts: [moving(10_000, 20)] }),
    finds: { value: "0.0237", headroom: "0.4763" },
  },
  outside: {
    facts: withHistory({ parts: [moving(10_000, 19)] }),
    finds: { value: null, headroom: null, says: "AAPL: 19 daily returns; 20 are needed" },
  },
});
denies("the same order in an instrument that moves a quarter a day", "VOLATILITY_SIZE", {
  facts: withHistory({ parts: [moving(250_000)] }),
  // A deviation of 256495 ppm: 589.99 of 2300.20.
  finds: { value: "0.59", headroom: "-0.09", says: "AAPL, at 25.65 % a day," },
});
denies("what is held already moves too", "VOLATILITY_SIZE", {
  facts: withBook([holding({ quantity: "250" })]),
  // 57500 and 2300.20: 613.55005 of it.
  finds: { value: "0.6136", headroom: "-0.1136" },
});
passes("only the newest sessions count", {
  facts: withHistory({ parts: [partHistory([...Array.from({ length: 30 }, () => 900_000), ...moving(10_000).own])] }),
  finds: { value: "0.0237", headroom: "0.4763" },
});
passes("a sale out of a position that moves too much", {
  terms: { side: "SELL" },
  facts: withBook([holding({ quantity: "2500" })]),
  finds: { value: "5.8995", headroom: null, says: "gets no larger" },
});
boundary(
  "all of a position that moves too much is sold, and one more, which is a new one behind it",
  "VOLATILITY_SIZE",
  {
    inside: {
      ...{ terms: { side: "SELL", quantity: "2500" }, facts: withBook([holding({ quantity: "2500" })]) },
      finds: { value: "5.8995", headroom: null, says: "gets no larger" },
    },
    outside: {
      ...{ terms: { side: "SELL", quantity: "2501" }, facts: withBook([holding({ quantity: "2500" })]) },
      finds: { value: "5.8995", headroom: "-5.3995" },
    },
  },
);
/** Two calls at 8.05 with a strike of 30: 7610 of strike and price, by an underlying that moves a quarter a day. */
const calls = (side: "BUY" | "SELL") => ({
  terms: { side, quantity: "2", limitPrice: "8.05" },
  facts: {
    instrument: withFact("instrument", { secType: "OPT", multiplier: "100", strike: "30", right: "C" }).instrument,
    quote: withQuote({ bid: "7.95", ask: "8.05", last: null }).quote,
    ...withHistory({ parts: [moving(250_000)] }),
  },
  limits: { percentMax: "2" },
});
passes("a bought option moves by no more than it costs", {
  ...calls("BUY"),
  finds: { limit: "2", value: "1.61", headroom: "0.39", says: "AAPL, at 25.65 % a day," },
});
passes("a written one moves by its underlying, on strike and price: 1951.93", {
  ...calls("SELL"),
  finds: { limit: "2", value: "1.952", headroom: "0.048" },
});
missingDenies("no history", "HISTORY_MISSING", { facts: { history: missing("none") } });
denies("an order that names no instrument", "EXPOSURE_UNKNOWN", {
  unparsed: { conid: undefined, legs: [] },
  finds: { value: null, headroom: null, says: "the order names no instrument" },
});
passes("an instrument beside which another one has no history", {
  facts: withHistory({ parts: [{ ...moving(10_000), conid: 1, own: [] }, moving(10_000)] }),
  finds: { value: "0.0237", headroom: "0.4763" },
});
missingDenies("the history of another instrument", "HISTORY_MISSING", {
  facts: withHistory({ parts: [{ ...moving(10_000), conid: 1 }] }),
  finds: { value: null, headroom: null, says: "AAPL: 0 daily returns; 20 are needed" },
});
missingDenies("a daily return that is no whole number", "HISTORY_MISSING", {
  facts: withHistory({ parts: [{ ...moving(10_000), own: [...moving(10_000, 19).own, 0.5] }] }),
});
missingDenies("no book", "EXPOSURE_UNKNOWN", { facts: { book: missing("none") } });
missingDenies("no value of the account", "EXPOSURE_UNKNOWN", {
  facts: withFact("summary", { netLiquidation: { amount: "0", currency: "USD" } }),
});

property(
  "denied exactly when quantity x price x deviation is above the share",
  fc.tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1_000, max: 100_000 })),
  {
    make: ([quantity, ppm]) => ({
      terms: { quantity: String(quantity) },
      facts: withHistory({ parts: [moving(ppm)] }),
      limits: { percentMax: "0.2" },
    }),
    holds: ({ outcome }, [quantity, ppm]) => {
      const deviation = Math.ceil(ppm * Math.sqrt(20 / 19));
      return (outcome === "deny") === (quantity * 230.02 * deviation) / 1e6 > 200;
    },
  },
);
