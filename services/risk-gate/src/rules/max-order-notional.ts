import { compare, decimal, roundUp, subtract, toText } from "@countersign/money/decimal";
import { notionalBase } from "../facts/exposure.ts";
import { partsOf } from "../facts/parts.ts";
import { deny, pass, type Rule } from "./rule.ts";

/** Price x quantity x multiplier in the account's base currency. Rounded up to cents: a limit is never met by rounding. */
export const maxOrderNotional: Rule = {
  name: "maxOrderNotional",
  description: "Notional of one order in the account's base currency",
  unit: "base currency",
  limit: (policy) => policy.orderNotionalMax.amount,
  judge: ({ terms, facts, policy }) => {
    const { amount, currency } = policy.orderNotionalMax;
    if (facts.summary.state === "missing")
      return deny("NOTIONAL_UNKNOWN", null, `base currency: ${facts.summary.reason}`);
    const base = facts.summary.value.baseCurrency;
    if (base !== currency) return deny("NOTIONAL_UNKNOWN", null, `the limit is in ${currency}, the account in ${base}`);
    const value = notionalBase(terms, facts);
    if (value === undefined) {
      const parts = partsOf(terms, facts).flatMap(({ quote, instrument }) => [quote, instrument]);
      const reasons = [...parts, facts.rate].flatMap((fact) => (fact.state === "missing" ? [fact.reason] : []));
      return deny("NOTIONAL_UNKNOWN", null, `cannot be computed: ${reasons.join("; ") || "no price on this side"}`);
    }
    const rounded = roundUp(value, 2);
    const headroom = toText(subtract(decimal(amount), rounded));
    if (compare(value, decimal(amount)) > 0) {
      const message = `${toText(rounded)} ${currency} is above ${amount} ${currency}; reduce the quantity or the price`;
      return deny("MAX_ORDER_NOTIONAL", toText(rounded), message, headroom);
    }
    return pass(toText(rounded), `in ${currency}`, headroom);
  },
};
