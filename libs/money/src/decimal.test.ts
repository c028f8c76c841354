import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  add,
  compare,
  DecimalFormatError,
  decimal,
  divideRoundingDown,
  divideRoundingUp,
  fromNumber,
  isMultipleOf,
  isNegative,
  isZero,
  multiply,
  roundHalfEven,
  roundToStepDown,
  roundToStepUp,
  subtract,
  toText,
} from "./decimal.ts";

/** Units of 10^-8. Zeros, ones, neighbours and whole groups of digits come often: those have ways of their own. */
const anyUnits = fc.oneof(
  fc.constantFrom(0n, 1n, 10n ** 8n, 10n ** 15n, 10n ** 15n - 1n).chain((one) => fc.constantFrom(one, -one)),
  fc
    .tuple(fc.bigInt({ min: -99n, max: 99n }), fc.integer({ min: 0, max: 20 }))
    .map(([one, at]) => one * 10n ** BigInt(at)),
  fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }),
);
const EIGHT = 10n ** 8n;
const written = (units: bigint, scale = EIGHT) => {
  const size = units < 0n ? -units : units;
  const fraction = (size % scale)
    .toString()
    .padStart(scale.toString().length - 1, "0")
    .replace(/0+$/, "");
  return `${units < 0n ? "-" : ""}${size / scale}${fraction === "" ? "" : `.${fraction}`}`;
};

const anyDecimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.integer({ min: 0, max: 8 }))
  .map(([units, places]) => {
    const digits = (units < 0n ? -units : units).toString().padStart(places + 1, "0");
    const whole = digits.slice(0, digits.length - places);
    const sign = units < 0n ? "-" : "";
    return decimal(places === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-places)}`);
  });

describe("decimal", () => {
  test.each(["", " 1", "1e3", "+1", "1.", ".5", "NaN", "Infinity", "0x10", "1,5", "1".repeat(35)])(
    "%j is no decimal number -> DecimalFormatError",
    (text) => expect(() => decimal(text)).toThrow(DecimalFormatError),
  );

  test.each([
    ["0.10", "0.1"],
    ["-0.0", "0"],
    ["007", "7"],
    ["1000000000000000000000", "1000000000000000000000"],
    ["0.000000001", "0.000000001"],
  ])("%s is written as %s", (text, expected) => expect(toText(decimal(text))).toBe(expected));

  test("0.1 + 0.2 is 0.3", () => expect(toText(add(decimal("0.1"), decimal("0.2")))).toBe("0.3"));

  test("a number of the wire keeps the text that prints it", () => expect(toText(fromNumber(292.194))).toBe("292.194"));
  test("a number where text should be -> DecimalFormatError", () => {
    for (const none of [5, -0, Number.NaN]) expect(() => decimal(none as never)).toThrow(DecimalFormatError);
  });
  test("NaN of the wire -> DecimalFormatError", () => expect(() => fromNumber(Number.NaN)).toThrow(DecimalFormatError));

  test("subtracting what was added gives the value back", () => {
    fc.assert(fc.property(anyDecimal, anyDecimal, (a, b) => compare(subtract(add(a, b), b), a) === 0));
  });

  test("text and back is the same number", () => {
    fc.assert(fc.property(anyDecimal, (a) => compare(decimal(toText(a)), a) === 0));
  });

  test("sums, products, order and text are those of whole numbers of one scale", () => {
    const order = (a: bigint, b: bigint) => (a === b ? 0 : a > b ? 1 : -1);
    fc.assert(
      fc.property(anyUnits, anyUnits, (a, b) => {
        const [x, y] = [decimal(written(a)), decimal(written(b))];
        expect(toText(x)).toBe(written(a));
        expect(toText(add(x, y))).toBe(written(a + b));
        expect(toText(subtract(x, y))).toBe(written(a - b));
        expect(toText(multiply(x, y))).toBe(written(a * b, EIGHT * EIGHT));
        expect([compare(x, y), compare(x, decimal(written(a)))]).toEqual([order(a, b), 0]);
        expect(compare(add(x, y), subtract(x, y))).toBe(order(a + b, a - b));
        // Whatever way a result came, what is computed with it is the same.
        const zero = multiply(x, decimal("-0"));
        expect([toText(zero), isNegative(zero), isZero(zero), compare(zero, decimal("0"))]).toEqual([
          "0",
          false,
          true,
          0,
        ]);
        if (b !== 0n) expect(toText(divideRoundingDown(multiply(x, y), y, 8))).toBe(written(a));
      }),
      { numRuns: 2_000 },
    );
  });

  test("a quotient rounded up and down encloses the dividend", () => {
    fc.assert(
      fc.property(anyDecimal, fc.integer({ min: 1, max: 999 }), (a, divisor) => {
        const by = fromNumber(divisor);
        const up = multiply(divideRoundingUp(a, by, 4), by);
        const down = multiply(divideRoundingDown(a, by, 4), by);
        const negative = compare(a, decimal("0")) < 0;
        return negative ? compare(up, a) <= 0 && compare(down, a) >= 0 : compare(up, a) >= 0 && compare(down, a) <= 0;
      }),
    );
  });

  test("a tie goes to the even neighbour", () => {
    expect(toText(roundHalfEven(decimal("0.125"), 2))).toBe("0.12");
    expect(toText(roundHalfEven(decimal("0.135"), 2))).toBe("0.14");
  });

  test("steps: 231.407 on a tick of 0.05 is 231.40 below and 231.45 above", () => {
    expect(toText(roundToStepDown(decimal("231.407"), decimal("0.05")))).toBe("231.4");
    expect(toText(roundToStepUp(decimal("231.407"), decimal("0.05")))).toBe("231.45");
    expect(isMultipleOf(decimal("231.40"), decimal("0.05"))).toBe(true);
    expect(isMultipleOf(decimal("231.41"), decimal("0.05"))).toBe(false);
  });
});
