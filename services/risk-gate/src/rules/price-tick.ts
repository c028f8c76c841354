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
    const tick = tickAt(facts.instrument.value);
    if (tick === undefined) return deny("PRICE_OFF_TICK", value, "the tick size is not known");
    for (const { field, text } of numbers) {
      const found = onTick(text, tick);
      if (found.valid) continue;
      const message = `${field} ${text} is not a multiple of ${toText(tick)}; nearest: ${found.nearest.join(" and ")}`;
      return deny("PRICE_OFF_TICK", text, message);
    }
    return pass(value, `on the tick of ${toText(tick)}`);
  },
};
