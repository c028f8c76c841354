import { ManualClock } from "@countersign/clock/manual-clock";
import { expect, test } from "vitest";
import { RateLimit } from "./rate-limit.ts";

test("the burst passes, the next one waits exactly for its token, and keys do not share", async () => {
  const clock = new ManualClock(0);
  const limit = new RateLimit(clock, { perSecond: 10, burst: 2 });
  expect([limit.take("a"), limit.take("a"), limit.take("a"), limit.take("b")]).toEqual([0, 0, 100, 0]);
  await clock.advance(99);
  expect(limit.take("a")).toBeGreaterThan(0);
  await clock.advance(2);
  expect(limit.take("a")).toBe(0);
});

test("a long pause fills the bucket and no more", async () => {
  const clock = new ManualClock(0);
  const limit = new RateLimit(clock, { perSecond: 10, burst: 2 });
  await clock.advance(60_000);
  expect([limit.take("a"), limit.take("a"), limit.take("a") > 0]).toEqual([0, 0, true]);
});
