import { parseUtcText } from "@countersign/clock/clock";
import * as z from "zod";
import { exposuresOf } from "../facts/book/exposures.ts";
import { deny, pass } from "./finding.ts";
import { defineRule } from "./rule.ts";

const AHEAD_MS_MAX = 1_000;

/** Everything that an exposure is computed of is there and young enough; the rules of exposure rely on it. */
export const knownBook = defineRule({
  name: "knownBook",
  source: "G1",
  description: "Every position has a value, every working order is known, and both are young enough",
  formula: "age of the oldest price, rate or list of open orders <= ageMsMax",
  inputs: ["book", "working", "instrument", "quote", "rate", "at"],
  unit: "ms",
  limits: z.strictObject({ ageMsMax: z.int().min(1).max(3_600_000) }),
  stricter: { ageMsMax: "lower" },
  codes: ["EXPOSURE_UNKNOWN", "EXPOSURE_STALE"],
  limit: ({ ageMsMax }) => String(ageMsMax),
  judge: ({ terms, facts, limits }) => {
    const found = exposuresOf(terms, facts);
    if ("missing" in found) return deny("EXPOSURE_UNKNOWN", null, found.missing);
    const ages = found.asOf.map((asOf) => parseUtcText(facts.at) - parseUtcText(asOf));
    const ageMs = Math.max(...ages);
    if (Math.min(...ages) < -AHEAD_MS_MAX) return deny("EXPOSURE_STALE", null, "the book is from the future");
    const headroom = String(limits.ageMsMax - ageMs);
    if (ageMs <= limits.ageMsMax) return pass(String(ageMs), `${ageMs} ms old`, headroom);
    return deny("EXPOSURE_STALE", String(ageMs), `${ageMs} ms old; at most ${limits.ageMsMax}`, headroom);
  },
});
