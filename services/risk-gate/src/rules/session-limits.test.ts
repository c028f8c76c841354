import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { countersWith } from "../testing/test-counts.ts";
import { sessionLimits } from "./session-limits.ts";

const MAX = { orders: 20, notional: "40000", currency: "USD" };
const LESS = { ...MAX, notional: "39999" };
const { denies, boundary, missingDenies, property } = ruleTests(sessionLimits, {
  ...{ unit: "orders", tightens: { agent: [MAX, LESS], account: [MAX, LESS], instrument: [MAX, LESS] } },
  finds: {
    ...{ limit: "agent 20, 40000 USD; account 40, 50000", value: "2300.2", headroom: "37699.8" },
    says: "agent, notional: 2300.2 of 40000 in this session",
  },
});
const agent = (session: object | null) => ({ facts: { counters: countersWith({ agent: { session } }) } });
const instrument = (session: object | null) => ({ facts: { counters: countersWith({ instrument: { session } }) } });

denies("the notional of the agent's session", "SESSION_LIMIT", {
  ...agent({ notional: "39000" }),
  finds: { value: "41300.2", headroom: "-1300.2", says: "agent, notional: 41300.2 of 40000" },
});
denies("the orders of the instrument's session", "SESSION_LIMIT", {
  ...instrument({ orders: 30 }),
  finds: { value: "31", headroom: "-1", says: "instrument 265598, orders: 31 of 30" },
});
denies("the orders of the account's session", "SESSION_LIMIT", {
  facts: { counters: countersWith({ account: { session: { orders: 40 } } }) },
  finds: { value: "41", headroom: "-1", says: "account, orders: 41 of 40" },
});
boundary("the twentieth order of a session and the next", "SESSION_LIMIT", {
  inside: { ...agent({ orders: 19 }), finds: { value: "20", headroom: "0", says: "agent, orders: 20 of 20" } },
  outside: { ...agent({ orders: 20 }), finds: { value: "21", headroom: "-1" } },
});
boundary("the notional of a session to the cent", "SESSION_LIMIT", {
  inside: { ...agent({ notional: "37699.8" }), finds: { value: "40000", headroom: "0" } },
  outside: { ...agent({ notional: "37699.81" }), finds: { value: "40000.01", headroom: "-0.01" } },
});
missingDenies("no counters", "COUNTERS_UNKNOWN", { facts: { counters: missing("not loaded") } });
missingDenies("an exchange that does not say when its session began", "COUNTERS_UNKNOWN", {
  ...instrument(null),
  finds: { value: null, headroom: null, says: "instrument 265598: nobody knows when its session began" },
});
missingDenies("an earlier order without a notional", "COUNTERS_UNKNOWN", {
  ...agent({ notional: null }),
  finds: { value: null, headroom: null, says: "agent: the notional of an earlier order is not known" },
});
missingDenies("no quote to compute the notional from", "NOTIONAL_UNKNOWN", { facts: { quote: missing("none") } });
property("denied exactly when one more order is too many", fc.tuple(fc.nat(40), fc.nat(60)), {
  make: ([ofAgent, ofAccount]) => ({
    facts: {
      counters: countersWith({ agent: { session: { orders: ofAgent } }, account: { session: { orders: ofAccount } } }),
    },
  }),
  holds: ({ outcome }, [ofAgent, ofAccount]) => (outcome === "deny") === (ofAgent + 1 > 20 || ofAccount + 1 > 40),
});
