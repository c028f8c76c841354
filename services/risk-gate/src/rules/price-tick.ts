import { toText } from "@countersign/money/decimal";
import { onTick, tickAt, tickedNumbers } from "../facts/ticks.ts";
import { deny, pass, type Rule } from "./rule.ts";

/** Nothing is rounded here: what is off the tick is denied, with the prices that would be let through. */
export const priceTick: Rule = {
  name: "priceTick",
  description: "Every price and distance of the order is a multiple of the instrument's tick",
  unit: "tick",
  limit: () => null,
  judge: ({ terms, facts }) => {
    const numbers = tickedNumbers(terms);
    const [first] = numbers;
    if (first === undefined) return pass(null, "no price to check");
    const value = numbers.map(({ text }) => text).join(", ");
    if (facts.instrument.state === "missing") return deny("PRICE_OFF_TICK", value, "the tick size is not known");
    for (const number of numbers) {
      const tick = tickAt(facts.instrument.value, number);
      if (tick === undefined) return deny("PRICE_OFF_TICK", number.text, "the tick size is not known");
      const found = onTick(number.text, tick);
      if (found.valid) continue;
      const nearest = found.nearest.join(" and ");
      const message = `${number.field} ${number.text} is not a multiple of ${toText(tick)}; nearest: ${nearest}`;
      return deny("PRICE_OFF_TICK", number.text, message);
    }
    return pass(value, "on the tick");
  },
};
