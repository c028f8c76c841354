import { EventName, type OrderType } from "@stoqey/ib";
import { XMLParser } from "fast-xml-parser";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildBook } from "../market/book.ts";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

type Row = Record<string, string>;
const reader = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "", isArray: (name) => name === "Trade" });
const [BOUGHT, SOLD] = [...buildBook().values()].filter(({ symbol, right }) => symbol === "AAPL" && right === "C");
const MARKET = { orderType: "MKT" as OrderType, lmtPrice: undefined as never };
let simulator: TestSimulator;

beforeAll(async () => {
  simulator = await TestSimulator.start({ flex: { port: 0, token: "123456" } });
});
afterAll(() => simulator.stop());

async function trades(): Promise<Row[]> {
  const base = `http://127.0.0.1:${simulator.flexPort}/AccountManagement/FlexWebService`;
  const ask = async (step: string, q: string) =>
    reader.parse(await (await fetch(`${base}/${step}?t=123456&q=${q}&v=3`)).text());
  const sent = await ask("SendRequest", "100001");
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const answer = await ask("GetStatement", sent.FlexStatementResponse.ReferenceCode);
    if (answer.FlexQueryResponse !== undefined)
      return answer.FlexQueryResponse.FlexStatements.FlexStatement.Trades.Trade;
  }
}

test("a corrected execution is there once and as corrected, a busted one is not, a combination is its legs", async () => {
  const client = await simulator.library();
  await simulator.pin(AAPL.conId, "200");
  await simulator.fault({ action: "correctExecution", orderRef: "fixed", price: "199.50" });
  await simulator.fault({ action: "bustExecution", orderRef: "busted" });
  client.place(AAPL, { ...MARKET, orderRef: "fixed" });
  client.place(AAPL, { ...MARKET, orderRef: "busted" });
  await client.waitFor(EventName.commissionReport, () => true, 4);
  const leg = { ratio: 1, exchange: "SMART", openClose: 0, shortSaleSlot: 0, designatedLocation: "", exemptCode: -1 };
  const comboLegs = [
    { ...leg, conId: BOUGHT?.conId ?? 0, action: "BUY" },
    { ...leg, conId: SOLD?.conId ?? 0, action: "SELL" },
  ];
  const spread = { symbol: "AAPL", secType: "BAG", currency: "USD", exchange: "SMART", comboLegs } as never;
  client.place(spread, { ...MARKET, totalQuantity: 1, orderRef: "spread" });
  await client.waitFor(EventName.commissionReport, () => true, 6);

  const rows = await trades();
  expect(rows.map(({ orderReference, symbol, quantity }) => [orderReference, symbol, quantity])).toEqual([
    ["fixed", "AAPL", "10"],
    ["spread", BOUGHT?.localSymbol, "1"],
    ["spread", SOLD?.localSymbol, "-1"],
  ]);
  expect(rows[0]).toMatchObject({ tradePrice: "199.50", ibExecID: expect.stringMatching(/\.01\.02$/) });
  expect(new Set(rows.map(({ tradeID }) => tradeID)).size).toBe(3);
});
