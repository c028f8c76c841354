import {
  absolute,
  add,
  compare,
  type Decimal,
  decimal,
  isNegative,
  isZero,
  max,
  min,
  multiply,
  negate,
  ZERO,
} from "@countersign/money/decimal";
import type { Described, Holding, WorkingOrder } from "./book.ts";
import { type Obligation, type OptionEnd, optionEnd } from "./option.ts";

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
  /** What it adds to the account's net position at both ends: for an option only what makes that worse, by its right. */
  readonly netLong: Decimal;
  readonly netShort: Decimal;
  /** Of an option: what it is at both ends and as it is held, for what it may lose. */
  readonly option?: { readonly held: OptionEnd; readonly long: OptionEnd; readonly short: OptionEnd };
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

/** `held` undefined: the account has none of it. `owed`: of an option. */
export function exposureOf(
  held: Holding | undefined,
  orders: readonly WorkingOrder[],
  owed = held === undefined ? undefined : owedBy(held),
): Exposure {
  const { units: position, unit: mark } = held === undefined ? NOTHING : read(held, held.quantity);
  const bought = filled(position, mark, together(orders, "BUY"));
  const sold = filled(negate(position), mark, together(orders, "SELL"));
  const [longUnits, long] = [bought.units, bought.value];
  const [shortUnits, short] = [negate(sold.units), negate(sold.value)];
  if (owed !== undefined)
    return optionExposure({ position, mark }, { long: bought, short: { units: shortUnits, value: short } }, owed);
  return {
    ...{ held: position, heldValue: multiply(position, mark), longUnits, long, shortUnits, short },
    worst: max(absolute(long), absolute(short)),
    worstUnits: max(absolute(longUnits), absolute(shortUnits)),
    ...{ netLong: long, netShort: short },
  };
}

interface Ended {
  readonly units: Decimal;
  readonly value: Decimal;
}

/** Who holds an option can lose its price; who has written one may have to buy or deliver at the strike. */
function optionExposure(
  { position, mark }: { position: Decimal; mark: Decimal },
  { long: bought, short: sold }: { long: Ended; short: Ended },
  { right, amount }: Obligation,
): Exposure {
  const owing = ({ units, value }: Ended) => (isNegative(units) ? add(value, multiply(units, amount)) : value);
  const [long, short] = [owing(bought), owing(sold)];
  const heldValue = owing({ units: position, value: multiply(position, mark) });
  // A bought call and a written put gain when the underlying rises. None of them is taken for a hedge of anything.
  const [rises, falls] =
    right === "C" ? [max(long, ZERO), min(short, ZERO)] : [negate(min(short, ZERO)), negate(max(long, ZERO))];
  const end = ({ units, value }: Ended) => endOf(units, absolute(value), amount);
  return {
    ...{ held: position, heldValue, longUnits: bought.units, long, shortUnits: sold.units, short },
    worst: max(absolute(long), absolute(short)),
    worstUnits: max(absolute(bought.units), absolute(sold.units)),
    ...{ netLong: rises, netShort: falls },
    option: { held: optionEnd(position, mark, amount), long: end(bought), short: end(sold) },
  };
}

/** With the price of all units together. */
function endOf(units: Decimal, premium: Decimal, obligation: Decimal): OptionEnd {
  const notional = add(premium, multiply(absolute(units), obligation));
  return { isShort: isNegative(units), premium, notional };
}

const owed = new WeakMap<Holding, Obligation>();

/** By its row in the book; undefined: it is no option. */
export function owedBy(held: Holding): Obligation | undefined {
  if (held.option === undefined || held.obligation === undefined) return undefined;
  const known = owed.get(held) ?? { right: held.option.right, amount: decimal(held.obligation) };
  owed.set(held, known);
  return known;
}

const NOTHING: Read = { units: ZERO, unit: ZERO };

/** How much of it the account may come to hold, and to be short of; nothing where the other is all there can be. */
export function endsOf({ longUnits, long, shortUnits, short }: Exposure): readonly [long: Ended, short: Ended] {
  return [
    { units: max(longUnits, ZERO), value: max(long, ZERO) },
    { units: max(negate(shortUnits), ZERO), value: max(negate(short), ZERO) },
  ];
}

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
