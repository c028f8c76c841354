import { describe, expect, test } from "vitest";
import { dateOfDay, dayNumber, exchangeTime } from "./exchange-time.ts";
import { periodFrom } from "./periods.ts";

const shown = (zone: string, utc: string) => {
  const wall = exchangeTime(zone, Date.parse(utc));
  return wall && `${wall.weekday} ${wall.date} ${wall.time}`;
};

describe("the wall of an exchange", () => {
  test.each([
    ["America/New_York", "2026-03-08T06:59:59.999Z", "SUN 2026-03-08 01:59"],
    ["America/New_York", "2026-03-08T07:00:00.000Z", "SUN 2026-03-08 03:00"],
    ["America/New_York", "2026-11-01T05:30:00.000Z", "SUN 2026-11-01 01:30"],
    ["America/New_York", "2026-11-01T06:30:00.000Z", "SUN 2026-11-01 01:30"],
    ["America/New_York", "2026-11-01T07:00:00.000Z", "SUN 2026-11-01 02:00"],
    ["Europe/Berlin", "2026-03-29T00:59:59.999Z", "SUN 2026-03-29 01:59"],
    ["Europe/Berlin", "2026-03-29T01:00:00.000Z", "SUN 2026-03-29 03:00"],
    ["America/New_York", "2026-11-23T04:59:59.999Z", "SUN 2026-11-22 23:59"],
    ["America/New_York", "2026-11-23T05:00:00.000Z", "MON 2026-11-23 00:00"],
    ["Asia/Tokyo", "2026-12-31T15:00:00.000Z", "FRI 2027-01-01 00:00"],
    ["Asia/Kolkata", "2026-11-23T03:45:00.000Z", "MON 2026-11-23 09:15"],
  ])("%s at %s -> %s", (zone, utc, expected) => expect(shown(zone, utc)).toBe(expected));

  test("a zone that nobody knows -> nothing", () =>
    expect(shown("Mars/Olympus", "2026-11-23T05:00:00.000Z")).toBe(undefined));
});

test("every day has a number and every number its day, also where the clock changes", () => {
  expect(dayNumber("2026-03-09") - dayNumber("2026-03-08")).toBe(1);
  expect(dayNumber("2026-11-02") - dayNumber("2026-11-01")).toBe(1);
  for (const date of ["1970-01-01", "2026-03-08", "2026-11-01", "2028-02-29"])
    expect(dateOfDay(dayNumber(date))).toBe(date);
});

describe("the period of a plan", () => {
  const of = (unit: "day" | "week" | "month", count: number, startsOn: string) => ({
    every: { unit, count },
    startsOn,
  });
  test.each([
    ["before it begins", of("day", 1, "2026-11-02"), "2026-11-01", undefined],
    ["on its first day", of("day", 1, "2026-11-02"), "2026-11-02", "2026-11-02"],
    ["every third day", of("day", 3, "2026-11-02"), "2026-11-07", "2026-11-05"],
    ["a week has seven days, over a change of the clock too", of("week", 1, "2026-10-26"), "2026-11-01", "2026-10-26"],
    ["and the eighth begins the next", of("week", 1, "2026-10-26"), "2026-11-02", "2026-11-02"],
    ["every second week", of("week", 2, "2026-10-26"), "2026-11-08", "2026-10-26"],
    ["a month, the day before", of("month", 1, "2026-01-15"), "2026-03-14", "2026-02-15"],
    ["a month, on the day", of("month", 1, "2026-01-15"), "2026-03-15", "2026-03-15"],
    ["the 31st in a short month is its last day", of("month", 1, "2026-01-31"), "2026-02-28", "2026-02-28"],
    ["and the day before is still the month before", of("month", 1, "2026-01-31"), "2026-02-27", "2026-01-31"],
    ["a leap year", of("month", 1, "2028-01-31"), "2028-02-28", "2028-01-31"],
    ["every second month, in the one between", of("month", 2, "2026-01-31"), "2026-02-28", "2026-01-31"],
    ["over the end of a year", of("month", 3, "2026-11-30"), "2027-02-28", "2027-02-28"],
    ["and the day before it", of("month", 3, "2026-11-30"), "2027-02-27", "2026-11-30"],
  ])("%s", (_what, plan, date, expected) => expect(periodFrom(plan as never, date)).toBe(expected));
});
