import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { holding, msft, withBook, working } from "../testing/book-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { grossExposure } from "./gross-exposure.ts";

/** Of an account worth 100000, 100 %; the order is worth 10 x 230.02. */
const { passes, denies, boundary, missingDenies, property } = ruleTests(grossExposure, {
  ...{ unit: "% of value", tightens: { percentMax: ["100", "99"] } },
  finds: { limit: "100", value: "2.3002", headroom: "97.6998", says: "gross exposure would be 2.3002 %" },
});
const limit = (percentMax: string) => ({ limits: { percentMax } });
const unknown = (says: string) => ({ value: null, headroom: null, says });

boundary("long and short are added: 20 x 500 short beside it", "GROSS_EXPOSURE", {
  inside: {
    facts: withBook([msft({ quantity: "-20" })]),
    ...limit("12.3002"),
    finds: { limit: "12.3002", value: "12.3002", headroom: "0" },
  },
  outside: {
    facts: withBook([msft({ quantity: "-20" })]),
    ...limit("12.3001"),
    finds: { limit: "12.3001", value: "12.3002", headroom: "-0.0001" },
  },
});
denies("a position turned is counted on its new side: 500 x 230 short", "GROSS_EXPOSURE", {
  terms: { side: "SELL", quantity: "600" },
  facts: withBook([holding({ quantity: "100" })]),
  finds: { value: "115", headroom: "-15" },
});
denies("orders of both sides: the worse one of each instrument", "GROSS_EXPOSURE", {
  facts: withBook(
    [msft({ quantity: "100" }), holding({ quantity: "0", unitValue: null })],
    [working({ conid: 272093, remaining: "50", unitValue: "500" }), working({ order: "b", remaining: "100" })],
  ),
  // 150 x 500 + 100 x 230 + 2300.2
  finds: { value: "100.3002", headroom: "-0.3002" },
});
passes("a sale out of a book that is above the limit", {
  terms: { side: "SELL" },
  facts: withBook([holding(), msft({ quantity: "500" })]),
  finds: { value: "252.3", headroom: null, says: "gets no larger" },
});
boundary("500 x 230 above the limit are sold, and one more, which is a new position behind them", "GROSS_EXPOSURE", {
  inside: {
    ...{ terms: { side: "SELL", quantity: "500" }, facts: withBook([holding({ quantity: "500" })]) },
    finds: { value: "115", headroom: null, says: "gets no larger" },
  },
  outside: {
    ...{ terms: { side: "SELL", quantity: "501" }, facts: withBook([holding({ quantity: "500" })]) },
    finds: { value: "115", headroom: "-15" },
  },
});
boundary("the same with what another order sells already", "GROSS_EXPOSURE", {
  inside: {
    terms: { side: "SELL", quantity: "499" },
    facts: withBook([holding({ quantity: "500" })], [working({ side: "SELL", remaining: "1" })]),
    finds: { value: "115", headroom: null, says: "gets no larger" },
  },
  outside: {
    terms: { side: "SELL", quantity: "500" },
    facts: withBook([holding({ quantity: "500" })], [working({ side: "SELL", remaining: "1" })]),
    finds: { value: "115", headroom: "-15" },
  },
});
denies("500 short above the limit, of which one more than all is bought back", "GROSS_EXPOSURE", {
  ...{ terms: { quantity: "501" }, facts: withBook([holding({ quantity: "-500" })]) },
  finds: { value: "115", headroom: "-15" },
});
missingDenies("no book", "EXPOSURE_UNKNOWN", {
  facts: { ...withBook([]), book: missing("no answer") },
  finds: unknown("the book: no answer"),
});
missingDenies("no working orders", "EXPOSURE_UNKNOWN", {
  facts: { ...withBook([]), working: missing("no answer") },
  finds: unknown("working orders: no answer"),
});
missingDenies("no summary", "EXPOSURE_UNKNOWN", {
  facts: { ...withBook([]), summary: missing("no answer") },
  finds: unknown("the account's value: no answer"),
});

const units = fc.integer({ min: -200, max: 200 });
property(
  "denied exactly above the sum of what is worst in each instrument, unless it only buys back",
  fc.tuple(units, units, fc.nat(150)),
  {
    make: ([other, own, quantity]) => ({
      terms: { quantity: String(quantity + 1) },
      facts: withBook([msft({ quantity: String(other) }), holding({ quantity: String(own), unitValue: "230.02" })]),
    }),
    holds: ({ outcome }, [other, own, quantity]) => {
      const worst = Math.max(Math.abs(own + quantity + 1), Math.abs(own));
      const isAbove = Math.abs(other) * 50_000 + worst * 23_002 > 10_000_000;
      return (outcome === "deny") === (isAbove && own + quantity + 1 > 0);
    },
  },
);
