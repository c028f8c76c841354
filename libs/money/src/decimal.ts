import Big from "big.js";

/** Sums, differences and products are exact, however long; quotients and roots say their decimals and rounding each time. */
const Exact = Big();
const { roundDown: DOWN, roundHalfEven: HALF_EVEN, roundUp: UP } = Exact;

declare const brand: unique symbol;
/** An exact decimal number. Opaque: only the functions here make or read one. */
export type Decimal = { readonly [brand]: "Decimal" };

export class DecimalFormatError extends Error {
  override readonly name = "DecimalFormatError";
}

const GRAMMAR = /^-?[0-9]+(\.[0-9]+)?$/;
const DIGITS_MAX = 34;

const wrap = (value: Big): Decimal => value as unknown as Decimal;
const open = (value: Decimal): Big => value as unknown as Big;

/** Texts that were read lately: limits, ticks, rates and quotes are read again with every order. Decimals never change. */
const READ = new Map<string, Decimal>();
const READ_MAX = 4_096;

/** Reads plain decimal text. Throws DecimalFormatError on an exponent, a sign but minus, spaces, or more than 34 digits. */
export function decimal(text: string): Decimal {
  const known = READ.get(text);
  if (known !== undefined) return known;
  const value = readDecimal(text);
  if (READ.size >= READ_MAX) READ.clear();
  READ.set(text, value);
  return value;
}

function readDecimal(text: string): Decimal {
  // A number where text should be is no decimal either, whatever its type says: what it was written as is lost.
  if (typeof text !== "string") throw new DecimalFormatError(`no decimal text: ${String(text).slice(0, 60)}`);
  if (!GRAMMAR.test(text) || text.replace(/[-.]/g, "").replace(/^0+/, "").length > DIGITS_MAX) {
    throw new DecimalFormatError(`no decimal number: ${text.slice(0, 60)}`);
  }
  return wrap(new Exact(text));
}

/** For numbers that a wire gave us as JavaScript numbers (TWS). Throws on NaN and infinity; the shortest text that prints the same number is taken. */
export function fromNumber(value: number): Decimal {
  if (!Number.isFinite(value)) throw new DecimalFormatError(`no finite number: ${value}`);
  return wrap(new Exact(String(value)));
}

/** Up to here both parts of `digits x 10^n` are exact numbers, and so their product or quotient is rounded once. */
const DIGITS_EXACT = 15;
const POWER_EXACT = 22;
/** Each exactly, as text gives it. */
const POWERS: readonly number[] = Array.from({ length: POWER_EXACT + 1 }, (_, power) => Number(`1e${power}`));

/** Plain text: no exponent, no trailing zeros, no minus before zero. */
export function toText(value: Decimal): string {
  const { s, e, c } = open(value);
  if (c.length > DIGITS_EXACT || isZero(value)) return open(value).toFixed();
  // JavaScript writes a whole number much quicker than the library joins its digits.
  const text = String(wholeOf(c));
  const sign = s < 0 ? "-" : "";
  if (e < 0) return `${sign}0.${"0".repeat(-e - 1)}${text}`;
  const whole = e + 1;
  if (whole >= text.length) return sign + text + "0".repeat(whole - text.length);
  return `${sign}${text.slice(0, whole)}.${text.slice(whole)}`;
}

function wholeOf(digits: readonly number[]): number {
  let whole = 0;
  for (const digit of digits) whole = whole * 10 + digit;
  return whole;
}

/** The nearest JavaScript number, as of the text: to choose by or for whole numbers, never for sums of money. */
export function toNumber(value: Decimal): number {
  const { s, e, c } = open(value);
  const shift = e - c.length + 1;
  if (c.length > DIGITS_EXACT || Math.abs(shift) > POWER_EXACT) return Number(toText(value));
  const digits = wholeOf(c);
  const power = POWERS[Math.abs(shift)] ?? Number.NaN;
  const size = shift < 0 ? digits / power : digits * power;
  return s < 0 ? 0 - size : size;
}

export const ZERO: Decimal = wrap(new Exact(0));

/**
 * Most sums of a decision have a zero in them (nothing held, nothing working), and most products a zero or a one (no
 * multiplier, the base currency): those need no arithmetic.
 */
export function add(a: Decimal, b: Decimal): Decimal {
  if (isZero(a)) return b;
  return isZero(b) ? a : wrap(open(a).plus(open(b)));
}
export function subtract(a: Decimal, b: Decimal): Decimal {
  return isZero(b) ? a : wrap(open(a).minus(open(b)));
}
export function multiply(a: Decimal, b: Decimal): Decimal {
  if (isZero(a) || isZero(b)) return ZERO;
  if (isOne(b)) return a;
  return isOne(a) ? b : wrap(open(a).times(open(b)));
}
function isOne(a: Decimal): boolean {
  const { s, e, c } = open(a);
  return c[0] === 1 && e === 0 && s === 1 && c.length === 1;
}
export function negate(a: Decimal): Decimal {
  return wrap(open(a).neg());
}
export function absolute(a: Decimal): Decimal {
  return wrap(open(a).abs());
}
/** By sign, exponent and digits as they stand: the library would copy one of both first. */
export function compare(a: Decimal, b: Decimal): -1 | 0 | 1 {
  if (a === b) return 0;
  const sign = signOf(a);
  const other = signOf(b);
  if (sign !== other) return sign > other ? 1 : -1;
  const size = compareSizes(open(a), open(b));
  if (size === 0) return 0;
  return size > 0 === sign > 0 ? 1 : -1;
}
function signOf(a: Decimal): -1 | 0 | 1 {
  if (isZero(a)) return 0;
  return open(a).s < 0 ? -1 : 1;
}
/** Without their signs. Digits begin with the first that counts, whose place the exponent is, and end with the last. */
function compareSizes(x: Big, y: Big): number {
  if (x.e !== y.e) return x.e - y.e;
  const length = Math.max(x.c.length, y.c.length);
  for (let at = 0; at < length; at += 1) {
    const differ = (x.c[at] ?? 0) - (y.c[at] ?? 0);
    if (differ !== 0) return differ;
  }
  return 0;
}
export function min(a: Decimal, b: Decimal): Decimal {
  return compare(a, b) <= 0 ? a : b;
}
export function max(a: Decimal, b: Decimal): Decimal {
  return compare(a, b) >= 0 ? a : b;
}
export function isZero(a: Decimal): boolean {
  return open(a).c[0] === 0;
}
/** True below zero only. */
export function isNegative(a: Decimal): boolean {
  return open(a).s < 0 && !isZero(a);
}

/** Away from zero. */
export function roundUp(value: Decimal, decimals: number): Decimal {
  return wrap(open(value).round(decimals, UP));
}
/** Towards zero. */
export function roundDown(value: Decimal, decimals: number): Decimal {
  return wrap(open(value).round(decimals, DOWN));
}
/** To the even neighbour at a tie. */
export function roundHalfEven(value: Decimal, decimals: number): Decimal {
  return wrap(open(value).round(decimals, HALF_EVEN));
}

/** The library takes both from its constructor, which nobody else has; what is left over counts in the rounding. */
function divide(a: Decimal, b: Decimal, decimals: number, rounding: Big.RoundingMode): Decimal {
  if (isZero(b)) throw new RangeError("division by zero");
  if (isZero(a)) return ZERO;
  const short = fractionOf(open(a), open(b), decimals);
  if (short !== undefined) return quotientOf(short, decimals, rounding);
  Exact.DP = decimals;
  Exact.RM = rounding;
  return wrap(open(a).div(open(b)));
}
/** Away from zero. Throws RangeError on a zero divisor, like its siblings. */
export function divideRoundingUp(a: Decimal, b: Decimal, decimals: number): Decimal {
  return divide(a, b, decimals, UP);
}
/** Towards zero. */
export function divideRoundingDown(a: Decimal, b: Decimal, decimals: number): Decimal {
  return divide(a, b, decimals, DOWN);
}
export function divideRoundingHalfEven(a: Decimal, b: Decimal, decimals: number): Decimal {
  return divide(a, b, decimals, HALF_EVEN);
}

/** Two whole numbers that JavaScript holds exactly, and the sign of their quotient. */
interface Fraction {
  readonly sign: number;
  readonly dividend: number;
  readonly divisor: number;
}

/** a / b x 10^decimals. Undefined: one of the two is too long, and only the library can tell. */
function fractionOf(a: Big, b: Big, decimals: number): Fraction | undefined {
  const shift = lastPlace(a) - lastPlace(b) + decimals;
  const dividend = wholeOf(a.c) * (POWERS[Math.max(shift, 0)] ?? Number.NaN);
  const divisor = wholeOf(b.c) * (POWERS[Math.max(0 - shift, 0)] ?? Number.NaN);
  if (!Number.isSafeInteger(dividend) || !Number.isSafeInteger(divisor)) return undefined;
  return { sign: a.s === b.s ? 1 : -1, dividend, divisor };
}

/** The place of the last digit, as a power of ten. */
function lastPlace({ e, c }: Big): number {
  return e - c.length + 1;
}

/** The library divides digit by digit, which takes six times as long. */
function quotientOf({ sign, dividend, divisor }: Fraction, decimals: number, rounding: Big.RoundingMode): Decimal {
  const rest = dividend % divisor;
  const down = (dividend - rest) / divisor;
  const isNearerUp = 2 * rest > divisor || (2 * rest === divisor && down % 2 === 1);
  const isUp = rounding === UP ? rest > 0 : rounding === HALF_EVEN && isNearerUp;
  return fromWhole(sign, isUp ? down + 1 : down, 0 - decimals);
}

const CODE_OF_ZERO = 48;

/** sign x whole x 10^place, of a whole number that is exact. */
function fromWhole(sign: number, whole: number, place: number): Decimal {
  if (whole === 0) return ZERO;
  let [left, last] = [whole, place];
  for (; left % 10 === 0; last += 1) left /= 10;
  const digits = String(left);
  const made = new Exact(open(ZERO));
  made.s = sign;
  made.e = last + digits.length - 1;
  made.c = [];
  for (let at = 0; at < digits.length; at += 1) made.c.push(digits.charCodeAt(at) - CODE_OF_ZERO);
  return wrap(made);
}

/** To the even neighbour at a tie. Throws RangeError below zero. The library's root divides at each of its steps, digit by digit. */
export function squareRoot(value: Decimal, decimals: number): Decimal {
  if (isNegative(value)) throw new RangeError("the root of a negative number");
  const { c } = open(value);
  const place = lastPlace(open(value)) + 2 * decimals;
  // Twice the root tells on which side of the middle between two results it lies.
  const fourfold = 4n * BigInt(c.join("")) * 10n ** BigInt(Math.max(place, 0));
  const below = 10n ** BigInt(Math.max(0 - place, 0));
  const twice = wholeRoot(fourfold / below);
  const isTie = twice * twice * below === fourfold;
  const down = twice / 2n;
  const isUp = twice % 2n === 1n && (!isTie || down % 2n === 1n);
  return wrap(new Exact(`${isUp ? down + 1n : down}e-${decimals}`));
}

/** The root of a whole number, rounded down: Newton's steps from above it fall until they are there. */
function wholeRoot(square: bigint): bigint {
  if (square === 0n) return 0n;
  let root = 10n ** BigInt(Math.ceil(String(square).length / 2));
  for (;;) {
    const next = (root + square / root) / 2n;
    if (next >= root) return root;
    root = next;
  }
}

/** True when value is a whole number of steps; a step of zero or less throws. */
export function isMultipleOf(value: Decimal, step: Decimal): boolean {
  assertStep(step);
  const short = fractionOf(open(value), open(step), 0);
  return short === undefined ? isZero(wrap(open(value).mod(open(step)))) : short.dividend % short.divisor === 0;
}
/** The multiple of step at or below the value. */
export function roundToStepDown(value: Decimal, step: Decimal): Decimal {
  assertStep(step);
  return multiply(divide(value, step, 0, isNegative(value) ? UP : DOWN), step);
}
/** The multiple of step at or above the value. */
export function roundToStepUp(value: Decimal, step: Decimal): Decimal {
  assertStep(step);
  return multiply(divide(value, step, 0, isNegative(value) ? DOWN : UP), step);
}

function assertStep(step: Decimal): void {
  if (isZero(step) || isNegative(step)) throw new RangeError("a step must be above zero");
}
