import { parseUtcText, utcText } from "@countersign/clock/clock";
import type { Instrument } from "@countersign/contracts/instrument";
import { describe, expect, test } from "vitest";
import { sessionOf } from "./session.ts";
import { parseTradingHours } from "./trading-hours.ts";

const ranges = (text: string, zone = "US/Eastern") => {
  const parsed = parseTradingHours(text, zone);
  if ("malformed" in parsed) return parsed.malformed;
  return parsed.ranges.map((range) => `${utcText(range.startMs)} ${utcText(range.endMs)}`);
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
    ["a closed day", "20261121:CLOSED", []],
    [
      "the older form with a pause",
      "20261123:0930-1200,1300-1600",
      ["2026-11-23T14:30:00.000Z 2026-11-23T17:00:00.000Z", "2026-11-23T18:00:00.000Z 2026-11-23T21:00:00.000Z"],
    ],
    ["a whole day", "20261121:0000-20261122:0000", ["2026-11-21T05:00:00.000Z 2026-11-22T05:00:00.000Z"]],
  ])("%s", (_name, text, expected) => expect(ranges(text)).toEqual(expected));

  test.each([
    ["", "no hours"],
    ["20261123", "cannot read"],
    ["20261323:0930-20261323:1600", "cannot read"],
    ["20261123:0930-20261123:2560", "cannot read"],
    ["20261123:1600-20261123:0930", "cannot read"],
    ["20261123:0930-20261123:1600;rubbish", "cannot read"],
    ["20260229:0930-20260229:1600", "cannot read"],
  ])("%j -> malformed, not half a calendar", (text, why) => expect(ranges(text)).toContain(why));

  test("an unknown zone -> malformed", () =>
    expect(ranges("20261123:0930-20261123:1600", "Mars/Olympus")).toContain("zone"));
});

describe("sessionOf", () => {
  const instrument = (changes: Partial<Instrument>) =>
    ({
      conid: 1,
      timeZoneId: "US/Eastern",
      tradingHours: "20261123:0400-20261123:2000;20261124:CLOSED",
      liquidHours: "20261123:0930-20261123:1600;20261124:CLOSED",
      ...changes,
    }) as Instrument;
  const at = (text: string, changes: Partial<Instrument> = {}) => sessionOf(instrument(changes), parseUtcText(text));

  test.each([
    ["2026-11-23T14:29:59.999Z", "open", "extended"],
    ["2026-11-23T14:30:00.000Z", "open", "liquid"],
    ["2026-11-23T20:59:59.999Z", "open", "liquid"],
    ["2026-11-23T21:00:00.000Z", "open", "extended"],
    ["2026-11-24T01:00:00.000Z", "closed", "none"],
    ["2026-11-24T15:00:00.000Z", "closed", "none"],
    ["2026-11-25T06:00:00.000Z", "unknown", "none"],
  ])("at %s -> %s, %s", (time, state, session) => expect(at(time)).toMatchObject({ state, session }));

  test.each([{ tradingHours: "" }, { liquidHours: "x" }, { timeZoneId: "" }])(
    "%o -> unknown, never open",
    (changes) => {
      expect(at("2026-11-23T15:00:00.000Z", changes).state).toBe("unknown");
    },
  );
});
