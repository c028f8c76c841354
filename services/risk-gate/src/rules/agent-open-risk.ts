import { addedNotional, budgetRule } from "./agent-budget.ts";

/** Frees itself: what is filled or over counts no more, what is UNKNOWN does. */
export const agentOpenRisk = budgetRule({
  name: "agentOpenRisk",
  description: "Notional of the agent's orders that may still fill",
  formula:
    "notional x remaining / quantity of the agent's orders that may still fill + notional of this one <= budgets.openRisk",
  unit: "base currency",
  budget: ({ openRisk }) => openRisk,
  used: (_input, { openRisk }) => openRisk,
  adds: addedNotional,
});
