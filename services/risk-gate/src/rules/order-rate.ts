import { decimal } from "@countersign/money/decimal";
import * as z from "zod";
import type { ScopeCounts, Window } from "../counters/counts.ts";
import { type Count, countersOf, isFinding, within } from "./over-time.ts";
import { defineRule } from "./rule.ts";

const count = z.int().min(1).max(100_000_000);
const Rates = z.strictObject({ second: count, minute: count, fiveMinutes: count, tenMinutes: count, day: count });
type Rates = z.infer<typeof Rates>;

export const RATE_WINDOWS = {
  second: "1 s",
  minute: "1 min",
  fiveMinutes: "5 min",
  tenMinutes: "10 min",
  day: "24 h",
} as const satisfies Partial<Record<Window, string>>;

/** Proposals and changes, also those that were refused. A cancel is no proposal and is never counted or held back. */
export const orderRate = defineRule({
  name: "orderRate",
  source: "control 5; R7",
  description: "Proposals and changes of one agent, and of one account, in times that roll",
  formula: "messages before this one in the window + 1 <= max, for each window",
  inputs: ["counters"],
  unit: "messages",
  limits: z.strictObject({
    agent: Rates.describe("Of one agent, over all accounts"),
    account: Rates.describe("Of one account, by all agents"),
  }),
  stricter: { agent: "lower", account: "lower" },
  codes: ["COUNTERS_UNKNOWN", "ORDER_RATE"],
  limit: ({ agent }) =>
    names()
      .map((name) => `${agent[name]}/${RATE_WINDOWS[name]}`)
      .join(" "),
  judge: (input) => {
    const counts = countersOf(input);
    if (isFinding(counts)) return counts;
    const { agent, account } = input.limits;
    const all = [...countsOf("agent", counts.agent, agent), ...countsOf("account", counts.account, account)];
    return within("ORDER_RATE", all, "messages");
  },
});

const names = () => Object.keys(RATE_WINDOWS) as (keyof typeof RATE_WINDOWS)[];

function countsOf(who: string, { windows }: ScopeCounts, rates: Rates): Count[] {
  return names().map((name) => ({
    what: `${who}, ${RATE_WINDOWS[name]}`,
    value: decimal(String(windows[name].messages + 1)),
    max: decimal(String(rates[name])),
  }));
}
