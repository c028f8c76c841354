import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { AAPL, holding, withBook, working } from "../testing/book-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { maxPosition } from "./max-position.ts";

const { passes, denies, boundary, missingDenies, property } = ruleTests(maxPosition, {
  unit: "units",
  tightens: {
    units: ["100", "99"],
    value: [
      { amount: "50000", currency: "USD" },
      { amount: "49999", currency: "USD" },
    ],
  },
  finds: { limit: "100", value: "10", headroom: "90", says: "AAPL: at most 10 units when everything fills" },
});
const held = (quantity: string) => withBook([holding({ quantity })]);
const order = (side: string, quantity: string) => ({ terms: { side, quantity } });

boundary("90 held and 10 bought; 11 bought", "MAX_POSITION", {
  inside: { ...order("BUY", "10"), facts: held("90"), finds: { value: "100", headroom: "0" } },
  outside: {
    ...{ ...order("BUY", "11"), facts: held("90") },
    finds: { value: "101", headroom: "-1", says: "AAPL would reach 101 units; at most 100" },
  },
});
boundary("the same short", "MAX_POSITION", {
  inside: { ...order("SELL", "10"), facts: held("-90"), finds: { value: "100", headroom: "0" } },
  outside: { ...order("SELL", "10.5"), facts: held("-90"), finds: { value: "100.5", headroom: "-0.5" } },
});
boundary("what works on the same side counts as filled", "MAX_POSITION", {
  inside: {
    facts: withBook([holding({ quantity: "80" })], [working()]),
    finds: { value: "100", headroom: "0" },
  },
  outside: {
    facts: withBook([holding({ quantity: "80" })], [working({ remaining: "10.01" })]),
    finds: { value: "100.01", headroom: "-0.01" },
  },
});
boundary("the cap in value: 10 x 230.02", "MAX_POSITION", {
  inside: {
    limits: { value: { amount: "2300.20", currency: "USD" } },
    finds: { value: "10", headroom: "90" },
  },
  outside: {
    limits: { value: { amount: "2300.19", currency: "USD" } },
    finds: { value: "10", headroom: null, says: "AAPL would reach 2300.2 USD; at most 2300.19" },
  },
});
denies("selling through zero as far as the cap on the other side", "MAX_POSITION", {
  ...order("SELL", "150"),
  facts: held("40"),
  finds: { value: "110", headroom: "-10" },
});
denies("what sells does not make room for what buys: it may never fill", "MAX_POSITION", {
  facts: withBook([holding({ quantity: "95" })], [working({ side: "SELL", remaining: "95" })]),
  finds: { value: "105", headroom: "-5" },
});
denies("a limit in another currency than the account's", "EXPOSURE_UNKNOWN", {
  limits: { value: { amount: "100000", currency: "EUR" } },
  finds: { value: null, headroom: null, says: "the limit is in EUR, not in USD" },
});
passes("a sale out of a position that is above the cap", {
  ...{ ...order("SELL", "10"), facts: held("500") },
  finds: { value: "500", headroom: "-400", says: "AAPL: at most 500 units when everything fills" },
});
/** 150 were held before there was a cap; as many short are a new position, and no smaller one. */
boundary("what is above the cap may be turned into the opposite as far as the cap, and no further", "MAX_POSITION", {
  inside: { ...order("SELL", "250"), facts: held("150"), finds: { value: "150", headroom: "-50" } },
  outside: {
    ...{ ...order("SELL", "250.5"), facts: held("150") },
    finds: { value: "100.5", headroom: "-0.5", says: "AAPL would reach 100.5 units; at most 100" },
  },
});
denies("a short position turned into as long a one, above the cap in value", "MAX_POSITION", {
  ...{ ...order("BUY", "160"), limits: { value: { amount: "15000", currency: "USD" } } },
  facts: withBook([holding({ quantity: "-80", unitValue: "240" })]),
  finds: { value: "80", headroom: null, says: "AAPL would reach 19200 USD; at most 15000" },
});
missingDenies("no book", "EXPOSURE_UNKNOWN", {
  facts: { ...held("0"), book: missing("not told") },
  finds: { value: null, headroom: null, says: "not told" },
});
denies("an order that names no instrument", "EXPOSURE_UNKNOWN", {
  unparsed: { legs: [] },
  finds: { value: null, headroom: null, says: "no instrument" },
});

const units = fc.integer({ min: -150, max: 150 });
property(
  "denied exactly when a side can pass the cap, and further than before",
  fc.record({
    position: units,
    buys: fc.nat(60),
    sells: fc.nat(60),
    quantity: fc.integer({ min: 1, max: 300 }),
    isBuy: fc.boolean(),
  }),
  {
    make: ({ position, buys, sells, quantity, isBuy }) => ({
      ...order(isBuy ? "BUY" : "SELL", String(quantity)),
      limits: { value: { amount: "100000000", currency: "USD" } },
      facts: withBook(
        [holding({ quantity: String(position) })],
        [
          working({ remaining: String(buys) }),
          working({ order: "b", side: "SELL", remaining: String(sells), conid: AAPL }),
        ],
      ),
    }),
    holds: ({ outcome }, { position, buys, sells, quantity, isBuy }) => {
      // Of the side on which the order works.
      const [before, after] = isBuy
        ? [position + buys, position + buys + quantity]
        : [sells - position, sells - position + quantity];
      return (outcome === "deny") === (after > 100 && after > before);
    },
  },
);
