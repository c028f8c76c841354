import { describe, expect, test } from "vitest";
import { Calendar } from "./calendar.ts";
import { EXCHANGE_HOURS } from "./exchange-hours.ts";
import { HolidayRules } from "./holidays.ts";
import { addDays, connectionTime, parseTwsTime, twsTime, weekdayOf, zonedInstantMs } from "./zoned-time.ts";

const SATURDAY_MS = Date.UTC(2026, 10, 21, 3, 0, 0);
const HOUR_MS = 3_600_000;

/** Reads hours text as a strict client does: closed days by name, sessions by two zoned instants, end exclusive. */
function sessionsIn(text: string, zone: string): { opens: number; closes: number }[] {
  return text.split(";").flatMap((day) => {
    if (/^\d{8}:CLOSED$/.test(day)) return [];
    const match = /^(\d{8}):(\d{2})(\d{2})-(\d{8}):(\d{2})(\d{2})$/.exec(day);
    if (match === null) throw new Error(`unreadable ${day}`);
    const [, from = "", fromHour, fromMinute, to = "", toHour, toMinute] = match;
    const opens = zonedInstantMs(from, Number(fromHour) * 60 + Number(fromMinute), zone);
    const closes = zonedInstantMs(to, Number(toHour) * 60 + Number(toMinute), zone);
    return [{ opens, closes }];
  });
}

describe("calendar open", () => {
  test.each(Object.entries(EXCHANGE_HOURS))("%s is open at every minute of the coming week", (_key, hours) => {
    const text = new Calendar("open").hoursText(hours, SATURDAY_MS, "liquid");
    const sessions = sessionsIn(text, hours.timeZoneId);
    for (let minute = 0; minute < 7 * 24 * 60; minute += 1) {
      const atMs = SATURDAY_MS + minute * 60_000;
      const isOpen = sessions.some(({ opens, closes }) => atMs >= opens && atMs < closes);
      if (!isOpen) throw new Error(`closed at minute ${minute}`);
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

/** Full closures and early closes of New York as the exchange publishes them. */
const NEW_YORK = {
  closed: [
    ...["20260101", "20260119", "20260216", "20260403", "20260525", "20260619", "20260703", "20260907", "20261126"],
    ...["20261225", "20270101", "20270118", "20270215", "20270326", "20270531", "20270618", "20270705", "20270906"],
    ...["20271125", "20271224", "20280117", "20280221", "20280414", "20280529", "20280619", "20280704", "20280904"],
    ...["20281123", "20281225"],
  ],
  early: ["20261127", "20261224", "20271126", "20280703", "20281124"],
};

/** Weekdays of 2026 on which an exchange is closed, as it publishes them. */
const CLOSED_2026 = {
  xetra: "0101 0403 0406 0501 1224 1225 1231",
  london: "0101 0403 0406 0504 0525 0831 1225 1228",
  zurich: "0101 0102 0403 0406 0501 0514 0525 1224 1225 1231",
  toronto: "0101 0216 0403 0518 0701 0803 0907 1012 1225 1228",
  hongKong: "0101 0217 0218 0219 0403 0406 0407 0501 0525 0619 0701 1001 1019 1225",
  shanghai:
    "0101 0102 0216 0217 0218 0219 0220 0223 0403 0406 0407 0501 0504 0505 0525 0619 0701 0925 1001 1002 1005 1006 1007 1019 1225",
  tokyo: "0101 0102 0112 0211 0223 0320 0429 0504 0505 0506 0720 0811 0921 0922 0923 1012 1103 1123 1231",
  sydney: "0101 0126 0403 0406 0608 1225 1228",
  mumbai: "0115 0126 0303 0326 0331 0403 0414 0501 0528 0626 0914 1002 1020 1110 1124 1225",
  telAviv: "0303 0401 0402 0407 0408 0421 0422 0521 0522 0723 0911 0921 0925 1002",
};

describe("holidays by rule", () => {
  const calendar = new Calendar("real");
  function weekdays(year: number): string[] {
    const all = Array.from({ length: 366 }, (_, day) => addDays(`${year}0101`, day));
    return all.filter((date) => date.startsWith(String(year)) && ![0, 6].includes(weekdayOf(date)));
  }

  test("New York 2026 to 2028: closed and early on exactly the days that are published", () => {
    const dates = [2026, 2027, 2028].flatMap(weekdays);
    const sessions = (date: string) => calendar.sessionsOn(EXCHANGE_HOURS.usStock, date, "liquid");
    expect(dates.filter((date) => sessions(date).length === 0)).toEqual(NEW_YORK.closed);
    expect(dates.filter((date) => sessions(date)[0]?.closeMinute === 13 * 60)).toEqual(NEW_YORK.early);
  });

  test.each(Object.entries(CLOSED_2026))("%s 2026: closed on %s", (key, expected) => {
    const hours = EXCHANGE_HOURS[key as keyof typeof CLOSED_2026];
    const closed = weekdays(2026).filter((date) => calendar.sessionsOn(hours, date, "liquid").length === 0);
    expect(closed.map((date) => date.slice(4)).join(" ")).toBe(expected);
  });

  test("lunar new year 2027 begins on the Saturday, in Hong Kong and in Shanghai", () => {
    const closed = (hours: (typeof EXCHANGE_HOURS)["hongKong"] | (typeof EXCHANGE_HOURS)["shanghai"]) =>
      weekdays(2027).filter(
        (date) => date >= "20270201" && date < "20270301" && calendar.sessionsOn(hours, date, "liquid").length === 0,
      );
    expect(closed(EXCHANGE_HOURS.hongKong)).toEqual(["20270208", "20270209"]);
    expect(closed(EXCHANGE_HOURS.shanghai)[0]).toBe("20270205");
  });

  test("every rule of every exchange reads, for thirty years", () => {
    const rules = new HolidayRules();
    for (const hours of Object.values(EXCHANGE_HOURS)) {
      for (let year = 2020; year < 2050; year += 10) {
        const dates = rules.datesOf([...hours.holidays, ...hours.earlyCloses.map(({ on }) => on)], year);
        for (const date of dates) expect(date).toMatch(/^20\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])$/);
      }
    }
    expect(() => rules.datesOf(["MON-DAY"], 2026)).toThrow("MON-DAY");
  });
});

describe("sessions that differ", () => {
  const calendar = new Calendar("real");
  const text = (key: keyof typeof EXCHANGE_HOURS, atMs: number) =>
    calendar.hoursText(EXCHANGE_HOURS[key], atMs, "liquid").split(";");

  test("Tokyo closes for lunch, and at 15:30", () => {
    const { tokyo } = EXCHANGE_HOURS;
    expect(text("tokyo", Date.UTC(2026, 10, 25))).toContain("20261125:0900-20261125:1130");
    expect(text("tokyo", Date.UTC(2026, 10, 25))).toContain("20261125:1230-20261125:1530");
    const local = (hour: number, minute: number) => zonedInstantMs("20261125", hour * 60 + minute, "Japan");
    expect(
      [local(11, 29), local(11, 30), local(12, 29), local(12, 30)].map((atMs) =>
        calendar.isOpen(tokyo, atMs, "liquid"),
      ),
    ).toEqual([true, false, false, true]);
    expect(calendar.nextOpenMs(tokyo, local(11, 45), "liquid")).toBe(local(12, 30));
    expect(calendar.nextCloseMs(tokyo, local(11, 0), "liquid")).toBe(local(15, 30));
  });

  test("Sao Paulo and Mexico follow the clock of New York", () => {
    expect(text("saoPaulo", Date.UTC(2026, 6, 15, 15))).toContain("20260715:1000-20260715:1700");
    expect(text("saoPaulo", Date.UTC(2026, 11, 15, 15))).toContain("20261215:1000-20261215:1800");
    expect(text("mexico", Date.UTC(2026, 6, 15, 15))).toContain("20260715:0730-20260715:1400");
    expect(text("mexico", Date.UTC(2026, 11, 15, 15))).toContain("20261215:0830-20261215:1500");
  });

  test("Tel Aviv trades from Monday to a short Friday, Riyadh from Sunday to Thursday", () => {
    expect(text("telAviv", Date.UTC(2026, 10, 19, 12))).toEqual(
      expect.arrayContaining(["20261120:0959-20261120:1350", "20261122:CLOSED", "20261123:0959-20261123:1725"]),
    );
    expect(text("riyadh", Date.UTC(2026, 10, 19, 12))).toEqual(
      expect.arrayContaining(["20261120:CLOSED", "20261121:CLOSED", "20261122:1000-20261122:1500"]),
    );
  });

  test("an early close ends the last session and drops the one behind it", () => {
    expect(text("hongKong", Date.UTC(2026, 11, 24, 6))).toContain("20261224:0930-20261224:1200");
    expect(text("hongKong", Date.UTC(2026, 11, 24, 6)).filter((part) => part.startsWith("20261224"))).toHaveLength(1);
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
