import { CurrencyCode, DecimalText } from "@countersign/contracts/primitives";
import { compare, decimal, subtract, toText } from "@countersign/money/decimal";
import * as z from "zod";
import { deny, pass } from "./finding.ts";
import { defineRule } from "./rule.ts";

/** What the broker's what-if leaves of equity over maintenance margin. */
export const margin = defineRule({
  name: "margin",
  source: "control 13",
  description: "Excess liquidity after the order, by the broker's own what-if",
  formula: "equity with loan after - maintenance margin after >= excessLiquidityMin",
  inputs: ["whatIf"],
  unit: "base currency",
  limits: z.strictObject({
    excessLiquidityMin: z.strictObject({ amount: DecimalText, currency: CurrencyCode }),
  }),
  stricter: { excessLiquidityMin: "higher" },
  codes: ["WHAT_IF_MISSING", "MARGIN_INSUFFICIENT"],
  limit: ({ excessLiquidityMin }) => excessLiquidityMin.amount,
  judge: ({ facts, limits }) => {
    if (facts.whatIf.state === "missing") return deny("WHAT_IF_MISSING", null, `no what-if: ${facts.whatIf.reason}`);
    const { equityWithLoanAfter, maintenanceMarginAfter, currency } = facts.whatIf.value;
    const { amount } = limits.excessLiquidityMin;
    if (currency !== limits.excessLiquidityMin.currency) {
      return deny(
        "WHAT_IF_MISSING",
        null,
        `the what-if is in ${currency}, the limit in ${limits.excessLiquidityMin.currency}`,
      );
    }
    const excess = subtract(decimal(equityWithLoanAfter), decimal(maintenanceMarginAfter));
    const headroom = toText(subtract(excess, decimal(amount)));
    if (compare(excess, decimal(amount)) < 0) {
      return deny(
        "MARGIN_INSUFFICIENT",
        toText(excess),
        `${toText(excess)} ${currency} would be left; at least ${amount}`,
        headroom,
      );
    }
    return pass(toText(excess), `in ${currency}`, headroom);
  },
});
