import type { Instrument } from "@countersign/contracts/instrument";
import type { OrderTerms } from "@countersign/contracts/order";
import { pricesOf } from "@countersign/contracts/order-check";
import {
  compare,
  type Decimal,
  decimal,
  isMultipleOf,
  min,
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

/** The step that a number of the order has; undefined when the instrument gives none that can be used. */
export function tickAt(
  { minTick, priceBands }: Pick<Instrument, "minTick" | "priceBands">,
  { text, isDistance }: Pick<TickedNumber, "text" | "isDistance">,
): Decimal | undefined {
  const bands = priceBands ?? [{ from: "0", step: minTick }];
  // A distance has no place of its own among the bands: the finest step is the one that holds for it everywhere.
  const fitting = isDistance
    ? bands.toSorted((a, b) => compare(decimal(b.step), decimal(a.step)))
    : bands.filter(({ from }) => compare(decimal(from), decimal(text)) <= 0);
  const step = fitting.at(-1)?.step;
  return step !== undefined && compare(decimal(step), ZERO) > 0 ? decimal(step) : undefined;
}

/**
 * The step that a number has in an order of these instruments. The price of a combination is a difference of prices, and
 * so on no band of any leg: the finest step of all legs is the one that holds for it.
 */
export function tickOf(
  instruments: readonly Pick<Instrument, "minTick" | "priceBands">[],
  number: Pick<TickedNumber, "text" | "isDistance">,
): Decimal | undefined {
  const isDistance = number.isDistance || instruments.length > 1;
  const ticks = instruments.map((instrument) => tickAt(instrument, { ...number, isDistance }));
  return ticks.reduce((least, one) => (least === undefined || one === undefined ? undefined : min(least, one)));
}

/** On the tick, or the valid prices next to it: of a price that must be above zero the one below is missing where it is not. */
export function onTick(
  text: string,
  tick: Decimal,
  aboveZero = true,
): { valid: true } | { valid: false; nearest: string[] } {
  const value = decimal(text);
  if (isMultipleOf(value, tick)) return { valid: true };
  const [down, up] = [roundToStepDown(value, tick), roundToStepUp(value, tick)];
  return { valid: false, nearest: !aboveZero || compare(down, ZERO) > 0 ? [toText(down), toText(up)] : [toText(up)] };
}
