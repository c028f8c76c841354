import {
  absolute,
  add,
  compare,
  type Decimal,
  decimal,
  isNegative,
  max,
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
  /** Profit and loss of what is held, since it was bought; null: the broker gave none. */
  readonly unrealized: string | null;
  readonly at: string;
}

/** What a look says besides of a day that began while nobody looked. */
export interface LookAfter extends Look {
  /** Profit and loss of the new day that is settled; null: the broker tells of none. */
  readonly realized: string | null;
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
 * What the account was worth when a day began, by the first look at it and those before it, oldest first. The broker begins
 * its own day at another hour: until then its profit is that of the day before, and would hide a loss of the new one. So it
 * is never less than what the last look of the old day saw. What may be a deposit or a withdrawal and is not counted yet is
 * left out: it moves the mark when it is counted.
 */
export function dayStartOf(before: readonly Look[], now: Look, percentMin: string): Decimal {
  const last = before.at(-1);
  const [base] = [...before, now].slice(-LOOKS_KEPT);
  const settled = (look: Look) => subtract(decimal(look.value), uncounted(base ?? look, look, percentMin));
  const reckoned = subtract(settled(now), decimal(now.daily));
  return last === undefined ? reckoned : max(settled(last), reckoned);
}

/** A step of at least `percentMin`, either way, that may be a deposit or a withdrawal. */
function uncounted(from: Look, to: Look, percentMin: string): Decimal {
  const step = stepOf(from, to);
  const least = multiply(decimal(from.value), decimal(percentMin));
  return compare(multiply(absolute(step), HUNDRED), least) >= 0 ? step : ZERO;
}

/**
 * What moved the value without profit or loss while nobody looked, over the beginning of a new day: the profit of a day that
 * is over is told by nobody, but what positions gained or lost since then stands in their unrealized profit, and what was
 * settled today in the realized one. Where the broker never gave the former, only the profit of the new day explains
 * anything. Zero: less than the least step. Throws when the broker gave it before, and does not now.
 */
export function movedWhileAway(seen: Look, now: LookAfter, percentMin: string): Decimal {
  const moved = subtract(decimal(now.value), decimal(seen.value));
  const held = (unrealized: string): Decimal => {
    if (now.unrealized === null) throw new Error("the broker gives no profit and loss of what is held");
    return add(subtract(decimal(now.unrealized), decimal(unrealized)), decimal(now.realized ?? "0"));
  };
  const explained = seen.unrealized === null ? decimal(now.daily) : held(seen.unrealized);
  const unexplained = subtract(moved, explained);
  const least = multiply(decimal(seen.value), decimal(percentMin));
  return compare(multiply(absolute(unexplained), HUNDRED), least) >= 0 ? unexplained : ZERO;
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
