import { CurrencyCode, PositiveDecimalText } from "@countersign/contracts/primitives";
import { add, decimal } from "@countersign/money/decimal";
import * as z from "zod";
import type { ScopeCounts } from "../counters/counts.ts";
import { deny } from "./finding.ts";
import { addedNotional, type Count, countersOf, isFinding, within } from "./over-time.ts";
import { defineRule } from "./rule.ts";

const Session = z.strictObject({
  orders: z.int().min(1).max(100_000_000),
  notional: PositiveDecimalText,
  currency: CurrencyCode,
});

/** Counts are of the log: no restart, reconnection or new session of an agent begins them anew, only the next date does. */
export const sessionLimits = defineRule({
  name: "sessionLimits",
  source: "R7; session limits of live trading",
  description:
    "Orders and notional that are sent in one session: of an account and an agent by the day, of an instrument by its exchange's date",
  formula: "sent since the session began + this order <= max",
  inputs: ["counters", "quote", "instrument", "rate", "summary", "session"],
  unit: "orders",
  limits: z.strictObject({
    agent: Session.describe("The currency of each must be the account's base currency"),
    account: Session,
    instrument: Session,
  }),
  stricter: { agent: "lower", account: "lower", instrument: "lower" },
  codes: ["COUNTERS_UNKNOWN", "NOTIONAL_UNKNOWN", "SESSION_LIMIT"],
  limit: ({ agent, account }) =>
    `agent ${agent.orders}, ${agent.notional} ${agent.currency}; account ${account.orders}, ${account.notional}`,
  judge: (input) => {
    const { limits } = input;
    const counts = countersOf(input);
    if (isFinding(counts)) return counts;
    const all: Count[] = [];
    const scopes: [string, ScopeCounts, z.infer<typeof Session>][] = [
      ["agent", counts.agent, limits.agent],
      ["account", counts.account, limits.account],
      ...counts.instruments.map(
        (one) => [`instrument ${one.conid}`, one, limits.instrument] as [string, ScopeCounts, typeof limits.instrument],
      ),
    ];
    for (const [who, { session }, max] of scopes) {
      const added = addedNotional(input, max.currency, counts);
      if (isFinding(added)) return added;
      if (session === null) return deny("COUNTERS_UNKNOWN", null, `${who}: nobody knows when its session began`);
      if (session.notional === null)
        return deny("COUNTERS_UNKNOWN", null, `${who}: the notional of an earlier order is not known`);
      all.push(
        { what: `${who}, orders`, value: decimal(String(session.orders + 1)), max: decimal(String(max.orders)) },
        { what: `${who}, notional`, value: add(decimal(session.notional), added), max: decimal(max.notional) },
      );
    }
    return within("SESSION_LIMIT", all, "in this session");
  },
});
