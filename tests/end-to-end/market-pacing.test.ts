import { RPCS } from "@countersign/contracts/subjects";
import { covers } from "@countersign/testing/covers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MarketWorld } from "../../services/market-data/src/testing/market-world.ts";
import { pacingRun } from "../pacing/run.ts";

/** The real services over a real nats-server, and what arrives at the socket of the simulator. */
let world: MarketWorld;
beforeAll(async () => {
  world = await MarketWorld.open();
});
afterAll(() => world?.close());

const AAPL = 265598;
const AGENTS = 50;

/** What arrived at the simulator's socket of one kind while the task ran. */
async function arrived(kind: string, task: () => Promise<unknown>): Promise<number> {
  const before = (await world.simulator.frames())[kind] ?? 0;
  await task();
  return ((await world.simulator.frames())[kind] ?? 0) - before;
}

test("a thousand callers at once for one quote: one request at the broker's socket", async () => {
  const ask = (index: number) =>
    world.edge.request(RPCS.quote, { conid: AAPL, maxAgeMs: 5_000, asker: `agent-${index % AGENTS}` });
  const all = () => Promise.all(Array.from({ length: 1_000 }, (_, index) => ask(index)));
  let answered = 0;
  const requests = await arrived("reqMktData", async () => {
    answered = (await all()).filter(({ outcome }) => outcome === "ok").length;
  });
  expect(answered).toBe(1_000);
  expect(requests).toBe(1);
  const stats = await world.admin.request(RPCS.marketStats, {});
  expect(stats).toMatchObject({ value: { caches: { quotes: { saved: expect.any(Number) } } } });
});

test("fifty agents with short bars of many instruments, windows shortened on both sides: each asked once, no violation", async () => {
  covers("fault/pacing-messages", "fault/pacing-historical");
  const run = await pacingRun({ agents: AGENTS, instruments: 75, timeScale: 100 });
  expect(run.violations).toBe(0);
  expect(run.answered).toBe(75);
  // The bars and the past sessions of each instrument.
  expect(run.requestsOfBars).toBeLessThanOrEqual(2 * 75);
  expect(run.perAgent.length).toBe(AGENTS);
  // How right they were says `npm run pacing`; here others load the machine.
  expect(run.estimateErrors.length).toBeGreaterThan(0);
}, 60_000);
