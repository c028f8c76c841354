import { decimal, max, subtract, toText } from "@countersign/money/decimal";
import { addedNotional, budgetRule } from "./agent-budget.ts";

/** Frees itself: what is filled or over counts no more, what is UNKNOWN does. */
export const agentOpenRisk = budgetRule({
  name: "agentOpenRisk",
  description: "Notional of the agent's orders that may still fill",
  formula:
    "notional x remaining / quantity of the agent's orders that may still fill + notional of this one <= budgets.openRisk; of a change the larger of what the old and the new terms leave counts, once",
  unit: "base currency",
  budget: ({ openRisk }) => openRisk,
  used: (_input, { openRisk, replaced = "0" }) =>
    openRisk === null || replaced === null ? null : toText(subtract(decimal(openRisk), decimal(replaced))),
  adds: (input, { replaced }) => {
    const notional = addedNotional(input);
    return notional === undefined || replaced == null ? notional : max(notional, decimal(replaced));
  },
});
