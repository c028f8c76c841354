import { ManualClock } from "@countersign/clock/manual-clock";
import { Fault } from "@countersign/contracts/denial";
import { describe, expect, test } from "vitest";
import { testConfig } from "../test-config.ts";
import { type Asker, type Cost, GATE } from "./cost.ts";
import { PacingRefused } from "./refused.ts";
import { Scheduler } from "./scheduler.ts";

const agent = (id: string): Asker => ({ lane: "agent", id });
const DAILY: Cost = { kind: "bars", weight: 1, hard: false };
const SHORT: Cost = { kind: "bars", weight: 1, hard: true };
const SEARCH: Cost = { kind: "search", weight: 1, hard: false };
const HOUR = 3_600_000;

function setUp(other: Partial<ReturnType<typeof testConfig>["pacing"]> = {}) {
  const clock = new ManualClock(1_000_000);
  const config = { ...testConfig().pacing, ...other };
  const scheduler = new Scheduler({ clock, config });
  const served: { who: string; atMs: number }[] = [];
  const ask = (who: Asker, cost: Cost, maxWaitMs = HOUR) =>
    scheduler.run(cost, who, maxWaitMs, async () => {
      served.push({ who: who.id, atMs: clock.monotonicMs() - 1_000_000 });
      return who.id;
    });
  return { clock, config, scheduler, served, ask };
}

describe("turns", () => {
  test("an agent with a hundred requests does not slow one with one", async () => {
    const { clock, served, ask } = setUp();
    const greedy = Array.from({ length: 100 }, () => ask(agent("greedy"), SEARCH));
    const modest = ask(agent("modest"), SEARCH);
    await clock.advance(2 * 1_250 + 1);
    expect(await modest).toBe("modest");
    expect(served.map(({ who }) => who)).toEqual(["greedy", "greedy", "modest"]);
    await clock.advance(200_000);
    expect((await Promise.all(greedy)).length).toBe(100);
  });

  test("the gate finds its part of a limit free when agents have taken all of theirs", async () => {
    const { clock, served, ask, config } = setUp();
    const many = Array.from({ length: 100 }, (_, index) => ask(agent(`a${index % 5}`), SHORT));
    await clock.advance(0);
    const share = Math.ceil(config.max.historical * config.gateShare);
    expect(served.length).toBeLessThanOrEqual(config.max.historical - share);
    await clock.advance(10_000);
    expect(served.length).toBe(config.max.historical - share);
    const gate = Array.from({ length: share }, () => ask(GATE, SHORT));
    await clock.advance(0);
    expect(served.slice(-share).every(({ who }) => who === GATE.id)).toBe(true);
    await Promise.all(gate);
    await clock.advance(HOUR);
    await Promise.all(many);
  });
});

describe("the wait", () => {
  test("an estimate beyond what the caller waits -> refused with the estimate, nothing asked", async () => {
    const { clock, served, ask } = setUp();
    const before = Array.from({ length: 10 }, (_, index) => ask(agent(`a${index}`), SEARCH));
    const refused = ask(agent("late"), SEARCH, 5_000);
    await expect(refused).rejects.toMatchObject({
      denial: { code: "PACING_WAIT", detail: { estimatedWaitMs: expect.any(Number) } },
    });
    await clock.advance(60_000);
    await Promise.all(before);
    expect(served.length).toBe(10);
  });

  test("a request that got into the queue and is overtaken is refused when its time is over", async () => {
    const { clock, scheduler, ask } = setUp();
    void ask(agent("a"), SEARCH);
    const second = ask(agent("a"), SEARCH, 2_000).catch((error: unknown) => error);
    scheduler.violated("TWS 162");
    const gate = Array.from({ length: 5 }, () => ask(GATE, SEARCH));
    await clock.advance(2_001);
    expect(await second).toBeInstanceOf(PacingRefused);
    await clock.advance(60_000);
    await Promise.all(gate);
  });

  test("beyond the bound of one asker -> refused, others are not", async () => {
    const { clock, ask } = setUp({ queuedPerAskerMax: 3 });
    const taken = Array.from({ length: 4 }, () => ask(agent("a"), SEARCH));
    await expect(ask(agent("a"), SEARCH)).rejects.toMatchObject({ denial: { code: "PACING_REFUSED" } });
    const other = ask(agent("b"), SEARCH);
    await clock.advance(60_000);
    await Promise.all([...taken, other]);
  });
});

test("a task that never ends is given up and its place is free", async () => {
  const { clock, scheduler, config } = setUp({ max: { ...testConfig().pacing.max, historicalOpen: 1 } });
  const stuck = scheduler.run(DAILY, agent("a"), HOUR, () => new Promise(() => undefined));
  const next = scheduler.run(DAILY, agent("a"), HOUR, async () => "done");
  const failed = expect(stuck).rejects.toMatchObject({ code: "TIMEOUT" });
  await clock.advance(config.taskMsMax + 1);
  await failed;
  expect(await next).toBe("done");
});

test.each([
  ["TWS 162: Historical Market Data Service error message:Historical data request pacing violation", 1],
  ["TWS 100: Max rate of messages per second has been exceeded", 1],
  ["TWS 162: HMDS query returned no data", 0],
  ["TWS 10197: No market data during competing live session", 0],
  ["too many requests wait for TWS", 0],
])("an answer of the broker: %s -> %i violations", async (text, violations) => {
  const { scheduler } = setUp();
  const asked = scheduler.run(SHORT, agent("a"), HOUR, () => Promise.reject(new Fault("BUSY", text)));
  await expect(asked).rejects.toThrow(text);
  await new Promise((resolve) => setImmediate(resolve));
  expect(scheduler.stats.violations).toBe(violations);
  expect(scheduler.paused).toBe(violations > 0);
});

test("a violation that TWS reports stops historical requests for a while and is counted", async () => {
  const { clock, scheduler, served, ask, config } = setUp();
  scheduler.violated("TWS 162");
  const waiting = ask(agent("a"), SHORT);
  await clock.advance(config.backOffMs - 1);
  expect(served.length).toBe(0);
  await clock.advance(2);
  await waiting;
  expect(scheduler.stats.violations).toBe(1);
});

test("a broker that stalls and then reads everything at once finds no more messages than fit into a second", async () => {
  const { clock, scheduler } = setUp();
  const most = scheduler.agentsMax("messages");
  const contract: Cost = { kind: "contract", weight: 1, hard: false };
  const sentAtMs: number[] = [];
  const { promise: recovers, resolve: recover } = Promise.withResolvers<void>();
  for (let index = 0; index < 3 * most; index += 1) {
    void scheduler.run(contract, agent("a"), HOUR, async () => {
      sentAtMs.push(clock.monotonicMs());
      await recovers;
    });
  }
  await clock.advance(5_000);
  expect(sentAtMs.length).toBe(most);
  recover();
  await clock.advance(999);
  expect(sentAtMs.length).toBe(most);
  await clock.advance(300);
  expect(sentAtMs.length).toBe(2 * most);
});
