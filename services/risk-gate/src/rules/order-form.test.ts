import { utcText } from "@countersign/clock/clock";
import type { OrderType, TimeInForce } from "@countersign/contracts/order";
import fc from "fast-check";
import { AT } from "../test-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { orderForm } from "./order-form.ts";

const { denies, boundary, property, passes } = ruleTests(orderForm);
const NOW_MS = Date.parse(AT);
const DAY_MS = 86_400_000;
const until = (ms: number, limits: object = {}) => ({
  ...{ terms: { timeInForce: "GTD", goodTill: utcText(NOW_MS + ms) }, limits },
});
const EXITS = { takeProfit: { limitPrice: "240" }, stopLoss: { stopPrice: "220" }, timeInForce: "GTC" };

denies("a type that is not on the list", "ORDER_TYPE_NOT_PERMITTED", { limits: { orderTypes: ["MKT"] } });
denies("a time in force that is not on the list", "TIME_IN_FORCE_NOT_PERMITTED", {
  ...{ terms: { timeInForce: "GTC" }, limits: { timesInForce: ["DAY"] } },
});
denies("a part that the policy does not permit", "ORDER_FIELD_NOT_PERMITTED", {
  ...{ terms: { exits: EXITS }, limits: { fieldsNever: ["exits"] } },
});
denies("outside regular hours without leave", "OUTSIDE_RTH_NOT_ALLOWED", { terms: { outsideRth: true } });
denies("the exits outside regular hours without leave", "OUTSIDE_RTH_NOT_ALLOWED", {
  terms: { exits: { ...EXITS, outsideRth: true } },
});
denies("a bracket around an order that is now or never", "BRACKET_NOT_ALLOWED", {
  terms: { exits: EXITS, timeInForce: "IOC" },
});
denies("a type with a time in force that it does not have", "TIME_IN_FORCE_NOT_ALLOWED", {
  terms: { orderType: "MOC", limitPrice: undefined, timeInForce: "IOC" },
});
passes("outside regular hours where the policy allows it", {
  terms: { outsideRth: true },
  limits: { outsideRth: true },
});
boundary("an end a millisecond from now, and now", "GOOD_TILL_INVALID", { inside: until(1), outside: until(0) });
boundary("an end in 30 days, and a millisecond later", "GOOD_TILL_INVALID", {
  inside: until(30 * DAY_MS),
  outside: until(30 * DAY_MS + 1),
});
const TYPES: OrderType[] = ["LMT", "MKT", "STP", "MOC"];
const TIMES: TimeInForce[] = ["DAY", "GTC", "IOC", "FOK"];
property(
  "a limit order passes exactly when its type and its time in force are both listed",
  fc.tuple(fc.subarray(TYPES, { minLength: 1 }), fc.subarray(TIMES, { minLength: 1 }), fc.constantFrom(...TIMES)),
  {
    make: ([orderTypes, timesInForce, timeInForce]) => ({
      terms: { timeInForce },
      limits: { orderTypes, timesInForce },
    }),
    holds: ({ outcome }, [types, times, time]) =>
      (outcome === "pass") === (types.includes("LMT") && times.includes(time)),
  },
);
