import { PositiveDecimalText } from "@countersign/contracts/primitives";
import { compare, decimal, divideRoundingUp, subtract, toText } from "@countersign/money/decimal";
import * as z from "zod";
import { confirm, deny, pass } from "./finding.ts";
import { countersOf, isFinding } from "./over-time.ts";
import { defineRule } from "./rule.ts";

export const orderToTradeRatio = defineRule({
  name: "orderToTradeRatio",
  source: "control 6",
  description: "Orders, changes and cancels of an account for each execution of the day",
  formula: "(orders + cancels + 1) / max(1, executions) <= ratio, from so many messages on",
  inputs: ["counters"],
  unit: "per execution",
  limits: z.strictObject({
    fromMessages: z.int().min(1).max(100_000_000).describe("Fewer of the day say nothing yet"),
    softRatio: PositiveDecimalText,
    hardRatio: PositiveDecimalText,
  }),
  stricter: { fromMessages: "lower", softRatio: "lower", hardRatio: "lower" },
  codes: ["COUNTERS_UNKNOWN", "ORDER_TO_TRADE_RATIO"],
  limit: ({ softRatio, hardRatio }) => `${softRatio} / ${hardRatio}`,
  judge: (input) => {
    const counts = countersOf(input);
    if (isFinding(counts)) return counts;
    const { session } = counts.account;
    if (session === null) return deny("COUNTERS_UNKNOWN", null, "nobody knows when the session began");
    const { fromMessages, softRatio, hardRatio } = input.limits;
    const messages = session.orders + session.cancels + 1;
    const executions = String(Math.max(1, session.executions));
    const ratio = divideRoundingUp(decimal(String(messages)), decimal(executions), 2);
    const value = toText(ratio);
    const headroom = toText(subtract(decimal(hardRatio), ratio));
    const message = `${messages} orders and cancels, ${session.executions} executions of the day`;
    if (messages < fromMessages) return pass(value, `${message}; counted from ${fromMessages} on`, headroom);
    if (compare(ratio, decimal(hardRatio)) > 0) return deny("ORDER_TO_TRADE_RATIO", value, message, headroom);
    if (compare(ratio, decimal(softRatio)) > 0) return confirm("ORDER_TO_TRADE_RATIO", value, message, headroom);
    return pass(value, message, headroom);
  },
});
