import { utcText } from "@countersign/clock/clock";
import type { Bar } from "@countersign/contracts/bars";
import { add, compare, decimal, divideRoundingHalfEven, multiply, toText, ZERO } from "@countersign/money/decimal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays } from "../calendar/dates.ts";
import type { Bucket } from "./buckets.ts";
import { dayText, localTime } from "./local-time.ts";
import { mergeBars, type ResampleContext, resample } from "./resample.ts";

const ZONE = "America/New_York";
const MINUTE_MS = 60_000;
const whole: ResampleContext = { size: "5 mins", zone: ZONE, maxPoints: 800, isCut: () => false };

function barAt(time: string | null, change: Partial<Bar> = {}): Bar {
  const prices = { open: "100", high: "101", low: "99", close: "100.5" };
  const traded = { volume: "1000", trades: 10, averagePrice: "100.2" };
  return { time, date: null, ...prices, ...traded, partial: false, merged: 1, ...change };
}

const inDay = (fromMs: number, count: number, stepMs: number) =>
  Array.from({ length: count }, (_, index) => barAt(utcText(fromMs + index * stepMs)));
const daily = (from: string, count: number) =>
  Array.from({ length: count }, (_, index) => barAt(null, { date: addDays(from, index) }));

/** Price and volume in thousandths, so that sums can be told without the code under test. */
const arbitraryBars = fc
  .array(
    fc.record({
      step: fc.integer({ min: 1, max: 400 }),
      prices: fc.array(fc.integer({ min: -50_000, max: 900_000 }), { minLength: 4, maxLength: 4 }),
      volume: fc.integer({ min: 0, max: 5_000_000 }),
    }),
    { minLength: 1, maxLength: 120 },
  )
  .map((rows) => {
    let atMs = Date.UTC(2026, 2, 2);
    return rows.map(({ step, prices, volume }) => {
      atMs += step * 5 * MINUTE_MS;
      const [low = 0, open = 0, close = 0, high = 0] = [...prices].sort((a, b) => a - b);
      const text = (thousandths: number) =>
        toText(divideRoundingHalfEven(decimal(String(thousandths)), decimal("1000"), 3));
      const averagePrice = volume === 0 ? null : text(open);
      const all = { open: text(open), high: text(high), low: text(low), close: text(close), volume: text(volume) };
      return barAt(utcText(atMs), { ...all, trades: volume % 7, averagePrice });
    });
  });

describe("a resampled series", () => {
  test("keeps the first open, the highest high, the lowest low, the last close and the whole volume", () => {
    fc.assert(
      fc.property(arbitraryBars, fc.integer({ min: 1, max: 60 }), (bars, maxPoints) => {
        const sampled = resample(bars, { ...whole, maxPoints });
        if (sampled === undefined) return;
        expect(sampled.bars.length).toBeLessThanOrEqual(maxPoints);
        expect(sampled.bars[0]?.open).toBe(bars[0]?.open);
        expect(sampled.bars.at(-1)?.close).toBe(bars.at(-1)?.close);
        expect(extreme(sampled.bars, "high", 1)).toBe(extreme(bars, "high", 1));
        expect(extreme(sampled.bars, "low", -1)).toBe(extreme(bars, "low", -1));
        expect(sum(sampled.bars)).toBe(sum(bars));
        expect(sampled.bars.reduce((count, { merged }) => count + merged, 0)).toBe(bars.length);
      }),
    );
  });

  test("has each bar's money once: average price times volume, to the rounding of each bar", () => {
    fc.assert(
      fc.property(arbitraryBars, (bars) => {
        const money = (list: readonly Bar[]) =>
          list.reduce((total, { averagePrice, volume }) => {
            return averagePrice === null ? total : add(total, multiply(decimal(averagePrice), decimal(volume ?? "0")));
          }, ZERO);
        const sampled = resample(bars, { ...whole, maxPoints: Math.max(1, Math.floor(bars.length / 2)) });
        if (sampled === undefined) return;
        const difference = Math.abs(Number(toText(money(sampled.bars))) - Number(toText(money(bars))));
        expect(difference).toBeLessThan(0.001);
      }),
    );
  });

  test("never has bars of two days of the exchange in one bar, whatever the clock does", () => {
    // Twice in a year the clock is changed: 2026-03-08 and 2026-11-01.
    for (const start of [Date.UTC(2026, 2, 6), Date.UTC(2026, 9, 30)]) {
      const bars = inDay(start, 5 * 288, 5 * MINUTE_MS);
      const sampled = resample(bars, { ...whole, maxPoints: 6 });
      expect(sampled?.resampled).toMatchObject({ size: "1 day", of: bars.length });
      const days = new Set(bars.map(({ time }) => localTime(ZONE, Date.parse(time ?? "")).date));
      expect(sampled?.bars).toHaveLength(days.size);
    }
  });

  test("in the hour that comes twice keeps the two apart", () => {
    // 05:00 and 06:00 UTC are both one o'clock in New York on that night.
    const bars = inDay(Date.UTC(2026, 10, 1, 4), 16, 15 * MINUTE_MS);
    const sampled = resample(bars, { ...whole, size: "15 mins", maxPoints: 4 });
    expect(sampled?.bars.map(({ merged }) => merged)).toEqual([4, 4, 4, 4]);
  });
});

function extreme(bars: readonly Bar[], figure: "high" | "low", sign: 1 | -1): string {
  return bars
    .map((bar) => bar[figure])
    .reduce((best, one) => (compare(decimal(one), decimal(best)) === sign ? one : best));
}
function sum(bars: readonly Bar[]): string {
  return toText(bars.reduce((total, { volume }) => add(total, decimal(volume ?? "0")), ZERO));
}

describe("how bars are put together", () => {
  test("few enough -> they are the broker's own", () => {
    const bars = inDay(Date.UTC(2026, 10, 20, 14, 30), 78, 5 * MINUTE_MS);
    expect(resample(bars, whole)).toEqual({ bars, resampled: null });
  });

  test("buckets go by the exchange's clock: the first one of a day at half past nine is short", () => {
    const bars = inDay(Date.UTC(2026, 10, 20, 14, 30), 78, 5 * MINUTE_MS);
    const sampled = resample(bars, { ...whole, maxPoints: 7 });
    expect(sampled?.resampled).toEqual({ size: "1 hour", factor: 12, of: 78 });
    expect(sampled?.bars.map(({ time, merged }) => [time?.slice(11, 16), merged]).slice(0, 2)).toEqual([
      ["14:30", 6],
      ["15:00", 12],
    ]);
  });

  test("more days than points -> none, since days are not put together from within", () => {
    expect(resample(inDay(Date.UTC(2026, 10, 2), 10 * 288, 5 * MINUTE_MS), { ...whole, maxPoints: 9 })).toBeUndefined();
  });

  test.each([
    ["1 day", 60, "1 week", 7],
    ["1 day", 20, "1 month", 31],
    ["1 day", 2, "6 months", 184],
    ["1 day", 1, "1 year", 365],
  ] as const)("bars of %s to at most %i -> %s", (size, maxPoints, name, factor) => {
    const sampled = resample(daily("2025-01-01", 365), { ...whole, size, maxPoints });
    expect(sampled?.resampled).toEqual({ size: name, factor, of: 365 });
  });

  test("a bar of months has the date of its first bar, and is partial when one of its bars is, or it is cut", () => {
    const bars = daily("2026-01-15", 60).map((bar, at) => ({ ...bar, partial: at === 59 }));
    const isCut = (bucket: Bucket) => bucket.kind === "dates" && bucket.from < "2026-01-15";
    const sampled = resample(bars, { ...whole, size: "1 day", maxPoints: 3, isCut });
    expect(sampled?.bars.map(({ date, partial }) => [date, partial])).toEqual([
      ["2026-01-15", true],
      ["2026-02-01", false],
      ["2026-03-01", true],
    ]);
  });

  test("what one bar has not, the sum has not: no volume and no average is made up", () => {
    const merged = mergeBars(
      [barAt(dayText(0)), barAt(dayText(0), { volume: null, trades: null, averagePrice: null })],
      false,
    );
    expect(merged).toMatchObject({ volume: null, trades: null, averagePrice: null });
    const without = mergeBars([barAt(dayText(0)), barAt(dayText(0), { averagePrice: null })], false);
    expect(without).toMatchObject({ volume: "2000", averagePrice: null });
    const still = mergeBars(
      [barAt(dayText(0)), barAt(dayText(0), { volume: "0", trades: 0, averagePrice: null })],
      false,
    );
    expect(still).toMatchObject({ volume: "1000", averagePrice: "100.2" });
  });
});
