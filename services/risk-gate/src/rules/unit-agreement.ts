import { PercentText } from "@countersign/contracts/order";
import { pricesOf } from "@countersign/contracts/order-check";
import {
  absolute,
  compare,
  type Decimal,
  decimal,
  isZero,
  multiply,
  subtract,
  toText,
} from "@countersign/money/decimal";
import * as z from "zod";
import { instrumentsOf } from "../facts/parts.ts";
import { farTouch, worstPrice } from "../facts/prices.ts";
import { deny, pass } from "./finding.ts";
import { exceedsPercent, percentText } from "./percent.ts";
import { defineRule } from "./rule.ts";

/** Whoever types a quantity where an amount belongs names an amount that does not fit to the quantity. */
export const unitAgreement = defineRule({
  name: "unitAgreement",
  source: "control 3",
  description: "The notional that the proposer names fits to quantity, price and multiplier",
  formula:
    "|named - quantity x price x multiplier| <= percentMax of the latter, with the order's own price, the far touch, or the worst price that it may meet; only while it is proposed",
  inputs: ["quote", "instrument"],
  unit: "percent",
  limits: z.strictObject({
    percentMax: PercentText.describe("How far the named notional may be from the computed one"),
    required: z.boolean().describe("true: an order without a named notional is denied"),
  }),
  stricter: { percentMax: "lower", required: "true" },
  codes: ["UNIT_MISMATCH", "NOTIONAL_UNKNOWN"],
  limit: ({ percentMax }) => percentMax,
  judge: ({ terms, facts, limits }) => {
    const { claim } = facts;
    if (claim === undefined) return pass(null, "compared when it was proposed");
    if (claim.notional === null) {
      if (!limits.required) return pass(null, "no notional was named");
      return deny("UNIT_MISMATCH", null, "name the notional that you take the order to have");
    }
    const found = instrumentsOf(terms, facts);
    if ("reason" in found) return deny("NOTIONAL_UNKNOWN", null, `the multiplier: ${found.reason}`);
    const { limitPrice, stopPrice, triggerPrice } = pricesOf(terms);
    const own = [limitPrice, stopPrice, triggerPrice].flatMap((text) => (text === undefined ? [] : [decimal(text)]));
    const market = [farTouch(terms, facts), worstPrice(terms, facts)];
    const prices = [...own, ...market].flatMap((price) => (price === undefined ? [] : [price]));
    const [instrument] = found.instruments;
    if (instrument === undefined) return deny("NOTIONAL_UNKNOWN", null, "the order names no instrument");
    const units = multiply(decimal(terms.quantity), decimal(instrument.multiplier));
    const computed = prices.map((price) => absolute(multiply(price, units))).filter((value) => !isZero(value));
    const nearest = nearestTo(decimal(claim.notional), computed);
    if (nearest === undefined) return deny("NOTIONAL_UNKNOWN", null, "no price to compute the notional with");
    const off = absolute(subtract(decimal(claim.notional), nearest));
    const percent = percentText(off, nearest);
    const headroom = toText(subtract(decimal(limits.percentMax), decimal(percent)));
    if (!exceedsPercent(off, nearest, limits.percentMax)) return pass(percent, "it fits", headroom);
    const message = `${claim.notional} was named, ${toText(nearest)} is the notional of ${terms.quantity} units`;
    return deny("UNIT_MISMATCH", percent, message, headroom);
  },
});

function nearestTo(named: Decimal, values: readonly Decimal[]): Decimal | undefined {
  const distance = (value: Decimal) => absolute(subtract(named, value));
  return values.toSorted((a, b) => compare(distance(a), distance(b)))[0];
}
