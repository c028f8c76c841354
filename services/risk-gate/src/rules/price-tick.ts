import { toText } from "@countersign/money/decimal";
import { instrumentsOf } from "../facts/parts.ts";
import { onTick, tickedNumbers, tickOf } from "../facts/ticks.ts";
import { deny, pass } from "./finding.ts";
import { defineRule } from "./rule.ts";

/** Nothing is rounded here: what is off the tick is denied, with the prices that would be let through. */
export const priceTick = defineRule({
  name: "priceTick",
  source: "control 22",
  description: "Every price and distance of the order is a multiple of the instrument's tick",
  formula: "price mod tick = 0, at the tick of its price band",
  inputs: ["instrument"],
  unit: "tick",
  limits: null,
  stricter: null,
  codes: ["PRICE_OFF_TICK"],
  limit: () => null,
  judge: ({ terms, facts }) => {
    const numbers = tickedNumbers(terms);
    const [first] = numbers;
    if (first === undefined) return pass(null, "no price to check");
    const value = numbers.map(({ text }) => text).join(", ");
    const found = instrumentsOf(terms, facts);
    if ("reason" in found) return deny("PRICE_OFF_TICK", value, "the tick size is not known");
    for (const number of numbers) {
      const tick = tickOf(found.instruments, number);
      if (tick === undefined) return deny("PRICE_OFF_TICK", number.text, "the tick size is not known");
      const place = onTick(number.text, tick, terms.legs === undefined);
      if (place.valid) continue;
      const nearest = place.nearest.join(" and ");
      const message = `${number.field} ${number.text} is not a multiple of ${toText(tick)}; nearest: ${nearest}`;
      return deny("PRICE_OFF_TICK", number.text, message);
    }
    return pass(value, "on the tick");
  },
});
