import { compare, decimal, subtract, toText } from "@countersign/money/decimal";
import { deny, pass, type Rule } from "./rule.ts";

/** What the broker's what-if leaves of equity over maintenance margin. */
export const margin: Rule = {
  name: "margin",
  description: "Excess liquidity after the order, by the broker's own what-if",
  unit: "base currency",
  limit: (policy) => policy.excessLiquidityMin.amount,
  judge: ({ facts, policy }) => {
    if (facts.whatIf.state === "missing") return deny("WHAT_IF_MISSING", null, `no what-if: ${facts.whatIf.reason}`);
    const { equityWithLoanAfter, maintenanceMarginAfter, currency } = facts.whatIf.value;
    const { amount } = policy.excessLiquidityMin;
    if (currency !== policy.excessLiquidityMin.currency) {
      return deny(
        "WHAT_IF_MISSING",
        null,
        `the what-if is in ${currency}, the limit in ${policy.excessLiquidityMin.currency}`,
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
};
