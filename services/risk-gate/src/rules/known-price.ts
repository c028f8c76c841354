import { parseUtcText } from "@countersign/clock/clock";
import { DataType, numberOf } from "@countersign/contracts/market-value";
import { compare, decimal, ZERO } from "@countersign/money/decimal";
import * as z from "zod";
import type { Part } from "../facts/parts.ts";
import { eachPart } from "./each-part.ts";
import { deny, type Finding, pass } from "./finding.ts";
import { defineRule, type RuleInput } from "./rule.ts";

const Limits = z.strictObject({
  ageMsMax: z.int().min(1).max(600_000),
  dataTypes: z.array(DataType).min(1),
});
type Limits = z.infer<typeof Limits>;

/** A price is known, two-sided, plausible, of an allowed kind, and no older than the limit. */
export const knownPrice = defineRule({
  name: "knownPrice",
  source: "control 21",
  description: "A plausible two-sided quote of an allowed data type, no older than the limit",
  formula: "0 < bid < ask, not halted, of a permitted data type, now - asOf <= ageMsMax",
  inputs: ["quote", "instrument", "at"],
  unit: "ms",
  limits: Limits,
  stricter: { ageMsMax: "lower", dataTypes: "fewer" },
  codes: ["QUOTE_MISSING", "QUOTE_IMPLAUSIBLE", "QUOTE_NOT_LIVE", "QUOTE_STALE"],
  limit: ({ ageMsMax }) => String(ageMsMax),
  judge: (input) => eachPart(input, (part) => judgePart(part, input)),
});

function judgePart(part: Part, { facts, limits }: RuleInput<Limits>): Finding {
  if (part.quote.state === "missing") return deny("QUOTE_MISSING", null, `no quote: ${part.quote.reason}`);
  const quote = part.quote.value;
  if (quote.conid !== part.conid) return deny("QUOTE_MISSING", null, "the quote is of another instrument");
  const { instrument } = part;
  if (instrument.state === "known" && instrument.value.currency !== quote.currency) {
    return deny(
      "QUOTE_IMPLAUSIBLE",
      null,
      `the quote is in ${quote.currency}, the instrument in ${instrument.value.currency}`,
    );
  }
  if (!limits.dataTypes.includes(quote.dataType)) {
    return deny("QUOTE_NOT_LIVE", null, `the quote is ${quote.dataType}; allowed: ${limits.dataTypes.join(", ")}`);
  }
  const [bid, ask] = [numberOf(quote.bid), numberOf(quote.ask)];
  if (bid === null || ask === null) return deny("QUOTE_IMPLAUSIBLE", null, "the quote is one-sided");
  if (compare(decimal(bid), ZERO) <= 0 || compare(decimal(ask), decimal(bid)) <= 0) {
    return deny("QUOTE_IMPLAUSIBLE", null, `bid ${bid}, ask ${ask}: crossed, locked, zero or negative`);
  }
  if (quote.flags.includes("halted")) return deny("QUOTE_IMPLAUSIBLE", null, "trading is halted");
  const ageMs = parseUtcText(facts.at) - parseUtcText(quote.asOf);
  const headroom = String(limits.ageMsMax - ageMs);
  // A quote from the future means that a clock is wrong, and then no age means anything.
  if (ageMs < -1_000) return deny("QUOTE_STALE", String(ageMs), "the quote's time lies in the future");
  if (ageMs > limits.ageMsMax) {
    return deny("QUOTE_STALE", String(ageMs), `the quote is ${ageMs} ms old; at most ${limits.ageMsMax}`, headroom);
  }
  return pass(String(Math.max(0, ageMs)), `bid ${bid}, ask ${ask}, ${quote.dataType}`, headroom);
}
