import { addedNotional, budgetRule, sessionOf } from "./agent-budget.ts";

export const agentNotional = budgetRule({
  name: "agentNotional",
  description: "Notional that the agent sends in one session",
  formula: "notional of the agent's orders with an intent in the session + notional of this one <= budgets.notional",
  unit: "base currency",
  budget: ({ notional }) => notional,
  used: (input) => sessionOf(input)?.notional ?? null,
  adds: addedNotional,
});
