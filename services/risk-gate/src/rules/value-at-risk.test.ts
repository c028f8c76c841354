import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { partHistory, withHistory } from "../testing/book-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { valueAtRisk } from "./value-at-risk.ts";

const { passes, denies, boundary, missingDenies, property } = ruleTests(valueAtRisk);

/** Twenty sessions, so that of 95 % the second worst counts; the account's own profits in cents, and AAPL's returns. */
function past(profits: readonly number[], returns: readonly number[] = []) {
  const fill = (values: readonly number[]) => Array.from({ length: 20 }, (_, at) => values[at] ?? 0);
  const told = fill(profits);
  return withHistory({
    dates: told.map((_, at) => String(at)),
    parts: [partHistory(fill(returns))],
    profits: { held: told, long: told, short: told },
  });
}

// 2300.20 at -50000 ppm is 115.01.
boundary("the second worst session of twenty: a loss of 115.01", "VALUE_AT_RISK", {
  inside: { facts: past([], [-900_000, -50_000]), limits: { percentMax: "0.1151" } },
  outside: { facts: past([], [-900_000, -50_000]), limits: { percentMax: "0.115" } },
});
boundary("as many sessions as are needed, and one fewer", "HISTORY_MISSING", {
  inside: { facts: past([]), limits: { sessionsMin: 20 } },
  outside: { facts: past([]), limits: { sessionsMin: 21 } },
});
denies("losses of the account and the order on the same session", "VALUE_AT_RISK", {
  facts: past([-195_000, -195_000], [-50_000, -50_000]),
});
denies("at 99 % the worst of twenty counts", "VALUE_AT_RISK", {
  facts: past([-199_990], [-50_000]),
  limits: { confidencePercent: "99" },
});
denies("the account with everything that sells filled is tried too", "VALUE_AT_RISK", {
  terms: { side: "SELL" },
  facts: withHistory({
    dates: Array.from({ length: 20 }, (_, at) => String(at)),
    parts: [partHistory(Array.from({ length: 20 }, () => 10_000))],
    profits: {
      held: Array.from({ length: 20 }, () => 0),
      long: Array.from({ length: 20 }, () => 0),
      short: Array.from({ length: 20 }, () => -250_000),
    },
  }),
});
passes("an order that takes risk away from an account that has too much", {
  terms: { side: "SELL" },
  facts: past([-300_000, -300_000], [-50_000, -50_000]),
});
passes("sessions on which all would have been well", { facts: past([50_000], [10_000, 10_000]) });
missingDenies("no history", "HISTORY_MISSING", { facts: { history: missing("none") } });
missingDenies("an instrument without the common sessions", "HISTORY_MISSING", {
  facts: withHistory({ parts: [partHistory([1, 2, 3])] }),
});
missingDenies("no book", "EXPOSURE_UNKNOWN", { facts: { book: missing("none") } });
missingDenies("no value of the account", "EXPOSURE_UNKNOWN", { facts: { summary: missing("none") } });

property(
  "more of the same is never less risk",
  fc.tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 500_000 })),
  {
    make: ([quantity, ppm]) => ({ terms: { quantity: String(quantity) }, facts: past([], [-ppm, -ppm]) }),
    holds: ({ outcome }, [quantity, ppm]) => {
      const loss = Math.ceil((quantity * 23_002 * ppm) / 1e6);
      return (outcome === "deny") === loss > 200_000;
    },
  },
);
