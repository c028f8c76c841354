import { parseUtcText } from "@countersign/clock/clock";
import { numberOf } from "@countersign/contracts/market-value";
import { compare, decimal, ZERO } from "@countersign/money/decimal";
import type { Part } from "../facts/parts.ts";
import { eachPart } from "./each-part.ts";
import { deny, type Finding, pass, type Rule, type RuleInput } from "./rule.ts";

/** A price is known, two-sided, plausible, of an allowed kind, and no older than the limit. */
export const knownPrice: Rule = {
  name: "knownPrice",
  description: "A plausible two-sided quote of an allowed data type, no older than the limit",
  unit: "ms",
  limit: (policy) => String(policy.quoteAgeMsMax),
  judge: (input) => eachPart(input, (part) => judgePart(part, input)),
};

function judgePart(part: Part, { facts, policy }: RuleInput): Finding {
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
  if (!policy.quoteDataTypes.includes(quote.dataType)) {
    return deny("QUOTE_NOT_LIVE", null, `the quote is ${quote.dataType}; allowed: ${policy.quoteDataTypes.join(", ")}`);
  }
  const [bid, ask] = [numberOf(quote.bid), numberOf(quote.ask)];
  if (bid === null || ask === null) return deny("QUOTE_IMPLAUSIBLE", null, "the quote is one-sided");
  if (compare(decimal(bid), ZERO) <= 0 || compare(decimal(ask), decimal(bid)) <= 0) {
    return deny("QUOTE_IMPLAUSIBLE", null, `bid ${bid}, ask ${ask}: crossed, locked, zero or negative`);
  }
  if (quote.flags.includes("halted")) return deny("QUOTE_IMPLAUSIBLE", null, "trading is halted");
  const ageMs = parseUtcText(facts.at) - parseUtcText(quote.asOf);
  const headroom = String(policy.quoteAgeMsMax - ageMs);
  // A quote from the future means that a clock is wrong, and then no age means anything.
  if (ageMs < -1_000) return deny("QUOTE_STALE", String(ageMs), "the quote's time lies in the future");
  if (ageMs > policy.quoteAgeMsMax) {
    return deny(
      "QUOTE_STALE",
      String(ageMs),
      `the quote is ${ageMs} ms old; at most ${policy.quoteAgeMsMax}`,
      headroom,
    );
  }
  return pass(String(Math.max(0, ageMs)), `bid ${bid}, ask ${ask}, ${quote.dataType}`, headroom);
}
