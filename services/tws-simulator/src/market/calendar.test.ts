import { describe, expect, test } from "vitest";
import { Calendar } from "./calendar.ts";
import { EXCHANGE_HOURS } from "./exchange-hours.ts";
import { connectionTime, parseTwsTime, twsTime, zonedInstantMs } from "./zoned-time.ts";

const SATURDAY_MS = Date.UTC(2026, 10, 21, 3, 0, 0);
const HOUR_MS = 3_600_000;

/** Reads hours text as a strict client does: closed days by name, sessions by two zoned instants, end exclusive. */
function openAt(text: string, zone: string, atMs: number): boolean {
  return text.split(";").some((day) => {
    if (/^\d{8}:CLOSED$/.test(day)) return false;
    const match = /^(\d{8}):(\d{2})(\d{2})-(\d{8}):(\d{2})(\d{2})$/.exec(day);
    if (match === null) throw new Error(`unreadable ${day}`);
    const [, from = "", fromHour, fromMinute, to = "", toHour, toMinute] = match;
    const opens = zonedInstantMs(from, Number(fromHour) * 60 + Number(fromMinute), zone);
    const closes = zonedInstantMs(to, Number(toHour) * 60 + Number(toMinute), zone);
    return atMs >= opens && atMs < closes;
  });
}

describe("calendar open", () => {
  test.each(Object.entries(EXCHANGE_HOURS))("%s is open at every minute of the coming week", (_key, hours) => {
    const text = new Calendar("open").hoursText(hours, SATURDAY_MS, "liquid");
    for (let minute = 0; minute < 7 * 24 * 60; minute += 1) {
      if (!openAt(text, hours.timeZoneId, SATURDAY_MS + minute * 60_000)) throw new Error(`closed at minute ${minute}`);
    }
    expect(text.startsWith("20261119:0000-20261120:0000;") || text.startsWith("20261120:0000-20261121:0000;")).toBe(
      true,
    );
  });
});

describe("calendar real", () => {
  const calendar = new Calendar("real");

  test("New York: weekend and Thanksgiving closed, the day after it early", () => {
    const text = calendar.hoursText(EXCHANGE_HOURS.usStock, SATURDAY_MS + 24 * HOUR_MS, "liquid");
    expect(text.split(";")).toEqual([
      "20261120:0930-20261120:1600",
      "20261121:CLOSED",
      "20261122:CLOSED",
      "20261123:0930-20261123:1600",
      "20261124:0930-20261124:1600",
      "20261125:0930-20261125:1600",
      "20261126:CLOSED",
      "20261127:0930-20261127:1300",
      "20261128:CLOSED",
    ]);
  });

  test("currencies: open from Sunday evening on, each session from the evening before", () => {
    const { forex } = EXCHANGE_HOURS;
    const sunday = (hour: number, minute: number) => zonedInstantMs("20261122", hour * 60 + minute, "US/Eastern");
    expect(calendar.isOpen(forex, sunday(17, 14), "trading")).toBe(false);
    expect(calendar.isOpen(forex, sunday(17, 15), "trading")).toBe(true);
    expect(calendar.hoursText(forex, sunday(18, 0), "trading")).toContain("20261122:1715-20261123:1700");
  });

  test("the close is exclusive, the open inclusive; the next ones are found over a weekend", () => {
    const { usStock } = EXCHANGE_HOURS;
    const friday = (hour: number) => zonedInstantMs("20261120", hour * 60, "US/Eastern");
    expect(calendar.isOpen(usStock, friday(16) - 1, "liquid")).toBe(true);
    expect(calendar.isOpen(usStock, friday(16), "liquid")).toBe(false);
    expect(calendar.isOpen(usStock, friday(16), "trading")).toBe(true);
    const monday = zonedInstantMs("20261123", 9 * 60 + 30, "US/Eastern");
    expect(calendar.nextOpenMs(usStock, friday(17), "liquid")).toBe(monday);
    expect(calendar.nextCloseMs(usStock, friday(17), "liquid")).toBe(monday + 6.5 * HOUR_MS);
  });
});

describe("zoned time", () => {
  test("TWS time reads back across both changes of the clock", () => {
    for (const atMs of [Date.UTC(2026, 2, 8, 6, 59, 59), Date.UTC(2026, 2, 8, 7), Date.UTC(2026, 10, 1, 12)]) {
      expect(parseTwsTime(twsTime(atMs, "US/Eastern"), "UTC")).toBe(atMs);
    }
  });

  test.each([
    ["20261121-03:00:00", Date.UTC(2026, 10, 21, 3)],
    ["20261121 03:00:00", Date.UTC(2026, 10, 21, 8)],
    ["20261121 04:00:00 MET", Date.UTC(2026, 10, 21, 3)],
    ["20261121 03:00:00 Nowhere/None", undefined],
    ["yesterday", undefined],
  ])("%s -> %s", (text, expected) => expect(parseTwsTime(text, "US/Eastern")).toBe(expected));

  test("the handshake names the zone as of its season", () => {
    expect(connectionTime(Date.UTC(2026, 10, 20, 14, 30), "US/Eastern")).toBe("20261120 09:30:00 EST");
    expect(connectionTime(Date.UTC(2026, 6, 20, 13, 30), "US/Eastern")).toBe("20260720 09:30:00 EDT");
  });
});
