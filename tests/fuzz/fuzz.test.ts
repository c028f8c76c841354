import { expect, test } from "vitest";
import { fuzz } from "./fuzz.ts";

test("twelve thousand inputs over both codecs: no crash, no hang, nothing invalid taken, and valid input is read", () => {
  const { counts, found } = fuzz({ seed: 7, from: 0, count: 12_000 });
  expect(found.slice(0, 5)).toEqual([]);
  for (const { target, accepted, refused } of counts) {
    expect(accepted, target).toBeGreaterThan(300);
    expect(refused, target).toBeGreaterThan(300);
  }
});
