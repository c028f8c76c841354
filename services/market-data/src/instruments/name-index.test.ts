import { expect, test } from "vitest";
import { NameIndex } from "./name-index.ts";

function index(names: readonly string[], entriesMax = 100): NameIndex {
  const made = new NameIndex(entriesMax);
  for (const [position, name] of names.entries()) made.add({ conid: position + 1, name });
  return made;
}

test("a name that is not written exactly is found, the likest first", () => {
  const names = index(["APPLE INC", "MICROSOFT CORP", "MICRON TECHNOLOGY INC", "MICROSTRATEGY INC-CL A"]);
  const [first, second] = names.search("Mircosoft Corporation", 5);
  expect(first).toMatchObject({ conid: 2 });
  expect(first?.score).toBeGreaterThan(second?.score ?? 0);
});

test("nothing alike -> nothing", () => {
  expect(index(["APPLE INC"]).search("zzzzqqqq", 5)).toEqual([]);
  expect(index([]).search("apple", 5)).toEqual([]);
});

test("a full index forgets what it has known longest; a new name takes the place of the old one", () => {
  const names = index(["ALPHA INC", "BETA INC", "GAMMA INC"], 2);
  expect(names.size).toBe(2);
  expect(names.search("alpha", 5)).toEqual([]);
  names.add({ conid: 3, name: "DELTA INC" });
  expect(names.search("gamma", 5)).toEqual([]);
  expect(names.search("delta", 5)).toEqual([{ conid: 3, score: 1 }]);
});
