import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { PASSPORT } from "../test-policy.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { countersWith } from "../testing/test-counts.ts";
import { agentNotional } from "./agent-notional.ts";

const { denies, boundary, missingDenies, property } = ruleTests(agentNotional);
const used = (notional: string | null) => ({ facts: { counters: countersWith({ agent: { session: { notional } } }) } });
const budgets = (change: object) => ({
  policy: { passports: { anyAgent: { ...PASSPORT, budgets: { ...PASSPORT.budgets, ...change } }, agents: {} } },
});

denies("an agent without a passport", "AGENT_WITHOUT_PASSPORT", {
  policy: { passports: { anyAgent: null, agents: {} } },
});
denies("nothing left", "AGENT_BUDGET_EXCEEDED", used("47699.81"));
denies("a budget in another currency", "BUDGET_UNKNOWN", budgets({ currency: "EUR" }));
boundary("with this order exactly the budget, and one step more", "AGENT_BUDGET_EXCEEDED", {
  inside: used("47699.80"),
  outside: used("47699.81"),
});
missingDenies("nobody knows what was used", "BUDGET_UNKNOWN", { facts: { agentUse: missing("none") } });
missingDenies("no counters", "BUDGET_UNKNOWN", { facts: { counters: missing("none") } });
missingDenies("a session of which nobody knows when it began", "BUDGET_UNKNOWN", {
  facts: { counters: countersWith({ agent: { session: null } }) },
});
missingDenies("no base currency", "BUDGET_UNKNOWN", { facts: { summary: missing("none") } });
missingDenies("an earlier order of unknown size", "BUDGET_UNKNOWN", used(null));
missingDenies("less than nothing used before", "BUDGET_UNKNOWN", used("-1"));
missingDenies("no price", "BUDGET_UNKNOWN", { facts: { quote: missing("none") } });

property("denied exactly when both together are beyond the budget", fc.integer({ min: 0, max: 60_000 }), {
  make: (before) => used(String(before)),
  holds: ({ outcome }, before) => (outcome === "deny") === before + 2300.2 > 50_000,
});
