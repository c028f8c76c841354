import { expect, test } from "vitest";
import { pastDays } from "./past-days.ts";

const session = (date: string, open = "09:30:00", close = "16:00:00") => ({
  date,
  open: `${date}T${open}`,
  close: `${date}T${close}`,
});
const schedule = (sessions: ReturnType<typeof session>[], timeZoneId = "US/Eastern") => ({
  ...{ conid: 1, timeZoneId, sessions, source: "tws", asOf: "2026-11-20T14:30:00.000Z" },
});

test("a date between two sessions that has none is there, without one; a pause makes two of one date", () => {
  const days = pastDays(
    schedule([session("2026-11-25"), session("2026-11-27", "09:30:00", "12:00:00"), session("2026-11-27", "12:30:00")]),
    undefined,
  );
  expect(days.map(({ date, sessions }) => [date, sessions.length])).toEqual([
    ["2026-11-25", 1],
    ["2026-11-26", 0],
    ["2026-11-27", 2],
  ]);
  expect(days[0]?.sessions[0]).toMatchObject({ session: "liquid", startMs: Date.UTC(2026, 10, 25, 14, 30) });
});

test("it ends on the day before the contract's own days begin, whatever the broker adds", () => {
  const told = schedule([session("2026-11-20"), session("2026-11-23"), session("2026-11-24")]);
  expect(pastDays(told, "2026-11-23").map(({ date }) => date)).toEqual(["2026-11-20", "2026-11-21", "2026-11-22"]);
  expect(pastDays(schedule([]), "2026-11-23")).toEqual([]);
});

test.each([
  ["an unknown zone", schedule([session("2026-11-20")], "CST")],
  ["a session that ends before it begins", schedule([session("2026-11-20", "16:00:00", "09:30:00")])],
])("%s -> an error, not a day that looks like a holiday", (_name, told) => {
  expect(() => pastDays(told, undefined)).toThrow();
});
