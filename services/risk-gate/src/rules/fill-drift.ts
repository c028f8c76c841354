import { PercentText } from "@countersign/contracts/order";
import {
  absolute,
  compare,
  type Decimal,
  decimal,
  isZero,
  max,
  min,
  subtract,
  toText,
} from "@countersign/money/decimal";
import * as z from "zod";
import type { OwnFill } from "../counters/own-fills.ts";
import { type Part, partsOf } from "../facts/parts.ts";
import { expectedPrice, limitOf, peggedPrice, touchOf } from "../facts/prices.ts";
import { deny, type Finding, pass } from "./finding.ts";
import { exceedsPercent, percentText } from "./percent.ts";
import { defineRule, type RuleInput } from "./rule.ts";
import { siblingsOf } from "./siblings-of.ts";

const Limits = z.strictObject({
  percentMax: PercentText.describe("How far beyond the best price of our own fills an order may still reach"),
});

/**
 * A collar around the market alone follows the market wherever our own fills push it. This one stands where our own first
 * fills were, so that many small orders do not walk the price farther than one order may go.
 */
export const fillDrift = defineRule({
  name: "fillDrift",
  source: "control 1",
  description: "Our own fills of the last five minutes do not carry the price away, in whichever account they were",
  formula:
    "BUY: (price - lowest own purchase of five minutes) / that, SELL: (highest own sale - price) / that, at most percentMax; price: the limit, else where it is taken to fill; of a combination the far touch of each leg",
  inputs: ["siblings", "quote"],
  unit: "percent",
  limits: Limits,
  stricter: { percentMax: "lower" },
  mayBeOff: true,
  codes: ["COUNTERS_UNKNOWN", "QUOTE_MISSING", "FILL_DRIFT"],
  limit: ({ percentMax }) => percentMax,
  judge: (input) => {
    const siblings = siblingsOf(input);
    if ("refusal" in siblings) return siblings.refusal;
    const { parts } = siblings.known;
    const found = partsOf(input.terms, input.facts).map((part, at): Finding => {
      const best = parts[at]?.bestFill ?? null;
      if (best === null) return pass(null, "nothing of ours was filled on its side in five minutes");
      const price = priceOf(input, part);
      if (price === undefined) return deny("QUOTE_MISSING", null, `no price to hold against our fill at ${best.price}`);
      return judgeDrift(part.side === "BUY" ? 1 : -1, price, { best, percentMax: input.limits.percentMax });
    });
    return found.find(({ outcome }) => outcome === "deny") ?? found.reduce(farther);
  },
});

/** What has no fill of ours has not moved at all. */
function farther(a: Finding, b: Finding): Finding {
  if (a.value === null || b.value === null) return a.value === null ? b : a;
  return compare(decimal(b.value), decimal(a.value)) > 0 ? b : a;
}

/** The worst price at which this part may trade at once. */
function priceOf({ terms, facts }: RuleInput, part: Part): Decimal | undefined {
  if (terms.legs !== undefined) return touchOf(part, part.side);
  const limit = limitOf(terms, facts);
  if (limit !== undefined) return limit;
  const [price, pegged] = [expectedPrice(terms, facts)?.price, peggedPrice(terms, facts)];
  if (price === undefined || pegged === undefined) return price;
  return (part.side === "BUY" ? max : min)(price, pegged);
}

function judgeDrift(
  sign: 1 | -1,
  price: Decimal,
  { best, percentMax }: { best: OwnFill; percentMax: string },
): Finding {
  const from = decimal(best.price);
  const drift = sign === 1 ? subtract(price, from) : subtract(from, price);
  const where = `${toText(price)} against our fill at ${best.price}, ${Math.floor(best.ageMs / 1_000)} s ago`;
  if (isZero(from)) return deny("FILL_DRIFT", null, `${where}: nothing is a percentage of zero`);
  const percent = percentText(drift, absolute(from));
  const headroom = toText(subtract(decimal(percentMax), decimal(percent)));
  if (exceedsPercent(drift, from, percentMax))
    return deny("FILL_DRIFT", percent, `${where}: ${percent} %, at most ${percentMax} %`, headroom);
  return pass(percent, `${where}: ${percent} %`, headroom);
}
