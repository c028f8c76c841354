import { PositiveDecimalText } from "@countersign/contracts/primitives";
import * as z from "zod";
import { judgeLoss } from "./loss-limit.ts";
import { defineRule } from "./rule.ts";

/** A loss of the day ends new risk before the watch's stop does. */
export const dailyLoss = defineRule({
  name: "dailyLoss",
  source: "control 14; R8",
  description: "Loss since the start of the day, realised or not, net of deposits",
  formula:
    "(value at the start of the day - net liquidation) x 100 / value at the start of the day < percentMax, or the order only reduces",
  inputs: ["loss", "summary", "book", "working", "instrument", "quote", "rate"],
  unit: "% of value",
  limits: z.strictObject({ percentMax: PositiveDecimalText }),
  stricter: { percentMax: "lower" },
  codes: ["LOSS_UNKNOWN", "DAILY_LOSS"],
  limit: ({ percentMax }) => percentMax,
  judge: ({ terms, facts, limits: { percentMax } }) =>
    judgeLoss(terms, facts, {
      since: "the start of the day",
      base: ({ dayStart }) => dayStart,
      percentMax,
      code: "DAILY_LOSS",
    }),
});
