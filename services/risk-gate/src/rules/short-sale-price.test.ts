import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { withFact, withQuote } from "../test-facts.ts";
import { holding, withBook, working } from "../testing/book-facts.ts";
import { COMBO, SPREAD } from "../testing/combo-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { shortSalePrice } from "./short-sale-price.ts";

const { passes, denies, boundary, missingDenies, property } = ruleTests(shortSalePrice, {
  ...{ limits: { secTypes: ["STK"] }, unit: "price", mayBeOff: false },
  tightens: { secTypes: [["STK"], ["STK", "ETF"]] },
  finds: { limit: "above the bid: STK", value: null, headroom: null, says: "no short sale" },
});
const none = { value: null, headroom: null };
const sell = (change: object, held = "0", selling = "0") => ({
  terms: { side: "SELL", ...change },
  facts: withBook([holding({ quantity: held })], [working({ side: "SELL", remaining: selling })]),
});
const market = { orderType: "MKT", limitPrice: null };

denies("at the market", "SHORT_SALE_RESTRICTED", {
  ...sell(market),
  finds: { ...none, says: "without a limit price of its own" },
});
denies("at a stop without a limit", "SHORT_SALE_RESTRICTED", {
  ...sell({ orderType: "STP", limitPrice: undefined, stopPrice: "220" }),
  finds: none,
});
denies("a second sale of the same shares, below the bid", "SHORT_SALE_RESTRICTED", {
  ...sell({ quantity: "6", limitPrice: "229.97" }, "10", "5"),
  finds: { value: "229.97", headroom: "-0.01", says: "the bid is 229.98" },
});
denies("a combination that sells a share that is not held", "SHORT_SALE_RESTRICTED", {
  ...{ terms: SPREAD, facts: COMBO, limits: { secTypes: ["OPT"] } },
  finds: { limit: "above the bid: OPT", ...none, says: "leg 2" },
});
boundary("a cent above the bid, and at it", "SHORT_SALE_RESTRICTED", {
  inside: { ...sell({ limitPrice: "229.99" }), finds: { value: "229.99", headroom: "0.01" } },
  outside: { ...sell({ limitPrice: "229.98" }), finds: { value: "229.98", headroom: "0" } },
});
passes("of what is held and not yet being sold, at any price", { ...sell(market, "15", "5"), finds: none });
passes("of a type without a restriction", {
  ...sell(market),
  limits: { secTypes: ["WAR"] },
  finds: { limit: "above the bid: WAR", ...none, says: "no price restriction of STK" },
});
passes("of anything where the policy names no type", {
  ...sell(market),
  limits: { secTypes: [] },
  finds: { limit: "above the bid: none", ...none },
});
missingDenies("no bid", "QUOTE_MISSING", {
  ...sell({}),
  facts: { ...sell({}).facts, quote: withQuote({ bid: null }).quote },
});
missingDenies("no quote", "QUOTE_MISSING", { ...sell({}), facts: { ...sell({}).facts, quote: missing("gone") } });
missingDenies("no book", "EXPOSURE_UNKNOWN", { ...sell({}), facts: { book: missing("gone") } });
missingDenies("no working orders", "EXPOSURE_UNKNOWN", { ...sell({}), facts: { working: missing("gone") } });
missingDenies("no instrument", "EXPOSURE_UNKNOWN", { facts: { instrument: missing("gone") } });

property(
  "denied exactly when it is short and not above the bid",
  fc.tuple(fc.nat(20), fc.integer({ min: 22_990, max: 23_010 })),
  {
    make: ([held, cents]) => ({
      terms: { side: "SELL", limitPrice: (cents / 100).toFixed(2) },
      facts: { ...withBook([holding({ quantity: String(held) })]), instrument: withFact("instrument", {}).instrument },
    }),
    holds: ({ outcome }, [held, cents]) => (outcome === "deny") === (held < 10 && cents <= 22_998),
  },
);
