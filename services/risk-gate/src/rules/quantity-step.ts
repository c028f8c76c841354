import { compare, decimal, isMultipleOf } from "@countersign/money/decimal";
import { deny, pass, type Rule } from "./rule.ts";

export const quantityStep: Rule = {
  name: "quantityStep",
  description: "The quantity is at least the minimum size and a multiple of the size increment",
  unit: "units",
  limit: () => null,
  judge: ({ terms, facts }) => {
    const no = (message: string) => deny("QUANTITY_OFF_STEP", terms.quantity, message);
    if (facts.instrument.state === "missing") return no("the size increment is not known");
    const { minSize, sizeIncrement } = facts.instrument.value;
    if (Number(sizeIncrement) <= 0) return no("the size increment is not known");
    if (compare(decimal(terms.quantity), decimal(minSize)) < 0) return no(`the smallest order is ${minSize}`);
    if (!isMultipleOf(decimal(terms.quantity), decimal(sizeIncrement))) return no(`not a multiple of ${sizeIncrement}`);
    return pass(terms.quantity, `steps of ${sizeIncrement}`);
  },
};
