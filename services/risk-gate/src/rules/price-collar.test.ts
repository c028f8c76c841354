import fc from "fast-check";
import { expect, test } from "vitest";
import { missing } from "../facts/fact.ts";
import { FACTS, POLICY, withFact, withQuote } from "../test-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { priceCollar } from "./price-collar.ts";

/** Bid 229.98, ask 230.02: narrow, so 3 % hard and 1 % soft. */
const { denies, confirms, boundary, missingDenies, property, passes } = ruleTests(priceCollar, {
  unit: "percent",
  tightens: {
    ...{ liquidPercent: ["3", "2.9"], otherPercent: ["10", "9"], optionPercent: ["20", "19"] },
    ...{ liquidSpreadPercent: ["0.5", "0.6"], softPercent: ["1", "0.9"], awayPercent: ["60", "59"] },
  },
  // 0.02 of 230.02 is between 0.0086 and 0.0087 %.
  finds: { limit: "3 (liquid), 10, 20 (options)", value: "-0.0087", headroom: "3", says: "waits 0.0087 % away" },
});
const found = (value: string | null, headroom: string | null, says: string) => ({ finds: { value, headroom, says } });
const buy = (limitPrice: string) => ({ terms: { limitPrice } });
const sell = (limitPrice: string) => ({ terms: { side: "SELL", limitPrice } });
const stop = (stopPrice: string, limitPrice?: string) => ({
  terms: { orderType: limitPrice === undefined ? "STP" : "STP LMT", stopPrice, limitPrice },
});
const quote = (changes: Parameters<typeof withQuote>[0]) => ({ facts: withQuote(changes) });
const PRICE = "PRICE_COLLAR" as const;
const CONFIRM = { confirm: PRICE };

denies("a limit with one digit too many", PRICE, {
  ...buy("2300"),
  ...found("899.9131", "-896.9131", "the limit price is 899.9131 % through the market"),
});
denies("a sell limit at a tenth of the price", PRICE, {
  ...sell("23"),
  ...found("89.9992", "-86.9992", "limit price"),
});
denies("a stop far beyond the market", PRICE, {
  ...stop("500"),
  ...found("117.3725", "-57.3725", "the stop price is 117.3725 % away from the market; at most 60 %"),
});
/** A purchase far below the market, with exits around where it will be bought and not around where the market is. */
const deep = (takeProfit: string) => ({
  terms: {
    limitPrice: "150",
    exits: { takeProfit: { limitPrice: takeProfit }, stopLoss: { stopPrice: "140" }, timeInForce: "GTC" },
  },
});
boundary("a take profit 60 % above an entry that waits at 150, below the market or above it", PRICE, {
  inside: { ...deep("240"), ...found("-34.7883", "3", "the limit price waits 34.7883 % away") },
  outside: { ...deep("240.01"), ...found("60.0067", "-0.0067", "the take profit is 60.0067 % away from the market") },
});
passes("a take profit between the entry that waits and the market", {
  ...deep("160"),
  ...found("-34.7883", "3", "the limit price waits 34.7883 % away"),
});
denies("a patient limit that no market will reach", PRICE, {
  ...buy("50"),
  ...found("78.2628", "-18.2628", "the limit price is 78.2628 % away from the market"),
});
denies("a limit far behind its stop", PRICE, {
  ...stop("235", "243"),
  ...found("3.4043", "-0.4043", "the limit price is 3.4043 % through the market"),
});
/** Without its first stop there is no such order. */
const trailLimit = (limitOffset: string) => ({
  terms: {
    ...{ orderType: "TRAIL LIMIT", stopPrice: "240", limitOffset, limitPrice: undefined },
    trail: { by: "amount", amount: "5" },
  },
});
boundary("the limit of a trail 3 % behind its stop of 240: 7.2", PRICE, {
  inside: { ...trailLimit("7.2"), ...found("3", "0", "the limit price is 3 % through the market") },
  outside: { ...trailLimit("7.21"), ...found("3.0042", "-0.0042", "the limit price is 3.0042 % through the market") },
  softer: CONFIRM,
});
/** Pegged to the bid, 229.98; 3 % above the ask is 236.9206. */
const pegged = (offset: string) => ({ terms: { orderType: "REL", offset, limitPrice: undefined } });
boundary("an offset that takes a pegged order 3 % through the market", PRICE, {
  inside: { ...pegged("6.94"), ...found("2.9998", "0.0002", "the pegged price is 2.9998 % through the market") },
  outside: { ...pegged("6.95"), ...found("3.0041", "-0.0041", "the pegged price is 3.0041 % through the market") },
  softer: CONFIRM,
});
confirms("two percent through the market", PRICE, {
  ...buy("234.62"),
  ...found("1.9999", "1.0001", "the limit price is 1.9999 % through the market; above 1 % it needs a confirmation"),
});
confirms("a limit 3 behind its stop, though the stop itself only waits", PRICE, {
  ...stop("235", "238"),
  ...found("1.2766", "1.7234", "the limit price"),
});
passes("a market order, which has no price", {
  terms: { orderType: "MKT", limitPrice: null },
  ...found(null, null, "the order has no price of its own"),
});
passes("a limit at its stop", {
  ...stop("235", "235"),
  ...found("-2.1651", "3", "the stop price waits 2.1651 % away"),
});
passes("of several prices the one with the least room is shown", {
  ...stop("235", "236"),
  ...found("0.4256", "2.5744", "the limit price is 0.4256 % through the market"),
});
passes("an instrument that is not known is no option", {
  ...{ ...buy("231"), facts: { instrument: missing("none") } },
  ...found("0.4261", "2.5739", ""),
});

boundary("3 % above the ask: 236.9206", PRICE, {
  inside: { ...buy("236.92"), ...found("2.9998", "0.0002", "") },
  outside: {
    ...buy("236.93"),
    ...found("3.0041", "-0.0041", "the limit price is 3.0041 % through the market; at most 3 %"),
  },
  softer: CONFIRM,
});
boundary("3 % below the bid: 223.0806", PRICE, {
  inside: { ...sell("223.09"), ...found("2.996", "0.004", "") },
  outside: { ...sell("223.08"), ...found("3.0003", "-0.0003", "") },
  softer: CONFIRM,
});
boundary("the soft limit, 1 % above the ask: 232.3202", CONFIRM, {
  inside: { ...buy("232.32"), ...found("1", "2", "") },
  outside: { ...buy("232.33"), ...found("1.0043", "1.9957", "above 1 % it needs a confirmation") },
});
boundary("a waiting stop, 60 % above the ask: 368.032", PRICE, {
  inside: { ...stop("368.03"), ...found("-59.9992", "3", "the stop price waits 59.9992 % away") },
  outside: {
    ...stop("368.04"),
    ...found("60.0035", "-0.0035", "the stop price is 60.0035 % away from the market; at most 60 %"),
  },
});
const option = withFact("instrument", { secType: "OPT" });
boundary("of an option 20 %: 276.024", PRICE, {
  inside: { ...buy("276.02"), facts: option, ...found("19.9983", "0.0017", "") },
  outside: { ...buy("276.03"), facts: option, ...found("20.0027", "-0.0027", "at most 20 %") },
  softer: CONFIRM,
});
const future = withFact("instrument", { secType: "FOP" });
boundary("of an option on a future the same", PRICE, {
  inside: { ...buy("276.02"), facts: future, ...found("19.9983", "0.0017", "") },
  outside: { ...buy("276.03"), facts: future, ...found("20.0027", "-0.0027", "at most 20 %") },
  softer: CONFIRM,
});
boundary("a spread of more than half a percent of the mid is wide, and a cent less is narrow", PRICE, {
  inside: {
    ...{ ...buy("258.80"), facts: withQuote({ bid: "250", ask: "251.26" }) },
    ...found("3.0009", "6.9991", "above 1 % it needs a confirmation"),
  },
  outside: {
    ...{ ...buy("258.80"), facts: withQuote({ bid: "250", ask: "251.25" }) },
    ...found("3.005", "-0.005", "at most 3 %"),
  },
  softer: CONFIRM,
});
const wide = withQuote({ bid: "220", ask: "230" });
boundary("where the spread is wide 10 %: 253", PRICE, {
  inside: { ...buy("253"), facts: wide, ...found("10", "0", "") },
  outside: { ...buy("253.01"), facts: wide, ...found("10.0044", "-0.0044", "at most 10 %") },
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
const stock = withFact("instrument", { conid: 2 }).instrument;
const mixed = [leg(1, "7.95", "8.05"), { ...leg(2, "5.95", "6.05"), instrument: stock }];
const combo = (limitPrice: string, given = legs) => ({
  terms: {
    conid: undefined,
    limitPrice,
    legs: [1, 2].map((conid) => ({ conid, side: conid === 1 ? "BUY" : "SELL", ratio: 1 })),
  },
  facts: { legs: given },
});
boundary("of a combination 20 % of its legs: 2.10 + 2.82", PRICE, {
  inside: { ...combo("4.92"), ...found("20", "0", "the limit price is 20 % through the market") },
  outside: { ...combo("4.93"), ...found("20.071", "-0.071", "at most 20 %") },
  softer: CONFIRM,
});
const sold = (limitPrice: string) => ({ ...combo(limitPrice), terms: { ...combo(limitPrice).terms, side: "SELL" } });
boundary("of a combination that is sold: 1.90 - 2.82", PRICE, {
  inside: { ...sold("-0.92"), ...found("20", "0", "") },
  outside: { ...sold("-0.93"), ...found("20.071", "-0.071", "") },
  softer: CONFIRM,
});
passes("a combination at the market has no price", {
  terms: { ...combo("1").terms, orderType: "MKT", limitPrice: null },
  facts: combo("1").facts,
  ...found(null, null, "no price of its own"),
});
boundary("of legs of several kinds the narrowest band counts: 10 % of 14.10", PRICE, {
  inside: { ...combo("3.51", mixed), ...found("10", "0", "") },
  outside: { ...combo("3.52", mixed), ...found("10.071", "-0.071", "at most 10 %") },
  softer: CONFIRM,
});
missingDenies(
  "a leg without a quote",
  "QUOTE_MISSING",
  combo("2.1", [leg(1, "7.95", "8.05"), { ...leg(2, "1", "2"), quote: missing("none") }]),
);

test("a soft limit beyond a hard one is no policy: nobody would ever be asked", () => {
  const limits = POLICY.rules.priceCollar as object;
  const isGood = (change: object) => priceCollar.limits?.safeParse({ ...limits, ...change }).success;
  expect([isGood({ softPercent: "3" }), isGood({ softPercent: "3.0001" })]).toEqual([true, false]);
  expect([isGood({ otherPercent: "0.9" }), isGood({ optionPercent: "0.9" })]).toEqual([false, false]);
});

test("a narrow spread with the wider collar is no policy; with the same one it is", () => {
  const limits = POLICY.rules.priceCollar as object;
  const isGood = (liquidPercent: string) => priceCollar.limits?.safeParse({ ...limits, liquidPercent }).success;
  expect([isGood("10"), isGood("10.0001")]).toEqual([true, false]);
});
