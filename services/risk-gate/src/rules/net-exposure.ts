import { DecimalText } from "@countersign/contracts/primitives";
import { negate } from "@countersign/money/decimal";
import * as z from "zod";
import { bookAndValue } from "./book-and-value.ts";
import { defineRule } from "./rule.ts";
import { judgeShare, tightest } from "./share-of-value.ts";

const Percent = DecimalText.refine((text) => !text.startsWith("-"), "zero or more");

/** Long less short, at both ends: everything that buys filled and nothing that sells, and the other way round. */
export const netExposure = defineRule({
  name: "netExposure",
  source: "control 12",
  description: "Long less short exposure of the account, in per cent of its value, within a band",
  formula: "-shortPercentMax <= (sum of signed exposures) x 100 / net liquidation <= longPercentMax, at both ends",
  inputs: ["book", "working", "instrument", "quote", "rate", "summary"],
  unit: "% of value",
  limits: z.strictObject({ longPercentMax: Percent, shortPercentMax: Percent }),
  stricter: { longPercentMax: "lower", shortPercentMax: "lower" },
  codes: ["EXPOSURE_UNKNOWN", "NET_EXPOSURE"],
  limit: ({ longPercentMax, shortPercentMax }) => `-${shortPercentMax} to ${longPercentMax}`,
  judge: ({ terms, facts, limits }) => {
    const known = bookAndValue({ terms, facts });
    if ("refusal" in known) return known.refusal;
    const { book: found, value } = known;
    const short = { before: negate(found.netShort.before), after: negate(found.netShort.after) };
    const code = "NET_EXPOSURE";
    return tightest([
      judgeShare({ what: "net long", change: found.netLong, percentMax: limits.longPercentMax, value, code }),
      judgeShare({ what: "net short", change: short, percentMax: limits.shortPercentMax, value, code }),
    ]);
  },
});
