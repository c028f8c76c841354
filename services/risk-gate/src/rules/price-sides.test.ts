import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { withQuote } from "../test-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { priceSides } from "./price-sides.ts";

/** The last price is 230. */
const { denies, boundary, missingDenies, property, passes } = ruleTests(priceSides, {
  ...{ unit: "price", tightens: null, finds: { limit: null, value: null, headroom: null, says: "in order" } },
});
const found = (value: string | null, says: string) => ({ finds: { value, headroom: null, says } });
const IN_ORDER = found(null, "in order");
const CODE = "PRICE_ON_WRONG_SIDE" as const;
const stop = (stopPrice: string, side = "BUY") => ({
  terms: { side, orderType: "STP", limitPrice: undefined, stopPrice },
});
const trigger = (triggerPrice: string, side = "BUY") => ({
  terms: { side, orderType: "MIT", limitPrice: undefined, triggerPrice },
});
const stopLimit = (side: string, stopPrice: string, limitPrice: string) => ({
  terms: { side, orderType: "STP LMT", stopPrice, limitPrice },
});
const exits = (takeProfit: string, stopLoss: object, side = "BUY") => ({
  terms: { side, exits: { takeProfit: { limitPrice: takeProfit }, stopLoss, timeInForce: "DAY" } },
});

boundary("the limit of a buy stop at the stop, and a cent below it", CODE, {
  inside: { ...stopLimit("BUY", "235", "235"), ...IN_ORDER },
  outside: { ...stopLimit("BUY", "235", "234.99"), ...found("234.99", "the limit lies below the stop 235") },
});
boundary("the limit of a sell stop at the stop, and a cent above it", CODE, {
  inside: { ...stopLimit("SELL", "225", "225"), ...IN_ORDER },
  outside: { ...stopLimit("SELL", "225", "225.01"), ...found("225.01", "the limit lies above the stop 225") },
});
passes("limits on the far side of their stops", { ...stopLimit("BUY", "235", "240"), ...IN_ORDER });
passes("limits on the far side of their stops, selling", { ...stopLimit("SELL", "225", "220"), ...IN_ORDER });
boundary("a stop loss a tick below the entry, and at it", CODE, {
  inside: { ...exits("240", { stopPrice: "229.99" }), ...IN_ORDER },
  outside: { ...exits("240", { stopPrice: "230" }), ...found("230", "the stop loss 230 must be below 230") },
});
boundary("a stop loss of a sale a tick above the entry, and at it", CODE, {
  inside: { ...exits("220", { stopPrice: "230.01" }, "SELL"), ...IN_ORDER },
  outside: { ...exits("220", { stopPrice: "230" }, "SELL"), ...found("230", "the stop loss 230 must be above 230") },
});
boundary("a stop loss whose own limit is the same, and lies above it", CODE, {
  inside: { ...exits("240", { stopPrice: "220", limitPrice: "220" }), ...IN_ORDER },
  outside: { ...exits("240", { stopPrice: "220", limitPrice: "220.01" }), ...found("220.01", "its own limit") },
});
boundary("a stop loss of a sale whose own limit is the same, and lies below it", CODE, {
  inside: { ...exits("220", { stopPrice: "240", limitPrice: "240" }, "SELL"), ...IN_ORDER },
  outside: { ...exits("220", { stopPrice: "240", limitPrice: "239.99" }, "SELL"), ...found("239.99", "its own limit") },
});
passes("a stop loss of a sale with room up to its limit", {
  ...exits("220", { stopPrice: "240", limitPrice: "241" }, "SELL"),
  ...IN_ORDER,
});
denies("a first stop of a trail below the market", CODE, {
  terms: { orderType: "TRAIL", limitPrice: undefined, trail: { by: "amount", amount: "5" }, stopPrice: "225" },
  ...found("225", "the stop 225 must be above 230"),
});
passes("exits that enclose the entry", { ...exits("240", { stopPrice: "220", limitPrice: "219" }), ...IN_ORDER });
passes("an order without stops and triggers", { terms: { orderType: "MKT", limitPrice: null }, ...IN_ORDER });
boundary("a buy stop a tick above the last price, and at it", CODE, {
  inside: { ...stop("230.01"), ...IN_ORDER },
  outside: { ...stop("230"), ...found("230", "the stop 230 must be above 230") },
});
boundary("a sell stop a tick below the last price, and at it", CODE, {
  inside: { ...stop("229.99", "SELL"), ...IN_ORDER },
  outside: { ...stop("230", "SELL"), ...found("230", "the stop 230 must be below 230") },
});
boundary("a buy trigger a tick below the last price, and at it", CODE, {
  inside: { ...trigger("229.99"), ...IN_ORDER },
  outside: { ...trigger("230"), ...found("230", "the trigger 230 must be below 230") },
});
boundary("a sell trigger a tick above the last price, and at it", CODE, {
  inside: { ...trigger("230.01", "SELL"), ...IN_ORDER },
  outside: { ...trigger("230", "SELL"), ...found("230", "the trigger 230 must be above 230") },
});
boundary("a take profit a tick above the entry, and at it", CODE, {
  inside: { ...exits("230.01", { stopPrice: "220" }), ...IN_ORDER },
  outside: { ...exits("230", { stopPrice: "220" }), ...found("230", "the take profit 230 must be above 230") },
});
boundary("a take profit of a sale a tick below the entry, and at it", CODE, {
  inside: { ...exits("229.99", { stopPrice: "240" }, "SELL"), ...IN_ORDER },
  outside: {
    ...exits("230", { stopPrice: "240" }, "SELL"),
    ...found("230", "the take profit 230 must be below 230"),
  },
});
const none = { facts: { quote: missing("none") } };
passes("an order that waits for nothing needs no market", { ...none, ...IN_ORDER });
missingDenies("no market to compare with", CODE, {
  ...{ ...stop("235"), ...none },
  ...found("235", "no market price to compare it with"),
});
missingDenies("no market to compare a trigger with", CODE, {
  ...trigger("225"),
  ...none,
  ...found("225", "no market"),
});
missingDenies("no market where a trail could begin", CODE, {
  ...{ terms: { orderType: "TRAIL", limitPrice: undefined, trail: { by: "amount", amount: "5" } }, ...none },
  ...found(null, "no market price to compare it with"),
});
missingDenies("no price at which the entry of a bracket would fill", CODE, {
  ...{ terms: { ...exits("240", { stopPrice: "220" }).terms, orderType: "MKT", limitPrice: null }, ...none },
  ...found(null, "no price for the entry"),
});
missingDenies("neither a last price nor a far touch", CODE, {
  ...{ ...stop("235"), facts: withQuote({ last: null, ask: null }) },
  ...found("235", "no market price"),
});
property(
  "a stop passes exactly beyond the last price",
  fc.tuple(fc.boolean(), fc.integer({ min: 22_500, max: 23_500 })),
  {
    make: ([buys, cents]) =>
      stop(`${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`, buys ? "BUY" : "SELL"),
    holds: ({ outcome }, [buys, cents]) => (outcome === "pass") === (buys ? cents > 23_000 : cents < 23_000),
  },
);
