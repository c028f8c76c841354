import { PositiveDecimalText } from "@countersign/contracts/primitives";
import * as z from "zod";
import { endsOf } from "../facts/book/worst-case.ts";
import { bookAndValue } from "./book-and-value.ts";
import { deny } from "./finding.ts";
import { defineRule } from "./rule.ts";
import { judgeShare, tightest } from "./share-of-value.ts";

/** Of one instrument, long or short, whichever is worse. */
export const concentration = defineRule({
  name: "concentration",
  source: "control 11; R2",
  description: "Exposure to one instrument in per cent of the account's value",
  formula:
    "max(|all buys filled|, |all sells filled|) x 100 / net liquidation <= percentMax; long and short each by itself where one is above it already",
  inputs: ["book", "working", "instrument", "quote", "rate", "summary"],
  unit: "% of value",
  limits: z.strictObject({ percentMax: PositiveDecimalText }),
  stricter: { percentMax: "lower" },
  codes: ["EXPOSURE_UNKNOWN", "CONCENTRATION"],
  limit: ({ percentMax }) => percentMax,
  judge: ({ terms, facts, limits }) => {
    const known = bookAndValue({ terms, facts });
    if ("refusal" in known) return known.refusal;
    const { book: found, value } = known;
    const { percentMax } = limits;
    const findings = found.parts.flatMap(({ name, before, after }) => {
      const [was, is] = [endsOf(before), endsOf(after)];
      // Each by itself: what is turned into the opposite is a new position, and not the old one that gets no larger.
      return ([0, 1] as const).map((end) => {
        const change = { before: was[end].value, after: is[end].value };
        return judgeShare({ what: name, change, percentMax, value, code: "CONCENTRATION" });
      });
    });
    return tightest(findings) ?? deny("EXPOSURE_UNKNOWN", null, "the order names no instrument");
  },
});
