import { isTerminal } from "@countersign/contracts/life";
import { pricesOf } from "@countersign/contracts/order-check";
import { DecimalText } from "@countersign/contracts/primitives";
import { absolute, compare, decimal, multiply, subtract } from "@countersign/money/decimal";
import * as z from "zod";
import type { Twin } from "../counters/siblings.ts";
import { confirm, deny, pass } from "./finding.ts";
import { defineRule } from "./rule.ts";
import { siblingsOf } from "./siblings-of.ts";

const HUNDRED = decimal("100");

/** Whoever meant the same order twice names this rule when approving; no standing policy does. */
export const duplicateOrder = defineRule({
  name: "duplicateOrder",
  source: "control 9",
  description: "The same account, instrument, side and quantity at nearly the same price, shortly before or still open",
  formula: "twins that are open, or younger than the time, within the per cent of its price <= max",
  inputs: ["siblings"],
  unit: "twins",
  limits: z.strictObject({
    withinSeconds: z.int().min(1).max(3_600).describe("An open or UNKNOWN twin counts at any age"),
    pricePercent: DecimalText.describe("Two orders without a limit price have the same one"),
    softTwins: z.int().min(0).max(18).describe("How many twins need no confirmation"),
    hardTwins: z.int().min(1).max(19).describe("More are no accident of one person, and denied"),
  }),
  stricter: { withinSeconds: "higher", pricePercent: "higher", softTwins: "lower", hardTwins: "lower" },
  mayBeOff: true,
  codes: ["COUNTERS_UNKNOWN", "DUPLICATE_ORDER"],
  limit: ({ softTwins, hardTwins }) => `${softTwins} / ${hardTwins}`,
  judge: (input) => {
    const siblings = siblingsOf(input);
    if ("refusal" in siblings) return siblings.refusal;
    const { withinSeconds, pricePercent, softTwins, hardTwins } = input.limits;
    const { limitPrice = null } = pricesOf(input.terms);
    const twins = siblings.known.twins.filter((twin) => {
      const counts = !isTerminal(twin.state) || twin.ageMs <= withinSeconds * 1_000;
      return counts && near(twin, limitPrice, pricePercent);
    });
    const count = String(twins.length);
    const headroom = String(hardTwins - twins.length);
    const [newest = "like no other"] = twins.map(({ proposalId, state }) => `like ${proposalId}, which is ${state}`);
    if (twins.length <= softTwins) return pass(count, newest, headroom);
    if (twins.length > hardTwins) return deny("DUPLICATE_ORDER", count, `again ${newest}`, headroom);
    return confirm("DUPLICATE_ORDER", count, newest, headroom);
  },
});

/** Within the per cent of the twin's price; an order without a limit price is like every other one. */
function near({ price }: Twin, limitPrice: string | null, percent: string): boolean {
  if (price === null || limitPrice === null) return true;
  const apart = multiply(absolute(subtract(decimal(limitPrice), decimal(price))), HUNDRED);
  return compare(apart, multiply(decimal(percent), absolute(decimal(price)))) <= 0;
}
