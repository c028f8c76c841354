import { ManualClock } from "@countersign/clock/manual-clock";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Cache } from "./cache.ts";

test("any number of callers for the same thing cost one load", async () => {
  const cache = new Cache<number>(new ManualClock(0), 10);
  let loads = 0;
  const load = async () => {
    await new Promise((done) => setImmediate(done));
    loads += 1;
    return loads;
  };
  const values = await Promise.all(Array.from({ length: 50 }, () => cache.get("a", 1_000, load)));
  expect(new Set(values)).toEqual(new Set([1]));
  expect(cache.stats).toMatchObject({ hits: 0, misses: 1, joined: 49 });
});

test("a value at its greatest age is still good, one ms later it is loaded again", async () => {
  const clock = new ManualClock(0);
  const cache = new Cache<string>(clock, 10);
  await cache.get("a", 100, async () => "old");
  await clock.advance(100);
  expect(await cache.get("a", 100, async () => "new")).toBe("old");
  await clock.advance(1);
  expect(await cache.get("a", 100, async () => "new")).toBe("new");
});

test("a failed load reaches everybody who waited and is not remembered", async () => {
  const cache = new Cache<string>(new ManualClock(0), 10);
  const failing = () => cache.get("a", 100, () => Promise.reject(new Error("no")));
  await expect(Promise.all([failing(), failing()])).rejects.toThrow("no");
  expect(await cache.get("a", 100, async () => "yes")).toBe("yes");
});

test("beyond its bound the least recently used goes first", async () => {
  const cache = new Cache<string>(new ManualClock(0), 2);
  for (const key of ["a", "b"]) await cache.get(key, 100, async () => key);
  await cache.get("a", 100, async () => "again");
  await cache.get("c", 100, async () => "c");
  expect(cache.peek("a", 100)).toBe("a");
  expect(cache.peek("b", 100)).toBeUndefined();
});

test("age counts from the value's own time, and what comes late replaces nothing younger", async () => {
  const clock = new ManualClock(10_000);
  const cache = new Cache<{ asOf: number }>(clock, 10, { asOfMs: ({ asOf }) => asOf });
  await cache.get("a", 0, async () => ({ asOf: 9_000 }));
  expect(cache.peek("a", 999)).toBeUndefined();
  expect(cache.peek("a", 1_000)).toEqual({ asOf: 9_000 });
  await cache.refresh("a", async () => ({ asOf: 8_000 }));
  expect(cache.peek("a", 1_000)).toEqual({ asOf: 9_000 });
});

test("whoever joins a load that brings something too old gets a load of its own", async () => {
  const clock = new ManualClock(10_000);
  const cache = new Cache<{ asOf: number }>(clock, 10, { asOfMs: ({ asOf }) => asOf });
  const slow = Promise.withResolvers<{ asOf: number }>();
  const patient = cache.get("a", 60_000, () => slow.promise);
  await clock.advance(5_000);
  const strict = cache.get("a", 1_000, async () => ({ asOf: clock.nowMs() }));
  slow.resolve({ asOf: 10_000 });
  expect(await patient).toEqual({ asOf: 10_000 });
  expect(await strict).toEqual({ asOf: 15_000 });
});

/** One question of the property: when it is asked, the age it accepts, and what a load does that it starts. */
const Question = fc.record({
  afterMs: fc.integer({ min: 0, max: 400 }),
  maxAgeMs: fc.integer({ min: 0, max: 1_000 }),
  key: fc.constantFrom("a", "b"),
  takesMs: fc.integer({ min: 0, max: 1_500 }),
  /** Part of the time after which the broker's value was true. */
  trueAfter: fc.double({ min: 0, max: 1, noNaN: true }),
  ends: fc.constantFrom("well", "well", "well", "in error"),
});

test("no answer was older than asked for when it was asked for, whatever the loads do", async () => {
  const property = fc.asyncProperty(fc.array(Question, { minLength: 1, maxLength: 25 }), async (questions) => {
    const clock = new ManualClock(1_000_000);
    const cache = new Cache<number>(clock, 10, { asOfMs: (asOf) => asOf });
    const answers: Promise<void>[] = [];
    for (const { afterMs, maxAgeMs, key, takesMs, trueAfter, ends } of questions) {
      await clock.advance(afterMs);
      const askedAtMs = clock.nowMs();
      const load = async () => {
        const beganAtMs = clock.nowMs();
        await clock.sleep(takesMs);
        if (ends === "in error") throw new Error("no");
        return beganAtMs + Math.floor(takesMs * trueAfter);
      };
      const check = (asOf: number) => expect(asOf).toBeGreaterThanOrEqual(askedAtMs - maxAgeMs);
      answers.push(cache.get(key, maxAgeMs, load).then(check, (error: Error) => expect(error.message).toBe("no")));
    }
    await clock.advance(5_000);
    await Promise.all(answers);
  });
  await fc.assert(property, { numRuns: 150 });
});
