import { ManualClock } from "@countersign/clock/manual-clock";
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
  expect(cache.stats).toEqual({ hits: 0, misses: 1, joined: 49 });
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
