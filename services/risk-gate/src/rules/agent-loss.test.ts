import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { withFact } from "../test-facts.ts";
import { holding, withBook } from "../testing/book-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { agentLoss } from "./agent-loss.ts";

const { passes, denies, boundary, missingDenies, property } = ruleTests(agentLoss);
const realised = (...amounts: (readonly [string, string])[]) => ({
  agentUse: withFact("agentUse", { realised: amounts.map(([amount, currency]) => ({ amount, currency })) }).agentUse,
});
const lost = realised(["-1000", "USD"]);

denies("an agent without a passport", "AGENT_WITHOUT_PASSPORT", {
  policy: { passports: { anyAgent: null, agents: {} } },
});
denies("losses of several orders together", "AGENT_BUDGET_EXCEEDED", {
  facts: realised(["-600", "USD"], ["-400", "USD"]),
});
denies("selling what is not held, after the loss", "AGENT_BUDGET_EXCEEDED", { terms: { side: "SELL" }, facts: lost });
passes("selling what is held, after the loss", {
  terms: { side: "SELL" },
  facts: { ...lost, ...withBook([holding({ quantity: "10" })]) },
});
passes("a gain, however large", { facts: realised(["99999", "USD"]) });
passes("nothing realised yet", { facts: realised() });
boundary("a cent before the budget is lost, and all of it", "AGENT_BUDGET_EXCEEDED", {
  inside: { facts: realised(["-999.99", "USD"]) },
  outside: { facts: lost },
});
missingDenies("nobody knows what was lost", "BUDGET_UNKNOWN", { facts: { agentUse: missing("none") } });
missingDenies("a part of it is in another currency", "BUDGET_UNKNOWN", { facts: realised(["-1", "EUR"]) });
missingDenies("lost, and a book that nobody knows", "AGENT_BUDGET_EXCEEDED", {
  terms: { side: "SELL" },
  facts: { ...lost, book: missing("none") },
});

property("denied exactly from the budget on", fc.integer({ min: -2_000, max: 1_000 }), {
  make: (amount) => ({ facts: realised([String(amount), "USD"]) }),
  holds: ({ outcome }, amount) => (outcome === "deny") === amount <= -1_000,
});
