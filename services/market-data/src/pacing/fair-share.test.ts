import { ManualClock } from "@countersign/clock/manual-clock";
import fc from "fast-check";
import { expect, test } from "vitest";
import { testConfig } from "../test-config.ts";
import { type Asker, type Cost, GATE } from "./cost.ts";
import type { QueuedRequest } from "./queued-request.ts";
import { Scheduler } from "./scheduler.ts";
import { type Arrival, violations } from "./testing/strict-broker.ts";

const START_MS = 1_000_000;
const MINUTE_MS = 60_000;
const agent = (id: number): Asker => ({ lane: "agent", id: `agent-${id}` });

/** A broker that each request reaches after a while, and that answers after another. */
function world({ wayMs, answerMs }: { wayMs: () => number; answerMs: () => number }) {
  const clock = new ManualClock(START_MS);
  const config = { ...testConfig().pacing, queuedPerAskerMax: 10_000, queuedMax: 10_000 };
  const scheduler = new Scheduler({ clock, config });
  const arrivals: Arrival[] = [];
  const ask = (cost: Cost) => async () => {
    await clock.sleep(wayMs());
    arrivals.push({ atMs: clock.nowMs(), cost });
    await clock.sleep(answerMs());
  };
  return { clock, config, scheduler, arrivals, ask };
}

const ShortBars = fc.record({
  conid: fc.integer({ min: 1, max: 4 }),
  size: fc.integer({ min: 1, max: 6 }),
  twice: fc.boolean(),
  asker: fc.integer({ min: 0, max: 3 }),
  afterMs: fc.integer({ min: 0, max: 3_000 }),
});

test("whatever is asked, and however late it arrives, the broker counts no violation", async () => {
  const property = fc.asyncProperty(
    fc.array(ShortBars, { minLength: 20, maxLength: 120 }),
    fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 5, maxLength: 20 }),
    async (questions, ways) => {
      let turn = 0;
      const next = () => ways[turn++ % ways.length] ?? 0;
      const { clock, scheduler, arrivals, ask } = world({ wayMs: next, answerMs: () => 20 });
      const asked: Promise<unknown>[] = [];
      for (const { conid, size, twice, asker, afterMs } of questions) {
        await clock.advance(afterMs);
        const cost: Cost = {
          ...{ kind: "bars", conid, weight: twice ? 2 : 1, hard: true },
          ...{ identity: `${conid} ${size} ${twice}`, burstKey: `${conid} ${twice}` },
        };
        const who = asker === 0 ? GATE : agent(asker);
        asked.push(scheduler.run(cost, who, 60 * MINUTE_MS, ask(cost)).catch(() => undefined));
      }
      await clock.advance(60 * MINUTE_MS);
      await Promise.all(asked);
      expect(arrivals.length).toBeGreaterThan(0);
      expect(violations(arrivals)).toEqual([]);
    },
  );
  await fc.assert(property, { numRuns: 15 });
});

test("fifty agents with five short bars each: estimates within 20 %, nobody waits longer than twice its fair share", async () => {
  const agents = 50;
  const each = 5;
  const { clock, scheduler, arrivals, ask, config } = world({ wayMs: () => 20, answerMs: () => 180 });
  const waits: { who: number; turn: number; estimatedMs: number; waitedMs: number }[] = [];
  const requests: { request: QueuedRequest<void>; wait: (typeof waits)[number] }[] = [];
  const all: Promise<unknown>[] = [];
  // Each agent asks for all of its own at once, one agent after the other: the worst order for the first estimates.
  for (let who = 0; who < agents; who += 1) {
    for (let turn = 0; turn < each; turn += 1) {
      const cost: Cost = { kind: "bars", conid: who * 10 + turn, weight: 1, hard: true, identity: `${who} ${turn}` };
      const request = scheduler.queue(cost, agent(who), ask(cost));
      const wait = { who, turn, estimatedMs: 0, waitedMs: 0 };
      waits.push(wait);
      all.push(
        request.result.then(() => {
          wait.waitedMs = request.waitedMs ?? 0;
        }),
      );
      requests.push({ request, wait });
    }
  }
  for (const { request, wait } of requests) wait.estimatedMs = scheduler.waitMs(request);
  await clock.advance(60 * MINUTE_MS);
  await Promise.all(all);
  expect(violations(arrivals)).toEqual([]);
  const share = config.max.historical - Math.ceil(config.max.historical * config.gateShare);
  for (const { turn, estimatedMs, waitedMs } of waits) {
    expect(Math.abs(waitedMs - estimatedMs)).toBeLessThanOrEqual(Math.max(0.2 * waitedMs, 1_000));
    // Its fair share: in `turn` rounds everybody had one before it had its next.
    const rounds = Math.floor(((turn + 1) * agents) / share);
    expect(waitedMs).toBeLessThanOrEqual(2 * Math.max(rounds * 10 * MINUTE_MS, MINUTE_MS));
  }
}, 30_000);
