import { utcText } from "@countersign/clock/clock";
import type { Bar } from "@countersign/contracts/bars";
import { describe, expect, test } from "vitest";
import { type GapContext, gapsOf, type Missing } from "./gaps.ts";
import { NO_SESSIONS, type Sessions } from "./sessions.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A Thursday; sessions of New York in winter. */
const START = Date.UTC(2026, 10, 19);
const session = (day: number) => ({
  ...{ fromMs: START + day * DAY_MS + 14.5 * HOUR_MS, untilMs: START + day * DAY_MS + 21 * HOUR_MS },
  date: utcText(START + day * DAY_MS).slice(0, 10),
});
const SESSIONS: Sessions = { known: { fromMs: START, untilMs: START + 6 * DAY_MS }, list: [0, 1, 4, 5].map(session) };

const bar = (time: string | null, date: string | null): Bar => ({
  ...{ time, date, open: "1", high: "1", low: "1", close: "1", volume: null, trades: null, averagePrice: null },
  ...{ partial: false, merged: 1 },
});
/** Every half hour of a session but those that are named. */
const halfHours = (day: number, missing: readonly number[] = []) =>
  Array.from({ length: 13 }, (_, index) => index)
    .filter((index) => !missing.includes(index))
    .map((index) => bar(utcText(session(day).fromMs + (index * HOUR_MS) / 2), null));
const context = (change: Partial<GapContext> = {}): GapContext => ({
  ...{
    size: "30 mins",
    range: { fromMs: session(0).fromMs, untilMs: session(5).untilMs },
    missing: [],
    sessions: SESSIONS,
  },
  ...change,
});
const told = (bars: readonly Bar[], change: Partial<GapContext> = {}) =>
  gapsOf(bars, context(change)).gaps.map(({ from, until, reason }) => [from.slice(8, 16), until.slice(8, 16), reason]);

describe("bars within a day", () => {
  const all = [0, 1, 4, 5].flatMap((day) => halfHours(day));

  test("nights and the weekend are closed, each one gap", () => {
    expect(told(all)).toEqual([
      ["19T21:00", "20T14:30", "closed"],
      ["20T21:00", "23T14:30", "closed"],
      ["23T21:00", "24T14:30", "closed"],
    ]);
  });

  test("an hour of a session without bars -> no trades; a whole page of which the broker has nothing -> no data", () => {
    const bars = [...halfHours(0, [4, 5]), ...halfHours(4), ...halfHours(5)];
    const missing: Missing[] = [
      { fromMs: session(1).fromMs, untilMs: session(1).untilMs, reason: "noData", waitMs: null },
    ];
    expect(told(bars, { missing }).filter(([, , reason]) => reason !== "closed")).toEqual([
      ["19T16:30", "19T17:30", "noTrades"],
      ["20T14:30", "20T21:00", "noData"],
    ]);
  });

  test("what was not loaded is no session without trades, and says the wait", () => {
    const missing: Missing[] = [{ fromMs: START, untilMs: START + 2 * DAY_MS, reason: "notLoaded", waitMs: 9_000 }];
    const { gaps } = gapsOf([...halfHours(4), ...halfHours(5)], context({ missing }));
    expect(gaps[0]).toEqual({
      ...{ from: "2026-11-19T14:30:00.000Z", until: "2026-11-21T00:00:00.000Z", reason: "notLoaded", waitMs: 9_000 },
    });
  });

  test("where no calendar reaches a gap is unknown, never closed", () => {
    const reasons = told(all, { sessions: NO_SESSIONS }).map(([, , reason]) => reason);
    expect(new Set(reasons)).toEqual(new Set(["unknown"]));
  });

  test("a range that begins within a bar misses nothing", () => {
    const range = { fromMs: session(0).fromMs - 7 * 60_000, untilMs: session(0).untilMs };
    expect(told(halfHours(0), { range })).toEqual([]);
  });
});

describe("bars of a day", () => {
  const days = (...dates: string[]) => dates.map((date) => bar(null, date));
  const range = { fromMs: START, untilMs: START + 6 * DAY_MS };

  test("a weekend is closed, a trading day without a bar is not", () => {
    expect(told(days("2026-11-19", "2026-11-20", "2026-11-24"), { size: "1 day", range })).toEqual([
      ["21T00:00", "23T00:00", "closed"],
      ["23T00:00", "24T00:00", "noTrades"],
    ]);
  });

  test("before the calendar begins a long weekend is no gap, two weeks are", () => {
    const long = {
      size: "1 day",
      range: { fromMs: START - 30 * DAY_MS, untilMs: START },
      sessions: NO_SESSIONS,
    } as const;
    const bars = days("2026-10-20", "2026-10-23", "2026-10-27", "2026-11-13", "2026-11-16", "2026-11-18");
    expect(told(bars, long)).toEqual([["28T00:00", "13T00:00", "unknown"]]);
  });
});

test("more gaps than fit: closed nights go first and are counted, what was not loaded stays", () => {
  const list = Array.from({ length: 400 }, (_, day) => session(day));
  const sessions = { known: { fromMs: START, untilMs: START + 400 * DAY_MS }, list };
  const bars = list.slice(1).flatMap((_, index) => halfHours(index + 1));
  const range = { fromMs: START, untilMs: START + 400 * DAY_MS };
  const missing: Missing[] = [{ fromMs: START, untilMs: START + DAY_MS, reason: "notLoaded", waitMs: 1 }];
  const { gaps, leftOut } = gapsOf(bars, context({ range, sessions, missing }));
  expect(gaps).toHaveLength(200);
  expect(leftOut).toBeGreaterThan(150);
  expect(gaps[0]?.reason).toBe("notLoaded");
});
