import { compare, decimal, divideRoundingHalfEven, multiply, toText } from "@countersign/money/decimal";
import fc from "fast-check";
import { expect, test } from "vitest";
import { averageOf, textOf, unitsOf } from "./units.ts";

const wire = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n) + 1n, max: 10n ** 20n - 1n }), fc.integer({ min: 0, max: 12 }))
  .map(([digits, decimals]) => {
    const scale = decimal(`1${"0".repeat(decimals)}`);
    return toText(divideRoundingHalfEven(decimal(String(digits)), scale, 12));
  });

test("a text of the wire comes back as it was", () => {
  fc.assert(
    fc.property(wire, (text) => {
      expect(textOf(unitsOf(text))).toBe(text);
    }),
  );
});

test("they compare as decimals do", () => {
  fc.assert(
    fc.property(wire, wire, (a, b) => {
      const [left, right] = [unitsOf(a), unitsOf(b)];
      expect(left < right ? -1 : left > right ? 1 : 0).toBe(compare(decimal(a), decimal(b)));
    }),
  );
});

test("an average is rounded as decimals are", () => {
  const volume = fc.integer({ min: 1, max: 1_000_000 });
  fc.assert(
    fc.property(fc.integer({ min: -1_000_000, max: 1_000_000 }), volume, volume, (price, weight, divisor) => {
      const [a, b, c] = [String(price), String(weight), String(divisor)];
      const exact = divideRoundingHalfEven(multiply(decimal(a), decimal(b)), decimal(c), 12);
      expect(textOf(averageOf(unitsOf(a) * unitsOf(b), unitsOf(c)))).toBe(toText(exact));
    }),
  );
});
