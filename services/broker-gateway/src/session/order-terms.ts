import type { Leg } from "@countersign/contracts/facts/exec-facts.v1";
import { type OrderTerms, type OrderType, otherSide } from "@countersign/contracts/order";
import { pricesOf } from "@countersign/contracts/order-check";
import type { ContractToSend, WireTerms } from "./wire.ts";
import { isExactOnWire } from "./wire-numbers.ts";

/** The security type of a combination. */
export const COMBO = "BAG";

/** How TWS names the types; at the open is not a type there but a time in force. */
const WIRE_TYPES = {
  MKT: "MKT",
  LMT: "LMT",
  STP: "STP",
  "STP LMT": "STP LMT",
  TRAIL: "TRAIL",
  "TRAIL LIMIT": "TRAIL LIMIT",
  MIT: "MIT",
  LIT: "LIT",
  MOC: "MOC",
  LOC: "LOC",
  MOO: "MKT",
  LOO: "LMT",
  MIDPRICE: "MIDPRICE",
  REL: "REL",
} as const satisfies Record<OrderType, string>;

/** The terms of a ticket in the fields of TWS. Pure; nothing is rounded and nothing is filled in. */
export function wireTermsOf(terms: OrderTerms): WireTerms {
  const { side, quantity, orderType, timeInForce, goodTill, outsideRth } = terms;
  const { limitPrice, stopPrice, triggerPrice, limitOffset, offset, trail } = pricesOf(terms);
  const trails = trail !== undefined;
  return {
    side,
    quantity,
    legs: terms.legs ?? [],
    orderType: WIRE_TYPES[orderType],
    timeInForce,
    goodTillDate: goodTill === undefined ? "" : wireTimeOf(goodTill),
    outsideRth: outsideRth === true,
    limitPrice: limitPrice ?? null,
    // One field for stop, trigger, trailing amount and offset; of a trailing order the first stop has a field of its own.
    auxPrice: trails ? (trail.by === "amount" ? trail.amount : null) : (stopPrice ?? triggerPrice ?? offset ?? null),
    trailStopPrice: trails ? (stopPrice ?? null) : null,
    trailingPercent: trails && trail.by === "percent" ? trail.percent : null,
    limitPriceOffset: limitOffset ?? null,
  };
}

/** What TWS must be told of what the order trades. Of the ticket's instrument only what the broker files it under is needed. */
export function contractToSend(
  terms: Pick<OrderTerms, "conid" | "legs">,
  { symbol, currency, exchange }: { symbol: string; currency: string; exchange: string },
): ContractToSend {
  return terms.conid === undefined ? { symbol, currency, exchange } : { conid: terms.conid, exchange };
}

/** The exits of a bracket, each on the other side of its entry; undefined when the order is none. */
export function exitTermsOf(terms: OrderTerms): Record<Leg, WireTerms> | undefined {
  const { exits, quantity } = terms;
  if (exits === undefined) return undefined;
  const side = otherSide(terms.side);
  const { timeInForce, takeProfit, stopLoss } = exits;
  const outsideRth = exits.outsideRth === true;
  const common = { side, quantity, legs: [], timeInForce, goodTillDate: "", outsideRth, ...NO_TRAIL };
  const { stopPrice, limitPrice } = stopLoss;
  return {
    takeProfit: { ...common, orderType: "LMT", limitPrice: takeProfit.limitPrice, auxPrice: null },
    stopLoss: {
      ...common,
      orderType: limitPrice === undefined ? "STP" : "STP LMT",
      limitPrice: limitPrice ?? null,
      auxPrice: stopPrice,
    },
  };
}

const NO_TRAIL = { trailStopPrice: null, trailingPercent: null, limitPriceOffset: null } as const;

/** Every number that the terms put on the wire. */
function numbersOf(terms: WireTerms): string[] {
  const { quantity, limitPrice, auxPrice, trailStopPrice, trailingPercent, limitPriceOffset } = terms;
  const all = [quantity, limitPrice, auxPrice, trailStopPrice, trailingPercent, limitPriceOffset];
  return all.filter((one) => one !== null);
}

/** The first number of an order, exits included, that TWS cannot be told exactly; undefined: all of them can. */
export function inexactNumberOf(terms: OrderTerms): string | undefined {
  const exits = Object.values(exitTermsOf(terms) ?? {});
  return [wireTermsOf(terms), ...exits].flatMap(numbersOf).find((text) => !isExactOnWire(text));
}

/** 2026-11-30T20:00:00.000Z as 20261130-20:00:00, which is how TWS writes UTC. TWS has no parts of a second. */
function wireTimeOf(utc: string): string {
  return `${utc.slice(0, 10).replaceAll("-", "")}-${utc.slice(11, 19)}`;
}
