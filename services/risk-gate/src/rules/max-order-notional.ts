import { CurrencyCode, PositiveDecimalText } from "@countersign/contracts/primitives";
import {
  compare,
  decimal,
  divideRoundingDown,
  min,
  multiply,
  roundUp,
  subtract,
  toText,
} from "@countersign/money/decimal";
import * as z from "zod";
import { notionalBase } from "../facts/exposure.ts";
import { partsOf } from "../facts/parts.ts";
import { deny, pass } from "./finding.ts";
import { defineRule } from "./rule.ts";
import { accountValue } from "./share-of-value.ts";

const HUNDRED = decimal("100");

/** Price x quantity x multiplier in the account's base currency. Rounded up to cents: a limit is never met by rounding. */
export const maxOrderNotional = defineRule({
  name: "maxOrderNotional",
  source: "control 3; R1",
  description: "Notional of one order in the account's base currency",
  formula: "worst price x quantity x multiplier x rate <= max, and <= netLiquidationPercentMax of net liquidation",
  inputs: ["quote", "instrument", "rate", "summary"],
  unit: "base currency",
  limits: z.strictObject({
    max: z
      .strictObject({ amount: PositiveDecimalText, currency: CurrencyCode })
      .describe("Of one order; the currency must be the account's base currency"),
    netLiquidationPercentMax: PositiveDecimalText.refine(
      (text) => compare(decimal(text), HUNDRED) <= 0,
      "above the size of the account: at most 100",
    ).describe("Of one order, as percent of what the account is worth then; at most 100"),
  }),
  stricter: { max: "lower", netLiquidationPercentMax: "lower" },
  codes: ["NOTIONAL_UNKNOWN", "MAX_ORDER_NOTIONAL", "ORDER_ABOVE_ACCOUNT"],
  limit: ({ max }) => max.amount,
  judge: ({ terms, facts, limits }) => {
    const { amount, currency } = limits.max;
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
    const worth = accountValue(facts, currency);
    if ("missing" in worth) return deny("NOTIONAL_UNKNOWN", null, worth.missing);
    const percent = limits.netLiquidationPercentMax;
    const share = divideRoundingDown(multiply(worth, decimal(percent)), HUNDRED, 2);
    const most = min(decimal(amount), share);
    const rounded = roundUp(value, 2);
    const headroom = toText(subtract(most, rounded));
    const above = `${toText(rounded)} ${currency} is above ${toText(most)} ${currency}`;
    if (compare(value, decimal(amount)) > 0)
      return deny("MAX_ORDER_NOTIONAL", toText(rounded), `${above}; reduce the quantity or the price`, headroom);
    if (compare(value, share) > 0)
      return deny("ORDER_ABOVE_ACCOUNT", toText(rounded), `${above}, ${percent} % of the account's value`, headroom);
    return pass(toText(rounded), `in ${currency}`, headroom);
  },
});
