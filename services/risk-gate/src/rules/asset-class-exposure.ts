import { PositiveDecimalText } from "@countersign/contracts/primitives";
import * as z from "zod";
import { bookAndValue } from "./book-and-value.ts";
import { deny } from "./finding.ts";
import { defineRule } from "./rule.ts";
import { judgeShare, tightest } from "./share-of-value.ts";

/** A class without a limit of its own may not be traded. */
export const assetClassExposure = defineRule({
  name: "assetClassExposure",
  source: "control 11",
  description: "Exposure to one class of instruments (STK, OPT, FUT, CASH, ...) in per cent of the account's value",
  formula: "sum of the worst of each instrument of the class x 100 / net liquidation <= percentMax of the class",
  inputs: ["book", "working", "instrument", "quote", "rate", "summary"],
  unit: "% of value",
  limits: z.strictObject({
    percentMax: z.record(z.string().regex(/^[A-Z]{2,10}$/), PositiveDecimalText).describe("By security type"),
  }),
  stricter: { percentMax: "lower" },
  codes: ["EXPOSURE_UNKNOWN", "ASSET_CLASS_EXPOSURE"],
  limit: ({ percentMax }) =>
    Object.entries(percentMax)
      .map(([name, percent]) => `${name} ${percent}`)
      .join(", "),
  judge: ({ terms, facts, limits }) => {
    const known = bookAndValue({ terms, facts });
    if ("refusal" in known) return known.refusal;
    const { book: found, value } = known;
    const findings = found.groups("assetClass").map(({ name, ...change }) => {
      const percentMax = limits.percentMax[name];
      if (percentMax === undefined) return deny("ASSET_CLASS_EXPOSURE", null, `the class ${name} has no limit`);
      return judgeShare({ what: `class ${name}`, change, percentMax, value, code: "ASSET_CLASS_EXPOSURE" });
    });
    return tightest(findings) ?? deny("EXPOSURE_UNKNOWN", null, "the order names no instrument");
  },
});
