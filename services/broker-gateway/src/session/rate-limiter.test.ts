import { ManualClock } from "@countersign/clock/manual-clock";
import { describe, expect, test } from "vitest";
import { RateLimiter } from "./rate-limiter.ts";

const LIMITS = { perSecond: 40, reservedForOrders: 10 };

async function settled(promise: Promise<void>): Promise<boolean> {
  let done = false;
  void promise.then(() => {
    done = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return done;
}

describe("rate limiter", () => {
  test("reads use at most what is not reserved, orders pass at once", async () => {
    const limiter = new RateLimiter(new ManualClock(0), LIMITS);
    for (let count = 0; count < 30; count += 1) expect(await settled(limiter.take("read"))).toBe(true);
    expect(await settled(limiter.take("read"))).toBe(false);
    for (let count = 0; count < 10; count += 1) expect(await settled(limiter.take("order"))).toBe(true);
    expect(await settled(limiter.take("order"))).toBe(false);
  });

  test("paused -> reads wait, orders do not", async () => {
    const clock = new ManualClock(0);
    const limiter = new RateLimiter(clock, LIMITS);
    limiter.pauseReads(1_000);
    const read = limiter.take("read");
    expect(await settled(read)).toBe(false);
    expect(await settled(limiter.take("order"))).toBe(true);
    await clock.advance(999);
    expect(await settled(read)).toBe(false);
    await clock.advance(60);
    expect(await settled(read)).toBe(true);
  });

  test("another connection begins at zero", async () => {
    const limiter = new RateLimiter(new ManualClock(0), LIMITS);
    for (let count = 0; count < 40; count += 1) await limiter.take("order");
    expect(await settled(limiter.take("order"))).toBe(false);
    limiter.restart();
    expect(await settled(limiter.take("read"))).toBe(true);
  });

  test("no window of one second holds more than the limit", async () => {
    const clock = new ManualClock(0);
    const limiter = new RateLimiter(clock, LIMITS);
    const sentAt: number[] = [];
    for (let count = 0; count < 200; count += 1) {
      void limiter.take(count % 3 === 0 ? "order" : "read").then(() => sentAt.push(clock.nowMs()));
    }
    for (let step = 0; step < 200; step += 1) await clock.advance(50);
    expect(sentAt).toHaveLength(200);
    for (const start of sentAt) {
      expect(sentAt.filter((at) => at >= start && at < start + 1_000).length).toBeLessThanOrEqual(40);
    }
  });
});
