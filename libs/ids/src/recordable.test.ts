import { expect, test } from "vitest";
import { canonicalHash } from "./hash.ts";
import { recordable } from "./recordable.ts";

test("what canonical JSON can carry stays as it is", () => {
  const value = { text: "€ 😀 \u202e", number: 1.5, list: [null, true, { deep: [] }] };
  expect(recordable(value)).toBe(value);
});

test.each([
  ["half a surrogate pair in a value", { a: "x\ud800" }, { a: "x\ufffd" }],
  ["half a surrogate pair in a key", { "\udc00": 1 }, { "\ufffd": 1 }],
  ["a number that JSON lacks", [Number.NaN, Number.POSITIVE_INFINITY], ["(not JSON)", "(not JSON)"]],
  ["undefined", { a: undefined }, { a: "(not JSON)" }],
  ["a value that writes itself", { a: { toJSON: () => "else", b: 1 } }, { a: { toJSON: "(not JSON)", b: 1 } }],
  ["a part behind good ones", [{ a: "x" }, { b: [1, Number.NaN] }], [{ a: "x" }, { b: [1, "(not JSON)"] }]],
])("%s -> replaced, and it can be hashed", (_, value, expected) => {
  expect(recordable(value)).toEqual(expected);
  expect(canonicalHash(recordable(value))).toMatch(/^[0-9a-f]{64}$/);
});

test("a hundred thousand lists in each other -> cut, and it can be hashed", () => {
  const deep: unknown = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`);
  expect(JSON.stringify(recordable(deep, 2))).toBe('[["(nested too deeply)"]]');
  expect(() => canonicalHash(recordable(deep))).not.toThrow();
});
