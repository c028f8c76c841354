import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { withFact } from "../test-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { tradingSwitches } from "./trading-switches.ts";

/** Everything is off, and USD is home. */
const { denies, boundary, missingDenies, property, passes } = ruleTests(tradingSwitches, {
  limits: { forex: false, international: false, stopOrders: false },
  unit: "switch",
  tightens: {
    ...{ forex: [true, false], international: [true, false], stopOrders: [true, false] },
    homeCurrencies: [["USD", "EUR"], ["USD"]],
  },
  finds: { limit: "off: forex, international, stopOrders", value: "home", headroom: null, says: "in USD" },
});
const found = (value: string | null, says: string) => ({ finds: { value, headroom: null, says } });
const of = (change: object, limits: object = {}) => ({ facts: withFact("instrument", change), limits });
const STOP = { orderType: "STP", limitPrice: undefined, stopPrice: "235" };
const EXITS = { takeProfit: { limitPrice: "240" }, stopLoss: { stopPrice: "220" }, timeInForce: "GTC" };

denies("a currency pair", "SWITCHED_OFF", {
  ...of({ secType: "CASH" }),
  ...found("forex", "a currency pair: forex is off"),
});
denies("the same symbol in another currency", "SWITCHED_OFF", {
  ...of({ currency: "EUR" }),
  ...found("international", "EUR is not at home: international is off"),
});
denies("a bracket, whose exit is a stop", "SWITCHED_OFF", {
  terms: { exits: EXITS },
  ...found("stopOrders", "a bracket has a stop: stopOrders is off"),
});
denies("a stop", "SWITCHED_OFF", {
  terms: STOP,
  ...found("stopOrders", "STP is a stop order: stopOrders is off"),
});
passes("a currency pair where forex is on, whatever its currency", {
  ...of({ secType: "CASH", currency: "JPY" }, { forex: true }),
  finds: { limit: "off: international, stopOrders", value: "forex", headroom: null, says: "a currency pair" },
});
passes("a foreign currency where international is on, with everything on", {
  ...of({ currency: "EUR" }, { forex: true, international: true, stopOrders: true }),
  finds: { limit: "off: none", value: "international", headroom: null, says: "in EUR" },
});
denies("a trail", "SWITCHED_OFF", {
  terms: { orderType: "TRAIL", limitPrice: undefined, trail: { by: "percent", percent: "2" } },
  ...found("stopOrders", "TRAIL is a stop order: stopOrders is off"),
});
boundary("forex off and on", "SWITCHED_OFF", {
  inside: {
    ...of({ secType: "CASH" }, { forex: true }),
    finds: { limit: "off: international, stopOrders", value: "forex", headroom: null, says: "a currency pair" },
  },
  outside: {
    ...of({ secType: "CASH" }, { international: true, stopOrders: true }),
    finds: { limit: "off: forex", value: "forex", headroom: null, says: "forex is off" },
  },
});
boundary("international off and on", "SWITCHED_OFF", {
  inside: {
    ...of({ currency: "EUR" }, { international: true }),
    finds: { limit: "off: forex, stopOrders", value: "international", headroom: null, says: "in EUR" },
  },
  outside: {
    ...of({ currency: "EUR" }, { forex: true, stopOrders: true }),
    finds: { limit: "off: international", value: "international", headroom: null, says: "international is off" },
  },
});
boundary("stop orders off and on", "SWITCHED_OFF", {
  inside: {
    ...{ terms: STOP, limits: { stopOrders: true } },
    finds: { limit: "off: forex, international", value: "home", headroom: null },
  },
  outside: {
    ...{ terms: STOP, limits: { forex: true, international: true } },
    finds: { limit: "off: stopOrders", value: "stopOrders", headroom: null },
  },
});
passes("a second home currency", {
  ...of({ currency: "EUR" }, { homeCurrencies: ["USD", "EUR"] }),
  ...found("home", "in EUR"),
});
missingDenies("no contract", "SWITCHED_OFF", { facts: { instrument: missing("none") } });
property(
  "a pair needs forex, anything else abroad needs international",
  fc.tuple(fc.boolean(), fc.boolean(), fc.constantFrom("CASH", "STK", "FUT"), fc.constantFrom("USD", "EUR", "JPY")),
  {
    make: ([forex, international, secType, currency]) => of({ secType, currency }, { forex, international }),
    holds: ({ outcome }, [forex, international, secType, currency]) =>
      (outcome === "pass") === (secType === "CASH" ? forex : currency === "USD" || international),
  },
);
