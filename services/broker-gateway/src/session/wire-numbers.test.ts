import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exactNumber, wireDecimal } from "./wire-numbers.ts";

describe("numbers of the wire", () => {
  test("every sentinel of TWS is missing, not a number", () => {
    for (const sentinel of [2147483647, Number.MAX_VALUE, 9.223372036854776e18, 1.7014118346046923e38, Number.NaN]) {
      expect(wireDecimal(sentinel)).toBeNull();
    }
    expect(wireDecimal(undefined)).toBeNull();
    expect(wireDecimal(0)).toBe("0");
    expect(wireDecimal(1e-7)).toBe("0.0000001");
  });

  test("a decimal of up to 15 digits prints as itself", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), fc.integer({ min: 0, max: 9_999 }), (whole, part) => {
        const text = `${whole}.${String(part).padStart(4, "0")}`;
        expect(Number(text) === 0 || wireDecimal(exactNumber(text)) === text.replace(/\.?0+$/, "")).toBe(true);
      }),
    );
  });

  test.each(["0.00000001", "9999999999999.12345678", "0.1234567890123456789"])(
    "%s would be printed differently -> refused",
    (text) => expect(() => exactNumber(text)).toThrow(RangeError),
  );
});
