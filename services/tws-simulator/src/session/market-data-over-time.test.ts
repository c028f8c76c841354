import { ManualClock } from "@countersign/clock/manual-clock";
import { covers } from "@countersign/testing/covers";
import { EventName } from "@stoqey/ib";
import { afterEach, expect, test } from "vitest";
import type { LibraryClient } from "../testing/library-client.ts";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

const SECOND_MS = 1_000;
const running: TestSimulator[] = [];
afterEach(() => {
  for (const simulator of running.splice(0)) simulator.stop();
});

interface Stage {
  readonly client: LibraryClient;
  readonly advance: (ms: number) => Promise<void>;
}

/** A simulator with the real calendar at this instant, and a client whose events are all here after each advance. */
async function stageAt(startMs: number): Promise<Stage> {
  const clock = new ManualClock(startMs);
  const simulator = await TestSimulator.start({ clock, calendar: "real", advance: (ms) => clock.advance(ms) });
  running.push(simulator);
  const client = await simulator.library();
  const settled = async () => {
    const before = client.of(EventName.currentTime).length;
    client.api.reqCurrentTime();
    await client.waitFor(EventName.currentTime, () => true, before + 1);
  };
  const advance = async (ms: number) => {
    await settled();
    await clock.advance(ms);
    await settled();
  };
  return { client, advance };
}

function types(client: LibraryClient, reqId: number): unknown[] {
  const told = client.of(EventName.marketDataType).filter(({ args }) => args[0] === reqId);
  return told.map(({ args }) => args[1]);
}

/** The last price of each tick type of one request. */
function prices(client: LibraryClient, reqId: number): ReadonlyMap<number, number> {
  const ticks = client.of(EventName.tickPrice).filter(({ args }) => args[0] === reqId);
  return new Map(ticks.map(({ args }) => [Number(args[1]), Number(args[2])]));
}

function subscribeToEach(client: LibraryClient): void {
  for (const type of [1, 2, 3, 4] as const) {
    client.api.reqMarketDataType(type);
    client.api.reqMktData(type, AAPL, "", false, false);
  }
}

test("over a close: live and delayed lose their quote, frozen ones keep it and say so, and nothing moves", async () => {
  covers("request/reqMarketDataType", "reply/marketDataType");
  const { client, advance } = await stageAt(Date.UTC(2027, 0, 5, 0, 59, 55));
  subscribeToEach(client);
  client.api.reqMarketDataType(9 as never);
  client.api.reqMktData(9, AAPL, "", true, false);
  await advance(2 * SECOND_MS);
  expect([1, 2, 3, 4, 9].map((reqId) => types(client, reqId))).toEqual([[1], [1], [3], [3], [3]]);
  await advance(10 * SECOND_MS);
  expect([1, 2, 3, 4].map((reqId) => types(client, reqId))).toEqual([[1], [1, 2], [3], [3, 4]]);
  expect([prices(client, 1).get(1), prices(client, 1).get(2), prices(client, 3).get(66)]).toEqual([-1, -1, -1]);
  expect(prices(client, 2).get(1)).toBeGreaterThan(100);
  expect(prices(client, 4).get(66)).toBeGreaterThan(100);
  const seen = client.of(EventName.tickPrice).length;
  await advance(10 * SECOND_MS);
  expect(client.of(EventName.tickPrice)).toHaveLength(seen);
});

test("before an opening: live without a quote, frozen with the last one; with the opening all move", async () => {
  const { client, advance } = await stageAt(Date.UTC(2027, 0, 5, 8, 59, 50));
  subscribeToEach(client);
  await advance(SECOND_MS);
  expect([1, 2, 3, 4].map((reqId) => types(client, reqId))).toEqual([[1], [2], [3], [4]]);
  expect(prices(client, 1).get(1)).toBe(-1);
  expect(prices(client, 1).get(4)).toBeGreaterThan(100);
  expect(prices(client, 2).get(1)).toBeGreaterThan(100);
  await advance(15 * SECOND_MS);
  expect([types(client, 2).at(-1), types(client, 4).at(-1)]).toEqual([1, 3]);
  for (const [reqId, bid] of [
    [1, 1],
    [2, 1],
    [3, 66],
    [4, 66],
  ] as const) {
    expect(prices(client, reqId).get(bid)).toBeGreaterThan(100);
  }
});

test("a headline comes to whoever asked for its provider, at its time", async () => {
  covers("reply/tickNews", "request/generic-ticks");
  const later = await stageAt(Date.UTC(2027, 0, 5, 20));
  later.client.api.reqHistoricalNews(1, AAPL.conId, "DJ-N", "", "", 20);
  await later.client.waitFor(EventName.historicalNewsEnd);
  const inHours = later.client.of(EventName.historicalNews).find(({ args }) => {
    const hour = Number(String(args[1]).slice(11, 13));
    const weekday = new Date(`${String(args[1]).slice(0, 10)}T00:00:00Z`).getUTCDay();
    return hour >= 15 && hour < 20 && weekday >= 1 && weekday <= 5;
  });
  const [, time, provider, articleId] = (inHours?.args ?? []) as string[];
  const atMs = Date.parse(`${String(time).slice(0, 19).replace(" ", "T")}Z`);
  const { client, advance } = await stageAt(atMs - 2 * SECOND_MS);
  client.api.reqMktData(1, AAPL, "292:DJ-N", false, false);
  client.api.reqMktData(2, AAPL, "292:BRFG", false, false);
  await advance(5 * SECOND_MS);
  expect(client.of(EventName.tickNews).map(({ args }) => args.slice(0, 4))).toEqual([[1, atMs, provider, articleId]]);
});
