import { type OrderTerms, otherSide, type Side } from "@countersign/contracts/order";
import { pricesOf } from "@countersign/contracts/order-check";
import { compare, decimal, max, min, toText } from "@countersign/money/decimal";
import * as z from "zod";
import { type HeldOrder, heldOf, type RestingOrders, TRIGGERED } from "../counters/active-orders.ts";
import type { PartSiblings } from "../counters/siblings.ts";
import type { Facts } from "../facts/fact.ts";
import { farTouch, peggedPrice } from "../facts/prices.ts";
import { deny, type Finding, pass } from "./finding.ts";
import { defineRule } from "./rule.ts";
import { siblingsOf } from "./siblings-of.ts";

export const selfTrade = defineRule({
  name: "selfTrade",
  source: "control 10",
  description:
    "No order that could trade with an order of ours, in whichever account, whoever entered it, or right after a fill on the other side; what waits for its trigger is taken to get it",
  formula:
    "buy below our lowest offer, sell above our highest bid; a sale that waits for its trigger T and then sells down to L (any price: no L) meets no bid from L to T, a purchase that waits no offer from T to L; exits of a bracket too; time since the last fill on the other side >= cool-down",
  inputs: ["siblings", "quote"],
  unit: "orders",
  limits: z.strictObject({
    untriggered: z
      .boolean()
      .describe("true: stops, trails and touched orders count, ours that rest and the order itself"),
    coolDownSeconds: z.int().min(0).max(86_400).describe("Between a fill on one side and an order on the other"),
  }),
  stricter: { untriggered: "true", coolDownSeconds: "higher" },
  mayBeOff: true,
  codes: ["COUNTERS_UNKNOWN", "SELF_TRADE", "FLIP_COOL_DOWN"],
  limit: ({ coolDownSeconds }) => `0, and ${coolDownSeconds} s`,
  judge: (input) => {
    const siblings = siblingsOf(input);
    if ("refusal" in siblings) return siblings.refusal;
    const { terms, facts, limits } = input;
    // Nobody knows at which price a leg of a combination trades: on either side it could reach every order of ours.
    const { side } = terms;
    for (const part of siblings.known.parts) {
      const refusal =
        crossing(part, side, terms, facts) ??
        (limits.untriggered ? triggered(part, side, terms) : undefined) ??
        tooSoon(part, limits.coolDownSeconds);
      if (refusal !== undefined) return refusal;
    }
    return pass("0", "nothing of ours to trade with");
  },
});

/** Against what others could trade with now. */
function crossing({ conid, opposite }: PartSiblings, side: Side, terms: OrderTerms, facts: Facts): Finding | undefined {
  if (TRIGGERED.includes(terms.orderType)) return undefined;
  const others = `${opposite.orders} of ours on the other side of instrument ${conid}`;
  if (opposite.unpriced > 0) return deny("SELF_TRADE", String(opposite.orders), `${others}, at any price`);
  const { nearest } = opposite;
  if (nearest === null) return undefined;
  const price = terms.legs === undefined ? reach(terms, facts) : undefined;
  if (price === undefined) return deny("SELF_TRADE", String(opposite.orders), `${others}; it could reach any of them`);
  const order = compare(price, decimal(nearest));
  if (side === "BUY" ? order < 0 : order > 0) return undefined;
  return deny("SELF_TRADE", String(opposite.orders), `${others}: ${toText(price)} reaches ${nearest}`);
}

/** How far the order itself would go, whatever the prices of its exits are; undefined: as far as it takes. */
function reach(terms: OrderTerms, facts: Facts) {
  if (["MOC", "MOO"].includes(terms.orderType)) return undefined;
  const { limitPrice } = pricesOf(terms);
  if (limitPrice !== undefined) return decimal(limitPrice);
  const [touch, pegged] = [farTouch(terms, facts), peggedPrice(terms, facts)];
  if (touch === undefined || pegged === undefined) return touch;
  return (terms.side === "BUY" ? max : min)(touch, pegged);
}

/** What waits for its trigger, of ours or in this order, is taken to get it. */
function triggered(part: PartSiblings, side: Side, terms: OrderTerms): Finding | undefined {
  const { opposite, same } = part;
  const own = TRIGGERED.includes(terms.orderType)
    ? fires(part, side, { held: heldOf(terms), opposite })
    : waits(part, side, { span: spanOf(terms), opposite });
  const { exits } = terms;
  if (own !== undefined || exits === undefined) return own;
  const exit = otherSide(side);
  const { takeProfit, stopLoss } = exits;
  const held = { trigger: stopLoss.stopPrice, limit: stopLoss.limitPrice ?? null };
  const profit = { low: takeProfit.limitPrice, high: takeProfit.limitPrice };
  return (
    meetsResting(part, exit, { price: takeProfit.limitPrice, opposite: same }) ??
    waits(part, exit, { span: profit, opposite: same }) ??
    fires(part, exit, { held, opposite: same })
  );
}

/** Prices at which an order may rest; null: no end that way. */
interface Span {
  readonly low: string | null;
  readonly high: string | null;
}

/** Where the order may rest until something of ours triggers; undefined: it does not rest. */
function spanOf(terms: OrderTerms): Span | undefined {
  if (terms.legs !== undefined) return { low: null, high: null };
  const { limitPrice = null } = pricesOf(terms);
  if (["IOC", "FOK"].includes(terms.timeInForce) || terms.orderType === "MKT") return undefined;
  if (["LMT", "LOC", "LOO"].includes(terms.orderType)) return { low: limitPrice, high: limitPrice };
  return terms.side === "BUY" ? { low: null, high: limitPrice } : { low: limitPrice, high: null };
}

function meetsResting(
  { conid }: PartSiblings,
  side: Side,
  { price, opposite: { nearest } }: { price: string; opposite: RestingOrders },
): Finding | undefined {
  if (nearest === null) return undefined;
  const order = compare(decimal(price), decimal(nearest));
  if (side === "BUY" ? order < 0 : order > 0) return undefined;
  return deny("SELF_TRADE", price, `an exit at ${price} reaches an order of ours in instrument ${conid}`);
}

/** The order rests, and one of ours on the other side comes to it when it is triggered. */
function waits(
  { conid }: PartSiblings,
  side: Side,
  { span, opposite: { held } }: { span: Span | undefined; opposite: RestingOrders },
): Finding | undefined {
  if (span === undefined) return undefined;
  const what = `instrument ${conid}`;
  if (held === null) return deny("SELF_TRADE", null, `more orders of ours wait in ${what} than can be looked at`);
  const found = held.find((one) => meets(one, side === "BUY", span));
  if (found === undefined) return undefined;
  return deny("SELF_TRADE", String(held.length), `an order of ours in ${what} (${textOf(found)}) could come to it`);
}

/** The order waits, and comes to one of ours that rests on the other side when it is triggered. */
function fires(
  { conid }: PartSiblings,
  side: Side,
  { held, opposite: { nearest, farthest, unpriced, orders } }: { held: HeldOrder; opposite: RestingOrders },
): Finding | undefined {
  const span = side === "SELL" ? { low: farthest, high: nearest } : { low: nearest, high: farthest };
  const isMet = unpriced > 0 || (nearest !== null && meets(held, side === "SELL", span));
  if (!isMet) return undefined;
  const others = `${orders} of ours on the other side of instrument ${conid}`;
  return deny("SELF_TRADE", String(orders), `${others}: it could come to them (${textOf(held)})`);
}

/**
 * Whether an order that waits could, once its trigger has come, trade with one that rests within these prices. What rests
 * beyond its trigger was filled on the way there.
 */
function meets({ trigger, limit }: HeldOrder, sells: boolean, { low, high }: Span): boolean {
  const isAtLeast = (price: string | null, bound: string | null) =>
    price === null || bound === null || compare(decimal(price), decimal(bound)) >= 0;
  return sells ? isAtLeast(high, limit) && isAtLeast(trigger, low) : isAtLeast(limit, low) && isAtLeast(high, trigger);
}

function textOf({ trigger, limit }: HeldOrder): string {
  return `trigger ${trigger ?? "anywhere"}, limit ${limit ?? "none"}`;
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
