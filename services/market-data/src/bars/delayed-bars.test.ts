import { ManualClock } from "@countersign/clock/manual-clock";
import { ok } from "@countersign/contracts/denial";
import type { BarRow } from "@countersign/contracts/messages/broker.v1";
import { expect, test } from "vitest";
import { BarPages, type Series } from "./bar-pages.ts";
import type { BarSource } from "./bar-source.ts";
import { loadPages } from "./load-pages.ts";
import { UNPACED } from "./pace.ts";
import { pagesOf } from "./pages.ts";
import { Patience } from "./patience.ts";
import { putTogether } from "./put-together.ts";

const DAY_MS = 86_400_000;
const settings = {
  ...{ openTtlMs: 300_000, finishedTtlMs: DAY_MS, noDataTtlMs: 30_000, headTtlMs: DAY_MS },
  ...{ pagesKeptMax: 100, pagesMax: 60, pagesAtOnce: 2, yearsMax: 60 },
};
const row = (time: string): BarRow => [time, "1", "1", "1", "1", "10", "1", 1];
/** In New York the session of this day ends at 21:00 in UTC. */
const SESSION = { fromMs: Date.UTC(2026, 10, 20, 14, 30), untilMs: Date.UTC(2026, 10, 20, 21), date: "2026-11-20" };
const KNOWN = { known: { fromMs: SESSION.fromMs - 30 * DAY_MS, untilMs: SESSION.untilMs }, list: [SESSION] };

/** Which of the rows are told as unfinished, when the broker answers at this time of the day. */
async function partial(size: "5 mins" | "1 day", at: string, delayed: boolean, times: readonly string[]) {
  const asOf = `2026-11-20T${at}:00.000Z`;
  const clock = new ManualClock(Date.parse(asOf));
  const never = () => Promise.reject(new Error("not asked"));
  const told = ok({ conid: 1, rows: times.map(row), delayed, source: "tws", asOf });
  const source: BarSource = {
    ...{ head: never, schedule: never, pastTicks: never, liveBars: never },
    bars: async () => told,
  };
  const zone = "America/New_York";
  const series: Series = { conid: 1, secType: "STK", zone, size, whatToShow: "TRADES", regularHoursOnly: true };
  const pages = new BarPages({ clock, source, settings, pace: UNPACED });
  const wanted = pagesOf(size, { kind: "direct", duration: "1 D", untilMs: null }, clock.nowMs());
  const patience = Patience.of(clock, { maxWaitMs: 1_000, asker: "agent-1" });
  const loaded = await loadPages({ pages, atOnce: 1 }, { series, wanted, maxAgeMs: 0 }, patience);
  const range = { fromMs: null, untilMs: null, headMs: null, nowMs: clock.nowMs() };
  const all = { request: { maxPoints: 100 }, series, currency: "USD", ...range, loaded, sessions: KNOWN };
  const answer = putTogether(all);
  if (answer.outcome === "denied") throw new Error(answer.denial.message);
  return answer.value.bars.flatMap((bar) => (bar.partial ? [bar.time ?? bar.date] : []));
}

test("five minutes of delayed data are unfinished for as long as the delay; of data of now only while they run", async () => {
  const times = ["16:35", "16:40", "16:45", "17:00"].map((time) => `2026-11-20T${time}:00.000Z`);
  expect(await partial("5 mins", "17:04", true, times)).toEqual(times.slice(1));
  expect(await partial("5 mins", "17:04", false, times)).toEqual(times.slice(3));
});

test("the day has a close when its session is over, of delayed data twenty minutes later", async () => {
  expect(await partial("1 day", "21:00", false, ["2026-11-20"])).toEqual([]);
  expect(await partial("1 day", "21:19", true, ["2026-11-20"])).toEqual(["2026-11-20"]);
  expect(await partial("1 day", "21:20", true, ["2026-11-20"])).toEqual([]);
});
