import { join } from "node:path";
import { type Bus, connectBus } from "@countersign/bus/bus";
import { createSystemClock, utcText } from "@countersign/clock/clock";
import { loadConfig } from "@countersign/config/load";
import { BAR_SIZES } from "@countersign/contracts/bars";
import type { BarsRequest, BarsValue } from "@countersign/contracts/messages/md-bars.v1";
import { RPCS } from "@countersign/contracts/subjects";
import { createLogger } from "@countersign/log/logger";
import { covers } from "@countersign/testing/covers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AAPL, World } from "../../services/broker-gateway/src/test-support.ts";
import { SIZE_RULES } from "../../services/market-data/src/bars/bar-sizes.ts";
import { barSource } from "../../services/market-data/src/bars/bar-source.ts";
import { type Pace, UNPACED } from "../../services/market-data/src/bars/pace.ts";
import { mergeBars } from "../../services/market-data/src/bars/resample.ts";
import { serveBars } from "../../services/market-data/src/bars/serve-bars.ts";
import { MarketDataConfig } from "../../services/market-data/src/config.ts";
import { Scheduler } from "../../services/market-data/src/pacing/scheduler.ts";

/** Bars as an agent gets them: over the bus, through market-data and the real gateway, from the real simulator. */

const clock = createSystemClock();
const file = join(import.meta.dirname, "../../config/market-data.yaml");
const { bars: settings, pacing } = loadConfig({ schema: MarketDataConfig, file }).config;
const EURUSD = 12087792;
const [MSFT, SPY, BTC] = [272093, 756733, 479624278];
const [TSLA, NVDA] = [76792991, 4815747];
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let world: World;
let edge: Bus;
let pace: Pace = UNPACED;
beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
  const log = createLogger({ service: "mcp-edge", level: "silent" });
  const { url, keysDir } = world.nats;
  edge = await connectBus({ url, keysDir, clock, log, service: "mcp-edge", users: ["mcp-edge"] });
  serveBars(world.market, {
    ...{ clock, source: barSource(world.market), settings, pace: { run: (...request) => pace.run(...request) } },
    describe: (conid) => world.market.request(RPCS.brokerContract, { conid }),
  });
});
afterAll(async () => {
  await edge?.drain();
  await world?.close();
});
beforeEach(() => world.simulator.control("DELETE", "/faults"));

const ago = (ms: number) => utcText(Math.floor((clock.nowMs() - ms) / 1_000) * 1_000);

function request(change: Partial<BarsRequest>): BarsRequest {
  return {
    ...{ conid: AAPL, barSize: "5 mins", whatToShow: "TRADES", regularHoursOnly: false },
    ...{ from: null, duration: null, until: null, maxPoints: 800, maxAgeMs: 0, maxWaitMs: 20_000, asker: "agent-1" },
    ...change,
  };
}

const ask = (change: Partial<BarsRequest>) => edge.request(RPCS.bars, request(change));

async function bars(change: Partial<BarsRequest>): Promise<BarsValue> {
  const reply = await ask(change);
  if (reply.outcome !== "ok") throw new Error(JSON.stringify(reply.denial));
  return reply.value;
}

const codeOf = async (change: Partial<BarsRequest>) => {
  const reply = await ask(change);
  return reply.outcome === "ok" ? "ok" : reply.denial.code;
};
const fault = (rule: object) => world.simulator.control("POST", "/faults", rule);
const historical = async () => (await world.simulator.frames()).reqHistoricalData ?? 0;
const times = (value: BarsValue) => value.bars.map(({ time, date }) => time ?? date ?? "");
/** A month that ended yesterday: the market of the simulator never closes. */
const LONG_AGO = { from: ago(31 * DAY_MS), until: ago(DAY_MS) } as const;

describe("a range of several pages", () => {
  test("is stitched without doubles and without holes", async () => {
    const value = await bars({ barSize: "1 hour", ...LONG_AGO, maxPoints: 800 });
    const times = value.bars.map(({ time }) => Date.parse(time ?? ""));
    const stepsMs = new Set(times.slice(1).map((at, index) => at - (times[index] ?? 0)));
    expect([...stepsMs]).toEqual([HOUR_MS]);
    expect(value).toMatchObject({ complete: true, gaps: [], refused: [], earliest: "2010-01-04T14:30:00.000Z" });
    expect(value.pages.asked + value.pages.cached).toBeGreaterThan(1);
    expect(value).toMatchObject({ source: "tws", timeZoneId: "US/Eastern", volumeUnit: "shares", adjusted: "splits" });
  });

  test("keeps open, high, low, close and volume when it is put together to fewer points", async () => {
    const change = { barSize: "30 mins", from: ago(20 * DAY_MS), until: ago(5 * DAY_MS) } as const;
    const [all, few] = [await bars(change), await bars({ ...change, maxPoints: 20 })];
    expect(all.resampled).toBeNull();
    expect(few.bars.length).toBeLessThanOrEqual(20);
    expect(few.resampled).toMatchObject({ size: "1 day", factor: 48, of: all.bars.length });
    expect(mergeBars(few.bars, false)).toMatchObject({
      ...mergeBars(all.bars, false),
      averagePrice: expect.anything(),
      partial: true,
    });
    expect(few.bars.map(({ partial }) => partial)).toEqual(
      few.bars.map((_, at) => at === 0 || at === few.bars.length - 1),
    );
  });

  test("costs nothing a second time, and a range that overlaps costs only what is new", async () => {
    const change = { barSize: "2 hours", from: ago(90 * DAY_MS), until: ago(30 * DAY_MS) } as const;
    const first = await bars(change);
    const before = await historical();
    expect((await bars(change)).pages).toEqual({ asked: 0, cached: first.pages.asked });
    expect((await bars({ ...change, from: ago(60 * DAY_MS) })).pages.asked).toBe(0);
    expect(await historical()).toBe(before);
    expect((await bars({ ...change, from: ago(120 * DAY_MS) })).pages).toMatchObject({ cached: first.pages.asked });
  });

  test("stops where the broker's data begins, and says so", async () => {
    const value = await bars({ barSize: "1 month", from: "1980-01-01T00:00:00.000Z" });
    expect(value.gaps[0]).toMatchObject({ reason: "beforeHead", until: expect.stringMatching(/^2010-01/) });
    expect(
      await codeOf({ barSize: "1 day", from: "1980-01-01T00:00:00.000Z", until: "2001-01-01T00:00:00.000Z" }),
    ).toBe("NO_DATA");
  });

  test("any number of callers cost each page once", async () => {
    const change = { conid: MSFT, barSize: "1 day", duration: "6 M" } as const;
    const before = await historical();
    const values = await Promise.all(Array.from({ length: 100 }, () => bars({ ...change, maxAgeMs: 60_000 })));
    expect(new Set(values.map(({ bars: list }) => JSON.stringify(list))).size).toBe(1);
    // The bars and the schedule.
    expect((await historical()) - before).toBe(2);
  });
});

describe("what is refused before anything is sent", () => {
  test.each([
    ["trades of a currency", { conid: EURUSD, duration: "1 D" }, "DATA_KIND_NOT_OFFERED"],
    ["a hundred years", { from: "1926-01-01T00:00:00.000Z" }, "RANGE_TOO_LONG"],
    ["a year of bars of a minute", { barSize: "1 min", from: ago(365 * DAY_MS) }, "RANGE_TOO_LONG"],
    ["no range", {}, "INVALID_ARGUMENT"],
  ] as const)("%s -> %s", async (_, change, code) => {
    const before = await historical();
    expect(await codeOf(change)).toBe(code);
    expect(await historical()).toBe(before);
  });
  test("an instrument that nobody knows -> UNKNOWN_INSTRUMENT", async () => {
    expect(await codeOf({ conid: 999_999_999, duration: "1 D" })).toBe("UNKNOWN_INSTRUMENT");
  });
});

describe("every kind of bar", () => {
  test.each(BAR_SIZES)("%s", async (barSize) => {
    const value = await bars({
      barSize,
      from: ago((SIZE_RULES[barSize].lengthMs ?? 40 * DAY_MS) * 40),
      maxPoints: 800,
    });
    expect(value.bars.length).toBeGreaterThan(0);
    expect(value.bars.at(-1)?.partial).toBe(true);
    expect(times(value)).toEqual([...new Set(times(value))].sort());
  });

  test.each(["BID", "ASK", "MIDPOINT", "BID_ASK"] as const)("%s of a currency has no volume", async (whatToShow) => {
    const value = await bars({ conid: EURUSD, whatToShow, duration: "1 D" });
    expect(value).toMatchObject({ currency: "USD", volumeUnit: null, adjusted: "none" });
    for (const bar of value.bars) expect(bar).toMatchObject({ volume: null, trades: null, averagePrice: null });
  });

  test("trades of crypto come as what TWS has of them", async () => {
    expect((await bars({ conid: BTC, duration: "1 D" })).bars.length).toBeGreaterThan(0);
  });

  test("ADJUSTED_LAST says that it is adjusted, and is asked for in one piece", async () => {
    const value = await bars({ barSize: "1 day", whatToShow: "ADJUSTED_LAST", duration: "1 Y" });
    expect(value).toMatchObject({ adjusted: "splitsAndDividends", pages: { asked: 1 } });
    expect(value.bars.at(-1)).toMatchObject({ time: null, date: expect.stringMatching(/^[0-9-]{10}$/) });
  });
});

describe("a broker that does not do what it should", () => {
  const page = { barSize: "15 mins", duration: "2 D" } as const;

  test("no data -> NO_DATA with the instrument", async () => {
    const text = "Historical Market Data Service error message:HMDS query returned no data: AAPL@SMART Trades";
    await fault({ action: "answerError", message: "reqHistoricalData", code: 162, text, times: 0 });
    expect(await ask(page)).toMatchObject({ outcome: "denied", denial: { code: "NO_DATA", detail: { conid: AAPL } } });
  });

  test("no data in the middle of a range is no end: the gap is named and the rest is there", async () => {
    const text = "Historical Market Data Service error message:HMDS query returned no data: AAPL@SMART Trades";
    const change = { conid: MSFT, barSize: "1 hour", from: ago(70 * DAY_MS), until: ago(2 * DAY_MS) } as const;
    await bars({ ...change, conid: MSFT, barSize: "1 day" });
    await fault({ action: "answerError", message: "reqHistoricalData", nth: 2, code: 162, text });
    const value = await bars(change);
    expect(value.gaps).toMatchObject([{ reason: "noData" }]);
    const [gap] = value.gaps;
    expect(times(value).some((time) => time < (gap?.from ?? ""))).toBe(true);
    expect(times(value).some((time) => time >= (gap?.until ?? "9"))).toBe(true);
  });

  test("the same answer twice, and late -> one answer, and the next question gets its own", async () => {
    await fault({ action: "duplicateReply", message: "historicalData", copies: 3, times: 0 });
    const [first, second] = [await bars(page), await bars({ ...page, barSize: "30 mins" })];
    expect(times(first)).toEqual([...new Set(times(first))].sort());
    expect(second.bars.length).toBeLessThan(first.bars.length);
  });

  test("a pacing violation -> BUSY, which may be asked again", async () => {
    const text = "Historical Market Data Service error message:Historical data request pacing violation";
    await fault({ action: "answerError", message: "reqHistoricalData", code: 162, text, times: 0 });
    await expect(ask(page)).rejects.toMatchObject({ code: "BUSY", retryable: true });
  });

  test("no answer in the caller's time -> TIMEOUT, and it is no longer than that", async () => {
    await fault({ action: "ignoreRequest", message: "reqHistoricalData", times: 0 });
    const startedMs = clock.monotonicMs();
    await expect(ask({ ...page, maxWaitMs: 300 })).rejects.toMatchObject({ code: "TIMEOUT", retryable: true });
    expect(clock.monotonicMs() - startedMs).toBeLessThan(5_000);
  });

  test("some pages in time -> those, and the others named as not loaded", async () => {
    await fault({ action: "ignoreRequest", message: "reqHistoricalData", nth: 4, times: 0 });
    const value = await bars({
      conid: SPY,
      barSize: "4 hours",
      from: ago(150 * DAY_MS),
      until: ago(2 * DAY_MS),
      maxWaitMs: 1_500,
    });
    expect(value.complete).toBe(false);
    expect(value.gaps.map(({ reason }) => reason)).toContain("notLoaded");
    expect(value.bars.length).toBeGreaterThan(0);
  });

  test("the link cut between two pages -> a fault, no shorter answer; asked again it has what it had", async () => {
    const change = { conid: SPY, barSize: "3 hours", from: ago(120 * DAY_MS), until: ago(2 * DAY_MS) } as const;
    await fault({ action: "cutBeforeReply", message: "historicalData", nth: 3 });
    await expect(ask(change)).rejects.toMatchObject({ code: "BROKER_UNAVAILABLE", effect: "none" });
    await world.linkUp();
    const value = await bars(change);
    expect(value).toMatchObject({ complete: true, gaps: [] });
    expect(value.pages.cached).toBeGreaterThan(0);
  });
});

describe("within the broker's pace", () => {
  beforeEach(async () => {
    pace = new Scheduler({ clock, config: pacing });
    await fault({ action: "historicalPacing" });
  });
  afterEach(() => {
    pace = UNPACED;
  });

  test("seven pages of short bars wait for each other, and TWS never says that it was too fast", async () => {
    covers("fault/pacing-historical");
    const value = await bars({
      conid: TSLA,
      barSize: "30 secs",
      from: ago(50 * HOUR_MS),
      until: ago(HOUR_MS),
      maxPoints: 200,
    });
    expect(value).toMatchObject({ complete: true, gaps: [] });
    expect(value.pages.asked).toBe(7);
  });

  test("a caller who does not wait gets the newest, and of the rest how long the wait is", async () => {
    const value = await bars({
      ...{
        conid: NVDA,
        barSize: "30 secs",
        from: ago(90 * HOUR_MS),
        until: ago(HOUR_MS),
        maxPoints: 200,
        maxWaitMs: 600,
      },
    });
    expect(value.complete).toBe(false);
    const [gap] = value.gaps;
    expect(gap).toMatchObject({ reason: "notLoaded", waitMs: expect.any(Number) });
    expect(times(value).every((time) => time >= (gap?.until ?? ""))).toBe(true);
  });
});

describe("the rest of the past", () => {
  const who = { maxWaitMs: 20_000, asker: "agent-1" } as const;

  test("how far back the data goes is asked once", async () => {
    const read = () => edge.request(RPCS.head, { conid: AAPL, whatToShow: "BID", regularHoursOnly: true, ...who });
    const before = (await world.simulator.frames()).reqHeadTimestamp ?? 0;
    expect(await read()).toMatchObject({ outcome: "ok", value: { earliest: "2010-01-04T14:30:00.000Z" } });
    await read();
    expect((await world.simulator.frames()).reqHeadTimestamp).toBe(before + 1);
  });

  test.each(["TRADES", "BID_ASK", "MIDPOINT"] as const)(
    "1,200 ticks of %s over three requests, no second cut",
    async (kind) => {
      const ask = { conid: AAPL, kind, regularHoursOnly: false, count: 1_200, ...who } as const;
      const forwards = await edge.request(RPCS.ticksPast, { ...ask, from: ago(2 * HOUR_MS), until: null });
      if (forwards.outcome !== "ok") throw new Error(JSON.stringify(forwards.denial));
      const { ticks, next, pages } = forwards.value;
      expect(ticks.length).toBeGreaterThanOrEqual(1_200);
      expect(pages).toBeGreaterThan(2);
      expect(ticks.map(({ at }) => at)).toEqual(ticks.map(({ at }) => at).sort());
      const backwards = await edge.request(RPCS.ticksPast, { ...ask, from: null, until: next });
      if (backwards.outcome !== "ok") throw new Error(JSON.stringify(backwards.denial));
      expect(backwards.value.ticks.slice(-1_000)).toEqual(ticks.slice(-1_000));
    },
  );

  test("the next bar of five seconds", async () => {
    const asked = { conid: AAPL, whatToShow: "TRADES", regularHoursOnly: false, count: 1, ...who } as const;
    expect(await edge.request(RPCS.barsLive, asked)).toMatchObject({
      outcome: "ok",
      value: { bars: [{ at: expect.any(String) }] },
    });
    const none = await edge.request(RPCS.barsLive, { ...asked, conid: EURUSD });
    expect(none).toMatchObject({ outcome: "denied", denial: { code: "DATA_KIND_NOT_OFFERED" } });
  });
});
