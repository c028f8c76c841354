import { decimal, isMultipleOf } from "@countersign/money/decimal";
import { deny, pass, type Rule } from "./rule.ts";

/** A limit order has a limit price on the tick, a market order none. */
export const limitPriceForm: Rule = {
  name: "limitPriceForm",
  description: "The limit price is there exactly when the order type needs it, and on the tick",
  unit: "tick",
  limit: () => null,
  judge: ({ terms, facts }) => {
    if ((terms.orderType === "LMT") !== (terms.limitPrice !== null)) {
      return deny(
        "LIMIT_PRICE_REQUIRED",
        terms.limitPrice,
        "a limit order needs a limit price, a market order must not have one",
      );
    }
    if (terms.limitPrice === null) return pass(null, "no limit price needed");
    if (facts.instrument.state === "missing")
      return deny("PRICE_OFF_TICK", terms.limitPrice, "the tick size is not known");
    const { minTick } = facts.instrument.value;
    if (Number(minTick) <= 0 || !isMultipleOf(decimal(terms.limitPrice), decimal(minTick))) {
      return deny("PRICE_OFF_TICK", terms.limitPrice, `${terms.limitPrice} is not a multiple of ${minTick}`);
    }
    return pass(terms.limitPrice, `on the tick of ${minTick}`);
  },
};
