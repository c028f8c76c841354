import { PositiveDecimalText } from "@countersign/contracts/primitives";
import * as z from "zod";
import { judgeLoss } from "./loss-limit.ts";
import { defineRule } from "./rule.ts";

/** The highest value is durable; only a person's reset lowers it. */
export const drawdown = defineRule({
  name: "drawdown",
  source: "control 15; R11",
  description: "Loss from the highest value of the account ever, net of deposits, which no restart lowers",
  formula: "(highest value - net liquidation) x 100 / highest value < percentMax, or the order only reduces",
  inputs: ["loss", "summary", "book", "working", "instrument", "quote", "rate"],
  unit: "% of value",
  limits: z.strictObject({ percentMax: PositiveDecimalText }),
  stricter: { percentMax: "lower" },
  codes: ["LOSS_UNKNOWN", "DRAWDOWN"],
  limit: ({ percentMax }) => percentMax,
  judge: ({ terms, facts, limits: { percentMax } }) =>
    judgeLoss(terms, facts, {
      since: "its highest value",
      base: ({ highWaterMark }) => highWaterMark,
      percentMax,
      code: "DRAWDOWN",
    }),
});
