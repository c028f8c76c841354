import { describe, expect, test } from "vitest";
import { createSystemClock, parseUtcText, utcText } from "./clock.ts";
import { ManualClock } from "./manual-clock.ts";

describe("ManualClock", () => {
  test("runs what becomes due in order of time, and nothing that does not", async () => {
    const clock = new ManualClock(1_000);
    const seen: string[] = [];
    clock.setTimeout(() => seen.push(`b at ${clock.nowMs()}`), 20);
    clock.setTimeout(() => seen.push(`a at ${clock.nowMs()}`), 10);
    clock.setTimeout(() => seen.push("c"), 31);
    await clock.advance(30);
    expect(seen).toEqual(["a at 1010", "b at 1020"]);
    expect(clock.nowMs()).toBe(1_030);
  });

  test("an interval runs at each period until it is called off", async () => {
    const clock = new ManualClock(0);
    let count = 0;
    const timer = clock.setInterval(() => {
      count += 1;
    }, 10);
    await clock.advance(35);
    timer.cancel();
    await clock.advance(100);
    expect(count).toBe(3);
  });

  test("a sleep ends early, with the signal's reason, when the signal aborts", async () => {
    const clock = new ManualClock(0);
    const stop = new AbortController();
    const sleeping = clock.sleep(1_000, stop.signal);
    stop.abort(new Error("stopped"));
    await expect(sleeping).rejects.toThrow("stopped");
  });
});

describe("time as text", () => {
  test("RFC 3339 in UTC with milliseconds, and back", () => {
    expect(utcText(0)).toBe("1970-01-01T00:00:00.000Z");
    expect(parseUtcText("2026-11-21T01:30:00.250Z")).toBe(Date.UTC(2026, 10, 21, 1, 30, 0, 250));
  });
  test.each(["2026-11-21", "2026-11-21T01:30:00Z", "2026-02-30T00:00:00.000Z", "now"])("%s -> RangeError", (text) => {
    expect(() => parseUtcText(text)).toThrow(RangeError);
  });
  test("the system's monotonic clock does not go back", () => {
    const clock = createSystemClock();
    const first = clock.monotonicMs();
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(first);
  });
});
