import { decimal, max, subtract, ZERO } from "@countersign/money/decimal";
import { addedNotional, budgetRule, sessionOf } from "./agent-budget.ts";

export const agentNotional = budgetRule({
  name: "agentNotional",
  description: "Notional that the agent sends in one session",
  formula:
    "notional of the agent's orders with an intent in the session + notional of this one <= budgets.notional; of a change what it has more than its order had",
  unit: "base currency",
  budget: ({ notional }) => notional,
  used: (input) => sessionOf(input)?.notional ?? null,
  adds: (input) => {
    const notional = addedNotional(input);
    const { counters } = input.facts;
    const replaced = counters.state === "known" ? counters.value.replaced : undefined;
    if (notional === undefined || replaced === null) return undefined;
    return replaced === undefined ? notional : max(subtract(notional, decimal(replaced)), ZERO);
  },
});
