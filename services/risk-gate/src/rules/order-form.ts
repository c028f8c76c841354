import { parseUtcText } from "@countersign/clock/clock";
import { OrderType } from "@countersign/contracts/order";
import { combinationRefusal } from "@countersign/contracts/order-check";
import * as z from "zod";
import { deny, pass } from "./finding.ts";
import { defineRule } from "./rule.ts";

/** Whether type, time in force and hours make an order at all, and one that the policy lets through. */
export const orderForm = defineRule({
  name: "orderForm",
  source: "control 22",
  description: "Order type, time in force, end and hours go together, and the policy permits them",
  formula: "type, time in force, end, hours and exits go together; the type is in orderTypes; the end is after now",
  inputs: ["at"],
  unit: "type",
  limits: z.strictObject({
    orderTypes: z.array(OrderType).min(1).describe("The only order types that are let through"),
    outsideRth: z.boolean().describe("false: no order may trigger or fill outside regular trading hours"),
  }),
  stricter: { orderTypes: "fewer", outsideRth: "false" },
  codes: [
    "ORDER_TYPE_NOT_PERMITTED",
    "GOOD_TILL_INVALID",
    "OUTSIDE_RTH_NOT_ALLOWED",
    "COMBO_INVALID",
    "TIME_IN_FORCE_NOT_ALLOWED",
    "BRACKET_NOT_ALLOWED",
  ],
  limit: ({ orderTypes }) => orderTypes.join(", "),
  judge: ({ terms, facts, limits }) => {
    const { orderType, goodTill, timeInForce } = terms;
    const value = `${orderType} ${timeInForce}`;
    const refusal = combinationRefusal(terms);
    if (refusal !== undefined) return deny(refusal.code, value, refusal.message);
    if (!limits.orderTypes.includes(orderType)) {
      return deny("ORDER_TYPE_NOT_PERMITTED", value, `${orderType} is not on the permitted list`);
    }
    if (goodTill !== undefined && parseUtcText(goodTill) <= parseUtcText(facts.at)) {
      return deny("GOOD_TILL_INVALID", goodTill, "the order would end before it begins");
    }
    const outside = terms.outsideRth === true || terms.exits?.outsideRth === true;
    if (outside && !limits.outsideRth) {
      return deny("OUTSIDE_RTH_NOT_ALLOWED", value, "the policy keeps orders inside regular trading hours");
    }
    return pass(value, "permitted");
  },
});
