import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../../services/broker-gateway/src/testing/eventually.ts";
import { type Reader, StreamWorld } from "./stream-world.ts";
import { STREAM_LINES, STREAMED } from "./streamed-conids.ts";

const STREAMS = STREAMED.length;
/**
 * Fewer than all streams at once, and more than the half of the lines that TWS takes from a user: what is sent in two seconds
 * arrives in one at a simulator that a busy machine has held up.
 */
const PER_SECOND = Math.floor(STREAM_LINES * 0.75);

let world: StreamWorld;
const readers: Reader[] = [];

beforeAll(async () => {
  world = await StreamWorld.open({ lines: STREAM_LINES, streams: { linesPerAskerMax: STREAMS, silentAfterMs: 5_000 } });
  await world.fault({ action: "messagePacing", perSecond: PER_SECOND });
  readers.push(world.reader("risk", "gate"), world.reader("admin", "operator"));
  for (const reader of readers) await reader.watch?.watch(STREAMED);
  await allLive();
});
afterAll(() => world?.close());
afterEach(() => {
  for (const { broken } of readers) expect(broken).toEqual([]);
  expect(world.world.gateway?.link.faults.list()).toEqual([]);
});

function allLive(): Promise<true> {
  return eventually(() => (readers.every((one) => one.count("live") === STREAMS) ? (true as const) : undefined));
}

/** Until every reader has been told of every stream that it is interrupted. */
function allTold(since: ReadonlyMap<Reader, number>): Promise<true> {
  const told = (reader: Reader) =>
    STREAMED.every((conid) => (reader.story.get(conid) ?? []).slice(since.get(reader)).includes("reconnecting"));
  return eventually(() => (readers.every(told) ? (true as const) : undefined));
}

function storyStarts(): ReadonlyMap<Reader, number> {
  for (const reader of readers) for (const conid of STREAMED) reader.story.set(conid, []);
  return new Map(readers.map((reader) => [reader, 0]));
}

async function linesOpened(task: () => Promise<unknown>): Promise<number> {
  const before = await world.frames("reqMktData");
  await task();
  return (await world.frames("reqMktData")) - before;
}

describe("200 streams", () => {
  test("cost one line each, however many watch, and no message too many", async () => {
    expect(STREAMS).toBe(200);
    expect(await world.frames("reqMktData")).toBe(STREAMS);
    expect(world.world.gateway?.link.faults.list()).toEqual([]);
  });

  test("connection cut -> every reader is told at once, and every stream comes back", async () => {
    const since = storyStarts();
    const opened = await linesOpened(async () => {
      await world.fault({ action: "closeConnections" });
      await allTold(since);
      await allLive();
    });
    expect(opened).toBe(STREAMS);
  });

  test("the daily restart -> told at once, back when TWS is", async () => {
    const since = storyStarts();
    await world.fault({ action: "restart", downMs: 1_500 });
    await allTold(since);
    for (const reader of readers) expect(reader.count("live")).toBe(0);
    await allLive();
  });

  test("the nightly reset with the streams lost (1101) -> opened anew", async () => {
    const since = storyStarts();
    const opened = await linesOpened(async () => {
      await world.fault({ action: "serverLost", downMs: 500, restored: "1101" });
      await allTold(since);
      await allLive();
    });
    expect(opened).toBe(STREAMS);
  });

  test("the nightly reset with the streams kept (1102) -> the same lines go on", async () => {
    const since = storyStarts();
    const opened = await linesOpened(async () => {
      await world.fault({ action: "serverLost", downMs: 500, restored: "1102" });
      await allTold(since);
      await allLive();
    });
    expect(opened).toBeLessThan(STREAMS);
  });

  test("a farm breaks -> nothing passes for current until it speaks; its lines alone are opened anew", async () => {
    const dead = STREAMED.slice(0, 30);
    const alive = STREAMED.slice(30);
    for (const conid of dead) await world.fault({ action: "staleData", conid });
    const since = storyStarts();
    await world.fault({ action: "notice", code: 2103, text: "Market data farm connection is broken:usfarm" });
    await allTold(since);
    await eventually(() => (alive.every((conid) => isLive(conid)) ? true : undefined));
    expect(dead.some((conid) => isLive(conid))).toBe(false);
    const opened = await linesOpened(async () => {
      await world.fault({ action: "notice", code: 2104, text: "Market data farm connection is OK:usfarm" });
      await allLive();
    });
    expect(opened).toBe(dead.length);
    await world.calm();
    await world.fault({ action: "messagePacing", perSecond: PER_SECOND });
  });

  test("the gateway is replaced -> its silence is told, and the next one is told what is wanted", async () => {
    const since = storyStarts();
    await world.world.stopGateway();
    await allTold(since);
    await world.startGateway();
    await allLive();
  });

  test("market-data is replaced -> its readers find out by themselves and have their streams again", async () => {
    const before = new Set(readers.flatMap(({ latest }) => [...latest.values()].map(({ stream }) => stream)));
    await world.restartMarket();
    const isNew = ({ latest }: Reader) => [...latest.values()].every(({ stream }) => !before.has(stream));
    await eventually(() => (readers.every(isNew) ? true : undefined));
    await allLive();
    expect(world.world.gateway?.link.faults.list()).toEqual([]);
  });
});

function isLive(conid: number): boolean {
  return readers.every(({ latest }) => latest.get(conid)?.status === "live");
}
