import { ManualClock } from "@countersign/clock/manual-clock";
import { covers } from "@countersign/testing/covers";
import { EventName } from "@stoqey/ib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LibraryClient } from "../testing/library-client.ts";
import type { RawClient } from "../testing/raw-client.ts";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

const EURO = { conId: 12087792, exchange: "IDEALPRO" };
const CALL = { symbol: "AAPL", secType: "OPT", exchange: "SMART", strike: 230, right: "C" };
/** A Monday morning in New York. */
const clock = new ManualClock(Date.UTC(2027, 0, 4, 15, 0, 0));
let simulator: TestSimulator;
let client: LibraryClient;
let raw: RawClient;
beforeAll(async () => {
  simulator = await TestSimulator.start({ clock, calendar: "real", advance: (ms) => clock.advance(ms) });
  client = await simulator.library();
  raw = simulator.raw();
  await raw.start("v100..193", 8);
});
afterAll(() => {
  expect(client.protocolErrors()).toEqual([]);
  simulator.stop();
});

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

/** The ticks of one request as `message id x tick type`, in the order of the wire. */
async function snapshot(reqId: number, contract: { conId: number; exchange: string }): Promise<string[]> {
  raw.send(1, 11, reqId, contract.conId, "", "", "", "", "", "", contract.exchange, "", "", "", "", 0, "", 1, 0, "");
  await raw.waitFor(() => raw.of("57").some((frame) => frame[2] === String(reqId)));
  const own = raw.frames.filter((frame) => frame[1] === String(reqId) || frame[2] === String(reqId));
  const typed = new Set(["1", "2", "45", "46"]);
  return own.map((frame) => (typed.has(frame[0] ?? "") ? `${frame[0]}x${frame[3]}` : (frame[0] ?? "")));
}

test("snapshots keep the broker's order: live of a pair and of a share, delayed, an index without a quote", async () => {
  covers("reply/snapshot-order", "reply/tickSnapshotEnd", "reply/tickReqParams", "request/reqMktData");
  expect(await snapshot(101, EURO)).toEqual(["58", "81", "46x45", "45x49", "1x6", "1x7", "1x9", "1x1", "1x2", "57"]);
  expect(await snapshot(102, AAPL)).toEqual([
    ...["58", "81", "46x45", "45x49", "1x6", "1x7", "2x8", "1x9", "1x14", "1x1", "1x2", "1x4", "57"],
  ]);
  expect(await snapshot(103, { conId: 416904, exchange: "CBOE" })).toEqual([
    ...["58", "81", "46x45", "45x49", "1x6", "1x7", "2x8", "1x9", "1x14", "1x4", "57"],
  ]);
  raw.send(59, 1, 3);
  expect(await snapshot(104, AAPL)).toEqual([
    ...["58", "81", "1x66", "1x67", "1x68", "46x88", "1x72", "1x73", "2x74", "1x75", "1x76", "57"],
  ]);
  raw.send(59, 1, 1);
});

describe("streams", () => {
  test("prices with their sizes, sizes alone when only they move, nothing after the cancel", async () => {
    covers("request/reqMktData", "request/cancelMktData", "reply/tickPrice", "reply/tickSize", "reply/tickString");
    client.api.reqMktData(11, AAPL, "", false, false);
    await advance(10_000);
    const moved = client.of(EventName.tickPrice).filter(({ args }) => args[0] === 11);
    expect(moved.length).toBeGreaterThan(10);
    await simulator.pin(AAPL.conId, "231");
    await settled();
    const before = client.events.length;
    await advance(5_000);
    const later = client.events.slice(before).filter(({ args }) => args[0] === 11);
    expect(new Set(later.map(({ name, args }) => `${name} ${args[1]}`))).toEqual(new Set(["tickSize 0", "tickSize 3"]));
    client.api.cancelMktData(11);
    await settled();
    const seen = client.events.length;
    await simulator.pin(AAPL.conId, null);
    await advance(5_000);
    expect(client.events.slice(seen).filter(({ args }) => args[0] === 11)).toEqual([]);
  });

  test("generic ticks: once each, those of trades again with each trade; an unknown one -> 321", async () => {
    covers("request/generic-ticks", "reply/tickGeneric");
    client.api.reqMktData(
      12,
      AAPL,
      "100,101,104,105,106,165,221,225,233,236,292:DJ-N,293,318,375,411,456,588,595",
      false,
      false,
    );
    client.api.reqMktData(13, AAPL, "999", false, false);
    await client.waitFor(EventName.error, (args) => args[1] === 321 && args[2] === 13);
    await advance(20_000);
    const ticks = client.events.filter(({ name, args }) => name.startsWith("tick") && args[0] === 12);
    const count = (type: number) => ticks.filter(({ args }) => args[1] === type).length;
    for (const type of [29, 30, 27, 28, 23, 87, 24, 15, 20, 21, 34, 35, 46, 89, 54, 57, 58, 59, 86, 63]) {
      expect(count(type), `tick ${type}`).toBe(1);
    }
    for (const type of [37, 48, 77]) expect(count(type), `tick ${type}`).toBeGreaterThan(1);
    const volume = ticks.find(({ args }) => args[1] === 48)?.args[2];
    expect(volume).toMatch(/^[\d.]+;\d+;\d{13};\d+;[\d.]+;true$/);
    client.api.cancelMktData(12);
  });

  test("a hundred streams; one more -> 101; without an exchange -> 321", async () => {
    covers("error/101");
    for (let reqId = 1000; reqId <= 1100; reqId += 1) client.api.reqMktData(reqId, AAPL, "", false, false);
    await client.waitFor(EventName.error, (args) => args[1] === 101 && args[2] === 1100);
    for (let reqId = 1000; reqId < 1100; reqId += 1) client.api.cancelMktData(reqId);
    client.api.reqMktData(14, { conId: AAPL.conId }, "", false, false);
    await client.waitFor(EventName.error, (args) => args[1] === 321 && args[2] === 14);
  });
});

describe("options", () => {
  test("volatility and greeks at bid, ask, last and by the model, live and delayed", async () => {
    covers("reply/tickOptionComputation");
    client.api.reqMktData(21, CALL as never, "", false, false);
    client.api.reqMarketDataType(3);
    client.api.reqMktData(22, CALL as never, "", false, false);
    client.api.reqMarketDataType(1);
    await settled();
    const computed = (reqId: number) =>
      client.of(EventName.tickOptionComputation).filter(({ args }) => args[0] === reqId);
    expect(computed(21).map(({ args }) => args[1])).toEqual([10, 11, 12, 13]);
    expect(computed(22).map(({ args }) => args[1])).toEqual([80, 81, 82, 83]);
    const [, , , volatility, delta, price, , gamma, vega, theta, underlying] = (computed(21)[3]?.args ??
      []) as number[];
    expect(volatility).toBe(0.28);
    expect(delta).toBeGreaterThan(0.3);
    expect(delta).toBeLessThan(0.9);
    expect(price).toBeGreaterThan(0);
    for (const greek of [gamma, vega]) expect(greek).toBeGreaterThan(0);
    expect(theta).toBeLessThan(0);
    expect(underlying).toBeGreaterThan(150);
    client.api.cancelMktData(21);
    client.api.cancelMktData(22);
  });

  test("a combination has the quote that its legs give it, and moves with them; one leg or an unknown one -> 200", async () => {
    const names = { symbol: "AAPL", secType: "BAG", exchange: "SMART", currency: "USD" };
    const leg = (conId: number, action: string) => ({ conId, ratio: 1, action, exchange: "SMART" });
    const spread = { ...names, comboLegs: [leg(265598, "BUY"), leg(272093, "SELL")] };
    await simulator.pin(265598, "200");
    await simulator.pin(272093, "450");
    client.api.reqMktData(26, spread as never, "", false, false);
    client.api.reqMktData(27, { ...names, comboLegs: [leg(265598, "BUY")] } as never, "", false, false);
    client.api.reqMktData(28, { ...names, comboLegs: [leg(265598, "BUY"), leg(9, "BUY")] } as never, "", false, false);
    for (const reqId of [27, 28]) await client.waitFor(EventName.error, (args) => args[1] === 200 && args[2] === reqId);
    await client.waitFor(EventName.tickPrice, (args) => args[0] === 26 && args[1] === 1 && args[2] === -250.02);
    await client.waitFor(EventName.tickPrice, (args) => args[0] === 26 && args[1] === 2 && args[2] === -249.98);
    await simulator.pin(272093, "440");
    await client.waitFor(EventName.tickPrice, (args) => args[0] === 26 && args[1] === 1 && args[2] === -240.02);
    client.api.cancelMktData(26);
    for (const conId of [265598, 272093]) await simulator.pin(conId, null);
  });

  test("a price gives the volatility that gives the price; a share has neither -> 321", async () => {
    covers("request/calculateImpliedVolatility", "request/calculateOptionPrice");
    client.api.calculateOptionPrice(23, CALL as never, 0.35, 230);
    const [priced] = await client.waitFor(EventName.tickOptionComputation, ([reqId]) => reqId === 23);
    const price = Number(priced?.args[5]);
    client.api.calculateImpliedVolatility(24, CALL as never, price, 230);
    const [implied] = await client.waitFor(EventName.tickOptionComputation, ([reqId]) => reqId === 24);
    expect(priced?.args[1]).toBe(53);
    expect(Number(implied?.args[3])).toBeCloseTo(0.35, 6);
    client.api.calculateImpliedVolatility(25, AAPL, 5, 230);
    await client.waitFor(EventName.error, (args) => args[1] === 321 && args[2] === 25);
    client.api.cancelCalculateOptionPrice(23);
    client.api.cancelCalculateImpliedVolatility(24);
  });
});

test("the book of a market that closes is taken away, and while it is closed there is none", async () => {
  client.api.reqMktDepth(31, AAPL, 2, true);
  await settled();
  const rows = (reqId: number) => client.of(EventName.updateMktDepthL2).filter(({ args }) => args[0] === reqId);
  expect(rows(31).map(({ args }) => args[3])).toEqual([0, 0, 0, 0]);
  await clock.advance(Date.UTC(2027, 0, 5, 1, 0, 1) - clock.nowMs());
  await settled();
  expect(
    rows(31)
      .slice(-4)
      .map(({ args }) => args[3]),
  ).toEqual([2, 2, 2, 2]);
  client.api.reqMktDepth(32, AAPL, 2, true);
  await settled();
  expect(rows(32)).toEqual([]);
});
