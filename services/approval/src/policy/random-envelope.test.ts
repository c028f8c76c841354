import { expect, test } from "vitest";
import { assessRandom } from "./testing/random-envelope.ts";

test("of 2,000 random orders just those are approved that lie inside of the policy", () => {
  const { approved, outside, refused } = assessRandom(2_000, 20_261_123);
  expect(outside).toEqual([]);
  expect(refused).toEqual([]);
  expect(approved).toBeGreaterThan(50);
});
