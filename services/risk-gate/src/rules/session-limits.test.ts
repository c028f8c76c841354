import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { countersWith } from "../testing/test-counts.ts";
import { sessionLimits } from "./session-limits.ts";

const { denies, boundary, missingDenies, property } = ruleTests(sessionLimits);
const agent = (session: object | null) => ({ facts: { counters: countersWith({ agent: { session } }) } });
const instrument = (session: object | null) => ({ facts: { counters: countersWith({ instrument: { session } }) } });

denies("the notional of the agent's session", "SESSION_LIMIT", agent({ notional: "39000" }));
denies("the orders of the instrument's session", "SESSION_LIMIT", instrument({ orders: 30 }));
boundary("the twentieth order of a session and the next", "SESSION_LIMIT", {
  inside: agent({ orders: 19 }),
  outside: agent({ orders: 20 }),
});
boundary("the notional of a session to the cent", "SESSION_LIMIT", {
  inside: agent({ notional: "37699.8" }),
  outside: agent({ notional: "37699.81" }),
});
missingDenies("no counters", "COUNTERS_UNKNOWN", { facts: { counters: missing("not loaded") } });
missingDenies("an exchange that does not say when its session began", "COUNTERS_UNKNOWN", instrument(null));
missingDenies("an earlier order without a notional", "COUNTERS_UNKNOWN", agent({ notional: null }));
missingDenies("no quote to compute the notional from", "NOTIONAL_UNKNOWN", { facts: { quote: missing("none") } });
property("denied exactly when one more order is too many", fc.tuple(fc.nat(40), fc.nat(60)), {
  make: ([ofAgent, ofAccount]) => ({
    facts: {
      counters: countersWith({ agent: { session: { orders: ofAgent } }, account: { session: { orders: ofAccount } } }),
    },
  }),
  holds: ({ outcome }, [ofAgent, ofAccount]) => (outcome === "deny") === (ofAgent + 1 > 20 || ofAccount + 1 > 40),
});
