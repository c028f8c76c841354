import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { withQuote } from "../test-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { priceSides } from "./price-sides.ts";

/** The last price is 230. */
const { denies, boundary, missingDenies, property, passes } = ruleTests(priceSides);
const CODE = "PRICE_ON_WRONG_SIDE" as const;
const stop = (stopPrice: string, side = "BUY") => ({
  terms: { side, orderType: "STP", limitPrice: undefined, stopPrice },
});
const trigger = (triggerPrice: string, side = "BUY") => ({
  terms: { side, orderType: "MIT", limitPrice: undefined, triggerPrice },
});
const exits = (takeProfit: string, stopLoss: object) => ({
  terms: { exits: { takeProfit: { limitPrice: takeProfit }, stopLoss, timeInForce: "DAY" } },
});

denies("a limit short of its stop", CODE, { terms: { orderType: "STP LMT", stopPrice: "235", limitPrice: "234.99" } });
denies("a stop loss above the entry", CODE, exits("240", { stopPrice: "231" }));
denies("a stop loss whose own limit lies above it", CODE, exits("240", { stopPrice: "220", limitPrice: "221" }));
denies("a first stop of a trail below the market", CODE, {
  terms: { orderType: "TRAIL", limitPrice: undefined, trail: { by: "amount", amount: "5" }, stopPrice: "225" },
});
passes("exits that enclose the entry", exits("240", { stopPrice: "220", limitPrice: "219" }));
passes("an order without stops and triggers", { terms: { orderType: "MKT", limitPrice: null } });
boundary("a buy stop a tick above the last price, and at it", CODE, { inside: stop("230.01"), outside: stop("230") });
boundary("a sell stop a tick below the last price, and at it", CODE, {
  inside: stop("229.99", "SELL"),
  outside: stop("230", "SELL"),
});
boundary("a buy trigger a tick below the last price, and at it", CODE, {
  inside: trigger("229.99"),
  outside: trigger("230"),
});
boundary("a sell trigger a tick above the last price, and at it", CODE, {
  inside: trigger("230.01", "SELL"),
  outside: trigger("230", "SELL"),
});
boundary("a take profit a tick above the entry, and at it", CODE, {
  inside: exits("230.01", { stopPrice: "220" }),
  outside: exits("230", { stopPrice: "220" }),
});
missingDenies("no market to compare with", CODE, { ...stop("235"), facts: { quote: missing("none") } });
missingDenies("neither a last price nor a far touch", CODE, {
  ...stop("235"),
  facts: withQuote({ last: null, ask: null }),
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
