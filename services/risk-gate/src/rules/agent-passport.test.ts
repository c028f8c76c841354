import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { PASSPORT } from "../test-policy.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { agentPassport } from "./agent-passport.ts";

const { passes, denies, boundary, missingDenies, property } = ruleTests(agentPassport);
const any = (change: object) => ({ policy: { passports: { anyAgent: { ...PASSPORT, ...change }, agents: {} } } });
const own = (agent: string, change: object = {}) => ({
  policy: { passports: { anyAgent: null, agents: { [agent]: { ...PASSPORT, ...change } } } },
});
const hours = (from: string, to: string, ...days: string[]) =>
  any({ hours: { zone: "America/New_York", days, from, to } });

denies("no passport at all", "AGENT_WITHOUT_PASSPORT", { policy: { passports: { anyAgent: null, agents: {} } } });
denies("another agent's passport", "AGENT_WITHOUT_PASSPORT", own("agent-2"));
denies("a name that every object has", "AGENT_WITHOUT_PASSPORT", {
  ...own("agent-2"),
  facts: { agent: "constructor" },
});
denies("the passport of any agent outside of the simulator", "AGENT_WITHOUT_PASSPORT", { facts: { mode: "paper" } });
passes("a passport of its own outside of the simulator", { ...own("agent-1"), facts: { mode: "live" } });
denies("a passport of its own that is narrower than that of any agent", "PASSPORT_EXCEEDED", {
  policy: { passports: { anyAgent: PASSPORT, agents: { "agent-1": { ...PASSPORT, secTypes: ["OPT"] } } } },
});
denies("another account", "PASSPORT_EXCEEDED", any({ accounts: ["DU7654321"] }));
denies("another order type", "PASSPORT_EXCEEDED", any({ orderTypes: ["MKT"] }));
denies("another instrument", "PASSPORT_EXCEEDED", any({ conids: [1, 2] }));
passes("the one instrument that it names", any({ conids: [265598] }));
denies("no instrument", "PASSPORT_EXCEEDED", any({ conids: [] }));
denies("another security type", "PASSPORT_EXCEEDED", any({ secTypes: ["CASH"] }));
denies("another day of the week", "PASSPORT_EXCEEDED", hours("09:00", "17:00", "Tue", "Sun"));
// It is Monday, 10:00 in New York.
boundary("the last minute before the hours begin, and the first one", "PASSPORT_EXCEEDED", {
  inside: hours("10:00", "17:00", "Mon"),
  outside: hours("10:01", "17:00", "Mon"),
});
boundary("the last minute of the hours, and the first one after them", "PASSPORT_EXCEEDED", {
  inside: hours("09:00", "10:01", "Mon"),
  outside: hours("09:00", "10:00", "Mon"),
});
missingDenies("nobody knows what the instrument is", "PASSPORT_EXCEEDED", { facts: { instrument: missing("none") } });

property(
  "passes exactly for the instruments that are named",
  fc.uniqueArray(fc.integer({ min: 265_590, max: 265_605 })),
  {
    make: (conids) => any({ conids }),
    holds: ({ outcome }, conids) => (outcome === "pass") === conids.includes(265_598),
  },
);
