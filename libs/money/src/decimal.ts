declare const brand: unique symbol;
/** An exact decimal number. Opaque: only the functions here make or read one. */
export type Decimal = { readonly [brand]: "Decimal" };

/** units / 10^places. The same number may have several of these; nothing outside sees which. */
class Exact {
  readonly units: bigint;
  readonly places: number;
  constructor(units: bigint, places: number) {
    this.units = units;
    this.places = places;
  }
  toString(): string {
    return textOf(this);
  }
  toJSON(): string {
    return textOf(this);
  }
}

export class DecimalFormatError extends Error {
  override readonly name = "DecimalFormatError";
}

const GRAMMAR = /^-?[0-9]+(\.[0-9]+)?$/;
const DIGITS_MAX = 34;
/** A product has no more places than this; what lies behind is rounded to the even neighbour. */
const PLACES_MAX = 100;

const wrap = (units: bigint, places: number): Decimal => new Exact(units, places) as unknown as Decimal;
const open = (value: Decimal): Exact => value as unknown as Exact;

const POWERS: bigint[] = [1n];
function power(exponent: number): bigint {
  for (let next = POWERS.length; next <= exponent; next += 1) POWERS.push((POWERS[next - 1] ?? 1n) * 10n);
  return POWERS[exponent] ?? 1n;
}

/** Texts that were read lately: limits, ticks, rates and quotes are read again with every order. Decimals never change. */
const READ = new Map<string, Decimal>();
const READ_MAX = 4_096;

/** Reads plain decimal text. Throws DecimalFormatError on an exponent, a sign but minus, spaces, or more than 34 digits. */
export function decimal(text: string): Decimal {
  const known = READ.get(text);
  if (known !== undefined) return known;
  if (!GRAMMAR.test(text) || (text.length > DIGITS_MAX && significant(text) > DIGITS_MAX)) {
    throw new DecimalFormatError(`no decimal number: ${text.slice(0, 60)}`);
  }
  const value = read(text);
  if (READ.size >= READ_MAX) READ.clear();
  READ.set(text, value);
  return value;
}

const significant = (text: string) => text.replace(/[-.]/g, "").replace(/^0+/, "").length;

function read(text: string): Decimal {
  const point = text.indexOf(".");
  if (point < 0) return wrap(BigInt(text), 0);
  return wrap(BigInt(text.slice(0, point) + text.slice(point + 1)), text.length - point - 1);
}

/** For numbers that a wire gave us as JavaScript numbers (TWS). Throws on NaN and infinity; the shortest text that prints the same number is taken. */
export function fromNumber(value: number): Decimal {
  if (!Number.isFinite(value)) throw new DecimalFormatError(`no finite number: ${value}`);
  const [mantissa = "0", exponent = "0"] = String(value).split("e");
  const { units, places } = open(read(mantissa));
  const shifted = places - Number(exponent);
  return shifted >= 0 ? wrap(units, shifted) : wrap(units * power(-shifted), 0);
}

/** Plain text: no exponent, no trailing zeros, no minus before zero. */
export function toText(value: Decimal): string {
  return textOf(open(value));
}

function textOf({ units, places }: Exact): string {
  if (places === 0) return units.toString();
  const isBelow = units < 0n;
  const digits = (isBelow ? -units : units).toString().padStart(places + 1, "0");
  let end = digits.length;
  const point = end - places;
  while (end > point && digits.charCodeAt(end - 1) === 48) end -= 1;
  const whole = digits.slice(0, point);
  const text = end === point ? whole : `${whole}.${digits.slice(point, end)}`;
  return isBelow ? `-${text}` : text;
}

export const ZERO: Decimal = wrap(0n, 0);

export function add(a: Decimal, b: Decimal): Decimal {
  const [x, y] = [open(a), open(b)];
  if (x.places === y.places) return wrap(x.units + y.units, x.places);
  if (x.places > y.places) return wrap(x.units + y.units * power(x.places - y.places), x.places);
  return wrap(x.units * power(y.places - x.places) + y.units, y.places);
}
export function subtract(a: Decimal, b: Decimal): Decimal {
  return add(a, negate(b));
}
/** Exact for factors of up to 50 places. */
export function multiply(a: Decimal, b: Decimal): Decimal {
  const [x, y] = [open(a), open(b)];
  const product = wrap(x.units * y.units, x.places + y.places);
  return x.places + y.places > PLACES_MAX ? roundHalfEven(product, PLACES_MAX) : product;
}
export function negate(a: Decimal): Decimal {
  const { units, places } = open(a);
  return wrap(-units, places);
}
export function absolute(a: Decimal): Decimal {
  return isNegative(a) ? negate(a) : a;
}
export function compare(a: Decimal, b: Decimal): -1 | 0 | 1 {
  const [x, y] = [open(a), open(b)];
  const left = x.places >= y.places ? x.units : x.units * power(y.places - x.places);
  const right = y.places >= x.places ? y.units : y.units * power(x.places - y.places);
  return left < right ? -1 : left > right ? 1 : 0;
}
export function min(a: Decimal, b: Decimal): Decimal {
  return compare(a, b) <= 0 ? a : b;
}
export function max(a: Decimal, b: Decimal): Decimal {
  return compare(a, b) >= 0 ? a : b;
}
export function isZero(a: Decimal): boolean {
  return open(a).units === 0n;
}
/** True below zero only. */
export function isNegative(a: Decimal): boolean {
  return open(a).units < 0n;
}

type Rounding = "up" | "down" | "halfEven";

/** The whole quotient, rounded: up is away from zero, down is towards it, halfEven to the even neighbour at a tie. */
function quotient(dividend: bigint, divisor: bigint, rounding: Rounding): bigint {
  const whole = dividend / divisor;
  const rest = dividend - whole * divisor;
  if (rest === 0n || rounding === "down") return whole;
  const away = dividend < 0n === divisor < 0n ? whole + 1n : whole - 1n;
  if (rounding === "up") return away;
  const twice = 2n * (rest < 0n ? -rest : rest);
  const whole10 = divisor < 0n ? -divisor : divisor;
  if (twice === whole10) return whole % 2n === 0n ? whole : away;
  return twice > whole10 ? away : whole;
}

function round(value: Decimal, decimals: number, rounding: Rounding): Decimal {
  const { units, places } = open(value);
  return places <= decimals ? value : wrap(quotient(units, power(places - decimals), rounding), decimals);
}

/** Away from zero. */
export function roundUp(value: Decimal, decimals: number): Decimal {
  return round(value, decimals, "up");
}
/** Towards zero. */
export function roundDown(value: Decimal, decimals: number): Decimal {
  return round(value, decimals, "down");
}
/** To the even neighbour at a tie. */
export function roundHalfEven(value: Decimal, decimals: number): Decimal {
  return round(value, decimals, "halfEven");
}

function divide(a: Decimal, b: Decimal, decimals: number, rounding: Rounding): Decimal {
  const [x, y] = [open(a), open(b)];
  if (y.units === 0n) throw new RangeError("division by zero");
  const shift = decimals + y.places - x.places;
  const dividend = shift > 0 ? x.units * power(shift) : x.units;
  const divisor = shift < 0 ? y.units * power(-shift) : y.units;
  return wrap(quotient(dividend, divisor, rounding), decimals);
}
/** Away from zero. Throws RangeError on a zero divisor, like its siblings. */
export function divideRoundingUp(a: Decimal, b: Decimal, decimals: number): Decimal {
  return divide(a, b, decimals, "up");
}
/** Towards zero. */
export function divideRoundingDown(a: Decimal, b: Decimal, decimals: number): Decimal {
  return divide(a, b, decimals, "down");
}
export function divideRoundingHalfEven(a: Decimal, b: Decimal, decimals: number): Decimal {
  return divide(a, b, decimals, "halfEven");
}

/** To the nearest neighbour. Throws RangeError below zero. */
export function squareRoot(value: Decimal, decimals: number): Decimal {
  const { units, places } = open(value);
  if (units < 0n) throw new RangeError("the root of a negative number");
  // Two digits more than are asked for, and a sticky one behind them: no root of a decimal lies exactly between two others.
  const digits = Math.max(decimals, Math.ceil(places / 2)) + 2;
  const square = units * power(2 * digits - places);
  const root = wholeRoot(square);
  const sticky = root * root === square ? 0n : 1n;
  return round(wrap(root * 10n + sticky, digits + 1), decimals, "halfEven");
}

/** The largest whole number whose square is not above it. */
function wholeRoot(square: bigint): bigint {
  if (square < 2n) return square;
  let root = 1n << BigInt(Math.ceil(square.toString(2).length / 2));
  for (;;) {
    const next = (root + square / root) / 2n;
    if (next >= root) return root;
    root = next;
  }
}

/** True when value is a whole number of steps; a step of zero or less throws. */
export function isMultipleOf(value: Decimal, step: Decimal): boolean {
  assertStep(step);
  const [x, y] = [open(value), open(step)];
  const places = Math.max(x.places, y.places);
  return (x.units * power(places - x.places)) % (y.units * power(places - y.places)) === 0n;
}
/** The multiple of step at or below the value. */
export function roundToStepDown(value: Decimal, step: Decimal): Decimal {
  assertStep(step);
  const down = wholeSteps(value, step, "down");
  // Towards zero is up, below it.
  return compare(down, value) > 0 ? subtract(down, step) : down;
}
/** The multiple of step at or above the value. */
export function roundToStepUp(value: Decimal, step: Decimal): Decimal {
  assertStep(step);
  const down = wholeSteps(value, step, "down");
  return compare(down, value) < 0 ? add(down, step) : down;
}

function wholeSteps(value: Decimal, step: Decimal, rounding: Rounding): Decimal {
  return multiply(divide(value, step, 0, rounding), step);
}

function assertStep(step: Decimal): void {
  if (isZero(step) || isNegative(step)) throw new RangeError("a step must be above zero");
}
