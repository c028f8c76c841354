import { ManualClock } from "@countersign/clock/manual-clock";
import { covers } from "@countersign/testing/covers";
import { EventName } from "@stoqey/ib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LibraryClient, SeenEvent } from "../testing/library-client.ts";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

const EURO = { conId: 12087792, exchange: "IDEALPRO" };
const BITCOIN = { conId: 479624278, exchange: "PAXOS" };
/** A Monday morning in New York behind a weekend. */
const clock = new ManualClock(Date.UTC(2027, 0, 4, 15, 0, 0));
let simulator: TestSimulator;
let client: LibraryClient;
beforeAll(async () => {
  simulator = await TestSimulator.start({ clock, calendar: "real", advance: (ms) => clock.advance(ms) });
  client = await simulator.library();
});
afterAll(() => {
  expect(client.protocolErrors()).toEqual([]);
  simulator.stop();
});

async function only(name: string, reqId: number): Promise<SeenEvent["args"]> {
  const [event] = await client.waitFor(name, ([id]) => id === reqId);
  return event?.args ?? [];
}

async function refused(code: number, reqId: number): Promise<void> {
  await client.waitFor(EventName.error, (args) => args[1] === code && args[2] === reqId);
}

interface Tick {
  readonly time: number;
  readonly price: number;
}

test("past ticks from a start and up to an end: in order, in the sessions, the same when asked again", async () => {
  covers("request/reqHistoricalTicks", "reply/historicalTicksLast");
  client.api.reqHistoricalTicks(1, AAPL, "20261231 15:59:50 US/Eastern", "", 60, "TRADES" as never, 1, true);
  client.api.reqHistoricalTicks(2, AAPL, "", "20270104 09:30:05 US/Eastern", 60, "TRADES" as never, 1, true);
  const times = (ticks: unknown) => (ticks as Tick[]).map(({ time }) => time);
  const from = times((await only(EventName.historicalTicksLast, 1))[1]);
  const until = times((await only(EventName.historicalTicksLast, 2))[1]);
  const close = Date.UTC(2026, 11, 31, 21) / 1000;
  const open = Date.UTC(2027, 0, 4, 14, 30) / 1000;
  // Ten seconds before the close of the last day of the year, then the first day of trading after the holiday.
  expect(from).toHaveLength(60);
  expect(from.filter((time) => time < close)).toHaveLength(40);
  expect(from.filter((time) => time >= open)).toHaveLength(20);
  expect(until.filter((time) => time >= open)).toHaveLength(20);
  expect(until.filter((time) => time < close)).toHaveLength(40);
  expect(until).toEqual([...until].sort());
});

test("past quotes and mid-points; trades of a currency -> 10187; both ends, or 1001 ticks -> 321", async () => {
  covers("reply/historicalTicksBidAsk", "reply/historicalTicks", "error/10187");
  const at = "20270104 09:30:00";
  client.api.reqHistoricalTicks(3, EURO, at, "", 5, "BID_ASK" as never, 0, false);
  client.api.reqHistoricalTicks(4, EURO, at, "", 5, "MIDPOINT" as never, 0, false);
  const quotes = (await only(EventName.historicalTicksBidAsk, 3))[1] as { priceBid: number; priceAsk: number }[];
  const middles = (await only(EventName.historicalTicks, 4))[1] as Tick[];
  for (const [index, quote] of quotes.entries()) {
    expect(quote.priceBid).toBeLessThan(quote.priceAsk);
    expect(middles[index]?.price).toBeCloseTo((quote.priceBid + quote.priceAsk) / 2, 9);
  }
  client.api.reqHistoricalTicks(5, EURO, at, "", 5, "TRADES" as never, 0, false);
  client.api.reqHistoricalTicks(6, EURO, at, at, 5, "MIDPOINT" as never, 0, false);
  client.api.reqHistoricalTicks(7, EURO, at, "", 1001, "MIDPOINT" as never, 0, false);
  await refused(10187, 5);
  client.api.reqHistoricalTicks(8, { conId: 416904, exchange: "CBOE" }, at, "", 5, "BID_ASK" as never, 0, false);
  await refused(10187, 8);
  await refused(321, 6);
  await refused(321, 7);
});

test("bars of bid and ask lie around those of the middle; bid-ask bars span both; only trades have a volume", async () => {
  const bars = async (reqId: number, what: string): Promise<number[][]> => {
    client.api.reqHistoricalData(reqId, AAPL, "", "1 D", "1 hour" as never, what as never, 0, 1, false);
    const isLast = (args: readonly unknown[]) => args[0] === reqId && String(args[1]).startsWith("finished");
    await client.waitFor(EventName.historicalData, isLast);
    const own = client.of(EventName.historicalData).filter(({ args }) => args[0] === reqId);
    return own.slice(0, -1).map(({ args }) => args.slice(2, 7) as number[]);
  };
  const [middle, bid, ask, both, trades] = [
    ...[await bars(21, "MIDPOINT"), await bars(22, "BID"), await bars(23, "ASK"), await bars(24, "BID_ASK")],
    await bars(25, "TRADES"),
  ];
  for (const [index, [open = 0, high = 0, low = 0, close = 0, volume = 0]] of (middle ?? []).entries()) {
    expect(bid?.[index]).toEqual([open, high, low, close].map((price) => expect.closeTo(price - 0.01, 6)).concat(-1));
    expect(ask?.[index]).toEqual([open, high, low, close].map((price) => expect.closeTo(price + 0.01, 6)).concat(-1));
    expect(both?.[index]?.slice(1, 3)).toEqual([expect.closeTo(high + 0.01, 6), expect.closeTo(low - 0.01, 6)]);
    expect([volume, trades?.[index]?.[4]]).toEqual([-1, expect.any(Number)]);
    expect(trades?.[index]?.[4]).toBeGreaterThan(0);
  }
  expect(middle?.length).toBeGreaterThan(0);
});

test("a schedule has the sessions of the exchange, holidays left out", async () => {
  covers("request/reqHistoricalData", "reply/historicalSchedule");
  client.api.reqHistoricalData(11, AAPL, "", "3 D", "1 day" as never, "SCHEDULE" as never, 1, 1, false);
  const [, start, end, zone, sessions] = await only(EventName.historicalSchedule, 11);
  expect([start, end, zone]).toEqual(["20261230-09:30:00", "20270104-16:00:00", "US/Eastern"]);
  expect((sessions as { refDate: string }[]).map(({ refDate }) => refDate)).toEqual([
    "20261230",
    "20261231",
    "20270104",
  ]);
});

test("a histogram: prices in order, sizes above zero; a period that is none -> 321", async () => {
  covers("request/reqHistogramData", "request/cancelHistogramData", "reply/histogramData");
  client.api.reqHistogramData(12, AAPL, true, 3, "DAY" as never);
  const rows = (await only(EventName.histogramData, 12))[1] as { price: number; size: number }[];
  expect(rows.length).toBeGreaterThan(10);
  for (const [index, row] of rows.entries()) {
    expect(row.size).toBeGreaterThan(0);
    if (index > 0) expect(row.price).toBeGreaterThan(rows[index - 1]?.price ?? 0);
  }
  client.api.cancelHistogramData(12);
  client.api.reqHistogramData(18, AAPL, true, 30, "DAY" as never);
  expect(((await only(EventName.histogramData, 18))[1] as unknown[]).length).toBeGreaterThan(10);
  client.api.reqHistogramData(13, AAPL, true, 3, "YEAR" as never);
  await refused(321, 13);
});

test("the earliest data in both formats; bars of a crypto currency are aggregated trades, others -> 10299", async () => {
  covers("request/reqHeadTimestamp", "request/cancelHeadTimestamp", "reply/headTimestamp", "reply/historicalData");
  client.api.reqHeadTimestamp(14, AAPL, "TRADES" as never, true, 1);
  client.api.reqHeadTimestamp(15, AAPL, "TRADES" as never, true, 2);
  expect((await only(EventName.headTimestamp, 14))[1]).toBe("20100104-14:30:00");
  expect((await only(EventName.headTimestamp, 15))[1]).toBe("1262615400");
  client.api.cancelHeadTimestamp(15);
  client.api.reqHistoricalData(16, BITCOIN, "", "1 D", "1 hour" as never, "AGGTRADES" as never, 0, 1, false);
  client.api.reqHistoricalData(17, BITCOIN, "", "1 D", "1 hour" as never, "TRADES" as never, 0, 1, false);
  await client.waitFor(EventName.historicalData, ([id, date]) => id === 16 && String(date).startsWith("finished"));
  await refused(10299, 17);
});
