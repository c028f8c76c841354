import { RPCS } from "@countersign/contracts/subjects";
import { covers } from "@countersign/testing/covers";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { MarketWorld } from "../../services/market-data/src/testing/market-world.ts";
import { buildBook } from "../../services/tws-simulator/src/market/book.ts";

/** The real services over a real nats-server, and what arrives at the socket of the simulator. */
let world: MarketWorld;
beforeAll(async () => {
  world = await MarketWorld.open();
});
afterAll(() => world?.close());

const AAPL = 265598;
const TEXTS = ["NaN", "1e308", "1.7976931348623157E308", "-Infinity"];
const AGENTS = 50;
const EACH = 6;
const STOCKS = 40;

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
  if (stats.outcome !== "ok") throw new Error(stats.denial.message);
  expect(Object.keys(stats.value.caches).sort()).toEqual([
    ...["bars", "chains", "descriptions", "heads", "instruments", "quotes", "schedules", "searches"],
    ...["sessions", "surface"],
  ]);
  const { quotes } = stats.value.caches;
  expect(quotes).toMatchObject({ entries: 1, ageMs: expect.any(Number) });
  // A quote in use is also asked again by the service itself, which may join.
  expect(quotes?.saved).toBeGreaterThanOrEqual(999);
  expect(quotes?.saved).toBe((quotes?.hits ?? 0) + (quotes?.joined ?? 0));
});

const stocks = [...buildBook().values()].filter(({ secType }) => secType === "STK").map(({ conId }) => conId);

describe("a broker that is not to be trusted", () => {
  const fault = (rule: object) => world.simulator.control("POST", "/faults", rule);
  const quote = (conid: number) => world.edge.request(RPCS.quote, { conid, maxAgeMs: 1_000, asker: "agent-1" });
  afterEach(() => world.simulator.control("DELETE", "/faults"));

  test.each(TEXTS)("says %s for each price -> no price, the reason, and no number in its place", async (text) => {
    const conid = stocks.filter((one) => one !== AAPL)[TEXTS.indexOf(text)] ?? 0;
    await fault({ action: "replaceToken", message: "tickPrice", index: 4, text, times: 0 });
    const reply = await quote(conid);
    const unreadable = { state: "absent", reason: "unreadable" };
    const value = { bid: unreadable, ask: unreadable, last: unreadable, flags: ["noPrice"] };
    expect(reply).toMatchObject({ outcome: "ok", value });
  });

  test("says everything four times, and the type of data last -> one answer, and nothing of it passes for live", async () => {
    const conid = stocks.at(-2) ?? 0;
    await fault({ action: "duplicateReply", message: "tickPrice", copies: 3, times: 0 });
    await fault({ action: "delayReply", message: "marketDataType", delayMs: 100, keepOrder: false, times: 0 });
    const replies = await Promise.all(Array.from({ length: 50 }, () => quote(conid)));
    for (const reply of replies)
      expect(reply).toMatchObject({ outcome: "ok", value: { bid: { state: "known", dataType: "delayedFrozen" } } });
  });
});

test("fifty agents with bars of many instruments under strict pacing: all are answered, each is asked once, no violation", async () => {
  covers("fault/pacing-messages", "fault/pacing-historical");
  await world.simulator.control("POST", "/faults", { action: "messagePacing", perSecond: 50, strikesMax: 1 });
  await world.simulator.control("POST", "/faults", { action: "historicalPacing" });
  const conids = stocks.slice(0, STOCKS);
  const bars = { barSize: "1 day", whatToShow: "TRADES", regularHoursOnly: true, from: null, duration: "1 M" } as const;
  const ask = (agent: number, turn: number) =>
    world.edge.request(RPCS.bars, {
      ...{ ...bars, until: null, maxPoints: 100, maxAgeMs: 300_000, maxWaitMs: 20_000 },
      conid: conids[(agent + turn * 7) % conids.length] ?? AAPL,
      asker: `agent-${agent}`,
    });
  const outcomes: string[] = [];
  let waits: number[] = [];
  const requests = await arrived("reqHistoricalData", async () => {
    const questions = Array.from({ length: AGENTS * EACH }, (_, index) =>
      ask(index % AGENTS, Math.floor(index / AGENTS)),
    );
    const answers = await Promise.all(questions);
    waits = answers.map((one) => (one.outcome === "ok" ? (one.waitedMs ?? 0) : 0));
    for (const one of answers)
      outcomes.push(one.outcome === "denied" ? one.denial.code : one.value.complete ? "complete" : "in part");
  });
  expect(new Set(outcomes)).toEqual(new Set(["complete"]));
  // More instruments than messages in a second: whoever stood in the queue is told for how long.
  expect(Math.max(...waits)).toBeGreaterThan(0);
  expect(requests).toBeGreaterThanOrEqual(conids.length);
  // The bars and the past sessions of each instrument, once for all agents.
  expect(requests).toBeLessThanOrEqual(2 * conids.length);
  const stats = await world.admin.request(RPCS.marketStats, {});
  expect(stats).toMatchObject({ value: { pacing: { violations: 0 } } });
  expect(await world.admin.request(RPCS.brokerStatus, {})).toMatchObject({ value: { link: "up" } });
});
