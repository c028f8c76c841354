import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { PASSPORT } from "../test-policy.ts";
import { COMBO, factsOf, LONG, legFacts, SHORT, SOLD, SPREAD } from "../testing/combo-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { agentPassport } from "./agent-passport.ts";

const WITHIN = { value: "agent-1", headroom: null, says: "within the passport" };
const outside = (says: string) => ({ value: "agent-1", headroom: null, says });
const none = (says: string) => ({ value: null, headroom: null, says });

const { passes, denies, boundary, missingDenies, property } = ruleTests(agentPassport, {
  ...{ unit: "passport", tightens: null },
  finds: { limit: "0 passports", ...WITHIN },
});
const any = (change: object) => ({ policy: { passports: { anyAgent: { ...PASSPORT, ...change }, agents: {} } } });
const own = (agent: string, change: object = {}) => ({
  policy: { passports: { anyAgent: null, agents: { [agent]: { ...PASSPORT, ...change } } } },
});
const hours = (from: string, to: string, ...days: string[]) =>
  any({ hours: { zone: "America/New_York", days, from, to } });

denies("no passport at all", "AGENT_WITHOUT_PASSPORT", {
  policy: { passports: { anyAgent: null, agents: {} } },
  finds: none("agent-1 has none"),
});
denies("another agent's passport", "AGENT_WITHOUT_PASSPORT", {
  ...own("agent-2"),
  finds: { limit: "1 passports", ...none("agent-1 has none") },
});
denies("a name that every object has", "AGENT_WITHOUT_PASSPORT", {
  ...own("agent-2"),
  facts: { agent: "constructor" },
  finds: { limit: "1 passports", ...none("constructor has none") },
});
denies("the passport of any agent outside of the simulator", "AGENT_WITHOUT_PASSPORT", {
  facts: { mode: "paper" },
  finds: none("agent-1 has none"),
});
passes("a passport of its own outside of the simulator", {
  ...own("agent-1"),
  facts: { mode: "live" },
  finds: { limit: "1 passports", ...WITHIN },
});
denies("a passport of its own that is narrower than that of any agent", "PASSPORT_EXCEEDED", {
  policy: { passports: { anyAgent: PASSPORT, agents: { "agent-1": { ...PASSPORT, secTypes: ["OPT"] } } } },
  finds: { limit: "1 passports", ...outside("security type STK is not in the passport") },
});
denies("another account", "PASSPORT_EXCEEDED", {
  ...any({ accounts: ["DU7654321"] }),
  finds: outside("the account is not in the passport"),
});
denies("another order type", "PASSPORT_EXCEEDED", {
  ...any({ orderTypes: ["MKT"] }),
  finds: outside("order type LMT is not in the passport"),
});
denies("a bracket whose stop loss is of another order type", "PASSPORT_EXCEEDED", {
  ...any({ orderTypes: ["LMT", "STP LMT"] }),
  terms: {
    exits: { takeProfit: { limitPrice: "240" }, stopLoss: { stopPrice: "220" }, timeInForce: "GTC" },
  },
  finds: outside("order type STP is not in the passport"),
});
denies("another instrument", "PASSPORT_EXCEEDED", {
  ...any({ conids: [1, 2] }),
  finds: outside("instrument 265598 is not in the passport"),
});
passes("the one instrument that it names", { ...any({ conids: [265598] }), finds: WITHIN });
denies("no instrument", "PASSPORT_EXCEEDED", {
  ...any({ conids: [] }),
  finds: outside("instrument 265598 is not in the passport"),
});
denies("another security type", "PASSPORT_EXCEEDED", {
  ...any({ secTypes: ["CASH"] }),
  finds: outside("security type STK is not in the passport"),
});
boundary("of a combination every leg must be in it", "PASSPORT_EXCEEDED", {
  inside: { ...any({ conids: [LONG, SHORT] }), terms: SPREAD, facts: COMBO, finds: WITHIN },
  outside: { ...any({ conids: [LONG] }), terms: SPREAD, facts: COMBO, finds: outside(`instrument ${SHORT}`) },
});
denies("a combination whose second leg is of another type", "PASSPORT_EXCEEDED", {
  ...any({ secTypes: ["STK"] }),
  terms: SPREAD,
  facts: factsOf([legFacts(LONG, {}, { secType: "STK" }), SOLD]),
  finds: outside("security type OPT"),
});
denies("another day of the week", "PASSPORT_EXCEEDED", {
  ...hours("09:00", "17:00", "Tue", "Sun"),
  finds: outside("Mon 10:00 in America/New_York is not in the passport"),
});
passes("one of several days", { ...hours("09:00", "17:00", "Sun", "Mon", "Tue"), finds: WITHIN });
denies("hours in a zone that does not exist", "PASSPORT_EXCEEDED", {
  ...any({ hours: { zone: "Nowhere/Town", days: ["Mon"], from: "09:00", to: "17:00" } }),
  finds: outside("no time zone: Nowhere/Town"),
});
// It is Monday, 10:00 in New York.
boundary("the last minute before the hours begin, and the first one", "PASSPORT_EXCEEDED", {
  inside: { ...hours("10:00", "17:00", "Mon"), finds: WITHIN },
  outside: { ...hours("10:01", "17:00", "Mon"), finds: outside("Mon 10:00") },
});
boundary("the last minute of the hours, and the first one after them", "PASSPORT_EXCEEDED", {
  inside: { ...hours("09:00", "10:01", "Mon"), finds: WITHIN },
  outside: { ...hours("09:00", "10:00", "Mon"), finds: outside("Mon 10:00") },
});
missingDenies("nobody knows what the instrument is", "PASSPORT_EXCEEDED", {
  facts: { instrument: missing("no answer") },
  finds: outside("what 265598 is, is not known: no answer"),
});

property(
  "passes exactly for the instruments that are named",
  fc.uniqueArray(fc.integer({ min: 265_590, max: 265_605 })),
  {
    make: (conids) => any({ conids }),
    holds: ({ outcome }, conids) => (outcome === "pass") === conids.includes(265_598),
  },
);
