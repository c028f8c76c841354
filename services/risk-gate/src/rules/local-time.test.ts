import { describe, expect, test } from "vitest";
import { localTime, TimeOfDay, Zone } from "./local-time.ts";

const at = (utc: string) => Date.parse(utc);
const isTime = (text: string) => TimeOfDay.safeParse(text).success;

describe("the time of day in a zone", () => {
  test.each([
    ["America/New_York", "2026-11-23T15:00:00.000Z", "Mon", "10:00"],
    ["America/New_York", "2026-07-06T15:00:00.000Z", "Mon", "11:00"],
    ["America/New_York", "2026-11-23T04:59:59.999Z", "Sun", "23:59"],
    ["America/New_York", "2026-11-23T05:00:00.000Z", "Mon", "00:00"],
    ["US/Eastern", "2026-11-23T15:07:00.000Z", "Mon", "10:07"],
    ["Asia/Tokyo", "2026-11-20T15:30:00.000Z", "Sat", "00:30"],
  ])("%s at %s: %s %s", (zone, utc, day, time) => {
    expect(localTime(zone, at(utc))).toEqual({ day, time });
    expect(localTime(zone, at(utc))).toEqual({ day, time });
  });
  test("from one minute to the next, and back again", () => {
    const times = ["15:00:59.999", "15:01:00.000", "15:00:00.000"].map((time) => at(`2026-11-23T${time}Z`));
    expect(times.map((ms) => localTime("Etc/UTC", ms)?.time)).toEqual(["15:00", "15:01", "15:00"]);
  });
  test("a zone that does not exist -> none, and it is no zone of a policy", () => {
    expect(localTime("Mars/Olympus", 0)).toBeUndefined();
    expect(Zone.safeParse("Mars/Olympus").success).toBe(false);
    expect(Zone.safeParse("Europe/Zurich").success).toBe(true);
    expect(Zone.safeParse("Etc/UTC".padEnd(61, "x")).success).toBe(false);
  });
});

test("a time of day has two digits each, and ends at 23:59", () => {
  expect(["00:00", "09:30", "19:59", "20:00", "23:59"].filter((text) => !isTime(text))).toEqual([]);
  const wrong = ["24:00", "29:00", "30:00", "9:30", "09:60", "09:3", "0930", "x09:30", "09:30x", "09:30:00", ""];
  expect(wrong.filter(isTime)).toEqual([]);
});
