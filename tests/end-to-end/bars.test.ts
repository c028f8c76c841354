import { BAR_SIZES } from "@countersign/contracts/bars";
import { RPCS } from "@countersign/contracts/subjects";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AAPL } from "../../services/broker-gateway/src/test-support.ts";
import { SIZE_RULES } from "../../services/market-data/src/bars/bar-sizes.ts";
import { mergeBars } from "../../services/market-data/src/bars/resample.ts";
import { ago, BarsWorld, BTC, DAY_MS, EURUSD, HOUR_MS, MSFT, times } from "./bars-world.ts";

/** What an agent gets when it asks for the past. */

let here: BarsWorld;
beforeAll(async () => {
  here = await BarsWorld.open();
});
afterAll(() => here?.close());
beforeEach(() => here.world.simulator.control("DELETE", "/faults"));

/**
 * Six weeks and a day that ended yesterday: the market of the simulator never closes. More than two pages, wherever they
 * begin on their grid: only then the broker is asked where its data begins.
 */
const LONG_AGO = { from: ago(44 * DAY_MS), until: ago(DAY_MS) } as const;

describe("a range of several pages", () => {
  test("is stitched without doubles and without holes", async () => {
    const value = await here.bars({ barSize: "3 hours", ...LONG_AGO, maxPoints: 800 });
    const times = value.bars.map(({ time }) => Date.parse(time ?? ""));
    const stepsMs = new Set(times.slice(1).map((at, index) => at - (times[index] ?? 0)));
    expect([...stepsMs]).toEqual([3 * HOUR_MS]);
    expect(value).toMatchObject({ complete: true, gaps: [], refused: [], earliest: "2010-01-04T14:30:00.000Z" });
    expect(value.pages.asked + value.pages.cached).toBeGreaterThan(1);
    expect(value).toMatchObject({ source: "tws", timeZoneId: "US/Eastern", volumeUnit: "shares", adjusted: "splits" });
  });

  test("keeps open, high, low, close and volume when it is put together to fewer points", async () => {
    // In the middle of a day of New York at any hour of this run, so that the first and the last day are cut.
    const noon = (days: number) => `${ago(days * DAY_MS).slice(0, 10)}T17:10:00.000Z`;
    const change = { barSize: "30 mins", from: noon(20), until: noon(5) } as const;
    const [all, few] = [await here.bars(change), await here.bars({ ...change, maxPoints: 20 })];
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
    const first = await here.bars(change);
    const before = await here.historical();
    expect((await here.bars(change)).pages).toEqual({ asked: 0, cached: first.pages.asked });
    expect((await here.bars({ ...change, from: ago(60 * DAY_MS) })).pages.asked).toBe(0);
    expect(await here.historical()).toBe(before);
    expect((await here.bars({ ...change, from: ago(120 * DAY_MS) })).pages).toMatchObject({
      cached: first.pages.asked,
    });
  });

  test("stops where the broker's data begins, and says so", async () => {
    const value = await here.bars({ barSize: "1 month", from: "1980-01-01T00:00:00.000Z" });
    expect(value.gaps[0]).toMatchObject({ reason: "beforeHead", until: expect.stringMatching(/^2010-01/) });
    expect(
      await here.codeOf({ barSize: "1 day", from: "1980-01-01T00:00:00.000Z", until: "2001-01-01T00:00:00.000Z" }),
    ).toBe("NO_DATA");
  });

  test("any number of callers cost each page once", async () => {
    const change = { conid: MSFT, barSize: "1 day", duration: "6 M" } as const;
    const before = await here.historical();
    const values = await Promise.all(Array.from({ length: 100 }, () => here.bars({ ...change, maxAgeMs: 60_000 })));
    expect(new Set(values.map(({ bars: list }) => JSON.stringify(list))).size).toBe(1);
    // The bars and the schedule.
    expect((await here.historical()) - before).toBe(2);
  });
});

describe("what is refused before anything is sent", () => {
  test.each([
    ["trades of a currency", { conid: EURUSD, duration: "1 D" }, "DATA_KIND_NOT_OFFERED"],
    ["a hundred years", { from: "1926-01-01T00:00:00.000Z" }, "RANGE_TOO_LONG"],
    ["a year of bars of a minute", { barSize: "1 min", from: ago(365 * DAY_MS) }, "RANGE_TOO_LONG"],
    ["no range", {}, "INVALID_ARGUMENT"],
  ] as const)("%s -> %s", async (_, change, code) => {
    const before = await here.historical();
    expect(await here.codeOf(change)).toBe(code);
    expect(await here.historical()).toBe(before);
  });
  test("an instrument that nobody knows -> UNKNOWN_INSTRUMENT", async () => {
    expect(await here.codeOf({ conid: 999_999_999, duration: "1 D" })).toBe("UNKNOWN_INSTRUMENT");
  });
});

describe("every kind of bar", () => {
  test.each(BAR_SIZES)("%s", async (barSize) => {
    const value = await here.bars({
      barSize,
      from: ago((SIZE_RULES[barSize].lengthMs ?? 40 * DAY_MS) * 40),
      maxPoints: 800,
    });
    expect(value.bars.length).toBeGreaterThan(0);
    const { lengthMs } = SIZE_RULES[barSize];
    const last = value.bars.at(-1);
    const isOver = lengthMs !== null && Date.parse(last?.time ?? "") + lengthMs <= Date.parse(value.asOf);
    expect(last?.partial).toBe(!isOver);
    expect(times(value)).toEqual([...new Set(times(value))].sort());
  });

  test.each(["BID", "ASK", "MIDPOINT", "BID_ASK"] as const)("%s of a currency has no volume", async (whatToShow) => {
    const value = await here.bars({ conid: EURUSD, whatToShow, duration: "1 D" });
    expect(value).toMatchObject({ currency: "USD", volumeUnit: null, adjusted: "none" });
    for (const bar of value.bars) expect(bar).toMatchObject({ volume: null, trades: null, averagePrice: null });
  });

  test("trades of crypto come as what TWS has of them", async () => {
    expect((await here.bars({ conid: BTC, duration: "1 D" })).bars.length).toBeGreaterThan(0);
  });

  test("ADJUSTED_LAST says that it is adjusted, and is asked for in one piece", async () => {
    const value = await here.bars({ barSize: "1 day", whatToShow: "ADJUSTED_LAST", duration: "1 Y" });
    expect(value).toMatchObject({ adjusted: "splitsAndDividends", pages: { asked: 1 } });
    expect(value.bars.at(-1)).toMatchObject({ time: null, date: expect.stringMatching(/^[0-9-]{10}$/) });
  });
});

describe("the rest of the past", () => {
  const who = { maxWaitMs: 20_000, asker: "agent-1" } as const;

  test("how far back the data goes is asked once", async () => {
    const read = () => here.edge.request(RPCS.head, { conid: AAPL, whatToShow: "BID", regularHoursOnly: true, ...who });
    const before = (await here.world.simulator.frames()).reqHeadTimestamp ?? 0;
    expect(await read()).toMatchObject({ outcome: "ok", value: { earliest: "2010-01-04T14:30:00.000Z" } });
    await read();
    expect((await here.world.simulator.frames()).reqHeadTimestamp).toBe(before + 1);
  });

  test.each(["TRADES", "BID_ASK", "MIDPOINT"] as const)(
    "1,200 ticks of %s over three requests, no second cut",
    async (kind) => {
      const ask = { conid: AAPL, kind, regularHoursOnly: false, count: 1_200, ...who } as const;
      const forwards = await here.edge.request(RPCS.ticksPast, { ...ask, from: ago(2 * HOUR_MS), until: null });
      if (forwards.outcome !== "ok") throw new Error(JSON.stringify(forwards.denial));
      const { ticks, next, pages } = forwards.value;
      expect(ticks.length).toBeGreaterThanOrEqual(1_200);
      expect(pages).toBeGreaterThan(2);
      expect(ticks.map(({ at }) => at)).toEqual(ticks.map(({ at }) => at).sort());
      const backwards = await here.edge.request(RPCS.ticksPast, { ...ask, from: null, until: next });
      if (backwards.outcome !== "ok") throw new Error(JSON.stringify(backwards.denial));
      expect(backwards.value.ticks.slice(-1_000)).toEqual(ticks.slice(-1_000));
    },
  );

  test("the next bar of five seconds", async () => {
    const asked = { conid: AAPL, whatToShow: "TRADES", regularHoursOnly: false, count: 1, ...who } as const;
    expect(await here.edge.request(RPCS.barsLive, asked)).toMatchObject({
      outcome: "ok",
      value: { bars: [{ at: expect.any(String) }] },
    });
    const none = await here.edge.request(RPCS.barsLive, { ...asked, conid: EURUSD });
    expect(none).toMatchObject({ outcome: "denied", denial: { code: "DATA_KIND_NOT_OFFERED" } });
  });
});
