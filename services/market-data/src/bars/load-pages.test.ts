import { utcText } from "@countersign/clock/clock";
import { ManualClock } from "@countersign/clock/manual-clock";
import { denied, Fault, ok } from "@countersign/contracts/denial";
import type { BarRow } from "@countersign/contracts/messages/broker.v1";
import { describe, expect, test } from "vitest";
import { PacingRefused } from "../pacing/refused.ts";
import { BarPages, type Series } from "./bar-pages.ts";
import type { BarSource } from "./bar-source.ts";
import { loadPages } from "./load-pages.ts";
import { type Pace, UNPACED } from "./pace.ts";
import { pagesOf } from "./pages.ts";
import { Patience } from "./patience.ts";

const NOW_MS = Date.UTC(2026, 10, 20, 15, 0);
const DAY_MS = 86_400_000;
const SERIES: Series = {
  ...{ conid: 265598, secType: "STK", zone: "America/New_York", size: "5 mins" },
  ...{ whatToShow: "TRADES", regularHoursOnly: true },
};
const settings = {
  ...{ openTtlMs: 300_000, finishedTtlMs: DAY_MS, noDataTtlMs: 30_000, headTtlMs: DAY_MS },
  ...{ pagesKeptMax: 100, pagesMax: 60, pagesAtOnce: 2, yearsMax: 60 },
};
const ROW: BarRow = ["2026-11-19T15:00:00.000Z", "1", "1", "1", "1", "10", "1", 1];

function world(answer: (count: number) => ReturnType<BarSource["bars"]>, pace: Pace = UNPACED) {
  const clock = new ManualClock(NOW_MS);
  let asked = 0;
  const never = () => Promise.reject(new Error("not asked"));
  const source: BarSource = {
    ...{ head: never, schedule: never, pastTicks: never, liveBars: never },
    bars: () => answer(++asked),
  };
  const pages = new BarPages({ clock, source, settings, pace });
  const load = (change: { days?: number; maxAgeMs?: number; maxWaitMs?: number } = {}) => {
    const fromMs = clock.nowMs() - (change.days ?? 13) * DAY_MS;
    const wanted = pagesOf("5 mins", { kind: "paged", fromMs, untilMs: null }, clock.nowMs());
    const patience = Patience.of(clock, { maxWaitMs: change.maxWaitMs ?? 1_000, asker: "agent-1" });
    return loadPages({ pages, atOnce: 2 }, { series: SERIES, wanted, maxAgeMs: change.maxAgeMs ?? 0 }, patience);
  };
  return { clock, load, asked: () => asked };
}
const told = async (): ReturnType<BarSource["bars"]> =>
  ok({ conid: 265598, rows: [ROW], delayed: false, source: "tws", asOf: utcText(NOW_MS) });

describe("what is kept", () => {
  test("what is long over is asked for once a day, what reaches to now as often as it is wanted fresh", async () => {
    const { clock, load, asked } = world(told);
    const first = await load();
    expect(asked()).toBe(first.answers.length);
    await clock.advance(1);
    await load();
    expect(asked()).toBe(first.answers.length + first.answers.filter(({ page }) => !page.finished).length);
    const before = asked();
    await load({ maxAgeMs: 60_000 });
    expect(asked()).toBe(before);
    await clock.advance(60_001);
    await load({ maxAgeMs: 60_000 });
    expect(asked()).toBeGreaterThan(before);
  });

  test("on the next day of the exchange everything is asked for again: a split may have changed it", async () => {
    const { clock, load, asked } = world(told);
    await load({ maxAgeMs: DAY_MS });
    const before = asked();
    // From three in the afternoon in London to past midnight in New York.
    await clock.advance(14 * 3_600_000 + 1);
    const second = await load({ maxAgeMs: DAY_MS });
    expect(asked() - before).toBe(second.answers.length);
  });

  test("any number of callers at the same time cost each page once", async () => {
    const { load, asked } = world(told);
    const loads = await Promise.all(Array.from({ length: 50 }, () => load()));
    expect(asked()).toBe(loads[0]?.answers.length);
  });
});

describe("what does not come", () => {
  test("the broker's pace -> the newest pages, the others not loaded, with the wait", async () => {
    let turns = 0;
    const run: Pace["run"] = (_cost, task) => {
      turns += 1;
      return turns > 2 ? Promise.reject(new PacingRefused("PACING_WAIT", 7_000)) : task();
    };
    const { load } = world(told, { run });
    const { answers, notLoaded, refused } = await load({ days: 40 });
    expect(answers.length).toBe(2);
    expect(refused?.denial.detail).toEqual({ estimatedWaitMs: 7_000 });
    expect(Math.min(...answers.map(({ page }) => page.fromMs ?? 0))).toBe(
      Math.max(...notLoaded.map(({ untilMs }) => untilMs ?? 0)),
    );
  });

  test("time is up -> not loaded, and the page that comes later is there for the next caller", async () => {
    const late = Promise.withResolvers<void>();
    const { clock, load, asked } = world(async (count) => {
      if (count === 2) await late.promise;
      return told();
    });
    const loading = load({ days: 7, maxWaitMs: 500 });
    await clock.advance(501);
    const first = await loading;
    expect(first.notLoaded.length).toBeGreaterThan(0);
    late.resolve();
    await clock.advance(0);
    const before = asked();
    const second = await load({ days: 7, maxAgeMs: 60_000 });
    expect(second.notLoaded).toEqual([]);
    expect(asked()).toBe(before);
  });

  test("no data is an answer and no end; a fault ends it for everybody", async () => {
    const { load } = world(async (count) => (count === 2 ? denied("NO_DATA") : told()));
    const { answers } = await load({ days: 30 });
    expect(answers.filter(({ answer }) => answer.kind === "noData")).toHaveLength(1);
    expect(answers.filter(({ answer }) => answer.kind === "bars").length).toBeGreaterThan(2);
    const broken = world(async (count) => {
      if (count === 2) throw new Fault("BROKER_UNAVAILABLE");
      return told();
    });
    await expect(broken.load({ days: 30 })).rejects.toMatchObject({ code: "BROKER_UNAVAILABLE" });
  });
});
