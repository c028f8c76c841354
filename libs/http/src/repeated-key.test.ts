import fc from "fast-check";
import { expect, test } from "vitest";
import { hasRepeatedKey } from "./repeated-key.ts";

test.each([
  ['{"level":"HALTED","level":"ACTIVE"}'],
  ['{"level":"HALTED" , "l\\u0065vel" :"ACTIVE"}'],
  ['[1,{"a":{"b":[{"x":1,"y":{},"x":2}]}}]'],
  ['{"":1,"a":2,"":3}'],
  ['{"a\\"":1,"a\\"":2}'],
  ['{"\\\\":"\\\\\\"","\\\\":1}'],
  ['{"__proto__":1,"__proto__":1}'],
])("%s -> a key is there twice", (json) => {
  expect([JSON.parse(json) !== undefined, hasRepeatedKey(json)]).toEqual([true, true]);
});

test.each([
  ['{"a":{"a":{"a":[]}},"b":{"a":1}}'],
  ['[{"a":1},{"a":1}]'],
  ['{"a":"a","b":"\\"a\\":","c":["a","a"]}'],
  ['{"a":"}","A":"{\\"a\\":1,"}'],
  ['"a"'],
  ["12"],
])("%s -> none", (json) => {
  expect([JSON.parse(json) !== undefined, hasRepeatedKey(json)]).toEqual([true, false]);
});

test("what JSON.stringify wrote never has one; the same with one of its keys said again always has", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.string(), (value, key) => {
      const json = JSON.stringify({ [key]: value });
      const again = `{${JSON.stringify(key)}:[{"b":0}],${json.slice(1)}`;
      return !hasRepeatedKey(json) && !hasRepeatedKey(JSON.stringify(value, null, 2)) && hasRepeatedKey(again);
    }),
  );
});

test("a megabyte of escapes, of quotes or of brackets is read in one pass", () => {
  const size = 1_000_000;
  const texts = [`"${"\\\\".repeat(size / 2)}"`, `"${'\\"'.repeat(size / 2)}"`, `[${'"",'.repeat(size / 3)}0]`];
  for (const json of texts) expect(hasRepeatedKey(json)).toBe(false);
  expect(hasRepeatedKey(`{"a":${"[".repeat(5_000)}${"]".repeat(5_000)},"a":1}`)).toBe(true);
});
