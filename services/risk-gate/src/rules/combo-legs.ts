import type { Instrument } from "@countersign/contracts/instrument";
import { instrumentsOf } from "../facts/parts.ts";
import { deny, pass } from "./finding.ts";
import { defineRule } from "./rule.ts";

/** The price of a combination is one number, so its legs must be counted in the same money and the same units, and trade in one place. */
export const comboLegs = defineRule({
  name: "comboLegs",
  source: "control 22",
  description: "The legs of a combination have one currency, one multiplier and one exchange",
  formula: "currency, multiplier and exchange of every leg are equal",
  inputs: ["instrument"],
  unit: "legs",
  limits: null,
  stricter: null,
  codes: ["COMBO_INVALID"],
  limit: () => null,
  judge: ({ terms, facts }) => {
    if (terms.legs === undefined) return pass(null, "one instrument");
    const value = String(terms.legs.length);
    const found = instrumentsOf(terms, facts);
    if ("reason" in found) return deny("COMBO_INVALID", value, `a leg is not known: ${found.reason}`);
    for (const [what, of] of SAME) {
      const different = [...new Set(found.instruments.map(of))];
      if (different.length > 1) return deny("COMBO_INVALID", value, `${what} differs: ${different.join(", ")}`);
    }
    return pass(value, "they fit together");
  },
});

const SAME: readonly (readonly [string, (instrument: Instrument) => string])[] = [
  ["the currency", ({ currency }) => currency],
  ["the multiplier", ({ multiplier }) => multiplier],
  ["the exchange", ({ exchange }) => exchange || "SMART"],
];
