import { decimal } from "@countersign/money/decimal";
import * as z from "zod";
import { within } from "./over-time.ts";
import { defineRule } from "./rule.ts";
import { siblingsOf } from "./siblings-of.ts";

/** An UNKNOWN order is active until there is evidence; each exit of a bracket is an order of its own. */
export const activeOrders = defineRule({
  name: "activeOrders",
  source: "control 7",
  description: "Orders of one account that are active in one contract on one side, with those of which nobody knows",
  formula: "active orders on the side + 1 <= max",
  inputs: ["siblings"],
  unit: "orders",
  limits: z.strictObject({ max: z.int().min(1).max(100_000).describe("The broker itself takes 20") }),
  stricter: { max: "lower" },
  codes: ["COUNTERS_UNKNOWN", "ACTIVE_ORDERS"],
  limit: ({ max }) => String(max),
  judge: (input) => {
    const siblings = siblingsOf(input);
    if ("refusal" in siblings) return siblings.refusal;
    const max = decimal(String(input.limits.max));
    const counts = siblings.known.parts.map(({ conid, sameSide }) => ({
      what: `instrument ${conid}`,
      value: decimal(String(sameSide + 1)),
      max,
    }));
    return within("ACTIVE_ORDERS", counts, "orders on this side");
  },
});
