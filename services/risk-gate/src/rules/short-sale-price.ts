import { pricesOf } from "@countersign/contracts/order-check";
import { compare, decimal, subtract, toText } from "@countersign/money/decimal";
import * as z from "zod";
import type { Part } from "../facts/parts.ts";
import { touchOf } from "../facts/prices.ts";
import { eachPart } from "./each-part.ts";
import { deny, type Finding, pass } from "./finding.ts";
import { sellsShort } from "./free-to-sell.ts";
import { defineRule, type RuleInput } from "./rule.ts";

const Limits = z.strictObject({
  secTypes: z
    .array(z.string().regex(/^[A-Z]{2,10}$/))
    .describe("Of these a short sale must ask for more than the best bid"),
});
type Limits = z.infer<typeof Limits>;

/**
 * The price test of Regulation SHO, Rule 201: after a fall of 10 % no short sale at or below the best bid, for the rest of
 * that day and the next. TWS does not say when it is in force, so it is taken to be in force always.
 */
export const shortSalePrice = defineRule({
  name: "shortSalePrice",
  source: "control 19",
  description: "A short sale has a limit above the best bid, as if the price restriction was always in force",
  formula: "held - remaining of all working and unknown sells - this order >= 0, or limit price > bid",
  inputs: ["book", "working", "instrument", "quote"],
  unit: "price",
  limits: Limits,
  stricter: { secTypes: "more" },
  codes: ["EXPOSURE_UNKNOWN", "QUOTE_MISSING", "SHORT_SALE_RESTRICTED"],
  limit: ({ secTypes }) => `above the bid: ${secTypes.join(", ") || "none"}`,
  judge: (input) => eachPart(input, (part) => judgePart(part, input)),
});

function judgePart(part: Part, { terms, facts, limits }: RuleInput<Limits>): Finding {
  if (part.instrument.state === "missing") return deny("EXPOSURE_UNKNOWN", null, part.instrument.reason);
  const { secType } = part.instrument.value;
  if (!limits.secTypes.includes(secType)) return pass(null, `no price restriction of ${secType}`);
  const short = sellsShort(part, facts);
  if (typeof short === "object") return deny("EXPOSURE_UNKNOWN", null, short.reason);
  if (!short) return pass(null, "no short sale");
  const { limitPrice } = pricesOf(terms);
  // The limit of a combination says nothing about the price of one leg.
  if (limitPrice === undefined || terms.legs !== undefined)
    return deny("SHORT_SALE_RESTRICTED", null, "a short sale without a limit price of its own");
  const bid = touchOf(part, "SELL");
  if (bid === undefined) return deny("QUOTE_MISSING", null, "no bid to hold the limit price against");
  const headroom = toText(subtract(decimal(limitPrice), bid));
  const says = `a short sale at ${limitPrice}, the bid is ${toText(bid)}`;
  const isAbove = compare(decimal(limitPrice), bid) > 0;
  return isAbove ? pass(limitPrice, says, headroom) : deny("SHORT_SALE_RESTRICTED", limitPrice, says, headroom);
}
