import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { FACTS, withFact, withQuote } from "../test-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { priceCollar } from "./price-collar.ts";

/** Bid 229.98, ask 230.02: narrow, so 3 % hard and 1 % soft. */
const { denies, confirms, boundary, missingDenies, property, passes } = ruleTests(priceCollar);
const buy = (limitPrice: string) => ({ terms: { limitPrice } });
const sell = (limitPrice: string) => ({ terms: { side: "SELL", limitPrice } });
const stop = (stopPrice: string, limitPrice?: string) => ({
  terms: { orderType: limitPrice === undefined ? "STP" : "STP LMT", stopPrice, limitPrice },
});
const quote = (changes: Parameters<typeof withQuote>[0]) => ({ facts: withQuote(changes) });
const PRICE = "PRICE_COLLAR" as const;
const CONFIRM = { confirm: PRICE };

denies("a limit with one digit too many", PRICE, buy("2300"));
denies("a sell limit at a tenth of the price", PRICE, sell("23"));
denies("a stop far beyond the market", PRICE, stop("500"));
denies("a patient limit that no market will reach", PRICE, buy("50"));
denies("a limit far behind its stop", PRICE, stop("235", "243"));
confirms("two percent through the market", PRICE, buy("234.62"));
passes("a market order, which has no price", { terms: { orderType: "MKT", limitPrice: null } });
passes("a limit at its stop", stop("235", "235"));

boundary("3 % above the ask: 236.9206", PRICE, {
  ...{ inside: buy("236.92"), outside: buy("236.93"), softer: CONFIRM },
});
boundary("3 % below the bid: 223.0806", PRICE, {
  ...{ inside: sell("223.09"), outside: sell("223.08"), softer: CONFIRM },
});
boundary("the soft limit, 1 % above the ask: 232.3202", CONFIRM, { inside: buy("232.32"), outside: buy("232.33") });
boundary("a waiting stop, 60 % above the ask: 368.032", PRICE, { inside: stop("368.03"), outside: stop("368.04") });
const option = withFact("instrument", { secType: "OPT" });
boundary("of an option 20 %: 276.024", PRICE, {
  inside: { ...buy("276.02"), facts: option },
  outside: { ...buy("276.03"), facts: option },
  softer: CONFIRM,
});
const wide = withQuote({ bid: "220", ask: "230" });
boundary("where the spread is wide 10 %: 253", PRICE, {
  inside: { ...buy("253"), facts: wide },
  outside: { ...buy("253.01"), facts: wide },
  softer: CONFIRM,
});

missingDenies("no quote", "QUOTE_MISSING", { facts: { quote: missing("none") } });
missingDenies("no ask", "QUOTE_IMPLAUSIBLE", quote({ ask: null }));
missingDenies("crossed", "QUOTE_IMPLAUSIBLE", quote({ bid: "231", ask: "230" }));
missingDenies("zero", "QUOTE_IMPLAUSIBLE", quote({ bid: "0", ask: "230" }));
missingDenies("of another instrument", "QUOTE_MISSING", quote({ conid: 7 }));

const cents = (count: number) => `${Math.floor(count / 100)}.${String(count % 100).padStart(2, "0")}`;
property(
  "denied exactly where the limit is more than 3 % through, on either side",
  fc.tuple(
    fc.boolean(),
    fc.integer({ min: 10_000, max: 40_000 }),
    fc.integer({ min: 1, max: 10 }),
    fc.integer({ min: -1500, max: 1500 }),
  ),
  {
    make: ([isBuy, bid, spread, off]) => {
      const limitPrice = cents((isBuy ? bid + spread : bid) + (isBuy ? off : -off));
      const { quote } = withQuote({ bid: cents(bid), ask: cents(bid + spread), last: null });
      return { terms: { side: isBuy ? "BUY" : "SELL", limitPrice }, facts: { ...FACTS, quote } };
    },
    holds: ({ outcome }, [isBuy, bid, spread, off]) => {
      const touch = isBuy ? bid + spread : bid;
      return (outcome === "deny") === off * 100 > 3 * touch && (outcome !== "pass") === off * 100 > touch;
    },
    runs: 300,
  },
);

/** A vertical for a net 2.00 whose legs are worth 14.10. */
const leg = (conid: number, bid: string, ask: string) => ({
  ...{ conid, instrument: withFact("instrument", { conid, secType: "OPT" }).instrument },
  ...{ quote: withQuote({ conid, bid, ask }).quote, session: FACTS.session },
});
const legs = [leg(1, "7.95", "8.05"), leg(2, "5.95", "6.05")];
const combo = (limitPrice: string, given = legs) => ({
  terms: {
    conid: undefined,
    limitPrice,
    legs: [1, 2].map((conid) => ({ conid, side: conid === 1 ? "BUY" : "SELL", ratio: 1 })),
  },
  facts: { legs: given },
});
boundary("of a combination 20 % of its legs: 2.10 + 2.82", PRICE, {
  ...{ inside: combo("4.92"), outside: combo("4.93"), softer: CONFIRM },
});
missingDenies(
  "a leg without a quote",
  "QUOTE_MISSING",
  combo("2.1", [leg(1, "7.95", "8.05"), { ...leg(2, "1", "2"), quote: missing("none") }]),
);
