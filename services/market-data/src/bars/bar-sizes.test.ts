import { BAR_SIZES } from "@countersign/contracts/bars";
import { describe, expect, test } from "vitest";
import { isOneRequest, parseDuration, SIZE_RULES, spanMs } from "./bar-sizes.ts";
import { pageCount, pagesOf } from "./pages.ts";

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 10, 20, 15, 0);

describe("the durations that TWS takes", () => {
  test.each([
    ["1 secs", "1800 S", true],
    ["1 secs", "1801 S", false],
    ["5 secs", "3600 S", true],
    ["10 secs", "14400 S", true],
    ["30 secs", "28800 S", true],
    ["30 secs", "1 D", false],
    ["1 min", "1 D", true],
    ["1 min", "2 D", false],
    ["2 mins", "2 D", true],
    ["3 mins", "1 W", true],
    ["5 mins", "1 M", false],
    ["30 mins", "1 M", true],
    ["8 hours", "1 Y", false],
    ["1 day", "5 Y", true],
    ["1 day", "10 S", false],
    ["1 week", "1 W", true],
    ["1 week", "3 D", false],
    ["1 month", "1 Y", true],
    ["1 month", "1 W", false],
  ] as const)("bars of %s over %s -> %s", (size, duration, isTaken) => {
    expect(isOneRequest(size, parseDuration(duration))).toBe(isTaken);
  });

  test.each(BAR_SIZES)("the page of %s is a duration that TWS takes and reaches over its window", (size) => {
    const { page } = SIZE_RULES[size];
    const duration = parseDuration(page.duration);
    expect(isOneRequest(size, duration)).toBe(true);
    expect(spanMs(duration)).toBeGreaterThanOrEqual(page.windowMs);
  });

  test.each(BAR_SIZES)("a page of %s fits into one message of the bus, in a market that never closes", (size) => {
    const { lengthMs, page } = SIZE_RULES[size];
    expect(page.windowMs / (lengthMs ?? DAY_MS)).toBeLessThanOrEqual(
      size === "1 week" || size === "1 month" ? 5_000 : 2_000,
    );
  });
});

describe("pages", () => {
  test.each(BAR_SIZES)("of %s lie side by side, newest first, and the last one reaches to now", (size) => {
    const fromMs = NOW_MS - 3.2 * SIZE_RULES[size].page.windowMs;
    const pages = pagesOf(size, { kind: "paged", fromMs, untilMs: null }, NOW_MS);
    expect(pages).toHaveLength(pageCount(size, fromMs, NOW_MS));
    expect(pages[0]?.endMs).toBeNull();
    expect(pages.at(-1)?.fromMs).toBeLessThanOrEqual(fromMs);
    for (const [index, page] of pages.entries()) {
      if (index > 0) expect(page.untilMs).toBe(pages[index - 1]?.fromMs);
    }
  });

  test("of ranges that overlap are the same ones", () => {
    const keys = (fromMs: number) =>
      pagesOf("1 hour", { kind: "paged", fromMs, untilMs: null }, NOW_MS).map(({ key }) => key);
    expect(keys(NOW_MS - 100 * DAY_MS).slice(0, 2)).toEqual(keys(NOW_MS - 30 * DAY_MS).slice(0, 2));
  });

  test("are finished only when they are over for a day", () => {
    const pages = pagesOf("1 min", { kind: "paged", fromMs: NOW_MS - 3 * DAY_MS, untilMs: null }, NOW_MS);
    for (const { finished, untilMs } of pages) expect(finished).toBe((untilMs ?? 0) + DAY_MS <= NOW_MS);
    expect(pages.some(({ finished }) => finished)).toBe(true);
  });
});
