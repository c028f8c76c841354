import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { withFact } from "../test-facts.ts";
import { PASSPORT } from "../test-policy.ts";
import { holding, withBook } from "../testing/book-facts.ts";
import { COMBO, heldLegs, SPREAD } from "../testing/combo-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { agentLoss } from "./agent-loss.ts";

/** Any agent may lose 1000 in one session, and this one has lost 100. */
const { passes, denies, boundary, missingDenies, property } = ruleTests(agentLoss, {
  ...{ unit: "base currency", tightens: null },
  finds: { limit: "1000 where none is named", value: "100", headroom: "900", says: "of 1000 in this session" },
});
const realised = (...amounts: (readonly [string, string])[]) => ({
  agentUse: withFact("agentUse", { realised: amounts.map(([amount, currency]) => ({ amount, currency })) }).agentUse,
});
const lost = realised(["-1000", "USD"]);
const ALL = { value: "1000", headroom: "0", says: "1000 of 1000 lost; only what reduces" };
const REDUCES = { value: "1000", headroom: null, says: "the order only reduces" };
const NOT_KNOWN = { value: null, headroom: null };

denies("an agent without a passport", "AGENT_WITHOUT_PASSPORT", {
  policy: { passports: { anyAgent: null, agents: {} } },
  finds: { limit: null, ...NOT_KNOWN },
});
denies("a budget in another currency", "BUDGET_UNKNOWN", {
  policy: { passports: { anyAgent: { ...PASSPORT, budgets: { ...PASSPORT.budgets, currency: "EUR" } }, agents: {} } },
  finds: NOT_KNOWN,
});
denies("losses of several orders together", "AGENT_BUDGET_EXCEEDED", {
  facts: realised(["-600", "USD"], ["-400.5", "USD"]),
  finds: { value: "1000.5", headroom: "-0.5" },
});
denies("a purchase of what is not held, after the loss", "AGENT_BUDGET_EXCEEDED", { facts: lost, finds: ALL });
denies("selling what is not held, after the loss", "AGENT_BUDGET_EXCEEDED", {
  terms: { side: "SELL" },
  facts: lost,
  finds: ALL,
});
passes("selling what is held, after the loss", {
  terms: { side: "SELL" },
  facts: { ...lost, ...withBook([holding({ quantity: "10" })]) },
  finds: REDUCES,
});
denies("selling what is held in a bracket, whose exits buy it back, after the loss", "AGENT_BUDGET_EXCEEDED", {
  terms: {
    side: "SELL",
    exits: { timeInForce: "DAY", takeProfit: { limitPrice: "200" }, stopLoss: { stopPrice: "260" } },
  },
  facts: { ...lost, ...withBook([holding({ quantity: "10" })]) },
  finds: ALL,
});
const inLegs = (long: string, short: string) => ({
  terms: { ...SPREAD, side: "SELL" },
  facts: { ...COMBO, ...lost, ...heldLegs(long, short) },
});
boundary("after the loss every leg of a combination must reduce", "AGENT_BUDGET_EXCEEDED", {
  inside: { ...inLegs("2", "-2"), finds: REDUCES },
  outside: { ...inLegs("2", "0"), finds: ALL },
});
passes("a gain, however large", { facts: realised(["99999", "USD"]), finds: { value: "0", headroom: "1000" } });
passes("a loss that a gain makes smaller", {
  facts: realised(["-1500", "USD"], ["600", "USD"]),
  finds: { value: "900", headroom: "100" },
});
passes("nothing realised yet", { facts: realised(), finds: { value: "0", headroom: "1000" } });
boundary("a cent before the budget is lost, and all of it", "AGENT_BUDGET_EXCEEDED", {
  inside: { facts: realised(["-999.99", "USD"]), finds: { value: "999.99", headroom: "0.01" } },
  outside: { facts: lost, finds: ALL },
});
missingDenies("nobody knows what was lost", "BUDGET_UNKNOWN", { facts: { agentUse: missing("none") } });
missingDenies("a part of it is in another currency", "BUDGET_UNKNOWN", {
  facts: realised(["-1", "USD"], ["-1", "EUR"]),
  finds: { ...NOT_KNOWN, says: "a part of it is in EUR" },
});
passes("selling what is held, where a part of the loss is in another currency", {
  terms: { side: "SELL" },
  facts: { ...realised(["-1", "EUR"]), ...withBook([holding({ quantity: "10" })]) },
  finds: { ...NOT_KNOWN, says: "a part of it is in EUR; the order only reduces" },
});
missingDenies("lost, and a book that nobody knows", "AGENT_BUDGET_EXCEEDED", {
  terms: { side: "SELL" },
  facts: { ...lost, book: missing("none") },
  finds: ALL,
});

property("denied exactly from the budget on", fc.integer({ min: -2_000, max: 1_000 }), {
  make: (amount) => ({ facts: realised([String(amount), "USD"]) }),
  holds: ({ outcome, value }, amount) =>
    (outcome === "deny") === amount <= -1_000 && value === String(Math.max(0, -amount)),
});
