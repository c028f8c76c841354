import { ManualClock } from "@countersign/clock/manual-clock";
import { describe, expect, test } from "vitest";
import { MemoryUsage } from "../testing/memory-usage.ts";
import { Usage } from "./usage.ts";
import type { UsageConfig } from "./usage-config.ts";

const NOON = Date.parse("2026-11-20T17:00:00.000Z");
const HOUR = 3_600_000;
const wide = { perMinute: 1_000, perHour: 1_000 };
const CONFIG: UsageConfig = {
  sessionZone: "America/New_York",
  sessionHoursMax: 12,
  everyTool: { ...wide, perSession: 1_000 },
  tools: {},
  agent: wide,
  all: wide,
};
const tool = (limits: object) => ({ tools: { get_quote: { ...CONFIG.everyTool, ...limits } } });

function edge(change: Partial<UsageConfig>, { store = new MemoryUsage(), clock = new ManualClock(NOON) } = {}) {
  const config = { ...CONFIG, ...change };
  const start = () => new Usage({ clock, config, store });
  return { clock, store, start, usage: start() };
}

/** How many of so many calls are let through. */
async function through(usage: Usage, calls: number, agent = "agent-1", name = "get_quote"): Promise<number> {
  let count = 0;
  for (let call = 0; call < calls; call += 1) if ((await usage.take(agent, name)) === undefined) count += 1;
  return count;
}

describe("calls of a tool", () => {
  test.each([
    ["of one tool in a minute", tool({ perMinute: 5 })],
    ["of one tool in an hour", tool({ perHour: 5 })],
    ["of one tool in a session", tool({ perSession: 5 })],
    ["of one agent in a minute", { agent: { perMinute: 5, perHour: 100 } }],
    ["of all agents in an hour", { all: { perMinute: 100, perHour: 5 } }],
  ] as const)("%s: the fifth is made, the sixth is not", async (_name, change) => {
    const { usage } = edge(change);
    expect(await through(usage, 5)).toBe(5);
    expect(await usage.take("agent-1", "get_quote")).toMatchObject({ refused: "RATE_LIMITED" });
  });

  test("of another tool and another agent are counted apart, and all agents together", async () => {
    const { usage } = edge({ ...tool({ perMinute: 2 }), all: { perMinute: 6, perHour: 100 } });
    expect(await through(usage, 3)).toBe(2);
    expect(await through(usage, 3, "agent-2")).toBe(2);
    expect(await through(usage, 3, "agent-1", "get_bars")).toBe(2);
  });

  test("of fifteen tools at once: each is made, and none loses to the others", async () => {
    const { usage } = edge({});
    const calls = Array.from({ length: 15 }, (_, index) => usage.take("agent-1", `tool_${index}`));
    expect(await Promise.all(calls)).toEqual(calls.map(() => undefined));
  });

  test("come back with the next minute, and not with a restart or a new connection", async () => {
    const { clock, usage, start } = edge(tool({ perMinute: 5 }));
    expect(await through(usage, 5)).toBe(5);
    expect(await through(start(), 5)).toBe(0);
    const refused = await start().take("agent-1", "get_quote");
    expect(refused).toEqual({ refused: "RATE_LIMITED", waitMs: 60_000, what: "get_quote in a minute" });
    await clock.advance(60_000);
    expect(await through(start(), 9)).toBe(5);
  });

  test("a restart never gives more, with any limit: what was written down and not used is lost", async () => {
    const { start } = edge(tool({ perMinute: 200 }));
    let sum = 0;
    for (let life = 0; life < 40; life += 1) sum += await through(start(), 3);
    expect(sum).toBeLessThanOrEqual(200);
    expect(sum).toBeGreaterThan(40);
  });

  test("two edges share one count, also when they write at once", async () => {
    const { start } = edge(tool({ perMinute: 10 }));
    const edges = [start(), start()];
    const sums = await Promise.all(edges.map((one) => through(one, 10)));
    expect((sums[0] ?? 0) + (sums[1] ?? 0)).toBe(10);
  });

  test("wide limits cost a write for many calls, not for each", async () => {
    const { usage, store } = edge({});
    expect(await through(usage, 500)).toBe(500);
    expect(store.writes).toBeLessThan(30);
  });

  test("a clock that is set back opens no window", async () => {
    const store = new MemoryUsage();
    const first = edge(tool({ perMinute: 5 }), { store });
    expect(await through(first.usage, 5)).toBe(5);
    const back = edge(tool({ perMinute: 5 }), { store, clock: new ManualClock(NOON - HOUR) });
    expect(await through(back.usage, 5)).toBe(0);
  });

  test("without the bucket nothing is called", async () => {
    const { usage, store } = edge({});
    store.fails = true;
    await expect(usage.take("agent-1", "get_quote")).rejects.toThrow("away");
  });
});

describe("a session", () => {
  test("begins with the first call, ends after its hours, and begins again with the next date, never with a restart", async () => {
    const { clock, usage, start } = edge({ sessionHoursMax: 2 });
    expect(await usage.take("agent-1", "get_quote")).toBeUndefined();
    await clock.advance(2 * HOUR - 1);
    expect(await start().take("agent-1", "get_quote")).toBeUndefined();
    await clock.advance(60_000);
    for (const one of [usage, start()])
      expect(await one.take("agent-1", "get_quote")).toEqual({ refused: "SESSION_ENDED", date: "2026-11-20" });
    expect(await usage.take("agent-2", "get_quote")).toBeUndefined();
    // Midnight in New York is 5 h in UTC.
    await clock.advance(10 * HOUR);
    expect(await start().take("agent-1", "get_quote")).toBeUndefined();
  });

  test("that has ended is let go on by a person, on the record before: for its hours again, with no call given back", async () => {
    const { clock, usage, start } = edge({ sessionHoursMax: 2, ...tool({ perSession: 5 }) });
    expect(await through(usage, 3)).toBe(3);
    await clock.advance(2 * HOUR);
    expect(await usage.take("agent-1", "get_quote")).toMatchObject({ refused: "SESSION_ENDED" });
    const records: boolean[] = [];
    const record = async () => records.push((await start().take("agent-1", "get_quote")) !== undefined);
    const endsAtMs = NOON + 4 * HOUR;
    expect(await start().reopen("agent-1", record)).toEqual({ date: "2026-11-20", endsAtMs });
    // While it was recorded nothing could be called yet.
    expect(records).toEqual([true]);
    expect(await through(usage, 5)).toBe(2);
    await clock.advance(2 * HOUR);
    expect(await start().take("agent-1", "get_quote")).toMatchObject({ refused: "SESSION_ENDED" });
  });

  test("that goes on, never began, is over with its date, or of which there is no record is not let go on", async () => {
    const { clock, usage, store } = edge({ sessionHoursMax: 2 });
    const record = async () => undefined;
    expect(await usage.reopen("agent-1", record)).toBeUndefined();
    await usage.take("agent-1", "get_quote");
    await clock.advance(2 * HOUR - 1);
    expect(await usage.reopen("agent-1", record)).toBeUndefined();
    await clock.advance(1);
    await expect(usage.reopen("agent-1", () => Promise.reject(new Error("no audit")))).rejects.toThrow("no audit");
    expect(await usage.take("agent-1", "get_quote")).toMatchObject({ refused: "SESSION_ENDED" });
    store.fails = true;
    await expect(usage.reopen("agent-1", record)).rejects.toThrow("away");
    store.fails = false;
    await clock.advance(10 * HOUR);
    expect(await usage.reopen("agent-1", record)).toBeUndefined();
  });

  test("is let go on once when two persons do it at once, at two edges or at one; there the second one is not even recorded", async () => {
    const { clock, usage, start } = edge({ sessionHoursMax: 2 });
    await usage.take("agent-1", "get_quote");
    for (const [other, recorded] of [[start(), 2] as const, [usage, 1] as const]) {
      await clock.advance(2 * HOUR);
      let records = 0;
      const record = async () => {
        records += 1;
      };
      const both = await Promise.all([usage.reopen("agent-1", record), other.reopen("agent-1", record)]);
      expect([both.filter((one) => one !== undefined).length, records]).toEqual([1, recorded]);
    }
  });

  test("is let go on with one record though another edge wrote in between", async () => {
    const { clock, store, usage } = edge({ sessionHoursMax: 2 });
    await usage.take("agent-1", "get_quote");
    await clock.advance(2 * HOUR);
    let records = 0;
    const whileAnotherWrites = async () => {
      records += 1;
      const kept = store.agent("agent-1");
      const { sequence, usage: before } = await kept.read();
      if (before !== undefined) await kept.write(before, sequence);
    };
    expect(await usage.reopen("agent-1", whileAnotherWrites)).toMatchObject({ date: "2026-11-20" });
    expect(records).toBe(1);
  });
});
