import { compare, decimal, subtract, toText } from "@countersign/money/decimal";
import { deny, pass, type Rule } from "./rule.ts";

export const maxOrderQuantity: Rule = {
  name: "maxOrderQuantity",
  description: "Quantity of one order",
  unit: "units",
  limit: (policy) => policy.orderQuantityMax,
  judge: ({ terms, policy }) => {
    const headroom = toText(subtract(decimal(policy.orderQuantityMax), decimal(terms.quantity)));
    if (compare(decimal(terms.quantity), decimal(policy.orderQuantityMax)) > 0) {
      const message = `${terms.quantity} is above ${policy.orderQuantityMax}; reduce the quantity to at most that`;
      return deny("MAX_ORDER_QUANTITY", terms.quantity, message, headroom);
    }
    return pass(terms.quantity, "within the limit", headroom);
  },
};
