import { RPCS } from "@countersign/contracts/subjects";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MarketWorld } from "../testing/market-world.ts";
import { averageVolume } from "./average-volume.ts";

const AAPL = 265598;
const MSFT = 272093;
const SAP = 2_000_000_051;

describe("all facts of a ticket in one answer", () => {
  let world: MarketWorld;
  beforeAll(async () => {
    world = await MarketWorld.open();
  });
  afterAll(() => world?.close());

  const facts = async (change: object) => {
    const question = { conids: [AAPL], maxAgeMs: 5_000, rateTo: null, dailyBars: 0, ...change };
    const reply = await world.gate.request(RPCS.marketFacts, question);
    if (reply.outcome === "denied") throw new Error(reply.denial.message);
    return reply.value;
  };

  test("quote, session, daily bars, average volume and rate, each with its age", async () => {
    const { instruments, rate } = await facts({ rateTo: "EUR", dailyBars: 20 });
    const [apple] = instruments;
    if (apple?.quote.outcome !== "ok" || apple.dailyBars?.outcome !== "ok") throw new Error(JSON.stringify(apple));
    expect(apple.quote.value.ageMs).toBeLessThanOrEqual(5_000);
    expect(apple.session).toMatchObject({ outcome: "ok", value: { state: "open" } });
    expect(apple.dailyBars.value.bars.length).toBeGreaterThanOrEqual(14);
    expect(apple.dailyBars.value.ageMs).toBeGreaterThanOrEqual(0);
    expect(apple.averageVolume).toMatchObject({ unit: "shares" });
    expect(Number(apple.averageVolume?.volume)).toBeGreaterThan(0);
    expect(rate).toMatchObject({ outcome: "ok", value: { from: "USD", to: "EUR", method: "inverse" } });
  });

  test("what is not asked is not there, and costs the broker nothing", async () => {
    await facts({});
    const before = await world.simulator.frames();
    expect(await facts({})).toMatchObject({ rate: null, instruments: [{ dailyBars: null, averageVolume: null }] });
    const after = await world.simulator.frames();
    expect(after.reqHistoricalData ?? 0).toBe(before.reqHistoricalData ?? 0);
    expect(after.reqContractDetails).toBe(before.reqContractDetails);
  });

  test("legs in one currency share a rate; in several there is none", async () => {
    const pair = await facts({ conids: [AAPL, MSFT], rateTo: "EUR" });
    expect(pair.instruments.map(({ conid }) => conid)).toEqual([AAPL, MSFT]);
    expect(pair.rate).toMatchObject({ outcome: "ok" });
    const mixed = await facts({ conids: [AAPL, SAP], rateTo: "EUR" });
    expect(mixed.rate).toMatchObject({ outcome: "denied", denial: { code: "NO_RATE" } });
  });

  test("an unknown instrument denies its own parts and no others", async () => {
    const { instruments } = await facts({ conids: [AAPL, 999_999_999] });
    expect(instruments).toMatchObject([
      { quote: { outcome: "ok" } },
      { quote: { outcome: "denied", denial: { code: "UNKNOWN_INSTRUMENT" } } },
    ]);
  });

  test("what can be borrowed, from the broker's own ticks, and kept for as long as the caller takes it", async () => {
    const shortable = async (conid: number, maxAgeMs: number) =>
      world.gate.request(RPCS.shortable, { conid, maxAgeMs });
    const first = await shortable(AAPL, 60_000);
    if (first.outcome === "denied") throw new Error(first.denial.message);
    expect(first.value).toMatchObject({ conid: AAPL, level: "3", shares: "25000000", dataType: "live" });
    const before = await world.simulator.frames();
    const second = await shortable(AAPL, 60_000);
    expect(second).toMatchObject({ outcome: "ok", value: { asOf: first.value.asOf, shares: "25000000" } });
    expect((await world.simulator.frames()).reqMktData).toBe(before.reqMktData);
    expect(await shortable(999_999_999, 60_000)).toMatchObject({ outcome: "denied" });
    expect(() => world.edge.request(RPCS.shortable, { conid: AAPL, maxAgeMs: 0 })).toThrow("not among those");
  });

  test("nobody but the gate may ask", () => {
    const asking = () =>
      world.edge.request(RPCS.marketFacts, { conids: [AAPL], maxAgeMs: 0, rateTo: null, dailyBars: 0 });
    expect(asking).toThrow("not among those who may use");
  });
});

describe("the average volume", () => {
  const bar = (volume: string | null, partial = false) => ({
    ...{ time: null, date: "2026-11-20", open: "1", high: "1", low: "1", close: "1" },
    ...{ volume, trades: null, averagePrice: null, partial, merged: 1 },
  });
  test("counts finished sessions that have one", () => {
    const bars = [bar("100"), bar(null), bar("201"), bar("5", true)];
    expect(averageVolume({ bars, volumeUnit: "shares" })).toEqual({ sessions: 2, volume: "150", unit: "shares" });
  });
  test("of no session is not zero but unknown", () => {
    expect(averageVolume({ bars: [bar(null)], volumeUnit: "shares" })).toMatchObject({ sessions: 0, volume: null });
  });
});
