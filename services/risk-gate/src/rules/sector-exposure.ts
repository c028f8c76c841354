import { PositiveDecimalText } from "@countersign/contracts/primitives";
import * as z from "zod";
import { bookAndValue } from "./book-and-value.ts";
import { deny } from "./finding.ts";
import { defineRule } from "./rule.ts";
import { judgeShare, tightest } from "./share-of-value.ts";

/** By the contract's own industry and category. What has neither stands in one group with its like, under the same limit. */
export const sectorExposure = defineRule({
  name: "sectorExposure",
  source: "control 11; R3",
  description: "Exposure to one industry, and to one category of it, in per cent of the account's value",
  formula: "sum of the worst of each instrument of the group x 100 / net liquidation <= percentMax",
  inputs: ["book", "working", "instrument", "quote", "rate", "summary"],
  unit: "% of value",
  limits: z.strictObject({ industryPercentMax: PositiveDecimalText, categoryPercentMax: PositiveDecimalText }),
  stricter: { industryPercentMax: "lower", categoryPercentMax: "lower" },
  codes: ["EXPOSURE_UNKNOWN", "SECTOR_EXPOSURE"],
  limit: ({ industryPercentMax }) => industryPercentMax,
  judge: ({ terms, facts, limits }) => {
    const known = bookAndValue({ terms, facts });
    if ("refusal" in known) return known.refusal;
    const { book: found, value } = known;
    const of = (kind: "industry" | "category", percentMax: string) =>
      found
        .groups(kind)
        .map(({ name, ...change }) =>
          judgeShare({ what: `${kind} ${name}`, change, percentMax, value, code: "SECTOR_EXPOSURE" }),
        );
    const findings = [...of("industry", limits.industryPercentMax), ...of("category", limits.categoryPercentMax)];
    return tightest(findings) ?? deny("EXPOSURE_UNKNOWN", null, "the order names no instrument");
  },
});
