import fc from "fast-check";
import { known, missing } from "../facts/fact.ts";
import { AT } from "../test-facts.ts";
import { PASSPORT } from "../test-policy.ts";
import { COMBO, SPREAD } from "../testing/combo-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { countersWith } from "../testing/test-counts.ts";
import { agentNotional } from "./agent-notional.ts";

/** Any agent may send 50000 in one session; the order is worth 10 x 230.02. */
const { passes, denies, boundary, missingDenies, property } = ruleTests(agentNotional, {
  ...{ unit: "base currency", tightens: null },
  finds: {
    ...{ limit: "50000 where none is named", value: "2300.2", headroom: "47699.8" },
    says: "0 of 50000 used before, 2300.2 with this order",
  },
});
const used = (notional: string | null) => ({ facts: { counters: countersWith({ agent: { session: { notional } } }) } });
/** The order changes one that was sent as so much. */
const changes = (notional: string, replaced: string | null) => ({
  facts: { counters: countersWith({ agent: { session: { notional } }, replaced }) },
});
const UNKNOWN = { value: null, headroom: null, says: "what it uses, or used before, is not known" };

denies("an agent without a passport", "AGENT_WITHOUT_PASSPORT", {
  policy: { passports: { anyAgent: null, agents: {} } },
  finds: { limit: null, value: null, headroom: null },
});
denies("nothing left", "AGENT_BUDGET_EXCEEDED", {
  ...{ ...used("60000"), finds: { value: "62300.2", headroom: "-12300.2", says: "60000 of 50000 used before" } },
});
denies("a budget in another currency", "BUDGET_UNKNOWN", {
  policy: { passports: { anyAgent: { ...PASSPORT, budgets: { ...PASSPORT.budgets, currency: "EUR" } }, agents: {} } },
  finds: { value: null, headroom: null },
});
passes("what the account values in its own currency, rounded up to a cent: 2300.2 x 1.00001", {
  ...{ facts: { rate: known("1.00001", "tws", AT) }, finds: { value: "2300.23", headroom: "47699.77" } },
});
passes("the legs of a combination add up: (8.05 + 6.05) x 2 x 100", {
  ...{ terms: SPREAD, facts: COMBO, finds: { value: "2820", headroom: "47180" } },
});
passes("a change that makes its order no larger sends nothing more", {
  ...{ ...changes("50000", "2300.2"), finds: { value: "50000", headroom: "0", says: "0 with this order" } },
});
passes("a change that makes its order smaller gives nothing back", {
  ...{ ...changes("50000", "9000"), finds: { value: "50000", headroom: "0" } },
});
boundary("a change that adds 300.2, to exactly the budget, and one step more", "AGENT_BUDGET_EXCEEDED", {
  inside: { ...changes("49699.80", "2000"), finds: { value: "50000", headroom: "0" } },
  outside: { ...changes("49699.81", "2000"), finds: { value: "50000.01", headroom: "-0.01" } },
});
missingDenies("nobody knows what the order was sent as that is changed", "BUDGET_UNKNOWN", {
  ...{ ...changes("0", null), finds: UNKNOWN },
});
boundary("with this order exactly the budget, and one step more", "AGENT_BUDGET_EXCEEDED", {
  inside: { ...used("47699.80"), finds: { value: "50000", headroom: "0" } },
  outside: { ...used("47699.81"), finds: { value: "50000.01", headroom: "-0.01" } },
});
missingDenies("nobody knows what was used", "BUDGET_UNKNOWN", { facts: { agentUse: missing("none") } });
missingDenies("no counters", "BUDGET_UNKNOWN", { facts: { counters: missing("none") }, finds: UNKNOWN });
missingDenies("a session of which nobody knows when it began", "BUDGET_UNKNOWN", {
  ...{ facts: { counters: countersWith({ agent: { session: null } }) }, finds: UNKNOWN },
});
missingDenies("no base currency", "BUDGET_UNKNOWN", { facts: { summary: missing("none") } });
missingDenies("an earlier order of unknown size", "BUDGET_UNKNOWN", { ...used(null), finds: UNKNOWN });
missingDenies("less than nothing used before", "BUDGET_UNKNOWN", {
  ...{ ...used("-1"), finds: { value: null, headroom: null, says: "used before: -1" } },
});
missingDenies("no price", "BUDGET_UNKNOWN", { facts: { quote: missing("none") }, finds: UNKNOWN });
missingDenies("a change without a price", "BUDGET_UNKNOWN", {
  ...{ facts: { ...changes("1000", "500").facts, quote: missing("none") }, finds: UNKNOWN },
});
missingDenies("no rate into the account's currency", "BUDGET_UNKNOWN", {
  ...{ facts: { rate: missing("none") }, finds: UNKNOWN },
});

property("denied exactly when both together are beyond the budget", fc.integer({ min: 0, max: 60_000 }), {
  make: (before) => used(String(before)),
  holds: ({ outcome, value }, before) =>
    (outcome === "deny") === before + 2300.2 > 50_000 && value === `${before + 2300}.2`,
});
