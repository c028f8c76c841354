import { PositiveDecimalText } from "@countersign/contracts/primitives";
import { add, compare, decimal, subtract, toText, ZERO } from "@countersign/money/decimal";
import * as z from "zod";
import { partsOf } from "../facts/parts.ts";
import { deny, pass } from "./finding.ts";
import { defineRule } from "./rule.ts";

export const maxOrderQuantity = defineRule({
  name: "maxOrderQuantity",
  source: "control 2",
  description: "Quantity of one order; of a combination the units of all legs together",
  formula: "units of all legs together <= max",
  inputs: [],
  unit: "units",
  limits: z.strictObject({
    max: PositiveDecimalText.describe("Shares, contracts or units of base currency, in one order"),
  }),
  stricter: { max: "lower" },
  codes: ["MAX_ORDER_QUANTITY"],
  limit: ({ max }) => max,
  judge: ({ terms, facts, limits: { max } }) => {
    const units = partsOf(terms, facts).reduce((sum, { quantity }) => add(sum, quantity), ZERO);
    const value = toText(units);
    const headroom = toText(subtract(decimal(max), units));
    if (compare(units, decimal(max)) > 0) {
      const message = `${value} is above ${max}; reduce the quantity to at most that`;
      return deny("MAX_ORDER_QUANTITY", value, message, headroom);
    }
    return pass(value, "within the limit", headroom);
  },
});
