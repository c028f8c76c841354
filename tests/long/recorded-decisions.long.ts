import { expect, test } from "vitest";
import { replayRandom } from "../../services/risk-gate/src/decisions/test-replay.ts";

test("10,000 recorded decisions, read back and judged again -> the same bytes", async () => {
  const { decisions, passed, different } = await replayRandom(10_000, 20_261_121);
  expect(different).toEqual([]);
  expect(decisions).toBe(10_000);
  expect(passed).toBeGreaterThan(500);
});
