import { ManualClock } from "@countersign/clock/manual-clock";
import { expect, test } from "vitest";
import { WantedLines } from "./wanted-lines.ts";

test("the most important of each holder come first, and a holder that is gone wants nothing", async () => {
  const clock = new ManualClock(0);
  const wanted = new WantedLines(clock);
  wanted.renew("a", { epoch: 1, leaseMs: 1_000, want: [1, 2, 3] });
  wanted.renew("b", { epoch: 1, leaseMs: 3_000, want: [9, 2] });
  expect(wanted.list()).toEqual([1, 9, 2, 3]);
  await clock.advance(2_000);
  expect(wanted.expire()).toBe(true);
  expect(wanted.list()).toEqual([9, 2]);
});

test("a request that comes late changes nothing", () => {
  const wanted = new WantedLines(new ManualClock(0));
  wanted.renew("a", { epoch: 2, leaseMs: 1_000, want: [2] });
  expect(wanted.renew("a", { epoch: 1, leaseMs: 1_000, want: [1] })).toBe(2);
  expect(wanted.list()).toEqual([2]);
});

test("a thousand holders -> the newest few count", () => {
  const wanted = new WantedLines(new ManualClock(0));
  for (let holder = 1; holder <= 1_000; holder += 1)
    wanted.renew(`h${holder}`, { epoch: 1, leaseMs: 1_000, want: [holder] });
  expect(wanted.list().length).toBeLessThanOrEqual(8);
  expect(wanted.list()).toContain(1_000);
});
