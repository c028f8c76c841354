import { compare, decimal, isMultipleOf, toText } from "@countersign/money/decimal";
import type { Part } from "../facts/parts.ts";
import { eachPart } from "./each-part.ts";
import { deny, type Finding, pass } from "./finding.ts";
import { defineRule } from "./rule.ts";

const ONE = decimal("1");

export const quantityStep = defineRule({
  name: "quantityStep",
  source: "control 2",
  description: "The quantity is at least the minimum size and a multiple of the size increment",
  formula: "quantity >= minimum size, quantity mod size increment = 0",
  inputs: ["instrument"],
  unit: "units",
  limits: null,
  stricter: null,
  codes: ["QUANTITY_OFF_STEP"],
  limit: () => null,
  judge: (input) => {
    const { quantity, legs } = input.terms;
    if (legs !== undefined && !isMultipleOf(decimal(quantity), ONE)) {
      return deny("QUANTITY_OFF_STEP", quantity, "combinations are traded in whole units");
    }
    return eachPart(input, judgePart);
  },
});

function judgePart({ instrument, quantity }: Part): Finding {
  const value = toText(quantity);
  const refused = (message: string) => deny("QUANTITY_OFF_STEP", value, message);
  if (instrument.state === "missing") return refused("the size increment is not known");
  const { minSize, sizeIncrement } = instrument.value;
  if (Number(sizeIncrement) <= 0) return refused("the size increment is not known");
  if (compare(quantity, decimal(minSize)) < 0) return refused(`the smallest order is ${minSize}`);
  if (!isMultipleOf(quantity, decimal(sizeIncrement))) return refused(`not a multiple of ${sizeIncrement}`);
  return pass(value, `steps of ${sizeIncrement}`);
}
