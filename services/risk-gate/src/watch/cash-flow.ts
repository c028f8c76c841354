import {
  absolute,
  add,
  compare,
  type Decimal,
  decimal,
  isNegative,
  min,
  multiply,
  negate,
  subtract,
  ZERO,
} from "@countersign/money/decimal";

/** One look at an account: its value, and its profit and loss of the day as the broker reckons it. */
export interface Look {
  readonly value: string;
  readonly daily: string;
  readonly at: string;
}

/** So many looks in a row must show the same movement: value and profit do not always arrive together. */
const CONFIRMING = 3;
export const LOOKS_KEPT = CONFIRMING + 1;
const HUNDRED = decimal("100");

export interface Flow {
  /** Above zero: money came in; below: it went out. Zero: none, or not certain yet. */
  readonly confirmed: Decimal;
  /** A rise that may still turn out to be one: not to be taken for a profit yet. */
  readonly pending: Decimal;
}

/**
 * TWS tells of no deposit and no withdrawal. What it tells is the value of the account and the profit of the day, which no
 * such movement changes: a step of the value without the same step of the profit is one. A step of the profit alone is
 * not: so it looks when the broker begins a new day. `looks` are the newest, oldest first.
 */
export function flowOf(looks: readonly Look[], percentMin: string): Flow {
  const [base, ...later] = looks.slice(-LOOKS_KEPT);
  if (base === undefined || later.length === 0) return { confirmed: ZERO, pending: ZERO };
  const least = multiply(decimal(base.value), decimal(percentMin));
  const isStep = (amount: Decimal) => compare(multiply(amount, HUNDRED), least) >= 0;
  const rises = later.map((look) => stepOf(base, look));
  const falls = later.map((look) => negate(stepOf(base, look)));
  const rise = rises.reduce(min);
  const fall = falls.reduce(min);
  if (later.length === CONFIRMING && isStep(rise)) return { confirmed: rise, pending: ZERO };
  if (later.length === CONFIRMING && isStep(fall)) return { confirmed: negate(fall), pending: ZERO };
  const newest = rises.at(-1) ?? ZERO;
  return { confirmed: ZERO, pending: isStep(newest) ? newest : ZERO };
}

/**
 * What of the change of the value the profit does not explain. Where the value itself moved by less than half of that, it
 * is the profit that jumped: zero.
 */
function stepOf(from: Look, to: Look): Decimal {
  const value = subtract(decimal(to.value), decimal(from.value));
  const unexplained = subtract(value, subtract(decimal(to.daily), decimal(from.daily)));
  const isSameWay = isNegative(value) === isNegative(unexplained);
  return isSameWay && compare(absolute(add(value, value)), absolute(unexplained)) >= 0 ? unexplained : ZERO;
}
