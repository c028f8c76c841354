import { ManualClock } from "@countersign/clock/manual-clock";
import { describe, expect, test } from "vitest";
import { buildBook } from "./book.ts";
import { Calendar } from "./calendar.ts";
import { Market } from "./market.ts";
import { createRng } from "./rng.ts";
import { type CalendarUnit, calendarBars, daysBack } from "./trading-days.ts";
import { weekdayOf } from "./zoned-time.ts";

const HOUR_MS = 3_600_000;
const book = buildBook();
const AAPL = 265598;
const FUTURE = [...book.values()].find(({ secType }) => secType === "FUT")?.conId ?? 0;

function world(mode: "open" | "real", conId = AAPL) {
  const calendar = new Calendar(mode);
  const market = new Market({ clock: new ManualClock(0), rng: createRng(7), book, calendar });
  const instrument = book.get(conId);
  if (instrument === undefined) throw new Error(`no ${conId}`);
  const bars = (unit: CalendarUnit, end: string, days: number) =>
    calendarBars({ market, calendar }, { instrument, unit, endMs: Date.parse(end), liquidOnly: false }, days);
  const days = (end: string, count: number) =>
    daysBack({ market, calendar }, { instrument, endMs: Date.parse(end), liquidOnly: false }, count);
  return { bars, days };
}

const dates = (list: readonly { date: string }[]) => list.map(({ date }) => date);

describe("bars of weeks and months", () => {
  test("a finished week has the date of its Friday, this week the date of today", () => {
    const { bars } = world("real");
    expect(dates(bars("week", "2026-11-18T15:00:00Z", 15))).toEqual(["20261030", "20261106", "20261113", "20261118"]);
    // Thanksgiving is no day of trading; the Friday behind it is.
    expect(dates(bars("week", "2026-11-28T15:00:00Z", 4))).toEqual(["20261127"]);
  });

  test("a finished month has the date of its last day of trading", () => {
    expect(dates(world("real").bars("month", "2026-06-15T15:00:00Z", 42))).toEqual([
      "20260430",
      "20260529",
      "20260615",
    ]);
  });

  test("the oldest bar is whole, however few of its days were asked for", () => {
    const { bars } = world("real");
    const [oldest] = bars("week", "2026-11-18T15:00:00Z", 5);
    expect(oldest).toMatchObject({ date: "20261113", startMs: Date.parse("2026-11-09T09:00:00Z") });
    const [month] = bars("month", "2026-11-18T15:00:00Z", 14);
    expect(month).toMatchObject({ date: "20261030", startMs: Date.parse("2026-10-01T08:00:00Z") });
  });

  test("at any hour of two weeks the last bar is the one that holds this hour, from Monday on", () => {
    const { bars } = world("open");
    for (let hour = 1; hour < 14 * 24; hour += 1) {
      const endMs = Date.parse("2026-11-16T05:00:00Z") + hour * HOUR_MS;
      const last = bars("week", new Date(endMs).toISOString(), 10).at(-1);
      expect(last?.endMs).toBe(endMs);
      expect(
        weekdayOf(new Date((last?.startMs ?? 0) - 5 * HOUR_MS).toISOString().slice(0, 10).replaceAll("-", "")),
      ).toBe(1);
    }
  });
});

describe("days of trading", () => {
  test("a session that begins in the evening belongs to the next day, from its first minute on", () => {
    const { days } = world("real", FUTURE);
    expect(dates(days("2026-11-22T22:00:00Z", 2))).toEqual(["20261119", "20261120"]);
    expect(dates(days("2026-11-22T23:30:00Z", 2))).toEqual(["20261120", "20261123"]);
  });

  test("as many as asked for, oldest first, the last one cut at the end", () => {
    const found = world("real").days("2026-11-20T15:00:00Z", 30);
    expect(found).toHaveLength(30);
    expect(dates(found)).toEqual(dates(found).sort());
    expect(found.at(-1)?.endMs).toBe(Date.parse("2026-11-20T15:00:00Z"));
  });
});
