import { expect, test } from "vitest";
import { Unchanged } from "./unchanged.ts";

const list = () => [{ conid: 1, quantity: "5", legs: [{ ratio: 1 }] }];

test("a list that says the same is the object of last time; the first change makes it another one", () => {
  const unchanged = new Unchanged();
  const first = unchanged.same("positions DU1", list());
  expect(unchanged.same("positions DU1", list())).toBe(first);
  expect(unchanged.same("positions DU2", list())).not.toBe(first);
  const changed = [{ conid: 1, quantity: "6", legs: [{ ratio: 1 }] }];
  expect(unchanged.same("positions DU1", changed)).toBe(changed);
});

test.each([
  ["one more", [...list(), ...list()]],
  ["one less", []],
  ["a field more", [{ ...list()[0], symbol: "A" }]],
  ["a field of another name", [{ conid: 1, amount: "5", legs: [{ ratio: 1 }] }]],
  ["another leg", [{ ...list()[0], legs: [{ ratio: 2 }] }]],
  ["null instead of a list", [{ ...list()[0], legs: null }]],
])("%s -> not the same", (_name, value) => {
  const unchanged = new Unchanged();
  unchanged.same<unknown>("key", list());
  expect(unchanged.same<unknown>("key", value)).toBe(value);
});
