import type { Instrument } from "@countersign/contracts/instrument";
import { OrderTerms } from "@countersign/contracts/order";
import { compare, decimal, roundToStepDown, roundToStepUp, toText, ZERO } from "@countersign/money/decimal";
import { tickOf } from "./ticks.ts";

export type RoundingDirection = "up" | "down";

/**
 * The same order with every price and distance moved onto the tick, all in the direction that was named. What has no tick,
 * or would become zero without being a combination, stays as it is, and is denied by the rule about ticks. Without a
 * direction nothing moves.
 */
export function roundedTerms(
  terms: OrderTerms,
  instruments: readonly Instrument[],
  direction: RoundingDirection | undefined,
): OrderTerms {
  if (direction === undefined) return terms;
  const round = (text: string, isDistance: boolean): string => {
    const tick = tickOf(instruments, { text, isDistance });
    if (tick === undefined) return text;
    const rounded = direction === "up" ? roundToStepUp(decimal(text), tick) : roundToStepDown(decimal(text), tick);
    return compare(rounded, ZERO) > 0 || terms.legs !== undefined ? toText(rounded) : text;
  };
  const numbers = Object.entries(terms).map(([name, value]) => {
    if (typeof value !== "string") return [name, value];
    if (PRICES.includes(name)) return [name, round(value, false)];
    return [name, DISTANCES.includes(name) ? round(value, true) : value];
  });
  const rounded = { ...Object.fromEntries(numbers) };
  const trail = "trail" in terms ? terms.trail : undefined;
  if (trail?.by === "amount") rounded.trail = { by: "amount", amount: round(trail.amount, true) };
  if (terms.exits !== undefined) {
    const { takeProfit, stopLoss, ...rest } = terms.exits;
    const { stopPrice, limitPrice } = stopLoss;
    rounded.exits = {
      ...rest,
      takeProfit: { limitPrice: round(takeProfit.limitPrice, false) },
      stopLoss: {
        stopPrice: round(stopPrice, false),
        ...(limitPrice !== undefined && { limitPrice: round(limitPrice, false) }),
      },
    };
  }
  return OrderTerms.parse(rounded);
}

const PRICES: readonly string[] = ["limitPrice", "stopPrice", "triggerPrice"];
const DISTANCES: readonly string[] = ["limitOffset", "offset"];
