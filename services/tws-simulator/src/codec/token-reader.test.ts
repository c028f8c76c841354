import { describe, expect, test } from "vitest";
import { plainNumber, RequestFormatError, TokenReader } from "./token-reader.ts";

function decimalOf(token: string) {
  return new TokenReader([token]).optionalDecimal();
}

describe("token reader", () => {
  test.each(["", "2147483647", "1.7976931348623157E308", "1.7976931348623157e+308", "9223372036854775807", "Infinity"])(
    "%j -> unset decimal",
    (token) => expect(decimalOf(token)).toBeUndefined(),
  );

  test.each([
    ["0", "0"],
    ["0.0", "0"],
    ["-0", "0"],
    ["230.50", "230.5"],
    ["1e-7", "0.0000001"],
    ["1.5E3", "1500"],
    ["-2.50", "-2.5"],
    ["0.30000000000000004", "0.30000000000000004"],
  ])("%s -> %s", (token, plain) => expect(decimalOf(token)).toBe(plain));

  test.each(["NaN", "abc", "1,000", "0x10", " 1", "1.2.3", `0.${"1".repeat(40)}`])("%j -> refused", (token) => {
    expect(() => decimalOf(token)).toThrow(RequestFormatError);
  });

  test("a missing token -> refused", () => {
    expect(() => new TokenReader([]).text()).toThrow(RequestFormatError);
  });

  test("1e400 is a number, only too large to be one that anybody means -> unset", () => {
    expect(plainNumber("1e400")).toHaveLength(401);
    expect(decimalOf("1e400")).toBeUndefined();
  });
});
