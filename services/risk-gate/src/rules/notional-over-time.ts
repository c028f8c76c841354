import { add, type Decimal, decimal } from "@countersign/money/decimal";
import * as z from "zod";
import type { ScopeCounts } from "../counters/counts.ts";
import { deny, type Finding } from "./finding.ts";
import { addedNotional, type Count, countersOf, isFinding, notionalTable, within } from "./over-time.ts";
import { defineRule } from "./rule.ts";

const TIMES = { minute: "1 min", hour: "1 h", day: "24 h" } as const;
type Table = z.infer<typeof notionalTable>;

/** An order that is cut into many counts like the one that it was: what was sent adds up, whatever became of it. */
export const notionalOverTime = defineRule({
  name: "notionalOverTime",
  source: "control 4",
  description: "Notional that is sent in a minute, an hour and a day, of one agent, account and instrument",
  formula: "notional of the orders sent in the window + notional of this one <= max, for each window",
  inputs: ["counters", "quote", "instrument", "rate", "summary"],
  unit: "base currency",
  limits: z.strictObject({
    agent: notionalTable.describe("Of one agent; the currency of each must be the account's base currency"),
    account: notionalTable,
    instrument: notionalTable.describe("Of one instrument, over all accounts and agents"),
  }),
  stricter: { agent: "lower", account: "lower", instrument: "lower" },
  codes: ["COUNTERS_UNKNOWN", "NOTIONAL_UNKNOWN", "NOTIONAL_OVER_TIME"],
  limit: ({ agent }) => `${agent.minute}/1 min ${agent.hour}/1 h ${agent.day}/24 h`,
  judge: (input) => {
    const counts = countersOf(input);
    if (isFinding(counts)) return counts;
    const all: Count[] = [];
    const scopes = [
      ["agent", counts.agent, input.limits.agent],
      ["account", counts.account, input.limits.account],
      ...counts.instruments.map((one) => [`instrument ${one.conid}`, one, input.limits.instrument] as const),
    ] as const;
    for (const [who, scope, table] of scopes) {
      const added = addedNotional(input, table.currency, counts);
      if (isFinding(added)) return added;
      const found = countsOf(who, scope, { table, added });
      if (isRefusal(found)) return found;
      all.push(...found);
    }
    return within("NOTIONAL_OVER_TIME", all, "in base currency");
  },
});

function countsOf(
  who: string,
  { windows }: ScopeCounts,
  { table, added }: { table: Table; added: Decimal },
): Count[] | Finding {
  const found: Count[] = [];
  for (const name of ["minute", "hour", "day"] as const) {
    const { notional } = windows[name];
    if (notional === null)
      return deny("COUNTERS_UNKNOWN", null, `${who}: the notional of an earlier order is not known`);
    found.push({ what: `${who}, ${TIMES[name]}`, value: add(decimal(notional), added), max: decimal(table[name]) });
  }
  return found;
}

function isRefusal(found: Count[] | Finding): found is Finding {
  return !Array.isArray(found);
}
