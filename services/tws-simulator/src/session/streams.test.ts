import { ManualClock } from "@countersign/clock/manual-clock";
import { covers } from "@countersign/testing/covers";
import { EventName } from "@stoqey/ib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LibraryClient, SeenEvent } from "../testing/library-client.ts";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

const EURO = { conId: 12087792, exchange: "IDEALPRO" };
const clock = new ManualClock(Date.UTC(2027, 0, 4, 15, 55, 0));
let simulator: TestSimulator;
let client: LibraryClient;
beforeAll(async () => {
  simulator = await TestSimulator.start({ clock, advance: (ms) => clock.advance(ms) });
  client = await simulator.library();
});
afterAll(() => {
  expect(client.protocolErrors()).toEqual([]);
  simulator.stop();
});

function about(name: string, reqId: number): SeenEvent[] {
  return client.of(name).filter(({ args }) => args[0] === reqId);
}

/** Everything that was written before this resolves has arrived. */
async function settled(): Promise<void> {
  const before = client.of(EventName.currentTime).length;
  client.api.reqCurrentTime();
  await client.waitFor(EventName.currentTime, () => true, before + 1);
}

async function advance(ms: number): Promise<void> {
  await settled();
  await clock.advance(ms);
  await settled();
}

async function refused(code: number, reqId: number): Promise<void> {
  await client.waitFor(EventName.error, (args) => args[1] === code && args[2] === reqId);
}

describe("single ticks", () => {
  test.each([
    ["Last", EventName.tickByTickAllLast],
    ["AllLast", EventName.tickByTickAllLast],
    ["BidAsk", EventName.tickByTickBidAsk],
    ["MidPoint", EventName.tickByTickMidPoint],
  ] as const)("%s: past ones first, then one at each step with news, none after the cancel", async (kind, name) => {
    covers("request/reqTickByTickData", "request/cancelTickByTickData", "reply/tickByTick");
    const reqId = 100 + client.events.length;
    client.api.reqTickByTickData(reqId, AAPL, kind as never, 10, false);
    await advance(5_000);
    const past = [EventName.historicalTicksLast, EventName.historicalTicksBidAsk, EventName.historicalTicks];
    expect(past.flatMap((each) => about(each, reqId)).map(({ args }) => (args[1] as object[]).length)).toEqual([10]);
    const seen = about(name, reqId).length;
    expect(seen).toBeGreaterThanOrEqual(kind === "MidPoint" ? 1 : 5);
    expect(seen).toBeLessThanOrEqual(21);
    client.api.cancelTickByTickData(reqId);
    await advance(2_000);
    expect(about(name, reqId)).toHaveLength(seen);
    client.api.cancelTickByTickData(reqId);
    await refused(300, reqId);
  });

  test("a fourth stream -> 10190; trades of a currency -> 10189; an id twice -> 102", async () => {
    covers("error/10190", "error/10189", "error/102");
    for (const reqId of [1, 2, 3, 4]) client.api.reqTickByTickData(reqId, AAPL, "MidPoint" as never, 0, false);
    await refused(10190, 4);
    client.api.cancelTickByTickData(3);
    client.api.reqTickByTickData(5, EURO, "Last" as never, 0, false);
    client.api.reqTickByTickData(1, AAPL, "Last" as never, 0, false);
    await refused(10189, 5);
    client.api.reqTickByTickData(6, { conId: 416904, exchange: "CBOE" }, "BidAsk" as never, 0, false);
    await refused(10189, 6);
    await refused(102, 1);
    client.api.cancelTickByTickData(1);
    client.api.cancelTickByTickData(2);
  });
});

describe("order books", () => {
  test("SMART: rows of both sides with their exchanges, then what moves, and nothing after the cancel", async () => {
    covers("request/reqMktDepth", "request/cancelMktDepth", "reply/marketDepthL2");
    client.api.reqMktDepth(11, AAPL, 4, true);
    await settled();
    const rows = () => about(EventName.updateMktDepthL2, 11).map(({ args }) => args);
    expect(rows().map((row) => [row[1], row[3], row[4]])).toEqual([
      ...[0, 1, 2, 3].map((position) => [position, 0, 1]),
      ...[0, 1, 2, 3].map((position) => [position, 0, 0]),
    ]);
    expect(new Set(rows().map((row) => row[2])).size).toBeGreaterThan(2);
    await advance(2_000);
    const moved = rows().slice(8);
    expect(moved.length).toBeGreaterThan(0);
    expect(moved.every((row) => row[3] === 1 && row[7] === true)).toBe(true);
    client.api.cancelMktDepth(11, true);
    const seen = rows().length;
    await advance(2_000);
    expect(rows()).toHaveLength(seen);
    client.api.cancelMktDepth(11, true);
    await refused(310, 11);
  });

  test("one exchange: makers for a share, none for a currency; no book of an index; three books at most", async () => {
    covers("reply/marketDepth", "error/10092", "error/310");
    client.api.reqMktDepth(12, { ...AAPL, exchange: "ISLAND" }, 2, false);
    client.api.reqMktDepth(13, EURO, 2, false);
    client.api.reqMktDepth(14, { conId: 416904, exchange: "CBOE" }, 2, false);
    client.api.reqMktDepth(15, AAPL, 2, false);
    await refused(10092, 14);
    await refused(10092, 15);
    expect(about(EventName.updateMktDepthL2, 12)[0]?.args.slice(2)).toEqual([
      "MM00",
      0,
      1,
      expect.any(Number),
      expect.any(Number),
      false,
    ]);
    expect(about(EventName.updateMktDepth, 13)).toHaveLength(4);
    client.api.reqMktDepth(16, AAPL, 2, true);
    client.api.reqMktDepth(17, AAPL, 2, true);
    await refused(309, 17);
    for (const [reqId, smart] of [
      [12, false],
      [13, false],
      [16, true],
    ] as const)
      client.api.cancelMktDepth(reqId, smart);
  });
});

test("five-second bars join, one for each five seconds, none after the cancel", async () => {
  covers("request/reqRealTimeBars", "request/cancelRealTimeBars", "reply/realtimeBar", "error/420");
  client.api.reqRealTimeBars(21, AAPL, 5, "TRADES" as never, true);
  for (let reqId = 2_000; reqId < 2_050; reqId += 1)
    client.api.reqRealTimeBars(reqId, AAPL, 5, "TRADES" as never, true);
  await refused(420, 2_049);
  for (let reqId = 2_000; reqId < 2_049; reqId += 1) client.api.cancelRealTimeBars(reqId);
  client.api.reqRealTimeBars(22, EURO, 5, "MIDPOINT" as never, false);
  client.api.reqRealTimeBars(23, EURO, 5, "TRADES" as never, false);
  await refused(420, 23);
  await advance(20_000);
  const bars = about(EventName.realtimeBar, 21).map(({ args }) => args as number[]);
  expect(bars.length).toBeGreaterThanOrEqual(3);
  for (const [index, bar] of bars.entries()) {
    expect(Number(bar[1]) % 5).toBe(0);
    if (index > 0) expect(Number(bar[1])).toBe(Number(bars[index - 1]?.[1]) + 5);
  }
  expect(about(EventName.realtimeBar, 22)[0]?.args.slice(-3)).toEqual([-1, -1, -1]);
  client.api.cancelRealTimeBars(21);
  await advance(10_000);
  expect(about(EventName.realtimeBar, 21)).toHaveLength(bars.length);
  client.api.cancelRealTimeBars(21);
  await refused(300, 21);
});

test("bars that are kept up to date move until they are cancelled, which is confirmed with 162", async () => {
  covers("request/reqHistoricalData", "request/cancelHistoricalData", "reply/historicalDataUpdate");
  client.api.reqHistoricalData(31, AAPL, "", "3600 S", "1 min" as never, "TRADES" as never, 0, 2, true);
  await advance(15_000);
  const seen = about(EventName.historicalDataUpdate, 31).length;
  expect(seen).toBeGreaterThanOrEqual(2);
  client.api.reqHistoricalData(31, AAPL, "", "3600 S", "1 min" as never, "TRADES" as never, 0, 2, false);
  await refused(386, 31);
  client.api.cancelHistoricalData(31);
  await refused(162, 31);
  await advance(10_000);
  expect(about(EventName.historicalDataUpdate, 31)).toHaveLength(seen);
  client.api.cancelHistoricalData(31);
  await refused(366, 31);
});

describe("scanner", () => {
  const gainers = { numberOfRows: 5, instrument: "STK", locationCode: "STK.US.MAJOR", scanCode: 0 } as never;

  test("rows in rank order now and every half minute; the cancel is confirmed with 162; a second one -> 365", async () => {
    covers("request/reqScannerSubscription", "request/cancelScannerSubscription", "reply/scannerData", "error/365");
    client.api.reqScannerSubscription(41, gainers);
    await settled();
    expect(about(EventName.scannerData, 41).map(({ args }) => args[1])).toEqual([0, 1, 2, 3, 4]);
    await advance(30_000);
    expect(about(EventName.scannerDataEnd, 41)).toHaveLength(2);
    client.api.cancelScannerSubscription(41);
    await refused(162, 41);
    await advance(60_000);
    expect(about(EventName.scannerDataEnd, 41)).toHaveLength(2);
    client.api.cancelScannerSubscription(41);
    await refused(365, 41);
  });

  test("price and kind limit the rows; a place that is none -> 162", async () => {
    const filter = [{ tag: "priceAbove", value: "400" }] as never;
    client.api.reqScannerSubscription(42, { ...(gainers as object), stockTypeFilter: "ETF" } as never);
    client.api.reqScannerSubscription(43, gainers, [] as never, filter);
    client.api.reqScannerSubscription(44, { ...(gainers as object), locationCode: "STK.MOON" } as never);
    await refused(162, 44);
    const symbols = (reqId: number) =>
      about(EventName.scannerData, reqId).map(
        ({ args }) => (args[2] as { contract: { symbol: string } }).contract.symbol,
      );
    expect(symbols(42)).toContain("GLD");
    expect(symbols(42)).not.toContain("AAPL");
    expect(symbols(43)).toContain("MSFT");
    expect(symbols(43)).not.toContain("KO");
    client.api.cancelScannerSubscription(42);
    client.api.cancelScannerSubscription(43);
  });
});

test("bulletins: the one of the hour at once, each new one later, none after the cancel", async () => {
  covers("request/reqNewsBulletins", "request/cancelNewsBulletins", "reply/newsBulletins");
  await advance(3_600_000 - (clock.nowMs() % 3_600_000) - 5_000);
  client.api.reqNewsBulletins(true);
  await advance(10_000);
  const ids = client.of(EventName.updateNewsBulletin).map(({ args }) => Number(args[0]));
  expect(ids).toHaveLength(2);
  expect(ids[1]).toBe((ids[0] ?? 0) + 1);
  client.api.cancelNewsBulletins();
  await advance(3_600_000);
  expect(client.of(EventName.updateNewsBulletin)).toHaveLength(2);
});
