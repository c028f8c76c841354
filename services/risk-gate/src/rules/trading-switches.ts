import { pricesOf } from "@countersign/contracts/order-check";
import { CurrencyCode } from "@countersign/contracts/primitives";
import * as z from "zod";
import type { Part } from "../facts/parts.ts";
import { eachPart } from "./each-part.ts";
import { deny, type Finding, pass } from "./finding.ts";
import { defineRule, type RuleInput } from "./rule.ts";

const Limits = z.strictObject({
  forex: z.boolean().describe("false: no currency pairs"),
  international: z.boolean().describe("false: only instruments in a home currency"),
  homeCurrencies: z.array(CurrencyCode).min(1),
  stopOrders: z.boolean().describe("false: no stops and trails, also not in the exits of a bracket"),
});
type Limits = z.infer<typeof Limits>;

/** Whole kinds of trading, each with a switch of its own: off means off, whatever the lists of instruments and types say. */
export const tradingSwitches = defineRule({
  name: "tradingSwitches",
  source: "C2, I2 forex, international and stop-loss switches",
  description: "Currency pairs, instruments in foreign currencies and stop orders are switched on",
  formula:
    "CASH needs forex; another instrument in a currency that is not at home needs international; a stop or a trail needs stopOrders",
  inputs: ["instrument"],
  unit: "switch",
  limits: Limits,
  stricter: { forex: "false", international: "false", homeCurrencies: "fewer", stopOrders: "false" },
  codes: ["SWITCHED_OFF"],
  limit: (limits) => `off: ${SWITCHES.filter((name) => !limits[name]).join(", ") || "none"}`,
  judge: (input) => stops(input) ?? eachPart(input, (part) => judgePart(part, input.limits)),
});

const SWITCHES = ["forex", "international", "stopOrders"] as const;
const off = (name: (typeof SWITCHES)[number], message: string) =>
  deny("SWITCHED_OFF", name, `${message}: ${name} is off`);

function stops({ terms, limits }: RuleInput<Limits>): Finding | undefined {
  if (limits.stopOrders) return undefined;
  const { stopPrice, trail } = pricesOf(terms);
  if (stopPrice === undefined && trail === undefined && terms.exits === undefined) return undefined;
  return off("stopOrders", terms.exits === undefined ? `${terms.orderType} is a stop order` : "a bracket has a stop");
}

function judgePart({ instrument }: Part, { forex, international, homeCurrencies }: Limits): Finding {
  if (instrument.state === "missing") return deny("SWITCHED_OFF", null, `instrument unknown: ${instrument.reason}`);
  const { secType, currency } = instrument.value;
  if (secType === "CASH") return forex ? pass("forex", "a currency pair") : off("forex", "a currency pair");
  if (homeCurrencies.includes(currency)) return pass("home", `in ${currency}`);
  return international ? pass("international", `in ${currency}`) : off("international", `${currency} is not at home`);
}
