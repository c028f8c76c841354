import { covers } from "@countersign/testing/covers";
import { EventName } from "@stoqey/ib";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LibraryClient } from "../testing/library-client.ts";
import { errorText, story } from "../testing/order-story.ts";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

const EURUSD = { conId: 12087792, exchange: "IDEALPRO" };
const ACCOUNT = "DU1234567";
let simulator: TestSimulator;
let client: LibraryClient;
beforeEach(async () => {
  simulator = await TestSimulator.start();
  await simulator.pin(AAPL.conId, "200");
  await simulator.pin(EURUSD.conId, "1.15000");
  client = await simulator.library();
});
afterEach(() => {
  expect(client.protocolErrors()).toEqual([]);
  simulator.stop();
});

let fills = 0;
/** Trades at the market; resolves with the commission report of the fill. */
async function trade(contract: object, order: object): Promise<Record<string, unknown>> {
  fills = client.of(EventName.commissionReport).length + 1;
  client.place(contract as never, { orderType: "MKT", ...order } as never);
  const reports = await client.waitFor(EventName.commissionReport, () => true, fills);
  return reports.at(-1)?.args[0] as Record<string, unknown>;
}
async function summary(tags: string): Promise<Record<string, string>> {
  const reqId = 1000 + client.events.length;
  client.api.reqAccountSummary(reqId, "All", tags);
  await client.waitFor(EventName.accountSummaryEnd, ([id]) => id === reqId);
  client.api.cancelAccountSummary(reqId);
  const rows = client.of(EventName.accountSummary).filter(({ args }) => args[0] === reqId);
  return Object.fromEntries(rows.map(({ args }) => [`${args[2]}${args[4] === "USD" ? "" : args[4]}`, String(args[3])]));
}

test("bought and sold: cash, realized and unrealized results to the last digit", async () => {
  covers("order/profit-and-loss", "order/commission");
  expect(await trade(AAPL, { totalQuantity: 100 })).toMatchObject({ commission: 1.0003, realizedPNL: undefined });
  expect(await summary("TotalCashValue")).toEqual({ TotalCashValue: "79998.00" });
  await simulator.pin(AAPL.conId, "210");
  client.api.reqPnLSingle(7, ACCOUNT, "", AAPL.conId);
  const [open] = await client.waitFor(EventName.pnlSingle);
  expect(open?.args[3]).toBe(997);
  const sold = await trade(AAPL, { action: "SELL", totalQuantity: 40 });
  expect(sold).toMatchObject({ commission: 1.00012, realizedPNL: 397.79976 });
  const { TotalCashValue } = await summary("TotalCashValue");
  expect(TotalCashValue).toBe((100000 - 20001 - 1.0003 + 8399.6 - 1.00012).toFixed(2));
});

test("a short position: margin 30 %, its cost without sign, and the result of buying it back", async () => {
  await trade(AAPL, { action: "SELL", totalQuantity: 100 });
  expect(await summary("InitMarginReq")).toEqual({ InitMarginReq: "6000.30" });
  await simulator.pin(AAPL.conId, "190");
  expect(await trade(AAPL, { totalQuantity: 100 })).toMatchObject({ realizedPNL: 995.9994 });
});

test("more than the margin allows -> Inactive and 201 with both amounts; what lowers the margin passes", async () => {
  covers("order/margin", "error/201");
  const id = client.place(AAPL, { orderType: "MKT" as never, totalQuantity: 2_100 });
  await client.waitFor(EventName.error, (args) => args[2] === id);
  expect(story(client, id)).toEqual(["5 Inactive", "3 Inactive", "4 201"]);
  expect(errorText(client, id, 201)).toBe(
    "Order rejected - reason:YOUR ORDER IS NOT ACCEPTED. IN ORDER TO OBTAIN THE DESIRED POSITION YOUR EQUITY WITH LOAN " +
      "VALUE [99947.49 USD] MUST EXCEED THE INITIAL MARGIN [104994.75 USD]",
  );
  await trade(AAPL, { totalQuantity: 1_900 });
  await simulator.pin(AAPL.conId, "80");
  await trade(AAPL, { action: "SELL", totalQuantity: 100 });
});

test("a limit far below the market is no profit beforehand: its margin is that of the market", async () => {
  covers("order/limit", "order/margin");
  const refused = client.place(AAPL, { lmtPrice: 100, totalQuantity: 2_100 });
  await client.waitFor(EventName.error, (args) => args[1] === 201 && args[2] === refused);
  const rests = client.place(AAPL, { lmtPrice: 195, totalQuantity: 10 });
  await client.waitFor(EventName.orderStatus, (args) => args[0] === rests && args[1] === "Submitted");
  await simulator.pin(AAPL.conId, "194.99");
  const [execution] = await client.waitFor(EventName.execDetails);
  expect(execution?.args[2]).toMatchObject({ price: 195, lastLiquidity: 1 });
  client.place(AAPL, { lmtPrice: 196, totalQuantity: 10 });
  const [, taken] = await client.waitFor(EventName.execDetails, () => true, 2);
  expect(taken?.args[2]).toMatchObject({ price: 195, lastLiquidity: 2 });
});

test("EUR.USD: both balances move, it is a position, an odd lot is warned of; the euros can be sold again", async () => {
  covers("order/currency-trade");
  const bought = await trade(EURUSD, { totalQuantity: 50_000 });
  expect(bought).toMatchObject({ commission: 2, currency: "USD" });
  expect(await summary("$LEDGER:ALL")).toMatchObject({ CashBalanceEUR: "50000.00", CashBalance: "42495.50" });
  const id = client.place(EURUSD, { orderType: "MKT" as never, action: "SELL" as never, totalQuantity: 10_000 });
  await client.waitFor(EventName.commissionReport, () => true, 2);
  expect(errorText(client, id, 399)).toBe(
    "Order Message:\nSELL 10000 EUR.USD Forex\n" +
      "Warning: Your order size is below the EUR 20000 IdealPro minimum and will be routed as an odd lot order.",
  );
  client.api.reqPositions();
  const [position] = await client.waitFor(EventName.position);
  expect(position?.args.slice(1, 3)).toMatchObject([{ secType: "CASH" }, 40_000]);
  const short = client.place(EURUSD, { orderType: "MKT" as never, action: "SELL" as never, totalQuantity: 40_001 });
  await client.waitFor(EventName.error, (args) => args[1] === 201 && args[2] === short);
});
