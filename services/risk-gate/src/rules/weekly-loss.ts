import { PositiveDecimalText } from "@countersign/contracts/primitives";
import * as z from "zod";
import { judgeLoss } from "./loss-limit.ts";
import { defineRule } from "./rule.ts";

/** Small losses of several days add up. */
export const weeklyLoss = defineRule({
  name: "weeklyLoss",
  source: "control 14",
  description: "Loss since the first look of the week, realised or not, net of deposits",
  formula:
    "(value at the start of the week - net liquidation) x 100 / value at the start of the week < percentMax, or the order only reduces",
  inputs: ["loss", "summary", "book", "working", "instrument", "quote", "rate"],
  unit: "% of value",
  limits: z.strictObject({ percentMax: PositiveDecimalText }),
  stricter: { percentMax: "lower" },
  codes: ["LOSS_UNKNOWN", "WEEKLY_LOSS"],
  limit: ({ percentMax }) => percentMax,
  judge: ({ terms, facts, limits: { percentMax } }) =>
    judgeLoss(terms, facts, {
      since: "the start of the week",
      base: ({ week }) => week?.start,
      percentMax,
      code: "WEEKLY_LOSS",
    }),
});
