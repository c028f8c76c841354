import { utcText } from "@countersign/clock/clock";
import { OrderType, type TimeInForce } from "@countersign/contracts/order";
import fc from "fast-check";
import { AT } from "../test-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { orderForm } from "./order-form.ts";

const ORDER_TYPES = OrderType.options;
const { denies, boundary, property, passes } = ruleTests(orderForm, {
  unit: "type",
  tightens: {
    orderTypes: [["LMT", "MKT"], ["LMT"]],
    timesInForce: [["DAY", "GTC"], ["DAY"]],
    fieldsNever: [["exits"], ["exits", "legs"]],
    ...{ goodTillDaysMax: [30, 29], outsideRth: [true, false] },
  },
  finds: { limit: ORDER_TYPES.join(", "), value: "LMT DAY", headroom: null },
});
const found = (value: string, says: string) => ({ finds: { value, headroom: null, says } });
const NOW_MS = Date.parse(AT);
const DAY_MS = 86_400_000;
const until = (ms: number, limits: object = {}) => ({
  ...{ terms: { timeInForce: "GTD", goodTill: utcText(NOW_MS + ms) }, limits },
});
const EXITS = { takeProfit: { limitPrice: "240" }, stopLoss: { stopPrice: "220" }, timeInForce: "GTC" };

const TRAIL = { limitPrice: undefined, trail: { by: "percent", percent: "2" } };
/** An order that has it, of each part that a policy can forbid. */
const PARTS: Readonly<Record<string, { orderType?: string; timeInForce?: string } & Record<string, unknown>>> = {
  exits: { exits: EXITS },
  legs: { conid: undefined, legs: [1, 2].map((conid) => ({ conid, side: "BUY", ratio: 1 })) },
  goodTill: until(1).terms,
  outsideRth: { outsideRth: true },
  trail: { orderType: "TRAIL", ...TRAIL },
  triggerPrice: { orderType: "MIT", limitPrice: undefined, triggerPrice: "225" },
  offset: { orderType: "REL", offset: "1" },
  limitOffset: { orderType: "TRAIL LIMIT", ...TRAIL, stopPrice: "235", limitOffset: "1" },
};

denies("a type that is not on the list", "ORDER_TYPE_NOT_PERMITTED", {
  limits: { orderTypes: ["MKT"] },
  finds: { limit: "MKT", value: "LMT DAY", headroom: null, says: "LMT is not on the permitted list" },
});
denies("a time in force that is not on the list", "TIME_IN_FORCE_NOT_PERMITTED", {
  ...found("LMT GTC", "GTC is not on the permitted list"),
  ...{ terms: { timeInForce: "GTC" }, limits: { timesInForce: ["DAY"] } },
});
denies("exits that stay longer than the policy permits", "TIME_IN_FORCE_NOT_PERMITTED", {
  ...found("LMT DAY", "the exits are GTC, which is not on the permitted list"),
  ...{ terms: { exits: EXITS }, limits: { timesInForce: ["DAY"] } },
});
denies("a bracket whose stop loss is of a type that is not on the list", "ORDER_TYPE_NOT_PERMITTED", {
  terms: { exits: EXITS },
  limits: { orderTypes: ["LMT", "STP LMT"] },
  finds: { limit: "LMT, STP LMT", value: "LMT DAY", headroom: null, says: "STP is not on the permitted list" },
});
denies("a bracket whose stop loss has a limit, where only those without are on the list", "ORDER_TYPE_NOT_PERMITTED", {
  terms: { exits: { ...EXITS, stopLoss: { stopPrice: "220", limitPrice: "219" } } },
  limits: { orderTypes: ["LMT", "STP"] },
  finds: { limit: "LMT, STP", value: "LMT DAY", headroom: null, says: "STP LMT is not on the permitted list" },
});
denies("a bracket at the market, whose take-profit is of a type that is not on the list", "ORDER_TYPE_NOT_PERMITTED", {
  terms: { orderType: "MKT", limitPrice: null, exits: EXITS },
  limits: { orderTypes: ["MKT", "STP"] },
  finds: { limit: "MKT, STP", value: "MKT DAY", headroom: null, says: "LMT is not on the permitted list" },
});
passes("a bracket of which every type and time is on its list", {
  terms: { exits: EXITS },
  limits: { orderTypes: ["LMT", "STP"], timesInForce: ["DAY", "GTC"] },
  finds: { limit: "LMT, STP", value: "LMT DAY", headroom: null, says: "permitted" },
});
denies("a part that the policy does not permit", "ORDER_FIELD_NOT_PERMITTED", {
  ...found("LMT DAY", "the policy permits no exits"),
  ...{ terms: { exits: EXITS }, limits: { fieldsNever: ["exits"] } },
});
denies("outside regular hours without leave", "OUTSIDE_RTH_NOT_ALLOWED", {
  ...found("LMT DAY", "the policy keeps orders inside"),
  terms: { outsideRth: true },
});
denies("the exits outside regular hours without leave", "OUTSIDE_RTH_NOT_ALLOWED", {
  ...found("LMT DAY", "the policy keeps orders inside"),
  terms: { exits: { ...EXITS, outsideRth: true } },
});
denies("a bracket around an order that is now or never", "BRACKET_NOT_ALLOWED", {
  ...found("LMT IOC", "IOC"),
  terms: { exits: EXITS, timeInForce: "IOC" },
});
denies("a type with a time in force that it does not have", "TIME_IN_FORCE_NOT_ALLOWED", {
  ...found("MOC IOC", "MOC"),
  terms: { orderType: "MOC", limitPrice: undefined, timeInForce: "IOC" },
});
passes("outside regular hours where the policy allows it", {
  ...found("LMT DAY", "permitted"),
  terms: { outsideRth: true },
  limits: { outsideRth: true },
});
boundary("an end a millisecond from now, and now", "GOOD_TILL_INVALID", {
  inside: { ...until(1), ...found("LMT GTD", "permitted") },
  outside: { ...until(0), ...found("2026-11-23T15:00:00.000Z", "the order would end before it begins") },
});
boundary("an end in 30 days, and a millisecond later", "GOOD_TILL_INVALID", {
  inside: { ...until(30 * DAY_MS), ...found("LMT GTD", "permitted") },
  outside: { ...until(30 * DAY_MS + 1), ...found("LMT GTD", "it ends more than 30 days from now") },
});
for (const [field, terms] of Object.entries(PARTS))
  denies("each part that a policy can name", "ORDER_FIELD_NOT_PERMITTED", {
    ...{ terms, limits: { fieldsNever: [field], outsideRth: true } },
    finds: {
      limit: ORDER_TYPES.join(", "),
      value: `${terms.orderType ?? "LMT"} ${terms.timeInForce ?? "DAY"}`,
      headroom: null,
      says: field,
    },
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
