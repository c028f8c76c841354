import { parseUtcText } from "@countersign/clock/clock";
import { OrderType, TimeInForce } from "@countersign/contracts/order";
import { combinationRefusal } from "@countersign/contracts/order-check";
import * as z from "zod";
import { deny, pass } from "./finding.ts";
import { defineRule } from "./rule.ts";
import { sentTypes } from "./sent-types.ts";

const DAY_MS = 86_400_000;

/** Whether type, time in force and hours make an order at all, and one that the policy lets through. */
export const orderForm = defineRule({
  name: "orderForm",
  source: "controls 17, 22, 25; C2, I2",
  description: "Order type, time in force, end and hours go together, and the policy permits them",
  formula:
    "type, time in force, end, hours and exits go together; type and time in force are on their lists, those of the exits too; no field of fieldsNever; now < end <= now + goodTillDaysMax",
  inputs: ["at"],
  unit: "type",
  limits: z.strictObject({
    orderTypes: z
      .array(OrderType)
      .min(1)
      .describe("The only order types that are let through; of exits LMT, and STP or STP LMT"),
    timesInForce: z.array(TimeInForce).min(1).describe("The only times in force that are let through, of exits too"),
    fieldsNever: z
      .array(z.enum(["exits", "legs", "goodTill", "outsideRth", "trail", "triggerPrice", "offset", "limitOffset"]))
      .describe("Parts that an order must not have"),
    goodTillDaysMax: z.int().min(1).max(365).describe("How far away the end of a GTD order may be"),
    outsideRth: z.boolean().describe("false: no order may trigger or fill outside regular trading hours"),
  }),
  stricter: {
    ...{ orderTypes: "fewer", timesInForce: "fewer", fieldsNever: "more" },
    ...{ goodTillDaysMax: "lower", outsideRth: "false" },
  },
  codes: [
    "ORDER_TYPE_NOT_PERMITTED",
    "TIME_IN_FORCE_NOT_PERMITTED",
    "ORDER_FIELD_NOT_PERMITTED",
    "GOOD_TILL_INVALID",
    "OUTSIDE_RTH_NOT_ALLOWED",
    "COMBO_INVALID",
    "TIME_IN_FORCE_NOT_ALLOWED",
    "BRACKET_NOT_ALLOWED",
  ],
  limit: ({ orderTypes }) => orderTypes.join(", "),
  judge: ({ terms, facts, limits }) => {
    const { orderType, goodTill, timeInForce, exits } = terms;
    const value = `${orderType} ${timeInForce}`;
    const refusal = combinationRefusal(terms);
    if (refusal !== undefined) return deny(refusal.code, value, refusal.message);
    const otherType = sentTypes(terms).find((one) => !limits.orderTypes.includes(one));
    if (otherType !== undefined)
      return deny("ORDER_TYPE_NOT_PERMITTED", value, `${otherType} is not on the permitted list`);
    if (!limits.timesInForce.includes(timeInForce))
      return deny("TIME_IN_FORCE_NOT_PERMITTED", value, `${timeInForce} is not on the permitted list`);
    const { timeInForce: exitTime = timeInForce } = exits ?? {};
    if (!limits.timesInForce.includes(exitTime))
      return deny(
        "TIME_IN_FORCE_NOT_PERMITTED",
        value,
        `the exits are ${exitTime}, which is not on the permitted list`,
      );
    const forbidden = limits.fieldsNever.find((field) => Object.hasOwn(terms, field));
    if (forbidden !== undefined) return deny("ORDER_FIELD_NOT_PERMITTED", value, `the policy permits no ${forbidden}`);
    if (goodTill !== undefined && parseUtcText(goodTill) <= parseUtcText(facts.at)) {
      return deny("GOOD_TILL_INVALID", goodTill, "the order would end before it begins");
    }
    const daysLeft = goodTill === undefined ? 0 : (parseUtcText(goodTill) - parseUtcText(facts.at)) / DAY_MS;
    if (daysLeft > limits.goodTillDaysMax) {
      return deny("GOOD_TILL_INVALID", value, `it ends more than ${limits.goodTillDaysMax} days from now`);
    }
    const outside = terms.outsideRth === true || exits?.outsideRth === true;
    if (outside && !limits.outsideRth) {
      return deny("OUTSIDE_RTH_NOT_ALLOWED", value, "the policy keeps orders inside regular trading hours");
    }
    return pass(value, "permitted");
  },
});
