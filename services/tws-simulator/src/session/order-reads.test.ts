import { covers } from "@countersign/testing/covers";
import { EventName } from "@stoqey/ib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LibraryClient } from "../testing/library-client.ts";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

const MICROSOFT = { conId: 272093, exchange: "SMART" };
let simulator: TestSimulator;
let first: LibraryClient;
let second: LibraryClient;
beforeAll(async () => {
  simulator = await TestSimulator.start();
  for (const conId of [AAPL.conId, MICROSOFT.conId]) await simulator.pin(conId, "200");
  first = await simulator.library(7);
  second = await simulator.library(8);
});
afterAll(() => {
  expect([...first.protocolErrors(), ...second.protocolErrors()]).toEqual([]);
  simulator.stop();
});

/** The references of what one list tells, the list's end included in the wait. */
async function listed(client: LibraryClient, ask: () => void, name: string, end: string): Promise<string[]> {
  const from = client.events.length;
  const ends = client.of(end).length;
  ask();
  await client.waitFor(end, () => true, ends + 1);
  const rows = client.events.slice(from).filter((event) => event.name === name);
  const orders = rows.map(({ args }) => args[2] as { orderRef?: string });
  return [...new Set(orders.map(({ orderRef }) => orderRef ?? ""))].sort();
}

test("own open orders, everybody's, and none of what is over", async () => {
  covers("request/reqOpenOrders", "request/reqAllOpenOrders", "reply/openOrder", "reply/openOrderEnd");
  const resting = { lmtPrice: 195, orderType: "LMT" as never, tif: "GTC" as never };
  const mine = first.place(AAPL, { ...resting, orderRef: "mine" });
  const theirs = second.place(AAPL, { ...resting, orderRef: "theirs" });
  await first.waitFor(EventName.orderStatus, ([id]) => id === mine);
  await second.waitFor(EventName.orderStatus, ([id]) => id === theirs);
  await simulator.fault({
    action: "orderByHand",
    conid: AAPL.conId,
    side: "BUY",
    quantity: "1",
    orderType: "LMT",
    lmtPrice: "195",
  });
  const own = () => first.api.reqOpenOrders();
  const all = () => first.api.reqAllOpenOrders();
  expect(await listed(first, own, EventName.openOrder, EventName.openOrderEnd)).toEqual(["mine"]);
  expect(await listed(first, all, EventName.openOrder, EventName.openOrderEnd)).toEqual(["", "mine", "theirs"]);
});

test("orders that are over: all of them, or without those placed by hand", async () => {
  covers("request/reqCompletedOrders", "reply/completedOrder", "reply/completedOrdersEnd");
  const fill = { orderType: "MKT" as never, orderRef: "done" };
  const id = first.place(AAPL, fill);
  await first.waitFor(EventName.orderStatus, (args) => args[0] === id && args[1] === "Filled");
  const [posted] = await simulator.fault({
    action: "orderByHand",
    conid: AAPL.conId,
    side: "BUY",
    quantity: "1",
    orderType: "LMT",
    lmtPrice: "195",
  });
  await simulator.fault({ action: "cancelByHand", permId: posted?.permId ?? 0 });
  const [name, end] = [EventName.completedOrder, EventName.completedOrdersEnd];
  const references = async (apiOnly: boolean) => {
    const from = first.events.length;
    const ends = first.of(end).length;
    first.api.reqCompletedOrders(apiOnly);
    await first.waitFor(end, () => true, ends + 1);
    const rows = first.events.slice(from).filter((event) => event.name === name);
    return rows.map(({ args }) => (args[1] as { orderRef?: string }).orderRef ?? "").sort();
  };
  expect(await references(false)).toEqual(["", "done"]);
  expect(await references(true)).toEqual(["done"]);
});

test("executions that pass the filter, each with its commission, then the end", async () => {
  covers("request/reqExecutions", "reply/execDetails", "reply/execDetailsEnd", "reply/commissionReport");
  const sold = second.place(MICROSOFT, { orderType: "MKT" as never, action: "SELL" as never, orderRef: "sold" });
  await second.waitFor(EventName.orderStatus, (args) => args[0] === sold && args[1] === "Filled");
  const references = async (reqId: number, filter: object) => {
    first.api.reqExecutions(reqId, filter);
    await first.waitFor(EventName.execDetailsEnd, ([id]) => id === reqId);
    const rows = first.of(EventName.execDetails).filter(({ args }) => args[0] === reqId);
    const executions = rows.map(({ args }) => args[2] as { orderRef: string; execId: string });
    const ids = new Set(executions.map(({ execId }) => execId));
    const commissions = first.of(EventName.commissionReport).map(({ args }) => (args[0] as { execId: string }).execId);
    for (const execId of ids) expect(commissions).toContain(execId);
    return executions.map(({ orderRef }) => orderRef);
  };
  expect(await references(1, {})).toEqual(["done", "sold"]);
  expect(await references(2, { clientId: "8" })).toEqual(["sold"]);
  expect(await references(3, { symbol: "AAPL" })).toEqual(["done"]);
  expect(await references(4, { side: "SELL" })).toEqual(["sold"]);
  expect(await references(5, { acctCode: "DU9999999" })).toEqual([]);
  expect(await references(6, { time: "20991231 00:00:00 US/Eastern" })).toEqual([]);
});

test("only client 0 binds orders placed by hand -> 327 for the others", async () => {
  covers("request/reqAutoOpenOrders", "reply/orderBound", "error/327");
  first.api.reqAutoOpenOrders(true);
  await first.waitFor(EventName.info, (args) => args[1] === 327);
  const zero = await simulator.library(0);
  zero.api.reqAutoOpenOrders(true);
  zero.api.reqOpenOrders();
  await zero.waitFor(EventName.orderBound, (args) => Number(args[2]) < 0);
});
