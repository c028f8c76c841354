import fc from "fast-check";
import { known, missing } from "../facts/fact.ts";
import { AT, withFact } from "../test-facts.ts";
import { PASSPORT } from "../test-policy.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { agentOpenRisk } from "./agent-open-risk.ts";

/** Any agent may have 20000 open, and has 1000; the order is worth 10 x 230.02. */
const { passes, denies, boundary, missingDenies, property } = ruleTests(agentOpenRisk, {
  ...{ unit: "base currency", tightens: null },
  finds: {
    ...{ limit: "20000 where none is named", value: "3300.2", headroom: "16699.8" },
    says: "1000 of 20000 used before, 2300.2 with this order",
  },
});
const used = (openRisk: string | null) => ({ facts: { agentUse: withFact("agentUse", { openRisk }).agentUse } });
/** The order changes one of these, which are in what was used. */
const changes = (openRisk: string, replaced: string | null) => ({
  facts: { agentUse: withFact("agentUse", { openRisk, replaced }).agentUse },
});
const UNKNOWN = { value: null, headroom: null, says: "what it uses, or used before, is not known" };

denies("an agent without a passport", "AGENT_WITHOUT_PASSPORT", {
  policy: { passports: { anyAgent: null, agents: {} } },
  finds: { limit: null, value: null, headroom: null },
});
denies("nothing left", "AGENT_BUDGET_EXCEEDED", {
  ...{ ...used("20000"), finds: { value: "22300.2", headroom: "-2300.2", says: "20000 of 20000 used before" } },
});
denies("a budget in another currency", "BUDGET_UNKNOWN", {
  policy: { passports: { anyAgent: { ...PASSPORT, budgets: { ...PASSPORT.budgets, currency: "EUR" } }, agents: {} } },
  finds: { value: null, headroom: null, says: "the budgets are in EUR, the account in USD" },
});
passes("in the account's own currency, rounded up to a cent: 1000 + 2300.2 x 1.00001", {
  ...{ facts: { rate: known("1.00001", "tws", AT) }, finds: { value: "3300.23", headroom: "16699.77" } },
});
passes("a change of an order counts in its place: 19000 - 2500, and 2500 of it may still be there", {
  ...{ ...changes("19000", "2500"), finds: { value: "19000", headroom: "1000", says: "16500 of 20000 used before" } },
});
boundary("a change that is larger than its order, to exactly the budget, and one step more", "AGENT_BUDGET_EXCEEDED", {
  inside: { ...changes("18699.80", "1000"), finds: { value: "20000", headroom: "0" } },
  outside: { ...changes("18699.81", "1000"), finds: { value: "20000.01", headroom: "-0.01" } },
});
missingDenies("nobody knows what the order is worth that is changed", "BUDGET_UNKNOWN", {
  ...{ ...changes("1000", null), finds: UNKNOWN },
});
missingDenies("a change without a price", "BUDGET_UNKNOWN", {
  ...{ facts: { ...changes("1000", "500").facts, quote: missing("none") }, finds: UNKNOWN },
});
missingDenies("a changed order that is more than all that is open", "BUDGET_UNKNOWN", changes("1000", "1001"));
boundary("with this order exactly the budget, and one step more", "AGENT_BUDGET_EXCEEDED", {
  inside: { ...used("17699.80"), finds: { value: "20000", headroom: "0" } },
  outside: { ...used("17699.81"), finds: { value: "20000.01", headroom: "-0.01" } },
});
missingDenies("nobody knows what was used", "BUDGET_UNKNOWN", {
  facts: { agentUse: missing("not loaded") },
  finds: { value: null, headroom: null, says: "not loaded" },
});
missingDenies("no base currency", "BUDGET_UNKNOWN", { facts: { summary: missing("none") } });
missingDenies("an earlier order of unknown size", "BUDGET_UNKNOWN", { ...used(null), finds: UNKNOWN });
missingDenies("less than nothing used before", "BUDGET_UNKNOWN", used("-1"));
missingDenies("no price", "BUDGET_UNKNOWN", { facts: { quote: missing("none") }, finds: UNKNOWN });

property("denied exactly when both together are beyond the budget", fc.integer({ min: 0, max: 30_000 }), {
  make: (before) => used(String(before)),
  holds: ({ outcome, value }, before) =>
    (outcome === "deny") === before + 2300.2 > 20_000 && value === `${before + 2300}.2`,
});
