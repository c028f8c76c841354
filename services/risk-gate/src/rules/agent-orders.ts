import { decimal } from "@countersign/money/decimal";
import { budgetRule, sessionOf } from "./agent-budget.ts";

export const agentOrders = budgetRule({
  name: "agentOrders",
  description: "Orders that the agent sends in one session",
  formula: "orders of the agent with an intent in the session + 1 <= budgets.orders",
  unit: "orders",
  budget: ({ orders }) => String(orders),
  used: (input) => sessionOf(input)?.orders.toString() ?? null,
  adds: () => decimal("1"),
});
