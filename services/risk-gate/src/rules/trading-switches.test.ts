import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { withFact } from "../test-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { tradingSwitches } from "./trading-switches.ts";

/** Everything is off, and USD is home. */
const { denies, boundary, missingDenies, property, passes } = ruleTests(tradingSwitches, {
  limits: { forex: false, international: false, stopOrders: false },
});
const of = (change: object, limits: object = {}) => ({ facts: withFact("instrument", change), limits });
const STOP = { orderType: "STP", limitPrice: undefined, stopPrice: "235" };
const EXITS = { takeProfit: { limitPrice: "240" }, stopLoss: { stopPrice: "220" }, timeInForce: "GTC" };

denies("a currency pair", "SWITCHED_OFF", of({ secType: "CASH" }));
denies("the same symbol in another currency", "SWITCHED_OFF", of({ currency: "EUR" }));
denies("a bracket, whose exit is a stop", "SWITCHED_OFF", { terms: { exits: EXITS } });
denies("a trail", "SWITCHED_OFF", {
  terms: { orderType: "TRAIL", limitPrice: undefined, trail: { by: "percent", percent: "2" } },
});
boundary("forex off and on", "SWITCHED_OFF", {
  inside: of({ secType: "CASH" }, { forex: true }),
  outside: of({ secType: "CASH" }, { international: true, stopOrders: true }),
});
boundary("international off and on", "SWITCHED_OFF", {
  inside: of({ currency: "EUR" }, { international: true }),
  outside: of({ currency: "EUR" }, { forex: true, stopOrders: true }),
});
boundary("stop orders off and on", "SWITCHED_OFF", {
  inside: { terms: STOP, limits: { stopOrders: true } },
  outside: { terms: STOP, limits: { forex: true, international: true } },
});
passes("a second home currency", of({ currency: "EUR" }, { homeCurrencies: ["USD", "EUR"] }));
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
