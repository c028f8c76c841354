import { ManualClock } from "@countersign/clock/manual-clock";
import { expect, test } from "vitest";
import { testConfig } from "../test-config.ts";
import { GATE } from "./cost.ts";
import { LineTurns } from "./line-turns.ts";
import { Scheduler } from "./scheduler.ts";

function setUp(other: Partial<ReturnType<typeof testConfig>["pacing"]> = {}, max: object = {}) {
  const clock = new ManualClock(0);
  const { pacing } = testConfig();
  const config = { ...pacing, ...other, max: { ...pacing.max, ...max } };
  const scheduler = new Scheduler({ clock, config });
  const opened: { conid: number; atMs: number }[] = [];
  const turns = new LineTurns(scheduler, (conid) => opened.push({ conid, atMs: clock.monotonicMs() }));
  return { clock, config, scheduler, turns, opened };
}

const range = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);
const wantedBy = (...sets: [string, number[]][]) =>
  new Map(sets.flatMap(([asker, conids]) => conids.map((conid): [number, string[]] => [conid, [asker]])));

test("lines are opened no faster than messages may be sent; who waits is told for how long", async () => {
  const { clock, scheduler, turns, opened } = setUp();
  const perSecond = scheduler.agentsMax("messages");
  const conids = range(1, 2 * perSecond);
  turns.want(wantedBy(["a", conids]));
  expect(opened.length).toBe(perSecond);
  expect(turns.standing(conids.at(-1) ?? 0)).toEqual({ kind: "waiting", waitMs: 1_000 });
  await clock.advance(1_000);
  expect(opened.length).toBe(2 * perSecond);
  expect(turns.standing(conids.at(-1) ?? 0)).toEqual({ kind: "open" });
});

test("an agent that wants fifty lines does not slow one that wants one", async () => {
  const { clock, scheduler, turns, opened } = setUp();
  turns.want(wantedBy(["greedy", range(1, 50)], ["modest", [99]]));
  expect(turns.standing(99)).toEqual({ kind: "waiting", waitMs: 1_000 });
  await clock.advance(1_000);
  expect(
    opened
      .slice(scheduler.agentsMax("messages"))
      .slice(0, 2)
      .map(({ conid }) => conid),
  ).toContain(99);
});

test("agents hold all the lines they may: the next one is refused by name, the gate finds its own part free", async () => {
  const { clock, scheduler, turns } = setUp({}, { lines: 20 });
  const most = scheduler.agentsMax("lines");
  turns.want(wantedBy(["a", range(1, most + 1)]));
  await clock.advance(5_000);
  expect(range(1, most).map((conid) => turns.standing(conid).kind)).toEqual(range(1, most).map(() => "open"));
  expect(turns.standing(most + 1)).toMatchObject({ kind: "refused" });
  const quote = { kind: "quote", conid: 500, weight: 1, hard: false } as const;
  expect(scheduler.estimateMs(quote, GATE)).toBe(0);
  expect(scheduler.estimateMs(quote, { lane: "agent", id: "b" })).toBe(Number.POSITIVE_INFINITY);
  turns.want(wantedBy(["a", range(2, most - 1)]));
  expect(scheduler.estimateMs(quote, { lane: "agent", id: "b" })).toBe(0);
});

test("a line that is given back before its turn leaves the queue, and a line is held for longer than any request", async () => {
  const { clock, config, scheduler, turns, opened } = setUp();
  turns.want(wantedBy(["a", range(1, 40)]));
  turns.want(wantedBy(["a", [1]]));
  expect(scheduler.queued).toBe(0);
  await clock.advance(2 * config.taskMsMax);
  expect(scheduler.used()).toMatchObject({ lines: 1 });
  expect(opened.every(({ atMs }) => atMs === 0)).toBe(true);
});
