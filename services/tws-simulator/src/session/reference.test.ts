import { covers } from "@countersign/testing/covers";
import { EventName } from "@stoqey/ib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LibraryClient } from "../testing/library-client.ts";
import { TestSimulator } from "../testing/test-simulator.ts";

const FUTURE = {
  ...{ contractMonth: "202712", realExpirationDate: "20271217" },
  contract: { lastTradeDate: "20271217", lastTradeDateOrContractMonth: "20271217 08:30 US/Central" },
};
let simulator: TestSimulator;
let client: LibraryClient;
beforeAll(async () => {
  simulator = await TestSimulator.start({ accounts: ["DU1234567", "DU7654321"] });
  client = await simulator.library();
});
afterAll(() => {
  expect(client.protocolErrors()).toEqual([]);
  simulator.stop();
});

async function details(reqId: number, contract: object): Promise<Record<string, unknown>[]> {
  client.api.reqContractDetails(reqId, contract as never);
  await client.waitFor(EventName.contractDetailsEnd, ([id]) => id === reqId);
  const names = [EventName.contractDetails, EventName.bondContractDetails];
  const found = names.flatMap((name) => client.of(name)).filter(({ args }) => args[0] === reqId);
  return found.map(({ args }) => args[1] as Record<string, unknown>);
}

test.each([
  ["a share", { symbol: "AAPL", secType: "STK", currency: "USD" }, 1, { stockType: "COMMON", longName: "APPLE INC" }],
  ["a fund on an exchange", { symbol: "SPY", secType: "STK" }, 1, { stockType: "ETF" }],
  ["a currency pair", { symbol: "EUR", secType: "CASH", currency: "USD" }, 1, { marketName: "EUR.USD" }],
  ["a future", { symbol: "MES", secType: "FUT" }, 1, FUTURE],
  ["an option", { symbol: "AAPL", secType: "OPT", strike: 230, right: "C" }, 1, { underConId: 265598 }],
  [
    "options on a future",
    { symbol: "MES", secType: "FOP", tradingClass: "MES" },
    8,
    { underSecType: "FUT", underSymbol: "MESZ7" },
  ],
  ["an index", { symbol: "SPX", secType: "IND" }, 1, { contract: { conId: 416904, exchange: "CBOE" } }],
  ["a bond", { conId: 2_000_000_901, secType: "BOND" }, 1, { cusip: "91282CLW9", coupon: 4.25 }],
  ["a crypto currency", { symbol: "BTC", secType: "CRYPTO" }, 1, { sizeIncrement: 1e-8, minTick: 0.25 }],
  ["a mutual fund", { symbol: "VFIAX", secType: "FUND" }, 1, { fundFamily: "Vanguard", fundAssetType: "004" }],
  ["an ISIN", { secIdType: "ISIN", secId: "DE0007164600" }, 1, { longName: "SAP SE" }],
  [
    "another ISIN",
    { secIdType: "ISIN", secId: "US0378331005" },
    1,
    { secIdList: [{ tag: "ISIN" }], longName: "APPLE INC" },
  ],
  ["a CUSIP of a share", { secIdType: "CUSIP", secId: "037833100" }, 1, { longName: "APPLE INC" }],
  ["a SEDOL", { secIdType: "SEDOL", secId: "BH4HKS3" }, 1, { longName: "VODAFONE GROUP PLC" }],
  ["a FIGI", { secIdType: "FIGI", secId: "BBG000B9XRY4" }, 1, { longName: "APPLE INC" }],
  ["a CUSIP", { secIdType: "CUSIP", secId: "91282CLW9" }, 1, { couponType: "FIXED" }],
])("contract details of %s", async (_name, contract, count, first) => {
  covers("request/reqContractDetails", "reply/contractData", "reply/bondContractData", "reply/contractDataEnd");
  const found = await details(1000 + client.events.length, contract);
  expect(found).toHaveLength(count);
  expect(found[0]).toMatchObject(first);
});

test("details of a share have 44 tokens at 193 and 42 at 178", async () => {
  covers("reply/contractData");
  for (const [versions, clientId, tokens] of [
    ["v100..193", 8, 44],
    ["v157..178", 9, 42],
  ] as const) {
    const raw = simulator.raw();
    await raw.start(versions, clientId);
    raw.send(9, 8, 1, 265598, "", "STK", "", "0.0", "", "", "SMART", "", "", "", "", 0, "", "", "");
    await raw.waitFor(() => raw.of("52").length === 1);
    expect(raw.of("10").map((frame) => frame.length)).toEqual([tokens]);
  }
});

test("symbols are searched in all kinds that have names, with the kinds of their derivatives", async () => {
  covers("request/reqMatchingSymbols", "reply/symbolSamples");
  client.api.reqMatchingSymbols(1, "AAPL");
  client.api.reqMatchingSymbols(2, "bitcoin");
  const samples = await client.waitFor(EventName.symbolSamples, () => true, 2);
  expect(samples.map(({ args }) => (args[1] as object[])[0])).toMatchObject([
    { contract: { conId: 265598 }, derivativeSecTypes: ["OPT"] },
    { contract: { conId: 479624278, secType: "CRYPTO" }, derivativeSecTypes: [] },
  ]);
});

test("option parameters of a share by exchange, of a future at its one; of nothing that exists -> 321", async () => {
  covers("request/reqSecDefOptParams", "reply/secDefOptParam", "reply/secDefOptParamEnd");
  client.api.reqSecDefOptParams(3, "AAPL", "", "STK" as never, 265598);
  client.api.reqSecDefOptParams(4, "MES", "CME", "FUT" as never, 2_000_000_061);
  client.api.reqSecDefOptParams(5, "KO", "", "STK" as never, 8894);
  client.api.reqSecDefOptParams(6, "NOPE", "", "STK" as never, 99);
  await client.waitFor(EventName.error, (args) => args[1] === 321 && args[2] === 6);
  await client.waitFor(EventName.securityDefinitionOptionParameterEnd, () => true, 3);
  const rows = client.of(EventName.securityDefinitionOptionParameter).map(({ args }) => args);
  expect(rows.filter(([id]) => id === 3).map((row) => row[1])).toContain("CBOE");
  expect(rows.filter(([id]) => id === 4)).toEqual([
    [4, "CME", 2_000_000_061, "MES", 5, ["20271217"], [6500, 6600, 6700, 6800]],
  ]);
  expect(rows.filter(([id]) => id === 5)).toEqual([]);
});

test("every market rule of a contract can be asked for; another -> 321", async () => {
  covers("request/reqMarketRule", "reply/marketRule");
  client.api.reqMarketRule(110);
  client.api.reqMarketRule(4711);
  const [rule] = await client.waitFor(EventName.marketRule);
  expect(rule?.args).toEqual([
    110,
    [
      { lowEdge: 0, increment: 0.01 },
      { lowEdge: 3, increment: 0.05 },
    ],
  ]);
  await client.waitFor(EventName.info, (args) => args[1] === 321);
});

test("the exchanges behind a consolidated quote, and those that offer a book", async () => {
  covers("request/reqSmartComponents", "reply/smartComponents", "request/reqMktDepthExchanges");
  covers("reply/mktDepthExchanges");
  client.api.reqMktData(7, { conId: 265598, exchange: "SMART" }, "", true, false);
  const [parameters] = await client.waitFor(EventName.tickReqParams, ([id]) => id === 7);
  client.api.reqSmartComponents(8, String(parameters?.args[2]));
  client.api.reqSmartComponents(9, "ffffff");
  const [components] = await client.waitFor(EventName.smartComponents);
  const letters = components?.args[1] as ReadonlyMap<number, readonly string[]> | undefined;
  expect([...(letters?.values() ?? [])]).toContainEqual(["ARCA", "P"]);
  await client.waitFor(EventName.error, (args) => args[1] === 321 && args[2] === 9);
  client.api.reqMktDepthExchanges();
  const [exchanges] = await client.waitFor(EventName.mktDepthExchanges);
  expect(exchanges?.args[0]).toContainEqual(expect.objectContaining({ exchange: "ISLAND", serviceDataType: "Deep2" }));
});

test("what can be scanned names the scans that are served", async () => {
  covers("request/reqScannerParameters", "reply/scannerParameters");
  client.api.reqScannerParameters();
  const [event] = await client.waitFor(EventName.scannerParameters);
  const xml = String(event?.args[0]);
  expect(xml.startsWith('<?xml version="1.0" encoding="UTF-8"?>')).toBe(true);
  for (const name of ["TOP_PERC_GAIN", "STK.US.MAJOR", "priceAbove"]) expect(xml).toContain(name);
});

test("time, accounts, family codes, user, ids", async () => {
  covers("request/reqCurrentTime", "request/reqManagedAccts", "request/reqFamilyCodes", "request/reqUserInfo");
  covers("request/reqIds", "request/setServerLogLevel");
  client.api.setServerLogLevel(5);
  client.api.reqManagedAccts();
  client.api.reqFamilyCodes();
  client.api.reqUserInfo(5);
  client.api.reqIds(17);
  const askedAtMs = Date.now();
  client.api.reqCurrentTime();
  const [now] = await client.waitFor(EventName.currentTime);
  expect(Number(now?.args[0])).toBeGreaterThanOrEqual(Math.floor(askedAtMs / 1_000));
  expect(Number(now?.args[0])).toBeLessThanOrEqual(Date.now() / 1_000);
  expect(client.of(EventName.managedAccounts).at(-1)?.args).toEqual(["DU1234567,DU7654321"]);
  expect(client.of(EventName.familyCodes)[0]?.args[0]).toHaveLength(2);
  expect(client.of(EventName.userInfo)[0]?.args).toEqual([5, ""]);
  expect(client.of(EventName.nextValidId).map(({ args }) => args[0])).toEqual([1, 1]);
});
