import * as z from "zod";
import { exposuresOf } from "../facts/book/exposures.ts";
import { deny, pass } from "./finding.ts";
import { defineRule } from "./rule.ts";

/** More than somebody watches. An order in what is held already opens no new one. */
export const maxPositions = defineRule({
  name: "maxPositions",
  source: "control 11",
  description: "In how many instruments the account holds something or may come to hold it",
  formula: "instruments with a position or a working order, with those of the order <= max",
  inputs: ["book", "working", "instrument", "quote", "rate"],
  unit: "instruments",
  limits: z.strictObject({ max: z.int().min(1).max(100_000) }),
  stricter: { max: "lower" },
  codes: ["EXPOSURE_UNKNOWN", "MAX_POSITIONS"],
  limit: ({ max }) => String(max),
  judge: ({ terms, facts, limits }) => {
    const found = exposuresOf(terms, facts);
    if ("missing" in found) return deny("EXPOSURE_UNKNOWN", null, found.missing);
    const { before, after } = found.count;
    const headroom = String(limits.max - after);
    if (after > limits.max && after > before) {
      const message = `the account would hold ${after} instruments; at most ${limits.max}`;
      return deny("MAX_POSITIONS", String(after), message, headroom);
    }
    return pass(String(after), `${after} instruments`, headroom);
  },
});
