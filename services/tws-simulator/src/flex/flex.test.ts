import { ManualClock } from "@countersign/clock/manual-clock";
import { covers } from "@countersign/testing/covers";
import { EventName, type OrderType } from "@stoqey/ib";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";
import { FLEX_CODES } from "./flex-codes.ts";
import { xmlText } from "./xml.ts";

const TOKEN = "123456789012345678901234";
const START_MS = Date.UTC(2027, 0, 4, 15, 0, 0);
const EURUSD = { conId: 12087792, exchange: "IDEALPRO" };
const clock = new ManualClock(START_MS);
const reader = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "", parseAttributeValue: false });

let simulator: TestSimulator;
let bought: { execId: string; commission: number };

type Row = Record<string, string>;
function rows(value: unknown): Row[] {
  if (value === undefined || value === "") return [];
  return (Array.isArray(value) ? value : [value]) as Row[];
}

beforeAll(async () => {
  simulator = await TestSimulator.start({
    ...{ clock, advance: (ms: number) => clock.advance(ms), flex: { port: 0, token: TOKEN } },
    accounts: ["DU1234567", "DU7654321"],
  });
  const client = await simulator.library(7);
  await simulator.pin(AAPL.conId, "200");
  const order = { orderType: "MKT" as OrderType, lmtPrice: undefined as never };
  client.place(AAPL, { ...order, totalQuantity: 100, orderRef: 'cs1.a<b>&"c"' });
  client.place(EURUSD, { ...order, totalQuantity: 25_000, orderRef: "fx" });
  await filled(client, 2);
  await simulator.pin(AAPL.conId, "210");
  client.place(AAPL, { ...order, action: "SELL" as never, totalQuantity: 40, orderRef: "out" });
  await filled(client, 3);
  const first = client.of(EventName.execDetails)[0]?.args[2] as { execId: string };
  const report = client.of(EventName.commissionReport)[0]?.args[0] as { commission: number };
  bought = { execId: first.execId, commission: report.commission };
});

afterAll(() => simulator.stop());

async function filled(client: Awaited<ReturnType<TestSimulator["library"]>>, count: number): Promise<void> {
  const frames = await simulator.frames();
  while ((frames.placeOrder ?? 0) < count) Object.assign(frames, await simulator.frames());
  await clock.advance(50);
  await client.waitFor(EventName.commissionReport, () => true, count);
}

function get(step: string, q: string, more: Record<string, string> = {}, headers: Record<string, string> = {}) {
  const query = new URLSearchParams({ t: TOKEN, q, v: "3", ...more });
  const url = `http://127.0.0.1:${simulator.flexPort}/AccountManagement/FlexWebService/${step}?${query}`;
  return fetch(url, { headers: { "user-agent": "flex-test/1", ...headers } });
}

async function read(response: Promise<Response>) {
  const text = await (await response).text();
  expect(XMLValidator.validate(text)).toBe(true);
  return reader.parse(text);
}

/** Whoever asks too often is refused: each request a second after the other, ten a minute. */
const pause = () => clock.advance(10_000);

async function statement(q: string, more: Record<string, string> = {}) {
  await pause();
  const sent = await read(get("SendRequest", q, more));
  expect(sent.FlexStatementResponse).toMatchObject({ Status: "Success", ReferenceCode: expect.anything() });
  expect(sent.FlexStatementResponse.Url).toBe(
    `http://127.0.0.1:${simulator.flexPort}/AccountManagement/FlexWebService/GetStatement`,
  );
  await pause();
  return read(get("GetStatement", String(sent.FlexStatementResponse.ReferenceCode)));
}

describe("an activity statement", () => {
  test("has each execution of the simulator under the names that IB uses", async () => {
    const { FlexQueryResponse } = await statement("100001");
    expect(FlexQueryResponse).toMatchObject({ type: "AF", FlexStatements: { count: "2" } });
    const [own, other] = rows(FlexQueryResponse.FlexStatements.FlexStatement) as never as Record<string, never>[];
    expect(own).toMatchObject({ accountId: "DU1234567", toDate: "20270104", fromDate: "20261229" });
    const [buy, euro, sell] = rows((own as never as { Trades: { Trade: Row[] } }).Trades.Trade);
    expect(buy).toMatchObject({
      ...{ accountId: "DU1234567", symbol: "AAPL", conid: "265598", assetCategory: "STK", currency: "USD" },
      ...{ buySell: "BUY", quantity: "100", tradePrice: "200.01", tradeMoney: "20001", proceeds: "-20001" },
      ...{ ibExecID: bought.execId, ibCommission: String(-bought.commission), ibCommissionCurrency: "USD" },
      ...{ orderReference: 'cs1.a<b>&"c"', openCloseIndicator: "O", fifoPnlRealized: "0", levelOfDetail: "EXECUTION" },
      ...{ dateTime: "20270104;100000", tradeDate: "20270104", settleDateTarget: "20270105", exchange: "ISLAND" },
    });
    expect(Number(buy?.netCash)).toBeCloseTo(-20001 - bought.commission, 6);
    expect(euro).toMatchObject({ symbol: "EUR.USD", assetCategory: "CASH", settleDateTarget: "20270106" });
    expect(sell).toMatchObject({ buySell: "SELL", quantity: "-40", openCloseIndicator: "C", orderReference: "out" });
    expect(Number(sell?.fifoPnlRealized)).toBeGreaterThan(390);
    expect(Number(sell?.netCash) + Number(sell?.cost)).toBeCloseTo(Number(sell?.fifoPnlRealized), 6);
    expect((other as never as { Trades: string }).Trades).toBe("");
  });

  test("has the open positions and the cash of each currency, as the account has them", async () => {
    const { FlexQueryResponse } = await statement("100001");
    const [own] = FlexQueryResponse.FlexStatements.FlexStatement;
    const positions = rows(own.OpenPositions.OpenPosition);
    expect(positions.find(({ symbol }) => symbol === "AAPL")).toMatchObject({ position: "60", side: "Long" });
    const cash = rows(own.CashReport.CashReportCurrency);
    expect(cash.map(({ currency }) => currency)).toEqual(["BASE_SUMMARY", "EUR", "USD"]);
    expect(cash.find(({ currency }) => currency === "EUR")).toMatchObject({ endingCash: "25000" });
  });

  test("of yesterday has no trade; of tomorrow there is none", async () => {
    const { FlexQueryResponse } = await statement("100001", { fd: "20270103", td: "20270103" });
    expect(FlexQueryResponse.FlexStatements.FlexStatement[0].Trades).toBe("");
    await pause();
    const refused = await read(get("SendRequest", "100001", { fd: "20270105", td: "20270106" }));
    expect(refused.FlexStatementResponse).toMatchObject({ ErrorCode: 1003 });
  });
});

test("trade confirmations tell the same executions under their other names", async () => {
  const { FlexQueryResponse } = await statement("100002");
  expect(FlexQueryResponse).toMatchObject({ queryName: "Trade Confirmations", type: "TCF" });
  const [own] = FlexQueryResponse.FlexStatements.FlexStatement;
  const [buy] = rows(own.TradeConfirms.TradeConfirm);
  expect(buy).toMatchObject({ execID: bought.execId, price: "200.01", commission: String(-bought.commission) });
});

describe("a request that is refused", () => {
  const response = async (answer: Promise<Response>) => (await read(answer)).FlexStatementResponse;

  test.each([
    ["another token", "SendRequest", "100001", { t: "1" }, {}, 1015],
    ["a query that is not there", "SendRequest", "7", {}, {}, 1014],
    ["a reference that was never given", "GetStatement", "1", {}, {}, 1017],
    ["version 2", "SendRequest", "100001", { v: "2" }, {}, 1020],
    ["no user agent", "SendRequest", "100001", {}, { "user-agent": "" }, 1020],
  ])("%s -> its code", async (_name, step, q, more, headers, code) => {
    await pause();
    expect(await response(get(step, q, more as Row, headers as Row))).toMatchObject({
      ...{ Status: "Fail", ErrorCode: code, ErrorMessage: FLEX_CODES[code as keyof typeof FLEX_CODES] },
      timestamp: expect.stringMatching(/^04 January, 2027 10:0\d AM EST$/),
    });
  });

  test("a busy service says 1001, a statement in the making 1019; asked again later, the same reference has it", async () => {
    covers("code/flex-1001", "code/flex-1019");
    await pause();
    await simulator.control("POST", "/flex/fail", { code: 1001, times: 2 });
    for (let tries = 0; tries < 2; tries += 1) {
      expect(await response(get("SendRequest", "100001"))).toMatchObject({ Status: "Warn", ErrorCode: 1001 });
    }
    const reference = String((await response(get("SendRequest", "100001"))).ReferenceCode);
    await clock.advance(1_000);
    expect(await response(get("GetStatement", reference))).toMatchObject({ Status: "Warn", ErrorCode: 1019 });
    await clock.advance(1_000);
    expect(await read(get("GetStatement", reference))).toHaveProperty("FlexQueryResponse");
  });

  test("a second request within a second -> 1018", async () => {
    await pause();
    const sent = await response(get("SendRequest", "100001"));
    expect(await response(get("GetStatement", String(sent.ReferenceCode)))).toMatchObject({ ErrorCode: 1018 });
  });

  test("the eleventh request of a minute -> 1018, a minute later it is served", async () => {
    await clock.advance(60_000);
    const codes: unknown[] = [];
    for (let count = 0; count < 11; count += 1) {
      codes.push((await response(get("SendRequest", "100001"))).ErrorCode);
      await clock.advance(1_000);
    }
    expect(codes).toEqual([...Array.from({ length: 10 }, () => undefined), 1018]);
    await clock.advance(60_000);
    expect(await response(get("SendRequest", "100001"))).toMatchObject({ Status: "Success" });
  });

  test.each(Object.keys(FLEX_CODES).map(Number))("code %i on demand, once", async (code) => {
    await clock.advance(60_000);
    await simulator.control("POST", "/flex/fail", { code });
    expect(await response(get("SendRequest", "100001"))).toMatchObject({ ErrorCode: code });
    expect(await response(get("SendRequest", "100001"))).toMatchObject({ Status: "Success" });
  });

  test("another path, or another method -> 404", async () => {
    const base = `http://127.0.0.1:${simulator.flexPort}`;
    expect((await fetch(`${base}/`)).status).toBe(404);
    expect((await fetch(`${base}/AccountManagement/FlexWebService/SendRequest`, { method: "POST" })).status).toBe(404);
  });
});

test("text of any kind is written so that it reads back, without what XML forbids", () => {
  const hostile = '\u0000<a b="c">\'&amp;\ud800\uffff]]>';
  const text = xmlText({ name: "a", attributes: { b: hostile }, content: hostile });
  expect(XMLValidator.validate(text)).toBe(true);
  expect(reader.parse(text).a).toEqual({ b: '<a b="c">\'&amp;\ufffd ]]>', "#text": '<a b="c">\'&amp;\ufffd ]]>' });
});
