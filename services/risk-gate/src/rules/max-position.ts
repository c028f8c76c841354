import { CurrencyCode, PositiveDecimalText } from "@countersign/contracts/primitives";
import { compare, decimal, roundUp, subtract, toText } from "@countersign/money/decimal";
import * as z from "zod";
import { exposuresOf, type PartExposure } from "../facts/book/exposures.ts";
import { endsOf } from "../facts/book/worst-case.ts";
import { deny, type Finding, pass } from "./finding.ts";
import { defineRule } from "./rule.ts";
import { tightest } from "./share-of-value.ts";

/**
 * A cap on one instrument that does not grow with the account. A position that the order does not make larger is not its
 * matter, but one that is turned into the opposite is a new one.
 */
export const maxPosition = defineRule({
  name: "maxPosition",
  source: "control 11",
  description: "Position in one instrument when everything of one side fills, long or short, in units and in value",
  formula:
    "|position + all working of one side + order| <= units; the same x multiplier x price x rate <= value; long and short each by itself where one is above it already",
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
  const [units, { amount, currency }] = [decimal(limits.units), limits.value];
  const value = decimal(amount);
  const was = endsOf(before);
  const grown = endsOf(after).map((is, at) => ({ is, was: was[at] ?? is }));
  const many = grown.find((end) => compare(end.is.units, units) > 0 && compare(end.is.units, end.was.units) > 0);
  if (many !== undefined) {
    const reached = toText(many.is.units);
    const message = `${name} would reach ${reached} units; at most ${limits.units}`;
    return deny("MAX_POSITION", reached, message, toText(subtract(units, many.is.units)));
  }
  const much = grown.find((end) => compare(end.is.value, value) > 0 && compare(end.is.value, end.was.value) > 0);
  if (much !== undefined) {
    const reached = toText(roundUp(much.is.value, 2));
    // The room that is left in units is none: it is the value that is beyond its limit.
    return deny("MAX_POSITION", toText(much.is.units), `${name} would reach ${reached} ${currency}; at most ${amount}`);
  }
  const worst = toText(after.worstUnits);
  const headroom = toText(subtract(units, after.worstUnits));
  return pass(worst, `${name}: at most ${worst} units when everything fills`, headroom);
}
