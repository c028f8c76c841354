import { BarSizeSetting, EventName, WhatToShow } from "@stoqey/ib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LibraryClient } from "../testing/library-client.ts";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

let simulator: TestSimulator;
let client: LibraryClient;
beforeAll(async () => {
  simulator = await TestSimulator.start();
  client = await simulator.library();
});
afterAll(() => {
  expect(client.protocolErrors()).toEqual([]);
  simulator.stop();
});

test("contract details of a stock, by conId", async () => {
  client.api.reqContractDetails(1, AAPL);
  await client.waitFor(EventName.contractDetailsEnd, ([reqId]) => reqId === 1);
  expect(client.of(EventName.contractDetails)[0]?.args[1]).toMatchObject({
    longName: "APPLE INC",
    minTick: 0.01,
    timeZoneId: "US/Eastern",
    contract: { conId: 265598, symbol: "AAPL", exchange: "SMART", primaryExch: "NASDAQ", currency: "USD" },
  });
});

test("contract details of a symbol in two places, of a pair, a future and a chain; of nothing -> 200", async () => {
  client.api.reqContractDetails(2, { symbol: "VOD", secType: "STK" as never });
  client.api.reqContractDetails(3, { symbol: "EUR", secType: "CASH" as never, currency: "USD" });
  client.api.reqContractDetails(4, { symbol: "MES", secType: "FUT" as never, exchange: "CME" });
  client.api.reqContractDetails(5, { symbol: "AAPL", secType: "OPT" as never });
  client.api.reqContractDetails(6, { symbol: "NOPE", secType: "STK" as never });
  await client.waitFor(EventName.error, (args) => args[1] === 200 && args[2] === 6);
  const counts = [2, 3, 4, 5, 6].map(
    (id) => client.of(EventName.contractDetails).filter(({ args }) => args[0] === id).length,
  );
  expect(counts).toEqual([2, 1, 1, 14, 0]);
});

test("matching symbols by symbol and by name", async () => {
  client.api.reqMatchingSymbols(7, "apple");
  client.api.reqMatchingSymbols(8, "A");
  await client.waitFor(EventName.symbolSamples, () => true, 2);
  const [byName, bySymbol] = client.of(EventName.symbolSamples).map(({ args }) => args[1] as { contract: object }[]);
  expect(byName?.map((row) => row.contract)).toMatchObject([{ conId: 265598, description: "APPLE INC" }]);
  expect(bySymbol?.length).toBeGreaterThan(3);
});

test("market rule, option parameters, head timestamp, user info, time", async () => {
  client.api.reqMarketRule(26);
  client.api.reqSecDefOptParams(9, "AAPL", "", "STK" as never, 265598);
  client.api.reqHeadTimestamp(10, AAPL, WhatToShow.TRADES, true, 1);
  client.api.reqUserInfo(11);
  client.api.reqCurrentTime();
  await client.waitFor(EventName.marketRule);
  await client.waitFor(EventName.securityDefinitionOptionParameterEnd);
  await client.waitFor(EventName.headTimestamp, (args) => args[1] === "20100104-14:30:00");
  await client.waitFor(EventName.userInfo);
  await client.waitFor(EventName.currentTime);
});

test("a live snapshot ends, with bid, ask, last and close; a delayed one has its own tick ids", async () => {
  client.api.reqMktData(12, AAPL, "", true, false);
  await client.waitFor(EventName.tickSnapshotEnd, ([reqId]) => reqId === 12);
  const types = (id: number) =>
    client
      .of(EventName.tickPrice)
      .filter(({ args }) => args[0] === id)
      .map(({ args }) => args[1]);
  expect(types(12)).toEqual([6, 7, 9, 14, 1, 2, 4]);
  client.api.reqMarketDataType(3);
  client.api.reqMktData(13, AAPL, "", true, false);
  await client.waitFor(EventName.tickSnapshotEnd, ([reqId]) => reqId === 13);
  expect(types(13)).toEqual([66, 67, 68, 72, 73, 75, 76]);
  expect(client.of(EventName.marketDataType).map(({ args }) => args)).toEqual([
    [12, 1],
    [13, 3],
  ]);
  client.api.reqMarketDataType(1);
});

test("a stream moves with the market until it is cancelled; a second cancel -> 300", async () => {
  client.api.reqMktData(14, { conId: 12087792, exchange: "IDEALPRO" }, "", false, false);
  await simulator.pin(12087792, "1.2");
  await client.waitFor(EventName.tickPrice, (args) => args[0] === 14 && args[1] === 1 && args[2] === 1.2);
  client.api.cancelMktData(14);
  client.api.cancelMktData(14);
  await client.waitFor(EventName.error, (args) => args[1] === 300 && args[2] === 14);
});

test.each([
  [BarSizeSetting.MINUTES_FIVE, "3600 S", 11, 13],
  [BarSizeSetting.HOURS_ONE, "1 D", 1, 25],
  [BarSizeSetting.DAYS_ONE, "10 D", 10, 10],
  [BarSizeSetting.WEEKS_ONE, "1 M", 4, 5],
])("bars of %s over %s: joined, high above low, the same when asked again", async (size, duration, least, most) => {
  const bars = async (reqId: number) => {
    client.api.reqHistoricalData(reqId, AAPL, "20261120-18:00:00", duration, size, WhatToShow.TRADES, 1, 2, false);
    await client.waitFor(
      EventName.historicalData,
      (args) => args[0] === reqId && String(args[1]).startsWith("finished"),
    );
    return client
      .of(EventName.historicalData)
      .filter(({ args }) => args[0] === reqId)
      .map(({ args }) => args.slice(1, 7) as number[]);
  };
  const id = 1000 + client.events.length * 2;
  const rows = (await bars(id)).slice(0, -1);
  expect(rows.length).toBeGreaterThanOrEqual(least);
  expect(rows.length).toBeLessThanOrEqual(most);
  for (const [, open = 0, high = 0, low = 0, close = 0] of rows) {
    expect(high).toBeGreaterThanOrEqual(Math.max(open, close));
    expect(low).toBeLessThanOrEqual(Math.min(open, close));
  }
  expect((await bars(id + 1)).slice(0, -1)).toEqual(rows);
});

test.each([
  ["a bar size that is none", "1 D", "7 mins", "TRADES", AAPL, 321],
  ["a duration that is none", "1 fortnight", "1 min", "TRADES", AAPL, 321],
  ["trades of a currency pair", "1 D", "1 hour", "TRADES", { conId: 12087792, exchange: "IDEALPRO" }, 162],
  ["too many bars", "300 D", "1 min", "TRADES", AAPL, 162],
])("%s -> %6$i", async (_name, duration, size, what, contract, code) => {
  const id = 5000 + client.events.length;
  client.api.reqHistoricalData(id, contract, "", duration, size as never, what as never, 1, 1, false);
  await client.waitFor(EventName.error, (args) => args[1] === code && args[2] === id);
});

test("account summary with an end; a third one -> 322; after a cancel it is free again", async () => {
  client.api.reqAccountSummary(20, "All", "TotalCashValue,NetLiquidation");
  client.api.reqAccountSummary(21, "All", "$LEDGER:ALL");
  client.api.reqAccountSummary(22, "All", "NetLiquidation");
  await client.waitFor(EventName.error, (args) => args[1] === 322 && args[2] === 22);
  await client.waitFor(EventName.accountSummaryEnd, ([reqId]) => reqId === 21);
  expect(
    client
      .of(EventName.accountSummary)
      .filter(({ args }) => args[0] === 20)
      .map(({ args }) => args.slice(1)),
  ).toEqual([
    ["DU1234567", "NetLiquidation", "100000.00", "USD"],
    ["DU1234567", "TotalCashValue", "100000.00", "USD"],
  ]);
  client.api.cancelAccountSummary(20);
  client.api.reqAccountSummary(23, "All", "NetLiquidation");
  await client.waitFor(EventName.accountSummaryEnd, ([reqId]) => reqId === 23);
});

test("account updates end, and a fill pushes cash, portfolio and position", async () => {
  client.api.reqAccountUpdates(true, "DU1234567");
  client.api.reqPositions();
  await client.waitFor(EventName.accountDownloadEnd, ([account]) => account === "DU1234567");
  await client.waitFor(EventName.positionEnd);
  await simulator.pin(AAPL.conId, "200");
  client.place(AAPL, { orderType: "MKT" as never });
  await client.waitFor(EventName.updatePortfolio, (args) => args[1] === 10);
  await client.waitFor(EventName.position, (args) => args[2] === 10);
  const isCash = (args: readonly unknown[]) => args[0] === "TotalCashValue" && args[1] !== "100000.00";
  const [cash] = await client.waitFor(EventName.updateAccountValue, isCash);
  expect(cash?.args[1]).toBe("97998.90");
});
