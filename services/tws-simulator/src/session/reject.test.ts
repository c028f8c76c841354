import { EventName } from "@stoqey/ib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LibraryClient } from "../testing/library-client.ts";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

let simulator: TestSimulator;
let client: LibraryClient;
beforeAll(async () => {
  simulator = await TestSimulator.start();
  await simulator.pin(AAPL.conId, "200");
  client = await simulator.library();
});
afterAll(() => simulator.stop());

test.each([
  ["no exchange", { conId: 265598 }, { lmtPrice: 1 }, 321],
  ["an unknown order type", AAPL, { orderType: "FOO", lmtPrice: 1 }, 321],
  ["an unknown account", AAPL, { account: "DU9999999", lmtPrice: 1 }, 321],
  ["an unknown side", AAPL, { action: "HOLD", lmtPrice: 1 }, 321],
  ["a limit order without a price", AAPL, {}, 321],
  ["an unknown instrument, before its bad price is seen", { conId: 99, exchange: "SMART" }, { lmtPrice: 1.001 }, 200],
  ["an ambiguous symbol", { symbol: "ASML", secType: "STK", exchange: "SMART" }, { lmtPrice: 1 }, 200],
  ["a price off the tick, before its zero size is seen", AAPL, { lmtPrice: 100.001, totalQuantity: 0 }, 110],
  ["size zero", AAPL, { lmtPrice: 100, totalQuantity: 0 }, 434],
  ["half a share", AAPL, { lmtPrice: 100, totalQuantity: 0.5 }, 388],
  ["a type that is not matched here", AAPL, { orderType: "MTL" }, 387],
  ["a what-if that is not to be transmitted", AAPL, { lmtPrice: 100, whatIf: true, transmit: false }, 413],
  ["more than the margin allows", AAPL, { lmtPrice: 200, totalQuantity: 100_000 }, 201],
])("%s -> %4$i", async (_name, contract, order, code) => {
  const id = client.place(contract as never, order as never);
  await client.waitFor(EventName.error, (args) => args[1] === code && args[2] === id);
  expect(client.statuses(id)).toEqual(code === 201 ? ["Inactive"] : []);
});

test("no reject was a protocol error, and none left an open order", async () => {
  client.api.reqAllOpenOrders();
  await client.waitFor(EventName.openOrderEnd);
  expect(client.protocolErrors()).toEqual([]);
  expect(client.of(EventName.execDetails)).toEqual([]);
});
