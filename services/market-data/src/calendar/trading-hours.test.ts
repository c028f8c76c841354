import { parseUtcText, utcText } from "@countersign/clock/clock";
import type { Instrument } from "@countersign/contracts/instrument";
import { describe, expect, test } from "vitest";
import { MONDAY_TO_FRIDAY } from "./market-calendar.ts";
import { contractCalendar, sessionAt } from "./session.ts";
import { parseTradingHours } from "./trading-hours.ts";

const read = (text: string, zone = "US/Eastern") => {
  const parsed = parseTradingHours(text, zone);
  if ("malformed" in parsed) return parsed.malformed;
  return parsed.ranges.map(({ startMs, endMs }) => `${utcText(startMs)} ${utcText(endMs)}`);
};
const days = (text: string, zone = "US/Eastern") => {
  const parsed = parseTradingHours(text, zone);
  return "malformed" in parsed ? parsed.malformed : parsed.ranges.map(({ date, overnight }) => [date, overnight]);
};

describe("trading hours as TWS gives them", () => {
  test.each([
    ["winter", "20261123:0930-20261123:1600", ["2026-11-23T14:30:00.000Z 2026-11-23T21:00:00.000Z"]],
    ["summer", "20260720:0930-20260720:1600", ["2026-07-20T13:30:00.000Z 2026-07-20T20:00:00.000Z"]],
    ["a half day", "20261127:0930-20261127:1300", ["2026-11-27T14:30:00.000Z 2026-11-27T18:00:00.000Z"]],
    ["overnight, from Sunday", "20261122:1700-20261123:1600", ["2026-11-22T22:00:00.000Z 2026-11-23T21:00:00.000Z"]],
    [
      "across the night the clock goes back",
      "20261031:1800-20261101:1700",
      ["2026-10-31T22:00:00.000Z 2026-11-01T22:00:00.000Z"],
    ],
    [
      "an hour that comes twice is the first one",
      "20261101:0000-20261101:0130",
      ["2026-11-01T04:00:00.000Z 2026-11-01T05:30:00.000Z"],
    ],
    [
      "an hour that is skipped is the change itself",
      "20260308:0230-20260308:0400",
      ["2026-03-08T07:00:00.000Z 2026-03-08T08:00:00.000Z"],
    ],
    ["a closed day", "20261121:CLOSED", []],
    [
      "the older form with a pause",
      "20261123:0930-1200,1300-1600",
      ["2026-11-23T14:30:00.000Z 2026-11-23T17:00:00.000Z", "2026-11-23T18:00:00.000Z 2026-11-23T21:00:00.000Z"],
    ],
    [
      "the older form from the evening before, as CME futures had it",
      "20130115:1700-1515,1530-1615",
      ["2013-01-14T22:00:00.000Z 2013-01-15T20:15:00.000Z", "2013-01-15T20:30:00.000Z 2013-01-15T21:15:00.000Z"],
    ],
    ["a whole day", "20261121:0000-20261122:0000", ["2026-11-21T05:00:00.000Z 2026-11-22T05:00:00.000Z"]],
    [
      "the same session twice, and one within another",
      "20261123:0930-20261123:1600;20261123:0930-20261123:1600;20261123:1000-20261123:1700",
      ["2026-11-23T14:30:00.000Z 2026-11-23T22:00:00.000Z"],
    ],
  ])("%s", (_name, text, expected) => expect(read(text)).toEqual(expected));

  test("a session belongs to the date on which it ends; midnight is still the date before", () => {
    expect(days("20261122:2000-20261123:0350;20261123:0400-20261123:2000")).toEqual([
      ["2026-11-23", true],
      ["2026-11-23", false],
    ]);
    expect(days("20261121:0000-20261122:0000")).toEqual([["2026-11-21", false]]);
  });

  test.each([
    ["", "no hours"],
    ["20261123", "cannot read"],
    ["20261323:0930-20261323:1600", "cannot read"],
    ["20261123:0930-20261123:2560", "cannot read"],
    ["20261123:1600-20261123:0930", "cannot read"],
    ["20261123:0930-20261123:1600;rubbish", "cannot read"],
    ["20260229:0930-20260229:1600", "cannot read"],
    ["20261123:0930-20271123:1600", "cannot read"],
    ["20261123:0900-0000", "cannot read"],
    ["20261123:CLOSED;20261123:0930-20261123:1600", "both closed and open"],
    ["20261123:0930-1600;20261123:CLOSED", "both closed and open"],
    ["20261122:1700-20261123:1600;20261123:CLOSED", "both closed and open"],
    ["20261120:1600-20261122:1600;20261121:CLOSED", "both closed and open"],
  ])("%j -> malformed, not half a calendar", (text, why) => expect(read(text)).toContain(why));

  test("a closed date in whose evening the session of the next one opens is no contradiction", () => {
    expect(read("20261122:CLOSED;20261122:1700-20261123:1600")).toHaveLength(1);
  });

  test.each([
    ["EST (Eastern Standard Time)", "2026-07-20T13:30:00.000Z"],
    ["EST", "2026-07-20T13:30:00.000Z"],
    ["EST5EDT", "2026-07-20T13:30:00.000Z"],
    ["CST (Central Standard Time)", "2026-07-20T14:30:00.000Z"],
    ["CST (China Standard Time)", "2026-07-20T01:30:00.000Z"],
    ["JST", "2026-07-20T00:30:00.000Z"],
    ["Japan", "2026-07-20T00:30:00.000Z"],
    ["MET", "2026-07-20T07:30:00.000Z"],
    ["GB-Eire", "2026-07-20T08:30:00.000Z"],
    ["Asia/Calcutta", "2026-07-20T04:00:00.000Z"],
    ["Hongkong", "2026-07-20T01:30:00.000Z"],
    ["Israel", "2026-07-20T06:30:00.000Z"],
    ["Australia/NSW", "2026-07-19T23:30:00.000Z"],
    ["GMT", "2026-07-20T09:30:00.000Z"],
  ])("09:30 of July in the zone %s is %s", (zone, utc) => {
    expect(read("20260720:0930-20260720:1600", zone)[0]).toContain(utc);
  });

  test.each(["Mars/Olympus", "", "CST", "IST", "BST", "constructor", "EST (Middle Earth Time)", "+05:00"])(
    "the zone %j says nothing or too much -> malformed",
    (zone) => expect(read("20261123:0930-20261123:1600", zone)).toContain("zone"),
  );
});

describe("the session of a contract", () => {
  const STOCK = {
    conid: 1,
    timeZoneId: "US/Eastern",
    tradingHours:
      "20261123:0400-20261123:2000;20261124:0400-20261124:2000;20261125:0400-20261125:2000;20261126:CLOSED;20261127:0400-20261127:1700",
    liquidHours:
      "20261123:0930-20261123:1600;20261124:0930-20261124:1600;20261125:0930-20261125:1600;20261126:CLOSED;20261127:0930-20261127:1300",
  };
  const at = (text: string, changes: Partial<Instrument> = {}) => {
    const instrument = { ...STOCK, ...changes } as Instrument;
    return sessionAt(contractCalendar(instrument, MONDAY_TO_FRIDAY), instrument, parseUtcText(text));
  };

  test.each([
    ["2026-11-23T04:59:59.999Z", "unknown", "none"],
    ["2026-11-23T05:00:00.000Z", "closed", "none"],
    ["2026-11-23T14:29:59.999Z", "open", "extended"],
    ["2026-11-23T14:30:00.000Z", "open", "liquid"],
    ["2026-11-23T20:59:59.999Z", "open", "liquid"],
    ["2026-11-23T21:00:00.000Z", "open", "extended"],
    ["2026-11-24T01:00:00.000Z", "closed", "none"],
    ["2026-11-26T15:00:00.000Z", "closed", "none"],
    ["2026-11-28T04:59:59.999Z", "closed", "none"],
    ["2026-11-28T05:00:00.000Z", "unknown", "none"],
  ])("at %s -> %s, %s", (time, state, session) => expect(at(time)).toMatchObject({ state, session }));

  test("since when the regular hours run, exactly while they do", () => {
    expect(at("2026-11-25T14:30:00.000Z").liquidSince).toBe("2026-11-25T14:30:00.000Z");
    expect(at("2026-11-25T20:59:59.999Z").liquidSince).toBe("2026-11-25T14:30:00.000Z");
    expect(at("2026-11-25T14:29:59.999Z")).not.toHaveProperty("liquidSince");
    expect(at("2026-11-25T21:00:00.000Z")).not.toHaveProperty("liquidSince");
  });

  test.each(["EST", "EST (Eastern Standard Time)", "US/Eastern"])(
    "%s: whoever reads the session gets a zone with summer time, and not the name that TWS gave",
    (timeZoneId) => {
      const shown = at("2026-11-25T15:00:00.000Z", { timeZoneId }).timeZoneId;
      const july = new Intl.DateTimeFormat("en-GB", { timeZone: shown, hour: "2-digit", minute: "2-digit" });
      expect(july.format(Date.parse("2026-07-20T13:30:00.000Z"))).toBe("09:30");
    },
  );

  test("what comes next, as far as the hours reach", () => {
    expect(at("2026-11-25T22:00:00.000Z")).toMatchObject({
      nextClose: "2026-11-26T01:00:00.000Z",
      nextOpen: "2026-11-27T09:00:00.000Z",
      nextLiquidOpen: "2026-11-27T14:30:00.000Z",
      nextLiquidClose: "2026-11-27T18:00:00.000Z",
      tradeDate: "2026-11-25",
      today: { date: "2026-11-25", kind: "regular" },
      coveredUntil: "2026-11-28T05:00:00.000Z",
      source: "contract",
    });
    expect(at("2026-11-27T23:00:00.000Z")).toMatchObject({ nextOpen: null, nextClose: null, tradeDate: null });
  });

  test.each([
    ["2026-11-26T15:00:00.000Z", "holiday"],
    ["2026-11-27T15:00:00.000Z", "halfDay"],
    ["2026-11-24T15:00:00.000Z", "regular"],
  ])("at %s today is a %s", (time, kind) => expect(at(time).today?.kind).toBe(kind));

  test("a single date has nothing to be compared with -> its kind is unknown", () => {
    const one = { tradingHours: "20261123:0400-20261123:2000", liquidHours: "20261123:0930-20261123:1600" };
    expect(at("2026-11-23T15:00:00.000Z", one).today?.kind).toBe("unknown");
  });

  test.each([{ tradingHours: "" }, { liquidHours: "x" }, { timeZoneId: "" }])(
    "%o -> unknown, never open",
    (changes) => {
      expect(at("2026-11-23T15:00:00.000Z", changes)).toMatchObject({ state: "unknown", days: [], coveredUntil: null });
    },
  );

  test("a weekday that the hours leave out is unknown; a weekend between two dates is closed", () => {
    const gap = {
      tradingHours: "20261120:0930-20261120:1600;20261123:0930-20261123:1600;20261125:0930-20261125:1600",
      liquidHours: "20261120:0930-20261120:1600;20261123:0930-20261123:1600;20261125:0930-20261125:1600",
    };
    expect(at("2026-11-21T15:00:00.000Z", gap)).toMatchObject({ state: "closed", today: { kind: "weekend" } });
    expect(at("2026-11-24T15:00:00.000Z", gap)).toMatchObject({ state: "unknown", nextOpen: null });
    expect(at("2026-11-23T22:00:00.000Z", gap)).toMatchObject({ state: "closed", nextOpen: null });
  });

  test("regular hours of a date that only the other text has -> unknown, not extended", () => {
    expect(at("2026-11-24T15:00:00.000Z", { liquidHours: "20261123:0930-20261123:1600" }).state).toBe("unknown");
  });

  test("regular hours outside of the trading hours are none", () => {
    const odd = { tradingHours: "20261123:1000-20261123:1200", liquidHours: "20261123:0930-20261123:1600" };
    const opens = { nextLiquidOpen: "2026-11-23T15:00:00.000Z", nextLiquidClose: "2026-11-23T17:00:00.000Z" };
    expect(at("2026-11-23T14:00:00.000Z", odd)).toMatchObject({ state: "closed", session: "none", ...opens });
    expect(at("2026-11-23T14:45:00.000Z", odd)).toMatchObject({ state: "closed", session: "none", ...opens });
    expect(at("2026-11-23T18:00:00.000Z", odd)).toMatchObject({ state: "closed", session: "none" });
  });
});

describe("sessions across midnight", () => {
  const at = (changes: Partial<Instrument>, text: string) => {
    const instrument = { conid: 1, timeZoneId: "US/Central", ...changes } as Instrument;
    return sessionAt(contractCalendar(instrument, MONDAY_TO_FRIDAY), instrument, parseUtcText(text));
  };
  const FUTURE = {
    tradingHours: "20261119:1700-20261120:1600;20261121:CLOSED;20261122:1700-20261123:1600;20261123:1700-20261124:1600",
    liquidHours: "20261120:0830-20261120:1500;20261121:CLOSED;20261123:0830-20261123:1500;20261124:0830-20261124:1500",
  };

  test.each([
    ["2026-11-19T22:59:59.999Z", "unknown", "none", null],
    ["2026-11-19T23:00:00.000Z", "open", "overnight", "2026-11-20"],
    ["2026-11-20T14:30:00.000Z", "open", "liquid", "2026-11-20"],
    ["2026-11-20T21:30:00.000Z", "open", "overnight", "2026-11-20"],
    ["2026-11-20T23:00:00.000Z", "closed", "none", null],
    ["2026-11-22T12:00:00.000Z", "closed", "none", null],
    ["2026-11-22T23:00:00.000Z", "open", "overnight", "2026-11-23"],
    ["2026-11-23T06:00:00.000Z", "open", "overnight", "2026-11-23"],
    ["2026-11-24T21:59:59.999Z", "open", "overnight", "2026-11-24"],
    // The session of the next date would open an hour later; the text does not say whether it does.
    ["2026-11-24T22:00:00.000Z", "unknown", "none", null],
  ])("a future at %s -> %s, %s of %s", (time, state, session, tradeDate) => {
    expect(at(FUTURE, time)).toMatchObject({ state, session, tradeDate });
  });

  test("the overnight session of stocks from 20:00 to 03:50", () => {
    const text =
      "20261122:2000-20261123:0350;20261123:0400-20261123:2000;20261123:2000-20261124:0350;20261124:0400-20261124:2000";
    const stock = {
      timeZoneId: "US/Eastern",
      tradingHours: text,
      liquidHours: "20261123:0930-20261123:1600;20261124:0930-20261124:1600",
    };
    expect(at(stock, "2026-11-23T02:00:00.000Z")).toMatchObject({ session: "overnight", tradeDate: "2026-11-23" });
    expect(at(stock, "2026-11-23T08:55:00.000Z")).toMatchObject({
      state: "closed",
      nextOpen: "2026-11-23T09:00:00.000Z",
    });
    expect(at(stock, "2026-11-23T10:00:00.000Z")).toMatchObject({
      session: "extended",
      nextClose: "2026-11-24T08:50:00.000Z",
    });
    expect(at(stock, "2026-11-24T01:00:00.000Z")).toMatchObject({ session: "overnight", tradeDate: "2026-11-24" });
  });

  test("a market that never closes has no next close, and nothing is known after its last day", () => {
    const text = "20261121:0000-20261122:0000;20261122:0000-20261123:0000;20261123:0000-20261124:0000";
    const crypto = { timeZoneId: "US/Eastern", tradingHours: text, liquidHours: text };
    expect(at(crypto, "2026-11-22T05:00:00.000Z")).toMatchObject({
      state: "open",
      session: "liquid",
      tradeDate: "2026-11-22",
      nextOpen: null,
      nextClose: null,
    });
    expect(at(crypto, "2026-11-24T05:00:00.000Z").state).toBe("unknown");
  });
});
