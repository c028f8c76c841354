import { ManualClock } from "@countersign/clock/manual-clock";
import fc from "fast-check";
import { expect, test } from "vitest";
import { testConfig } from "../test-config.ts";
import { type Asker, type Cost, GATE } from "./cost.ts";
import { LIMITS } from "./limits.ts";
import { Scheduler } from "./scheduler.ts";
import { fairWaitMs } from "./testing/fair-share.ts";
import { type Arrival, violations } from "./testing/strict-broker.ts";

const START_MS = 1_000_000;
const MINUTE_MS = 60_000;
const agent = (id: number): Asker => ({ lane: "agent", id: `agent-${id}` });

/** A broker that each request reaches after a while, and that answers after another. */
function world({ wayMs, answerMs }: { wayMs: () => number; answerMs: () => number }) {
  const clock = new ManualClock(START_MS);
  const config = { ...testConfig().pacing, queuedPerAskerMax: 10_000, queuedMax: 10_000, waitMsMax: 240 * MINUTE_MS };
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

const SEEN: Cost = { kind: "bars", conid: 0, weight: 1, hard: true };

interface Wait {
  readonly who: number;
  readonly estimatedMs: number;
  waitedMs: number;
}

/** All agents ask for all that they want, one after the other; what each request was told, and how long it waited. */
async function crowd(asked: readonly number[], times: { readonly wayMs: number; readonly answerMs: number }) {
  const { clock, scheduler, arrivals, ask, config } = world({
    wayMs: () => times.wayMs,
    answerMs: () => times.answerMs,
  });
  // How long the broker takes is known from those before; until then it is a guess.
  const first = scheduler.run(SEEN, GATE, MINUTE_MS, ask(SEEN));
  await clock.advance(20 * MINUTE_MS);
  await first;
  const requests = asked.flatMap((count, who) =>
    Array.from({ length: count }, (_, turn) => {
      const id = `${who} ${turn}`;
      const cost: Cost = { kind: "bars", conid: who * 100 + turn, weight: 1, hard: true, identity: id, burstKey: id };
      return { who, request: scheduler.queue(cost, agent(who), ask(cost)) };
    }),
  );
  const waits = requests.map(({ who, request }): Wait => {
    return { who, estimatedMs: scheduler.waitMs(request), waitedMs: Number.NaN };
  });
  await clock.advance(config.waitMsMax);
  await Promise.all(requests.map(({ request }) => request.result));
  for (const [index, { request }] of requests.entries()) {
    const wait = waits[index];
    if (wait !== undefined) wait.waitedMs = request.waitedMs ?? Number.NaN;
  }
  return { waits, arrivals, config, times };
}

function expectRightAndFair(
  asked: readonly number[],
  { waits, arrivals, config, times }: Awaited<ReturnType<typeof crowd>>,
) {
  expect(violations(arrivals)).toEqual([]);
  const share = (max: number) => max - Math.ceil(max * config.gateShare);
  const allowance = {
    perWindow: share(config.max.historical),
    windowMs: LIMITS.historical.windowMs + config.marginMs,
    perSecond: share(config.max.messages),
    secondMs: 1_000 + times.wayMs + times.answerMs,
  };
  const leftBefore = waits.filter(({ waitedMs }) => waitedMs === 0).length;
  for (const [who] of asked.entries()) {
    const own = waits.filter((one) => one.who === who).sort((a, b) => a.waitedMs - b.waitedMs);
    for (const [index, { estimatedMs, waitedMs }] of own.entries()) {
      expect(Math.abs(estimatedMs - waitedMs)).toBeLessThanOrEqual(0.2 * waitedMs);
      expect(waitedMs).toBeLessThanOrEqual(2 * fairWaitMs(index + 1, asked, allowance, leftBefore));
    }
  }
}

test("fifty agents with ten instruments each: estimates within 20 %, nobody waits longer than twice its fair share", async () => {
  const asked = Array.from({ length: 50 }, () => 10);
  expectRightAndFair(asked, await crowd(asked, { wayMs: 20, answerMs: 180 }));
});

test("however much each agent asks, and however slow the broker is, estimates and shares hold", async () => {
  const asked = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 2, maxLength: 8 });
  const times = fc.record({ wayMs: fc.integer({ min: 0, max: 2_000 }), answerMs: fc.integer({ min: 0, max: 8_000 }) });
  const property = fc.asyncProperty(asked, times, async (counts, slow) => {
    expectRightAndFair(counts, await crowd(counts, slow));
  });
  await fc.assert(property, { numRuns: 8 });
});
