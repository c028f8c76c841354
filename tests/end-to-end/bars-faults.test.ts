import { createSystemClock } from "@countersign/clock/clock";
import { covers } from "@countersign/testing/covers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AAPL } from "../../services/broker-gateway/src/test-support.ts";
import { ago, BarsWorld, DAY_MS, HOUR_MS, MSFT, NVDA, SPY, TSLA, times } from "./bars-world.ts";

/** Bars from a broker that does not do what it should, or may not be asked as fast as that. */

const clock = createSystemClock();
let here: BarsWorld;
beforeAll(async () => {
  here = await BarsWorld.open();
});
afterAll(() => here?.close());
beforeEach(() => here.world.simulator.control("DELETE", "/faults"));

const page = { barSize: "15 mins", duration: "2 D" } as const;

test("no data -> NO_DATA with the instrument", async () => {
  const text = "Historical Market Data Service error message:HMDS query returned no data: AAPL@SMART Trades";
  await here.fault({ action: "answerError", message: "reqHistoricalData", code: 162, text, times: 0 });
  expect(await here.ask(page)).toMatchObject({
    outcome: "denied",
    denial: { code: "NO_DATA", detail: { conid: AAPL } },
  });
});

test("no data in the middle of a range is no end: the gap is named and the rest is there", async () => {
  const text = "Historical Market Data Service error message:HMDS query returned no data: AAPL@SMART Trades";
  const change = { conid: MSFT, barSize: "1 hour", from: ago(70 * DAY_MS), until: ago(2 * DAY_MS) } as const;
  await here.bars({ ...change, conid: MSFT, barSize: "1 day" });
  await here.fault({ action: "answerError", message: "reqHistoricalData", nth: 2, code: 162, text });
  const value = await here.bars(change);
  expect(value.gaps).toMatchObject([{ reason: "noData" }]);
  const [gap] = value.gaps;
  expect(times(value).some((time) => time < (gap?.from ?? ""))).toBe(true);
  expect(times(value).some((time) => time >= (gap?.until ?? "9"))).toBe(true);
});

test("the same answer twice, and late -> one answer, and the next question gets its own", async () => {
  await here.fault({ action: "duplicateReply", message: "historicalData", copies: 3, times: 0 });
  const [first, second] = [await here.bars(page), await here.bars({ ...page, barSize: "30 mins" })];
  expect(times(first)).toEqual([...new Set(times(first))].sort());
  expect(second.bars.length).toBeLessThan(first.bars.length);
});

test("a pacing violation -> BUSY, which may be asked again", async () => {
  const text = "Historical Market Data Service error message:Historical data request pacing violation";
  await here.fault({ action: "answerError", message: "reqHistoricalData", code: 162, text, times: 0 });
  await expect(here.ask(page)).rejects.toMatchObject({ code: "BUSY", retryable: true });
});

test("no answer in the caller's time -> TIMEOUT, and it is no longer than that", async () => {
  await here.fault({ action: "ignoreRequest", message: "reqHistoricalData", times: 0 });
  const startedMs = clock.monotonicMs();
  await expect(here.ask({ ...page, maxWaitMs: 300 })).rejects.toMatchObject({ code: "TIMEOUT", retryable: true });
  expect(clock.monotonicMs() - startedMs).toBeLessThan(5_000);
});

test("some pages in time -> those, and the others named as not loaded", async () => {
  await here.fault({ action: "ignoreRequest", message: "reqHistoricalData", nth: 4, times: 0 });
  const value = await here.bars({
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
  await here.fault({ action: "cutBeforeReply", message: "historicalData", nth: 3 });
  await expect(here.ask(change)).rejects.toMatchObject({ code: "BROKER_UNAVAILABLE", effect: "none" });
  await here.world.linkUp();
  const value = await here.bars(change);
  expect(value).toMatchObject({ complete: true, gaps: [] });
  expect(value.pages.cached).toBeGreaterThan(0);
});

describe("within the broker's pace", () => {
  beforeEach(async () => {
    here.paced(true);
    await here.fault({ action: "historicalPacing" });
  });
  afterEach(() => {
    here.paced(false);
  });

  test("more pages of short bars than may go at once wait, and TWS never says that it was too fast", async () => {
    covers("fault/pacing-historical");
    const value = await here.bars({
      conid: TSLA,
      barSize: "30 secs",
      from: ago(50 * HOUR_MS),
      until: ago(HOUR_MS),
      maxPoints: 200,
    });
    expect(value).toMatchObject({ complete: true, gaps: [] });
    // How many there are depends on where the range lies on the grid of pages; six may go within two seconds.
    expect(value.pages.asked).toBeGreaterThan(6);
  });

  test("a caller who does not wait gets the newest, and of the rest how long the wait is", async () => {
    const short = { conid: NVDA, barSize: "30 secs", until: ago(HOUR_MS), maxPoints: 200, maxAgeMs: 60_000 } as const;
    const newest = await here.bars({ ...short, from: ago(30 * HOUR_MS) });
    expect(newest.complete).toBe(true);
    await here.bars({ ...short, barSize: "15 secs", from: ago(5 * HOUR_MS) });
    const value = await here.bars({ ...short, from: ago(90 * HOUR_MS), maxWaitMs: 1_000 });
    expect(value.complete).toBe(false);
    const [gap] = value.gaps;
    expect(gap).toMatchObject({ reason: "notLoaded", waitMs: expect.any(Number) });
    expect(times(value).every((time) => time >= (gap?.until ?? ""))).toBe(true);
  });
});
