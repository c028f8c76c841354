import { type Bus, connectBus } from "@countersign/bus/bus";
import { createSystemClock, utcText } from "@countersign/clock/clock";
import { ManualClock } from "@countersign/clock/manual-clock";
import { Fault } from "@countersign/contracts/denial";
import type { KeptCharge } from "@countersign/contracts/messages/md-pacing.v1";
import { createLogger } from "@countersign/log/logger";
import { startTestNats, type TestNats } from "@countersign/testing/nats";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testConfig } from "../test-config.ts";
import type { Asker, Cost } from "./cost.ts";
import { History, type HistoryStore } from "./history.ts";
import { historyStore } from "./history-store.ts";
import { LIMITS } from "./limits.ts";
import { Scheduler } from "./scheduler.ts";
import { type Arrival, violations } from "./testing/strict-broker.ts";

const HOUR = 3_600_000;
const AGENT: Asker = { lane: "agent", id: "a" };
const config = testConfig().pacing;
const times = { leavesWithinMs: config.taskMsMax, marginMs: config.marginMs, timeScale: 1 };
const short = (id: number): Cost => ({ kind: "bars", conid: id, weight: 1, hard: true, identity: `bars ${id}` });

/** What is stored, and which life may write it. */
interface Stored {
  life: number;
  charges: readonly KeptCharge[];
  fault: Fault | undefined;
}
const nothingStored = (): Stored => ({ life: 0, charges: [], fault: undefined });

function storeOver(stored: Stored): HistoryStore {
  stored.life += 1;
  const { life } = stored;
  return {
    takeOver: async () => stored.charges,
    async write(charges) {
      if (stored.fault !== undefined) throw stored.fault;
      if (stored.life !== life) throw new Fault("CONFLICT");
      stored.charges = structuredClone(charges);
    },
  };
}

const life = async (clock: ManualClock, stored: Stored) => {
  const history = new History({ clock, store: storeOver(stored) }, times);
  const scheduler = new Scheduler({ clock, config, history });
  await scheduler.open();
  return scheduler;
};

describe("over a restart", () => {
  test("sixty in ten minutes were asked -> the next life asks nothing before they have gone", async () => {
    const clock = new ManualClock(0);
    const store = nothingStored();
    const before = await life(clock, store);
    const asked: number[] = [];
    const ask = (scheduler: Scheduler, id: number) =>
      scheduler.run(short(id), AGENT, HOUR, async () => void asked.push(clock.monotonicMs())).catch(() => undefined);
    for (let id = 1; id <= 46; id += 1) void ask(before, id);
    await clock.advance(60_000);
    expect(asked.length).toBe(46);
    const after = await life(clock, store);
    void ask(after, 100);
    await clock.advance(LIMITS.historical.windowMs - 60_000 - 1);
    expect(asked.length).toBe(46);
    await clock.advance(60_000);
    expect(asked.length).toBe(47);
  });

  test("whenever it dies, and whatever the gateway still sends for it, the broker counts no violation", async () => {
    const Step = fc.record({ id: fc.integer({ min: 1, max: 40 }), afterMs: fc.integer({ min: 0, max: 4_000 }) });
    const property = fc.asyncProperty(
      fc.array(fc.array(Step, { minLength: 5, maxLength: 60 }), { minLength: 2, maxLength: 4 }),
      fc.array(fc.integer({ min: 0, max: config.taskMsMax - 1 }), { minLength: 3, maxLength: 9 }),
      async (lives, ways) => {
        const clock = new ManualClock(0);
        const store = nothingStored();
        const arrivals: Arrival[] = [];
        let turn = 0;
        for (const steps of lives) {
          let alive = true;
          const scheduler = await life(clock, store);
          for (const { id, afterMs } of steps) {
            await clock.advance(afterMs);
            const cost = short(id);
            const task = async () => {
              // A process that is dead asks nothing; what it has asked goes on without it.
              if (!alive) return;
              await clock.sleep(ways[turn++ % ways.length] ?? 0);
              arrivals.push({ atMs: clock.nowMs(), cost });
            };
            void scheduler.run(cost, AGENT, HOUR, task).catch(() => undefined);
          }
          alive = false;
        }
        await clock.advance(HOUR);
        expect(violations(arrivals)).toEqual([]);
      },
    );
    await fc.assert(property, { numRuns: 20 });
  });

  test("what cannot be kept is not asked, and costs nothing of the allowance", async () => {
    const clock = new ManualClock(0);
    const store = nothingStored();
    const scheduler = await life(clock, store);
    let asked = 0;
    const ask = () =>
      scheduler.run(short(1), AGENT, HOUR, async () => {
        asked += 1;
      });
    store.fault = new Fault("STORE_REFUSED");
    await expect(ask()).rejects.toMatchObject({ code: "STORE_REFUSED" });
    expect(asked).toBe(0);
    store.fault = undefined;
    await ask();
    expect(asked).toBe(1);
  });

  test("a question whose answer was lost with the bus counts from the last instant at which it can have left", async () => {
    const clock = new ManualClock(0);
    const scheduler = await life(clock, nothingStored());
    const lost = () => Promise.reject(new Fault("BUS_UNAVAILABLE"));
    await expect(scheduler.run(short(1), AGENT, HOUR, lost)).rejects.toMatchObject({ code: "BUS_UNAVAILABLE" });
    const wait = scheduler.estimateMs(short(1), AGENT);
    expect(wait).toBeGreaterThanOrEqual(config.taskMsMax + LIMITS.identical.windowMs);
  });
});

describe("the history on a real server", () => {
  let nats: TestNats;
  const clock = createSystemClock();
  const buses: Bus[] = [];
  const log = createLogger({ service: "test", level: "silent" });
  const open = async () => {
    const settings = { url: nats.url, keysDir: nats.keysDir, service: "market-data", clock, log };
    const bus = await connectBus({ ...settings, users: ["market-data"] });
    buses.push(bus);
    return historyStore(bus);
  };
  beforeAll(async () => {
    nats = await startTestNats();
  });
  afterAll(async () => {
    for (const bus of buses) await bus.drain();
    await nats?.stop();
  });

  test("the next life reads what the one before wrote; the one before can write no more", async () => {
    const [before, after] = [await open(), await open()];
    expect(await before.takeOver()).toEqual([]);
    const charge = { limit: "historical", key: "", weight: 2, until: utcText(clock.nowMs() + HOUR) };
    await before.write([charge]);
    expect(await after.takeOver()).toEqual([charge]);
    await expect(before.write([charge, charge])).rejects.toMatchObject({ code: "CONFLICT" });
    await after.write([]);
    expect(await (await open()).takeOver()).toEqual([]);
  });
});
