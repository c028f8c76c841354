import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  add,
  compare,
  DecimalFormatError,
  decimal,
  divideRoundingDown,
  divideRoundingHalfEven,
  divideRoundingUp,
  fromNumber,
  isMultipleOf,
  isNegative,
  isZero,
  multiply,
  negate,
  roundDown,
  roundHalfEven,
  roundToStepDown,
  roundToStepUp,
  roundUp,
  squareRoot,
  subtract,
  toNumber,
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

  test("minus zero is zero, wherever it comes from", () => {
    const none = [decimal("-0.0"), negate(decimal("0")), roundDown(decimal("-0.001"), 0)];
    for (const zero of [...none, divideRoundingDown(decimal("-1"), decimal("3"), 0)])
      expect([toText(zero), isNegative(zero), compare(zero, decimal("0"))]).toEqual(["0", false, 0]);
  });

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
        expect(toNumber(x)).toBe(Number(written(a)));
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
      }),
      { numRuns: 2_000 },
    );
  });

  test("a quotient is that of whole numbers, rounded in the direction that it names, whatever is left over", () => {
    fc.assert(
      fc.property(anyUnits, anyUnits, fc.integer({ min: 0, max: 12 }), (a, b, decimals) => {
        fc.pre(b !== 0n);
        const [x, y] = [decimal(written(a)), decimal(written(b))];
        const scale = 10n ** BigInt(decimals);
        const [down, rest] = [(a * scale) / b, (a * scale) % b];
        const away = a < 0n === b < 0n ? 1n : -1n;
        const size = (value: bigint) => (value < 0n ? -value : value);
        const [twice, whole] = [2n * size(rest), size(b)];
        const isNearerAway = twice > whole || (twice === whole && down % 2n !== 0n);
        const as = (units: bigint) => written(units, scale);
        expect(toText(divideRoundingDown(x, y, decimals))).toBe(as(down));
        expect(toText(divideRoundingUp(x, y, decimals))).toBe(as(rest === 0n ? down : down + away));
        expect(toText(divideRoundingHalfEven(x, y, decimals))).toBe(as(isNearerAway ? down + away : down));
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ["1", "8", 2, "0.12"],
    ["3", "8", 2, "0.38"],
    ["-1", "8", 2, "-0.12"],
    ["5", "2", 0, "2"],
    ["7", "2", 0, "4"],
    // Half of 2^53 + 3 and a half: as JavaScript's number the divisor is one more, and this a tie.
    ["4503599627370498", "9007199254740995", 0, "1"],
  ])("%s / %s at %d decimals is %s: half of the last place goes to the even neighbour", (a, b, decimals, expected) =>
    expect(toText(divideRoundingHalfEven(decimal(a), decimal(b), decimals))).toBe(expected),
  );

  test("rounding to decimals is dividing by one", () => {
    fc.assert(
      fc.property(anyUnits, fc.integer({ min: 0, max: 10 }), (a, decimals) => {
        const [x, one] = [decimal(written(a)), decimal("1")];
        expect(toText(roundUp(x, decimals))).toBe(toText(divideRoundingUp(x, one, decimals)));
        expect(toText(roundDown(x, decimals))).toBe(toText(divideRoundingDown(x, one, decimals)));
        expect(toText(roundHalfEven(x, decimals))).toBe(toText(divideRoundingHalfEven(x, one, decimals)));
      }),
    );
  });

  test("a root is the nearest number of its decimals", () => {
    const anyPositive = fc.oneof(
      anyUnits.map((units) => (units < 0n ? -units : units)),
      fc.bigInt({ min: 0n, max: 10n ** 9n }).map((root) => root * root),
    );
    fc.assert(
      fc.property(anyPositive, fc.integer({ min: 4, max: 12 }), (a, decimals) => {
        const root = BigInt(
          toText(multiply(squareRoot(decimal(written(a)), decimals), decimal(`1${"0".repeat(decimals)}`))),
        );
        const square = a * 10n ** BigInt(2 * decimals - 8);
        // Between (root - 1/2) squared and (root + 1/2) squared, four times each.
        expect(4n * square <= (2n * root + 1n) ** 2n).toBe(true);
        expect(root === 0n || 4n * square >= (2n * root - 1n) ** 2n).toBe(true);
      }),
    );
    expect(() => squareRoot(decimal("-1"), 4)).toThrow(RangeError);
  });

  test.each([
    ["0.0625", 1, "0.2"],
    ["0.1225", 1, "0.4"],
    ["8040.5923294225", 4, "89.6694"],
    ["8040.5923294226", 4, "89.6694"],
    ["8040.5923294224", 4, "89.6693"],
    ["0.06250000000000000000000000000001", 1, "0.3"],
    ["0.25", 0, "0"],
    ["2.25", 0, "2"],
    ["0", 12, "0"],
    ["144", 0, "12"],
  ])("the root of %s to %i decimals is %s: a tie goes to the even neighbour", (square, decimals, root) => {
    expect(toText(squareRoot(decimal(square), decimals))).toBe(root);
  });

  test("the steps next to a number enclose it, and are one where it is on a step", () => {
    fc.assert(
      fc.property(anyUnits, fc.bigInt({ min: 1n, max: 10n ** 12n }), (a, step) => {
        const [x, by] = [decimal(written(a)), decimal(written(step))];
        const rest = ((a % step) + step) % step;
        expect(toText(roundToStepDown(x, by))).toBe(written(a - rest));
        expect(toText(roundToStepUp(x, by))).toBe(written(rest === 0n ? a : a - rest + step));
        expect(isMultipleOf(x, by)).toBe(rest === 0n);
      }),
    );
    for (const none of ["0", "-1"]) {
      expect(() => roundToStepUp(decimal("1"), decimal(none))).toThrow(RangeError);
      expect(() => isMultipleOf(decimal("1"), decimal(none))).toThrow(RangeError);
      expect(() => roundToStepDown(decimal("1"), decimal(none))).toThrow(RangeError);
    }
  });

  test("division by zero -> RangeError", () => {
    for (const by of [divideRoundingUp, divideRoundingDown, divideRoundingHalfEven])
      for (const a of ["0", "1"]) expect(() => by(decimal(a), decimal("0.00"), 2)).toThrow(RangeError);
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
