import { CurrencyCode, PositiveDecimalText } from "@countersign/contracts/primitives";
import { compare, type Decimal, decimal, roundUp, subtract, toText } from "@countersign/money/decimal";
import * as z from "zod";
import { exposuresOf, type PartExposure } from "../facts/book/exposures.ts";
import { deny, type Finding, pass } from "./finding.ts";
import { defineRule } from "./rule.ts";
import { tightest } from "./share-of-value.ts";

/** A cap on one instrument that does not grow with the account; a position that it does not make larger is not its matter. */
export const maxPosition = defineRule({
  name: "maxPosition",
  source: "control 11",
  description: "Position in one instrument when everything of one side fills, long or short, in units and in value",
  formula: "|position + all working of one side + order| <= units; the same x multiplier x price x rate <= value",
  inputs: ["book", "working", "instrument", "quote", "rate"],
  unit: "units",
  limits: z.strictObject({
    units: PositiveDecimalText.describe("Shares, contracts or units of a currency"),
    value: z.strictObject({ amount: PositiveDecimalText, currency: CurrencyCode }).describe("In the base currency"),
  }),
  stricter: { units: "lower", value: "lower" },
  codes: ["EXPOSURE_UNKNOWN", "MAX_POSITION"],
  limit: ({ units }) => units,
  judge: ({ terms, facts, limits }) => {
    const found = exposuresOf(terms, facts);
    if ("missing" in found) return deny("EXPOSURE_UNKNOWN", null, found.missing);
    if (limits.value.currency !== found.baseCurrency)
      return deny("EXPOSURE_UNKNOWN", null, `the limit is in ${limits.value.currency}, not in ${found.baseCurrency}`);
    return (
      tightest(found.parts.map((part) => judgePart(part, limits))) ?? deny("EXPOSURE_UNKNOWN", null, "no instrument")
    );
  },
});

interface Limits {
  readonly units: string;
  readonly value: { readonly amount: string; readonly currency: string };
}

function judgePart({ name, before, after }: PartExposure, limits: Limits): Finding {
  const units = toText(after.worstUnits);
  const headroom = toText(subtract(decimal(limits.units), after.worstUnits));
  const grows = (was: Decimal, is: Decimal, most: string) => compare(is, decimal(most)) > 0 && compare(is, was) > 0;
  if (grows(before.worstUnits, after.worstUnits, limits.units))
    return deny("MAX_POSITION", units, `${name} would reach ${units} units; at most ${limits.units}`, headroom);
  const { amount, currency } = limits.value;
  if (grows(before.worst, after.worst, amount)) {
    const value = toText(roundUp(after.worst, 2));
    // The room that is left in units is none: it is the value that is beyond its limit.
    return deny("MAX_POSITION", units, `${name} would reach ${value} ${currency}; at most ${amount}`);
  }
  return pass(units, `${name}: at most ${units} units when everything fills`, headroom);
}
