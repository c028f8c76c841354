import { add, compare, decimal, subtract, toText, ZERO } from "@countersign/money/decimal";
import { partsOf } from "../facts/parts.ts";
import { deny, pass, type Rule } from "./rule.ts";

export const maxOrderQuantity: Rule = {
  name: "maxOrderQuantity",
  description: "Quantity of one order; of a combination the units of all legs together",
  unit: "units",
  limit: (policy) => policy.orderQuantityMax,
  judge: ({ terms, facts, policy }) => {
    const units = partsOf(terms, facts).reduce((sum, { quantity }) => add(sum, quantity), ZERO);
    const value = toText(units);
    const headroom = toText(subtract(decimal(policy.orderQuantityMax), units));
    if (compare(units, decimal(policy.orderQuantityMax)) > 0) {
      const message = `${value} is above ${policy.orderQuantityMax}; reduce the quantity to at most that`;
      return deny("MAX_ORDER_QUANTITY", value, message, headroom);
    }
    return pass(value, "within the limit", headroom);
  },
};
