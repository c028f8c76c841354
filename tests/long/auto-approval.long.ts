import { expect, test } from "vitest";
import { assessRandom } from "../../services/approval/src/policy/testing/random-envelope.ts";

test("of 1,000,000 random orders just those are approved that lie inside of the policy", () => {
  const { approved, outside, refused } = assessRandom(1_000_000, 1);
  expect(outside).toEqual([]);
  expect(refused).toEqual([]);
  expect(approved).toBeGreaterThan(20_000);
});
