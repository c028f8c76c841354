import {
  absolute,
  add,
  compare,
  type Decimal,
  decimal,
  isNegative,
  isZero,
  max,
  multiply,
  negate,
  ZERO,
} from "@countersign/money/decimal";
import type { Described, Holding, WorkingOrder } from "./book.ts";

/** Orders of one side in one instrument, taken together. */
interface Orders {
  readonly units: Decimal;
  /** In base currency, each order at its own worst price. */
  readonly value: Decimal;
  readonly unitMax: Decimal;
}

/** What the account may come to hold of one instrument. Values in base currency, with the sign of the position. */
export interface Exposure {
  readonly held: Decimal;
  readonly heldValue: Decimal;
  /** When everything that buys fills, and nothing that sells. */
  readonly longUnits: Decimal;
  readonly long: Decimal;
  /** When everything that sells fills, and nothing that buys. */
  readonly shortUnits: Decimal;
  readonly short: Decimal;
  /** The larger of both, without sign. */
  readonly worst: Decimal;
  readonly worstUnits: Decimal;
}

/** A row with its numbers read once. */
interface Read {
  readonly units: Decimal;
  readonly unit: Decimal;
}
const holdingsRead = new WeakMap<object, Read>();

function read(row: { readonly unitValue: string | null }, units: string): Read {
  const known = holdingsRead.get(row);
  if (known !== undefined) return known;
  const numbers = { units: decimal(units), unit: decimal(row.unitValue ?? "0") };
  holdingsRead.set(row, numbers);
  return numbers;
}

const NO_ORDERS: Orders = { units: ZERO, value: ZERO, unitMax: ZERO };

function together(orders: readonly WorkingOrder[], side: "BUY" | "SELL"): Orders {
  let { units, value, unitMax } = NO_ORDERS;
  for (const order of orders) {
    if (order.side !== side) continue;
    const one = read(order, order.remaining);
    units = add(units, one.units);
    value = add(value, multiply(one.units, one.unit));
    unitMax = max(unitMax, one.unit);
  }
  return { units, value, unitMax };
}

/** Units and value after all of these orders, for a position seen from their side (above zero: they add to it). */
function filled(position: Decimal, mark: Decimal, orders: Orders): { units: Decimal; value: Decimal } {
  const units = add(position, orders.units);
  if (!isNegative(position)) return { units, value: add(multiply(position, mark), orders.value) };
  // What is left of a position keeps its price; what was turned into the opposite was traded at the worst of the orders.
  const unit = isNegative(units) || isZero(units) ? mark : max(mark, orders.unitMax);
  return { units, value: multiply(units, unit) };
}

/** `held` undefined: the account has none of it. */
export function exposureOf(held: Holding | undefined, orders: readonly WorkingOrder[]): Exposure {
  const { units: position, unit: mark } = held === undefined ? NOTHING : read(held, held.quantity);
  const bought = filled(position, mark, together(orders, "BUY"));
  const sold = filled(negate(position), mark, together(orders, "SELL"));
  const [longUnits, long] = [bought.units, bought.value];
  const [shortUnits, short] = [negate(sold.units), negate(sold.value)];
  return {
    ...{ held: position, heldValue: multiply(position, mark), longUnits, long, shortUnits, short },
    worst: max(absolute(long), absolute(short)),
    worstUnits: max(absolute(longUnits), absolute(shortUnits)),
  };
}

const NOTHING: Read = { units: ZERO, unit: ZERO };

export function isNothing({ worstUnits }: Exposure): boolean {
  return isZero(worstUnits);
}

/** Smaller on both sides, whatever fills: the position goes towards zero, keeps its sign, and no order adds to it. */
export function reduces(before: Exposure, after: Exposure): boolean {
  if (isZero(before.held)) return false;
  const isLong = !isNegative(before.held);
  const [atLeast, atMost] = isLong
    ? [after.shortUnits, after.longUnits]
    : [negate(after.longUnits), negate(after.shortUnits)];
  const [leastBefore, mostBefore] = isLong
    ? [before.shortUnits, before.longUnits]
    : [negate(before.longUnits), negate(before.shortUnits)];
  return !isNegative(atLeast) && compare(atMost, mostBefore) <= 0 && compare(atLeast, leastBefore) < 0;
}

/** Under which names an instrument counts. */
export interface Groups {
  readonly industry: string;
  readonly category: string;
  readonly assetClass: string;
}

/** What the broker gives no industry for stands in one group with its like, never outside every limit. */
export function groupsOf({ secType, industry, category }: Described): Groups {
  const none = `unclassified ${secType}`;
  return { industry: industry || category || none, category: category || industry || none, assetClass: secType };
}
