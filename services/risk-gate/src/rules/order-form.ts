import { parseUtcText } from "@countersign/clock/clock";
import { combinationRefusal } from "@countersign/contracts/order-check";
import { deny, pass, type Rule } from "./rule.ts";

/** Whether type, time in force and hours make an order at all, and one that the policy lets through. */
export const orderForm: Rule = {
  name: "orderForm",
  description: "Order type, time in force, end and hours go together, and the policy permits them",
  unit: "type",
  limit: (policy) => policy.orderTypes.join(", "),
  judge: ({ terms, facts, policy }) => {
    const { orderType, goodTill, timeInForce } = terms;
    const value = `${orderType} ${timeInForce}`;
    const refusal = combinationRefusal(terms);
    if (refusal !== undefined) return deny(refusal.code, value, refusal.message);
    if (!policy.orderTypes.includes(orderType)) {
      return deny("ORDER_TYPE_NOT_PERMITTED", value, `${orderType} is not on the permitted list`);
    }
    if (goodTill !== undefined && parseUtcText(goodTill) <= parseUtcText(facts.at)) {
      return deny("GOOD_TILL_INVALID", goodTill, "the order would end before it begins");
    }
    const outside = terms.outsideRth === true || terms.exits?.outsideRth === true;
    if (outside && !policy.extendedHours) {
      return deny("OUTSIDE_RTH_NOT_ALLOWED", value, "the policy keeps orders inside regular trading hours");
    }
    return pass(value, "permitted");
  },
};
