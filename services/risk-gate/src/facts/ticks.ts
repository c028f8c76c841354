import type { Instrument } from "@countersign/contracts/instrument";
import type { OrderTerms } from "@countersign/contracts/order";
import { pricesOf } from "@countersign/contracts/order-check";
import {
  compare,
  type Decimal,
  decimal,
  isMultipleOf,
  roundToStepDown,
  roundToStepUp,
  toText,
  ZERO,
} from "@countersign/money/decimal";

/** A number of an order that must lie on the tick. A distance has no price band of its own. */
export interface TickedNumber {
  readonly field: string;
  readonly text: string;
  readonly isDistance: boolean;
}

/** Every price and distance of the order and of its exits. */
export function tickedNumbers(terms: OrderTerms): TickedNumber[] {
  const { limitPrice, stopPrice, triggerPrice, limitOffset, offset, trail } = pricesOf(terms);
  const trailing = trail?.by === "amount" ? trail.amount : undefined;
  const { takeProfit, stopLoss } = terms.exits ?? {};
  const prices = {
    limitPrice,
    stopPrice,
    triggerPrice,
    "takeProfit.limitPrice": takeProfit?.limitPrice,
    "stopLoss.stopPrice": stopLoss?.stopPrice,
    "stopLoss.limitPrice": stopLoss?.limitPrice,
  };
  const distances = { limitOffset, offset, trailingAmount: trailing };
  return [...listed(prices, false), ...listed(distances, true)];
}

function listed(numbers: Record<string, string | undefined>, isDistance: boolean): TickedNumber[] {
  return Object.entries(numbers).flatMap(([field, text]) => (text === undefined ? [] : [{ field, text, isDistance }]));
}

/** The step that prices of this size have; undefined when the instrument gives none that can be used. */
export function tickAt({ minTick }: Pick<Instrument, "minTick">): Decimal | undefined {
  const tick = decimal(minTick);
  return compare(tick, ZERO) > 0 ? tick : undefined;
}

/** On the tick, or the valid prices next to it: the one below is missing where it would be zero. */
export function onTick(text: string, tick: Decimal): { valid: true } | { valid: false; nearest: string[] } {
  const value = decimal(text);
  if (isMultipleOf(value, tick)) return { valid: true };
  const [down, up] = [roundToStepDown(value, tick), roundToStepUp(value, tick)];
  return { valid: false, nearest: compare(down, ZERO) > 0 ? [toText(down), toText(up)] : [toText(up)] };
}
