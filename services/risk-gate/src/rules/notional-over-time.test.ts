import fc from "fast-check";
import { expect, test } from "vitest";
import { missing } from "../facts/fact.ts";
import { withFact } from "../test-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { countersWith } from "../testing/test-counts.ts";
import { notionalOverTime } from "./notional-over-time.ts";

const TABLE = { minute: "10000", hour: "20000", day: "50000", currency: "USD" };
const LESS = { ...TABLE, hour: "19999" };
const { result, denies, boundary, missingDenies, property } = ruleTests(notionalOverTime, {
  unit: "base currency",
  tightens: { agent: [TABLE, LESS], account: [TABLE, LESS], instrument: [TABLE, LESS] },
  finds: {
    ...{ limit: "10000/1 min 20000/1 h 50000/24 h", value: "2300.2", headroom: "7699.8" },
    says: "agent, 1 min: 2300.2 of 10000 in base currency, with this order",
  },
});
type Who = "agent" | "account" | "instrument";
/** The order of the tests is 2300.20. */
const sent = (who: Who, window: "minute" | "hour" | "day", notional: string | null) => ({
  facts: { counters: countersWith({ [who]: { windows: { [window]: { notional } } } }) },
});

denies("more of one account in an hour", "NOTIONAL_OVER_TIME", {
  ...sent("account", "hour", "29000"),
  finds: { value: "31300.2", headroom: "-1300.2", says: "account, 1 h: 31300.2 of 30000" },
});
denies("more of one instrument in a day", "NOTIONAL_OVER_TIME", {
  ...sent("instrument", "day", "54000"),
  finds: { value: "56300.2", headroom: "-1300.2", says: "instrument 265598, 24 h: 56300.2 of 55000" },
});
boundary("the agent's minute to the cent", "NOTIONAL_OVER_TIME", {
  inside: { ...sent("agent", "minute", "7699.8"), finds: { value: "10000", headroom: "0" } },
  outside: { ...sent("agent", "minute", "7699.81"), finds: { value: "10000.01", headroom: "-0.01" } },
});
boundary("what a change adds, not what it is", "NOTIONAL_OVER_TIME", {
  inside: { ...changing("2300.2", "10000"), finds: { value: "10000", headroom: "0" } },
  outside: { ...changing("2300.19", "10000"), finds: { value: "10000.01", headroom: "-0.01" } },
});
missingDenies("no counters", "COUNTERS_UNKNOWN", { facts: { counters: missing("not loaded") } });
missingDenies("an earlier order without a notional", "COUNTERS_UNKNOWN", {
  ...sent("agent", "day", null),
  finds: { value: null, headroom: null, says: "agent: the notional of an earlier order is not known" },
});
missingDenies("an earlier order in the instrument without a notional", "COUNTERS_UNKNOWN", {
  ...sent("instrument", "hour", null),
  finds: { value: null, headroom: null, says: "instrument 265598: the notional" },
});
missingDenies("no exchange rate", "NOTIONAL_UNKNOWN", { facts: { rate: missing("none") } });
missingDenies("an account in another currency", "NOTIONAL_UNKNOWN", {
  facts: { summary: withFact("summary", { baseCurrency: "EUR" }).summary },
});
const cents = fc.nat(2_000_000);
property("denied exactly above the limit, with the difference as headroom", cents, {
  make: (amount) => sent("agent", "minute", text(amount)),
  holds: ({ outcome, value, headroom }, amount) => {
    const sum = amount + 230_020;
    return (outcome === "deny") === sum > 1_000_000 && Number(value) * 100 - sum < 1 && Number(headroom) <= 7699.8;
  },
});

test("one order cut into N is stopped at the same total, whatever the cut", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 2, maxLength: 12 }), (parts) => {
      const limit = { amount: "100000" };
      const table = (minute: string) => ({ minute, hour: limit.amount, day: limit.amount, currency: "USD" });
      const limits = { agent: table("10000"), account: table("10000"), instrument: table("10000") };
      const quantity = parts.reduce((sum, part) => sum + part, 0);
      // What was sent of the parts before is what the log counts; a part that is denied is not sent.
      let sentCents = 0;
      let all = true;
      for (const part of parts) {
        const counters = countersWith({ agent: { windows: { minute: { notional: text(sentCents) } } } });
        const found = result({ terms: { quantity: String(part) }, facts: { counters }, limits });
        if (found.outcome === "pass") sentCents += part * 23_002;
        else all = false;
      }
      expect(sentCents).toBeLessThanOrEqual(1_000_000);
      const whole = result({ terms: { quantity: String(quantity) }, limits });
      expect(all).toBe(whole.outcome === "pass");
    }),
    { numRuns: 150, seed: 6 },
  );
});

function changing(replaced: string, notional: string) {
  return { facts: { counters: countersWith({ agent: { windows: { minute: { notional } } }, replaced }) } };
}

function text(amount: number): string {
  return `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, "0")}`;
}
