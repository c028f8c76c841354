import { Decimal as Reference } from "decimal.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  add,
  compare,
  type Decimal,
  decimal,
  divideRoundingDown,
  divideRoundingHalfEven,
  divideRoundingUp,
  fromNumber,
  isMultipleOf,
  multiply,
  roundDown,
  roundHalfEven,
  roundToStepDown,
  roundToStepUp,
  roundUp,
  squareRoot,
  subtract,
  toText,
} from "./decimal.ts";

/** Another implementation of the same arithmetic, wide enough to be exact for what is compared here. */
const Exact = Reference.clone({ precision: 200, toExpNeg: -200, toExpPos: 200 });
const textOf = (value: Reference) => (value.isZero() ? "0" : value.toFixed());

const texts = fc
  .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.integer({ min: 0, max: 12 }))
  .map(([units, places]) => {
    const digits = (units < 0n ? -units : units).toString().padStart(places + 1, "0");
    const sign = units < 0n ? "-" : "";
    const whole = digits.slice(0, digits.length - places);
    return places === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-places)}`;
  });
const pair = fc.tuple(texts, texts);
const places = fc.integer({ min: 0, max: 14 });

function same(property: fc.IRawProperty<unknown>): void {
  fc.assert(property, { numRuns: 400 });
}

describe("the same as the reference", () => {
  const pairs: [string, (a: Decimal, b: Decimal) => Decimal, (a: Reference, b: Reference) => Reference][] = [
    ["sum", add, (a, b) => a.plus(b)],
    ["difference", subtract, (a, b) => a.minus(b)],
    ["product", multiply, (a, b) => a.times(b)],
  ];
  test.each(pairs)("%s", (_name, ours, theirs) =>
    same(
      fc.property(pair, ([a, b]) => {
        expect(toText(ours(decimal(a), decimal(b)))).toBe(textOf(theirs(new Exact(a), new Exact(b))));
      }),
    ),
  );
  test("order", () =>
    same(
      fc.property(pair, ([a, b]) => {
        expect(compare(decimal(a), decimal(b))).toBe(new Exact(a).cmp(new Exact(b)));
      }),
    ));
  const roundings = [
    ["up", roundUp, divideRoundingUp, Exact.ROUND_UP],
    ["down", roundDown, divideRoundingDown, Exact.ROUND_DOWN],
    ["half even", roundHalfEven, divideRoundingHalfEven, Exact.ROUND_HALF_EVEN],
  ] as const;
  test.each(roundings)("rounding and quotient, %s", (_name, round, divide, mode) =>
    same(
      fc.property(pair, places, ([a, b], digits) => {
        expect(toText(round(decimal(a), digits))).toBe(textOf(new Exact(a).toDecimalPlaces(digits, mode)));
        if (new Exact(b).isZero()) return;
        const quotient = new Exact(a).dividedBy(b).toDecimalPlaces(digits, mode);
        expect(toText(divide(decimal(a), decimal(b), digits))).toBe(textOf(quotient));
      }),
    ),
  );
  test("steps", () =>
    same(
      fc.property(texts, fc.constantFrom("0.01", "0.05", "0.25", "1", "100", "0.000001", "0.0033"), (text, step) => {
        const [value, by] = [new Exact(text), new Exact(step)];
        const steps = value.dividedBy(by);
        expect(toText(roundToStepDown(decimal(text), decimal(step)))).toBe(textOf(steps.floor().times(by)));
        expect(toText(roundToStepUp(decimal(text), decimal(step)))).toBe(textOf(steps.ceil().times(by)));
        expect(isMultipleOf(decimal(text), decimal(step))).toBe(value.modulo(by).isZero());
      }),
    ));
  test("square root", () =>
    same(
      fc.property(texts, places, (text, digits) => {
        const value = new Exact(text).abs();
        const root = value.sqrt().toDecimalPlaces(digits, Exact.ROUND_HALF_EVEN);
        expect(toText(squareRoot(decimal(textOf(value)), digits))).toBe(textOf(root));
      }),
    ));
  test("numbers of a wire, also those that print with an exponent", () =>
    same(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(toText(fromNumber(value))).toBe(textOf(new Exact(String(value))));
      }),
    ));
});

test("a product of products stays within a hundred places", () => {
  let value = decimal("1.0000000001");
  for (let count = 0; count < 200; count += 1) value = multiply(value, decimal("1.0000000001"));
  expect(toText(value).length).toBeLessThanOrEqual(102);
});
