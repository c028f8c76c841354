import { covers } from "@countersign/testing/covers";
import { describe, expect, test } from "vitest";
import { nextRestarts, RestartWindow, windowAgainst } from "./windows.ts";

const NEW_YORK = "America/New_York";
const DAILY = RestartWindow.parse({
  ...{ kind: "dailyRestart", modes: ["paper"], timeZone: NEW_YORK, day: null, at: "23:45" },
  ...{ beforeMs: 120_000, afterMs: 300_000 },
});
const WEEKLY = RestartWindow.parse({ ...DAILY, kind: "weeklyLogin", day: "Sunday", at: "01:00" });
const ms = (text: string) => Date.parse(text);
/** Up and reconciled since long ago. */
const STEADY = (nowMs: number) => ({ upSinceMs: nowMs - 3_600_000, reconciledAtMs: nowMs - 20_000 });

// 23:45 in New York is 04:45 UTC in winter and 03:45 UTC in summer.
const cases: [string, string, "closed" | "open"][] = [
  ["an hour before", "2026-11-21T03:45:00.000Z", "open"],
  ["two minutes and a moment before", "2026-11-21T04:42:59.999Z", "open"],
  ["two minutes before", "2026-11-21T04:43:00.000Z", "closed"],
  ["at the time", "2026-11-21T04:45:00.000Z", "closed"],
  ["still the old connection five minutes later, less a moment", "2026-11-21T04:49:59.999Z", "closed"],
  ["five minutes later, last reconciled before the time", "2026-11-21T04:45:10.000Z", "closed"],
  ["in summer at the time", "2026-07-21T03:45:00.000Z", "closed"],
  ["in summer an hour later", "2026-07-21T04:45:00.000Z", "open"],
];

describe("a window around the restart of TWS", () => {
  covers("field/restart-window");
  test.each(cases)("%s (%s) -> %s", (_, at, expected) => {
    const nowMs = ms(at);
    expect(windowAgainst([DAILY], nowMs, STEADY(nowMs)) === undefined ? "open" : "closed").toBe(expected);
  });

  test("a connection made after the restart opens it at once", () => {
    const nowMs = ms("2026-11-21T04:46:00.000Z");
    const since = { upSinceMs: nowMs - 1_000, reconciledAtMs: nowMs - 1_000 };
    expect(windowAgainst([DAILY], nowMs, since)).toBeUndefined();
    expect(windowAgainst([DAILY], nowMs, { upSinceMs: nowMs - 90_000, reconciledAtMs: nowMs })).toContain("under way");
  });

  test("a TWS that did not restart -> open with the first reconciliation after the window", () => {
    const nowMs = ms("2026-11-21T04:51:00.000Z");
    const upSinceMs = nowMs - 86_400_000;
    const before = { upSinceMs, reconciledAtMs: ms("2026-11-21T04:44:00.000Z") };
    expect(windowAgainst([DAILY], nowMs, before)).toContain("reconciliation");
    expect(windowAgainst([DAILY], nowMs, { upSinceMs, reconciledAtMs: nowMs - 1_000 })).toBeUndefined();
  });

  test("the login of the week holds on its day only, and its next time is known", () => {
    covers("field/weekly-login");
    const sunday = ms("2026-11-22T06:00:00.000Z");
    const monday = sunday + 86_400_000;
    expect(windowAgainst([WEEKLY], sunday, STEADY(sunday))).toContain("Sunday 01:00");
    expect(windowAgainst([WEEKLY], monday, STEADY(monday))).toBeUndefined();
    const saturday = sunday - 3_600_000;
    expect(nextRestarts([DAILY, WEEKLY], saturday)[0]).toEqual({ kind: "weeklyLogin", atMs: sunday });
  });

  // In 2026 New York's clocks go forward on March 8 and back on November 1, both at 02:00 on a Sunday.
  test.each([
    ["forward", "2026-03-08T06:00:00.000Z", "2026-03-07T06:00:00.000Z", "2026-03-08T08:30:00.000Z"],
    ["back", "2026-11-01T05:00:00.000Z", "2026-10-31T05:00:00.000Z", "2026-11-01T08:30:00.000Z"],
  ])(
    "in the week in which the clocks go %s it is at its hour, seen from before and from after",
    (_, time, before, after) => {
      expect(nextRestarts([WEEKLY], ms(before))).toEqual([{ kind: "weeklyLogin", atMs: ms(time) }]);
      const week = nextRestarts([WEEKLY], ms(after))[0]?.atMs ?? 0;
      expect(new Date(week).toLocaleString("en-US", { timeZone: NEW_YORK })).toMatch(/, 1:00:00/);
      const long = WEEKLY.afterMs + ms(after) - ms(time);
      const connected = (sinceMs: number) => ({ upSinceMs: ms(time) + sinceMs, reconciledAtMs: undefined });
      expect(windowAgainst([{ ...WEEKLY, afterMs: long }], ms(after), connected(0))).toBeUndefined();
      expect(windowAgainst([{ ...WEEKLY, afterMs: long }], ms(after), connected(-1))).toContain("under way");
    },
  );

  test("a daily restart at an hour that one night leaves out, and another has twice -> once in each of them", () => {
    const daily = { ...DAILY, at: "02:30" };
    const next = (text: string) => nextRestarts([daily], ms(text)).map(({ atMs }) => new Date(atMs).toISOString());
    expect(next("2026-03-08T05:00:00.000Z")).toEqual(["2026-03-08T07:30:00.000Z"]);
    expect(next("2026-03-08T07:30:00.000Z")).toEqual(["2026-03-09T06:30:00.000Z"]);
    expect(nextRestarts([{ ...DAILY, at: "01:30" }], ms("2026-11-01T05:30:00.000Z"))[0]?.atMs).toBe(
      ms("2026-11-02T06:30:00.000Z"),
    );
  });

  test("a zone that does not exist, a time that is none -> no configuration", () => {
    expect(RestartWindow.safeParse({ ...DAILY, timeZone: "Mars/Olympus" }).success).toBe(false);
    expect(RestartWindow.safeParse({ ...DAILY, at: "24:00" }).success).toBe(false);
  });
});
