import { OrderTerms } from "@countersign/contracts/order";
import fc from "fast-check";
import { expect, test } from "vitest";
import { missing } from "../facts/fact.ts";
import { FACTS, POLICY, TERMS, withQuote } from "../test-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { stopDistance } from "./stop-distance.ts";

/** Ask 230.02, bid 229.98. Stops between 0.5 and 25 % away, trails of at most 20 %. */
const { limitPrice: _, ...plain } = TERMS as OrderTerms & { limitPrice: string };
const terms = OrderTerms.parse({ ...plain, orderType: "STP", stopPrice: "235" });
const { denies, boundary, missingDenies, property, passes } = ruleTests(stopDistance, {
  ...{ terms, unit: "percent" },
  tightens: { percentMin: ["0.5", "0.6"], percentMax: ["25", "24"], trailPercentMax: ["20", "19"] },
  // 4.98 of 230.02 is between 2.165 and 2.1651 %.
  finds: { limit: "0.5 to 25", value: "2.1651", headroom: "1.665", says: "the stop is 2.1651 % from the market" },
});
const found = (value: string, headroom: string, says: string) => ({ finds: { value, headroom, says } });
const plainOrder = { orderType: "MKT", stopPrice: undefined, limitPrice: null };
const stop = (stopPrice: string) => ({ terms: { stopPrice } });
const sell = (stopPrice: string) => ({ terms: { side: "SELL", stopPrice } });
const trailLimit = (amount: string) => ({
  ...{ orderType: "TRAIL LIMIT", limitPrice: undefined, stopPrice: "240", limitOffset: "1" },
  trail: { by: "amount", amount },
});
const trailing = (trail: object) => ({ terms: { orderType: "TRAIL", stopPrice: undefined, trail } });
const EXITS = { takeProfit: { limitPrice: "245" }, timeInForce: "GTC" };
const bracket = (stopPrice: string) => ({
  terms: {
    ...{ orderType: "LMT", limitPrice: "230", stopPrice: undefined },
    exits: { takeProfit: { limitPrice: "240" }, stopLoss: { stopPrice }, timeInForce: "GTC" },
  },
});

denies("a stop at the market", "STOP_DISTANCE", {
  ...stop("230.03"),
  ...found("0.0043", "-0.4957", "the stop is 0.0043 % from the market; at least 0.5 %"),
});
denies("a stop at twice the price", "STOP_DISTANCE", {
  ...stop("460"),
  ...found("99.9827", "-74.9827", "the stop is 99.9827 % from the market; at most 25 %"),
});
denies("a trail of a quarter", "TRAIL_TOO_WIDE", {
  ...trailing({ by: "percent", percent: "25" }),
  ...found("25", "-5", "the trail is 25 %; at most 20 %"),
});
denies("the stop loss of a stop order that is itself far enough", "STOP_DISTANCE", {
  terms: { stopPrice: "235", exits: { ...EXITS, stopLoss: { stopPrice: "234.9" } } },
  ...found("0.0425", "-0.4575", "the stop loss is 0.0425 % from its entry"),
});
passes("a stop and a stop loss, of which the nearer one is shown", {
  terms: { stopPrice: "240", exits: { ...EXITS, stopLoss: { stopPrice: "233" } } },
  ...found("2.9167", "2.4166", "the stop loss is 2.9167 % from its entry"),
});
denies("the stop loss of a bracket that fires on noise", "STOP_DISTANCE", {
  ...bracket("229.9"),
  ...found("0.0434", "-0.4566", "the stop loss is 0.0434 % from its entry; at least 0.5 %"),
});
/** A purchase far below the market, of which the stop loss is half a percent away from where it will be bought. */
const deep = (stopPrice: string) => ({
  terms: {
    ...{ orderType: "LMT", limitPrice: "150", stopPrice: undefined },
    exits: { takeProfit: { limitPrice: "160" }, stopLoss: { stopPrice }, timeInForce: "GTC" },
  },
});
boundary("0.5 % below an entry that waits, however far that is from the market", "STOP_DISTANCE", {
  inside: { ...deep("149.25"), ...found("0.5", "0", "") },
  outside: { ...deep("149.26"), ...found("0.4933", "-0.0067", "from its entry; at least 0.5 %") },
});
boundary("25 % below an entry that waits", "STOP_DISTANCE", {
  inside: { ...deep("112.5"), ...found("25", "24.5", "") },
  outside: { ...deep("112.49"), ...found("25.0067", "-0.0067", "from its entry; at most 25 %") },
});
passes("the stop loss of a purchase at once, by the market of now", {
  terms: {
    orderType: "MKT",
    stopPrice: undefined,
    limitPrice: null,
    exits: { ...EXITS, stopLoss: { stopPrice: "220" } },
  },
  ...found("4.3396", "3.8395", "the stop loss is 4.3396 % from the market"),
});
passes("an order without a stop needs no market for that", {
  ...{ terms: plainOrder, facts: { quote: missing("none") } },
  finds: { value: null, headroom: null, says: "no stop" },
});
missingDenies("a trail without a market", "QUOTE_MISSING", {
  ...trailing({ by: "percent", percent: "2" }),
  facts: { quote: missing("none") },
});
passes("the stop loss of a bracket", { ...bracket("220"), ...found("4.3479", "3.8478", "the stop loss is 4.3479 %") });

boundary("0.5 % above the ask: 231.1701", "STOP_DISTANCE", {
  inside: { ...stop("231.18"), ...found("0.5044", "0.0043", "") },
  outside: { ...stop("231.17"), ...found("0.4999", "-0.0001", "at least 0.5 %") },
});
boundary("25 % above the ask: 287.525", "STOP_DISTANCE", {
  inside: { ...stop("287.52"), ...found("24.9979", "24.4978", "") },
  outside: { ...stop("287.53"), ...found("25.0022", "-0.0022", "at most 25 %") },
});
boundary("0.5 % below the bid: 228.8301", "STOP_DISTANCE", {
  inside: { ...sell("228.83"), ...found("0.5001", "0", "") },
  outside: { ...sell("228.84"), ...found("0.4956", "-0.0044", "at least 0.5 %") },
});
boundary("a trail of 20 %", "TRAIL_TOO_WIDE", {
  // From 230, the last price, it begins at 276: 45.98 above the ask.
  inside: { ...trailing({ by: "percent", percent: "20" }), ...found("19.9896", "19.4895", "the stop is") },
  outside: { ...trailing({ by: "percent", percent: "20.0001" }), ...found("20.0001", "-0.0001", "the trail is") },
});
/** The first stop stands where it was asked for; from the first tick on the trail alone says how far it stays behind. */
const from240 = (trail: object) => ({ terms: { orderType: "TRAIL", stopPrice: "240", trail } });
boundary("a trail of half a percent behind a first stop that is far away", "STOP_DISTANCE", {
  inside: { ...from240({ by: "percent", percent: "0.5" }), ...found("4.3388", "3.8387", "the stop is") },
  outside: {
    ...from240({ by: "percent", percent: "0.4999" }),
    ...found("0.4999", "-0.0001", "the trail is 0.4999 %; at least 0.5 %"),
  },
});
boundary("a trailing amount of half a percent of the ask, 1.1501, that becomes a limit order", "STOP_DISTANCE", {
  inside: { terms: trailLimit("1.16"), ...found("4.3388", "3.8387", "the stop is") },
  outside: { terms: trailLimit("1.15"), ...found("0.4999", "-0.0001", "the trail is 0.4999 %; at least 0.5 %") },
});
boundary("a trailing amount of 20 % of the ask: 46.004", "TRAIL_TOO_WIDE", {
  inside: { ...trailing({ by: "amount", amount: "46" }), ...found("19.9896", "19.4895", "the stop is") },
  outside: { ...trailing({ by: "amount", amount: "46.01" }), ...found("20.0027", "-0.0027", "the trail is") },
});

missingDenies("no quote", "QUOTE_MISSING", { facts: { quote: missing("none") } });
missingDenies("crossed", "QUOTE_IMPLAUSIBLE", { facts: withQuote({ bid: "231", ask: "230" }) });

property(
  "a buy stop passes exactly between 0.5 and 25 % above the ask",
  fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 40_000 })),
  {
    make: ([ask, off]) => ({
      terms: { stopPrice: `${ask + Math.floor((ask * off) / 100_000)}.${String(off % 100).padStart(2, "0")}` },
      facts: { ...FACTS, quote: withQuote({ bid: `${ask - 1}.99`, ask: String(ask), last: null }).quote },
    }),
    holds: ({ outcome }, [ask, off]) => {
      const cents = (ask + Math.floor((ask * off) / 100_000)) * 100 + (off % 100);
      const distance = cents - ask * 100;
      return (outcome === "pass") === (distance * 200 >= ask * 100 && distance * 4 <= ask * 100);
    },
  },
);

test("a smallest distance that is not below the largest lets no stop through -> no policy", () => {
  const limits = POLICY.rules.stopDistance as object;
  const isGood = (percentMin: string) => stopDistance.limits?.safeParse({ ...limits, percentMin }).success;
  expect([isGood("24.9999"), isGood("25"), isGood("25.0001")]).toEqual([true, false, false]);
});
