import { Decimal as DecimalJs } from "decimal.js";

/** Wide enough that a product of two wire decimals is exact; exponents are never shown. */
const Exact = DecimalJs.clone({ precision: 100, toExpNeg: -100, toExpPos: 100 });

declare const brand: unique symbol;
/** An exact decimal number. Opaque: only the functions here make or read one. */
export type Decimal = { readonly [brand]: "Decimal" };

export class DecimalFormatError extends Error {
  override readonly name = "DecimalFormatError";
}

const GRAMMAR = /^-?[0-9]+(\.[0-9]+)?$/;
const DIGITS_MAX = 34;

const wrap = (value: DecimalJs): Decimal => value as unknown as Decimal;
const open = (value: Decimal): DecimalJs => value as unknown as DecimalJs;

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

/** Plain text: no exponent, no trailing zeros, no minus before zero. */
export function toText(value: Decimal): string {
  const { s, e, d } = open(value);
  const [digits = 0] = d;
  // A whole number below ten millions is one group of digits.
  if (d.length === 1 && e >= 0 && e < 7) return String(s * digits);
  const text = open(value).toFixed();
  return text === "-0" ? "0" : text;
}

export const ZERO: Decimal = wrap(new Exact(0));

/**
 * The library copies what it is given with every operation. Most sums of a decision have a zero in them (nothing held,
 * nothing working), and most products a zero or a one (no multiplier, the base currency): those need no arithmetic.
 */
export function add(a: Decimal, b: Decimal): Decimal {
  if (isZero(a)) return b;
  return isZero(b) ? a : wrap(open(a).plus(open(b)));
}
export function subtract(a: Decimal, b: Decimal): Decimal {
  return isZero(b) ? a : wrap(open(a).minus(open(b)));
}
/** Exact for factors of up to 34 digits. */
export function multiply(a: Decimal, b: Decimal): Decimal {
  if (isZero(a) || isZero(b)) return ZERO;
  if (isOne(b)) return a;
  return isOne(a) ? b : wrap(open(a).times(open(b)));
}
function isOne(a: Decimal): boolean {
  const { s, e, d } = open(a);
  return d[0] === 1 && e === 0 && s === 1 && d.length === 1;
}
export function negate(a: Decimal): Decimal {
  return wrap(open(a).negated());
}
export function absolute(a: Decimal): Decimal {
  return wrap(open(a).abs());
}
/** What signs, exponents and leading digits settle is settled without a copy; the rest is the library's. */
export function compare(a: Decimal, b: Decimal): -1 | 0 | 1 {
  const sign = signOf(a);
  const other = signOf(b);
  if (sign !== other) return sign > other ? 1 : -1;
  const x = open(a);
  const y = open(b);
  if (a === b || sign === 0) return 0;
  if (x.e !== y.e) return x.e > y.e === sign > 0 ? 1 : -1;
  const [leading = 0] = x.d;
  const [against = 0] = y.d;
  // With equal exponents the digits stand in groups of the same weight.
  if (leading !== against) return leading > against === sign > 0 ? 1 : -1;
  return x.cmp(y) as -1 | 0 | 1;
}
function signOf(a: Decimal): -1 | 0 | 1 {
  if (isZero(a)) return 0;
  return open(a).s < 0 ? -1 : 1;
}
export function min(a: Decimal, b: Decimal): Decimal {
  return compare(a, b) <= 0 ? a : b;
}
export function max(a: Decimal, b: Decimal): Decimal {
  return compare(a, b) >= 0 ? a : b;
}
export function isZero(a: Decimal): boolean {
  return open(a).isZero();
}
/** True below zero only. */
export function isNegative(a: Decimal): boolean {
  return open(a).isNegative() && !open(a).isZero();
}

/** Away from zero. */
export function roundUp(value: Decimal, decimals: number): Decimal {
  return wrap(open(value).toDecimalPlaces(decimals, Exact.ROUND_UP));
}
/** Towards zero. */
export function roundDown(value: Decimal, decimals: number): Decimal {
  return wrap(open(value).toDecimalPlaces(decimals, Exact.ROUND_DOWN));
}
/** To the even neighbour at a tie. */
export function roundHalfEven(value: Decimal, decimals: number): Decimal {
  return wrap(open(value).toDecimalPlaces(decimals, Exact.ROUND_HALF_EVEN));
}

function divide(a: Decimal, b: Decimal): DecimalJs {
  if (isZero(b)) throw new RangeError("division by zero");
  return isZero(a) ? open(ZERO) : open(a).dividedBy(open(b));
}
/** Away from zero. Throws RangeError on a zero divisor, like its siblings. */
export function divideRoundingUp(a: Decimal, b: Decimal, decimals: number): Decimal {
  return wrap(divide(a, b).toDecimalPlaces(decimals, Exact.ROUND_UP));
}
/** Towards zero. */
export function divideRoundingDown(a: Decimal, b: Decimal, decimals: number): Decimal {
  return wrap(divide(a, b).toDecimalPlaces(decimals, Exact.ROUND_DOWN));
}
export function divideRoundingHalfEven(a: Decimal, b: Decimal, decimals: number): Decimal {
  return wrap(divide(a, b).toDecimalPlaces(decimals, Exact.ROUND_HALF_EVEN));
}
/** To the even neighbour at a tie. Throws RangeError below zero. */
export function squareRoot(value: Decimal, decimals: number): Decimal {
  if (isNegative(value)) throw new RangeError("the root of a negative number");
  return wrap(open(value).sqrt().toDecimalPlaces(decimals, Exact.ROUND_HALF_EVEN));
}

/** True when value is a whole number of steps; a step of zero or less throws. */
export function isMultipleOf(value: Decimal, step: Decimal): boolean {
  assertStep(step);
  return open(value).modulo(open(step)).isZero();
}
/** The multiple of step at or below the value. */
export function roundToStepDown(value: Decimal, step: Decimal): Decimal {
  assertStep(step);
  return wrap(open(value).dividedBy(open(step)).floor().times(open(step)));
}
/** The multiple of step at or above the value. */
export function roundToStepUp(value: Decimal, step: Decimal): Decimal {
  assertStep(step);
  return wrap(open(value).dividedBy(open(step)).ceil().times(open(step)));
}

function assertStep(step: Decimal): void {
  if (isZero(step) || isNegative(step)) throw new RangeError("a step must be above zero");
}
