import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { PASSPORT } from "../test-policy.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { countersWith } from "../testing/test-counts.ts";
import { agentOrders } from "./agent-orders.ts";

/** Any agent may send a hundred in one session. */
const { passes, denies, boundary, missingDenies, property } = ruleTests(agentOrders, {
  ...{ unit: "orders", tightens: null },
  finds: {
    ...{ limit: "100 where none is named", value: "1", headroom: "99" },
    says: "0 of 100 used before, 1 with this order",
  },
});
const used = (orders: number) => ({ facts: { counters: countersWith({ agent: { session: { orders } } }) } });
const budgets = (change: object) => ({ ...PASSPORT, budgets: { ...PASSPORT.budgets, ...change } });
const ofAny = (change: object) => ({ policy: { passports: { anyAgent: budgets(change), agents: {} } } });

denies("an agent without a passport", "AGENT_WITHOUT_PASSPORT", {
  policy: { passports: { anyAgent: null, agents: {} } },
  finds: { limit: null, value: null, headroom: null, says: "agent-1 has none" },
});
denies("nothing left", "AGENT_BUDGET_EXCEEDED", {
  ...{ ...used(100), finds: { value: "101", headroom: "-1", says: "100 of 100 used before" } },
});
denies("a budget in another currency", "BUDGET_UNKNOWN", {
  ...ofAny({ currency: "EUR" }),
  finds: { value: null, headroom: null, says: "the budgets are in EUR, the account in USD" },
});
passes("a passport of its own counts, and not that of any agent", {
  ...{ ...used(100), policy: { passports: { anyAgent: PASSPORT, agents: { "agent-1": budgets({ orders: 102 }) } } } },
  finds: { value: "101", headroom: "1", says: "100 of 102 used before" },
});
boundary("with this order exactly the budget, and one more", "AGENT_BUDGET_EXCEEDED", {
  inside: { ...used(99), finds: { value: "100", headroom: "0" } },
  outside: { ...used(100), finds: { value: "101", headroom: "-1" } },
});
missingDenies("nobody knows what was used", "BUDGET_UNKNOWN", { facts: { agentUse: missing("none") } });
missingDenies("no counters", "BUDGET_UNKNOWN", {
  facts: { counters: missing("none") },
  finds: { value: null, headroom: null, says: "is not known" },
});
missingDenies("a session of which nobody knows when it began", "BUDGET_UNKNOWN", {
  facts: { counters: countersWith({ agent: { session: null } }) },
});
missingDenies("no base currency", "BUDGET_UNKNOWN", { facts: { summary: missing("none") } });

property("denied exactly when both together are beyond the budget", fc.integer({ min: 0, max: 200 }), {
  make: (before) => used(before),
  holds: ({ outcome, value, headroom }, before) =>
    (outcome === "deny") === before + 1 > 100 && value === String(before + 1) && headroom === String(99 - before),
});
