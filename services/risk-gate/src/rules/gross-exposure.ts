import { PositiveDecimalText } from "@countersign/contracts/primitives";
import * as z from "zod";
import { bookAndValue } from "./book-and-value.ts";
import { defineRule } from "./rule.ts";
import { judgeShare } from "./share-of-value.ts";

/** 100 % is an account without borrowed money; 200 % a leverage of two. */
export const grossExposure = defineRule({
  name: "grossExposure",
  source: "control 12",
  description: "Leverage: exposure of the whole account, long and short added, in per cent of its value",
  formula: "sum over all instruments of the worst of each, without sign, x 100 / net liquidation <= percentMax",
  inputs: ["book", "working", "instrument", "quote", "rate", "summary"],
  unit: "% of value",
  limits: z.strictObject({ percentMax: PositiveDecimalText }),
  stricter: { percentMax: "lower" },
  codes: ["EXPOSURE_UNKNOWN", "GROSS_EXPOSURE"],
  limit: ({ percentMax }) => percentMax,
  judge: ({ terms, facts, limits }) => {
    const known = bookAndValue({ terms, facts });
    if ("refusal" in known) return known.refusal;
    const { book: found, value } = known;
    const { percentMax } = limits;
    return judgeShare({ what: "gross exposure", change: found.gross, percentMax, value, code: "GROSS_EXPOSURE" });
  },
});
