import type { OrderTerms } from "@countersign/contracts/order";
import { compare, decimal, toText } from "@countersign/money/decimal";
import * as z from "zod";
import type { PartSiblings } from "../counters/siblings.ts";
import type { Facts } from "../facts/fact.ts";
import { partsOf } from "../facts/parts.ts";
import { worstPrice } from "../facts/prices.ts";
import { deny, type Finding, pass } from "./finding.ts";
import { defineRule } from "./rule.ts";
import { siblingsOf } from "./siblings-of.ts";

/** The broker holds them back until the market is there; by then it refuses to let an account trade with itself. */
const LATER: readonly OrderTerms["orderType"][] = ["STP", "STP LMT", "TRAIL", "TRAIL LIMIT", "MIT", "LIT"];

export const selfTrade = defineRule({
  name: "selfTrade",
  source: "control 10",
  description:
    "No order that could trade with a resting order of ours, in whichever account, or right after a fill on the other side",
  formula:
    "buy below our lowest offer, sell above our highest bid; time since the last fill on the other side >= cool-down",
  inputs: ["siblings", "quote"],
  unit: "orders",
  limits: z.strictObject({
    coolDownSeconds: z.int().min(0).max(86_400).describe("Between a fill on one side and an order on the other"),
  }),
  stricter: { coolDownSeconds: "higher" },
  mayBeOff: true,
  codes: ["COUNTERS_UNKNOWN", "SELF_TRADE", "FLIP_COOL_DOWN"],
  limit: ({ coolDownSeconds }) => `0, and ${coolDownSeconds} s`,
  judge: (input) => {
    const siblings = siblingsOf(input);
    if ("refusal" in siblings) return siblings.refusal;
    const { terms, facts, limits } = input;
    const sides = partsOf(terms, facts).map(({ side }) => side);
    for (const [at, part] of siblings.known.parts.entries()) {
      const refusal = crossing(part, sides[at] ?? terms.side, terms, facts) ?? tooSoon(part, limits.coolDownSeconds);
      if (refusal !== undefined) return refusal;
    }
    return pass("0", "nothing of ours to trade with");
  },
});

function crossing(
  { conid, opposite }: PartSiblings,
  side: "BUY" | "SELL",
  terms: OrderTerms,
  facts: Facts,
): Finding | undefined {
  if (opposite.orders === 0 || LATER.includes(terms.orderType)) return undefined;
  const others = `${opposite.orders} of ours on the other side of instrument ${conid}`;
  if (opposite.unpriced > 0) return deny("SELF_TRADE", String(opposite.orders), `${others}, at any price`);
  const price = terms.legs === undefined ? reach(terms, facts) : undefined;
  const { nearest } = opposite;
  if (nearest === null) return undefined;
  if (price === undefined) return deny("SELF_TRADE", String(opposite.orders), `${others}; it could reach any of them`);
  const order = compare(price, decimal(nearest));
  if (side === "BUY" ? order < 0 : order > 0) return undefined;
  return deny("SELF_TRADE", String(opposite.orders), `${others}: ${toText(price)} reaches ${nearest}`);
}

/** How far the order would go; undefined: as far as it takes. */
function reach(terms: OrderTerms, facts: Facts) {
  if (["MOC", "MOO"].includes(terms.orderType)) return undefined;
  const { limitPrice } = terms as { limitPrice?: string | null };
  return typeof limitPrice === "string" ? decimal(limitPrice) : worstPrice(terms, facts);
}

function tooSoon({ conid, oppositeFillMs }: PartSiblings, coolDownSeconds: number): Finding | undefined {
  if (oppositeFillMs === null || oppositeFillMs >= coolDownSeconds * 1_000) return undefined;
  const seconds = String(Math.floor(oppositeFillMs / 1_000));
  return deny(
    "FLIP_COOL_DOWN",
    seconds,
    `instrument ${conid} was traded the other way ${seconds} s ago; wait ${coolDownSeconds} s`,
  );
}
