import { covers } from "@countersign/testing/covers";
import { EventName } from "@stoqey/ib";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LibraryClient } from "../testing/library-client.ts";
import { errorText, story } from "../testing/order-story.ts";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

let simulator: TestSimulator;
let client: LibraryClient;
beforeEach(async () => {
  simulator = await TestSimulator.start();
  await simulator.pin(AAPL.conId, "20");
  client = await simulator.library();
});
afterEach(() => {
  expect(client.protocolErrors()).toEqual([]);
  simulator.stop();
});

const commissions = (count: number) => client.waitFor(EventName.commissionReport, () => true, count);
const status = (id: number, wanted: string) =>
  client.waitFor(EventName.orderStatus, (args) => args[0] === id && args[1] === wanted);
const error = (id: number, code: number) =>
  client.waitFor(EventName.error, (args) => args[1] === code && args[2] === id);

test("a market order in hours -> PreSubmitted, executed, Filled, commission; a sale goes straight to Submitted", async () => {
  covers("sequence/market-in-hours");
  const buy = client.place(AAPL, { orderType: "MKT" as never });
  await commissions(1);
  const fill = ["11", "5 Filled", "3 Filled", "5 Filled", "59"];
  expect(story(client, buy)).toEqual(["5 PreSubmitted", "3 PreSubmitted", ...fill]);
  const sell = client.place(AAPL, { orderType: "MKT" as never, action: "SELL" as never });
  await commissions(2);
  expect(story(client, sell)).toEqual(["5 Submitted", "3 Submitted", ...fill]);
});

test("2500 shares of which 1000 are shown -> three fills, each with its callbacks and commission, cumulative, decimals", async () => {
  covers("sequence/partial-fills", "sequence/cumulative-fills", "order/market", "order/commission");
  const id = client.place(AAPL, { orderType: "MKT" as never, totalQuantity: 2500 });
  await commissions(3);
  const part = ["11", "5 Submitted", "3 Submitted", "5 Submitted", "3 Submitted", "59"];
  const last = ["11", "5 Filled", "3 Filled", "5 Filled", "3 Filled", "59"];
  expect(story(client, id)).toEqual(["5 PreSubmitted", "3 PreSubmitted", ...part, ...part, ...last]);
  const told = client.of(EventName.orderStatus).map(({ args }) => args.slice(2, 5));
  expect(told).toEqual([
    [0, 2500, 0],
    ...[0, 1].map(() => [1000, 1500, 20.01]),
    ...[0, 1].map(() => [2000, 500, 20.01]),
    ...[0, 1].map(() => [2500, 0, 20.01]),
  ]);
  const [first, second, third] = client.of(EventName.commissionReport).map(({ args }) => args[0]);
  expect([first, second, third]).toMatchObject([{ commission: 5.003 }, { commission: 5.003 }, { commission: 2.5015 }]);
});

test("a limit order changed to market -> Filled before its execution and its commission", async () => {
  covers("sequence/modify-to-market");
  const id = client.place(AAPL, { lmtPrice: 15 });
  await status(id, "Submitted");
  client.place(AAPL, { orderType: "MKT" as never }, id);
  await commissions(1);
  const rests = ["5 PreSubmitted", "3 PreSubmitted", "5 Submitted", "3 Submitted"];
  expect(story(client, id)).toEqual([...rests, "5 Submitted", "3 Submitted", "5 Filled", "3 Filled", "11", "59"]);
});

test("a limit order that rests -> PreSubmitted, Submitted; cancelled -> the status, then 202 without a reason", async () => {
  covers("sequence/limit-rests", "sequence/cancel", "error/202");
  const id = client.place(AAPL, { lmtPrice: 15 });
  await status(id, "Submitted");
  client.api.cancelOrder(id);
  await error(id, 202);
  const rests = ["5 PreSubmitted", "3 PreSubmitted", "5 Submitted", "3 Submitted"];
  expect(story(client, id)).toEqual([...rests, "3 Cancelled", "4 202"]);
  expect(errorText(client, id, 202)).toBe("Order Canceled - reason:");
});

test("IOC that cannot fill -> PendingCancel, Cancelled; FOK -> Inactive, whether it could fill or not", async () => {
  covers("sequence/ioc-unfillable", "sequence/fok", "order/immediate-or-cancel");
  const ioc = client.place(AAPL, { lmtPrice: 15, tif: "IOC" as never });
  await error(ioc, 202);
  expect(story(client, ioc).slice(-3)).toEqual(["3 PendingCancel", "3 Cancelled", "4 202"]);
  const fok = [15, 20.02].map((lmtPrice) => client.place(AAPL, { lmtPrice, tif: "FOK" as never }));
  for (const id of fok) {
    await status(id, "Inactive");
    expect(story(client, id)).toEqual(["5 Inactive", "3 Inactive"]);
  }
});

test("a limit 3 % beyond the market -> cancelled with the edge named; a late change -> 201; just inside -> filled", async () => {
  covers("sequence/price-band", "error/201");
  const id = client.place(AAPL, { lmtPrice: 20.6 });
  await error(id, 202);
  expect(story(client, id)).toEqual(["3 PendingCancel", "3 Cancelled", "4 202"]);
  expect(errorText(client, id, 202)).toBe(
    "Order Canceled - reason:We cannot accept an order at a limit price at or more aggressive than 20.6. Please submit " +
      "your order using a limit price that is closer to the current market price of 20.",
  );
  client.place(AAPL, { lmtPrice: 20 }, id);
  await error(id, 201);
  expect(errorText(client, id, 201)).toBe(
    "Order rejected - reason:Order has been cancelled already, too late to replace",
  );
  client.place(AAPL, { lmtPrice: 20.59 });
  await commissions(1);
});

test("transmit=0 -> silence until it is sent again; a cancel of a staged order -> ApiCancelled", async () => {
  covers("sequence/staged", "sequence/statuses");
  const sent = client.place(AAPL, { lmtPrice: 15, transmit: false });
  const dropped = client.place(AAPL, { lmtPrice: 15, transmit: false });
  client.api.reqAllOpenOrders();
  await client.waitFor(EventName.openOrderEnd);
  expect([story(client, sent), story(client, dropped)]).toEqual([[], []]);
  client.place(AAPL, { lmtPrice: 15 }, sent);
  await status(sent, "Submitted");
  client.api.cancelOrder(dropped);
  await error(dropped, 202);
  expect(story(client, dropped)).toEqual(["3 ApiCancelled", "4 202"]);
  const dead = client.place(AAPL, { lmtPrice: 15, totalQuantity: 100_000 });
  await error(dead, 201);
  expect(story(client, dead)).toEqual(["5 Inactive", "3 Inactive", "4 201"]);
  client.place(AAPL, { lmtPrice: 15 }, dead);
  await status(dead, "Submitted");
  for (const id of [sent, dead]) client.api.cancelOrder(id);
  await error(dead, 202);
  client.api.cancelOrder(dead);
  await error(dead, 10148);
});

test("a what-if -> one open order with nine margins and a commission, no status, nothing else", async () => {
  covers("sequence/what-if", "error/413");
  const id = client.place(AAPL, { lmtPrice: 20.01, whatIf: true });
  const [answer] = await client.waitFor(EventName.openOrder);
  expect(answer?.args[3]).toMatchObject({
    ...{ status: "PreSubmitted", commission: 1.00003, commissionCurrency: "USD" },
    ...{ initMarginBefore: 0, initMarginChange: 49.98, initMarginAfter: 49.98, equityWithLoanBefore: 100000 },
  });
  const refused = client.place(AAPL, { lmtPrice: 20.01, whatIf: true, transmit: false });
  await error(refused, 413);
  expect(errorText(client, refused, 413)).toBe("What-if order should have the transmit flag set to true.");
  client.api.reqAllOpenOrders();
  await client.waitFor(EventName.openOrderEnd);
  expect(story(client, id)).toEqual(["5 PreSubmitted"]);
});

test("a change in place: price, quantity and time in force keep the permId; a refused change leaves the order as it was", async () => {
  covers("sequence/modify", "error/105", "error/104", "error/329");
  const id = client.place(AAPL, { lmtPrice: 15 });
  await status(id, "Submitted");
  client.place(AAPL, { lmtPrice: 16, totalQuantity: 20, tif: "GTC" as never }, id);
  const [changed] = await client.waitFor(
    EventName.openOrder,
    ([, , order]) => (order as { tif: string }).tif === "GTC",
  );
  expect(changed?.args[2]).toMatchObject({ lmtPrice: 16, totalQuantity: 20 });
  client.place(AAPL, { lmtPrice: 16.001, totalQuantity: 20 }, id);
  await error(id, 110);
  client.place(AAPL, { lmtPrice: 16, action: "SELL" as never }, id);
  await error(id, 105);
  client.place(AAPL, { orderType: "STP" as never, auxPrice: 25 }, id);
  await error(id, 329);
  client.api.reqAllOpenOrders();
  await client.waitFor(EventName.openOrderEnd);
  expect(client.of(EventName.openOrder).at(-1)?.args[2]).toMatchObject({ lmtPrice: 16, totalQuantity: 20, tif: "GTC" });
  client.place(AAPL, { lmtPrice: 20.5, tif: "GTC" as never }, id);
  await commissions(1);
  expect(new Set(client.of(EventName.orderStatus).map(({ args }) => args[5])).size).toBe(1);
  client.place(AAPL, { lmtPrice: 20.5 }, id);
  await error(id, 104);
  expect([104, 105, 329].map((code) => errorText(client, id, code))).toEqual([
    "Cannot modify a filled order.",
    "Order being modified does not match original order.",
    "Order modify failed. Cannot change to the new order type.",
  ]);
});

test("executions since midnight, each followed by its commission, then the end", async () => {
  covers("sequence/executions-list");
  for (const totalQuantity of [10, 20]) client.place(AAPL, { orderType: "MKT" as never, totalQuantity });
  await commissions(2);
  client.events.length = 0;
  client.api.reqExecutions(3, {});
  await client.waitFor(EventName.execDetailsEnd);
  const names = ["execDetails", "commissionReport"];
  expect(client.events.map(({ name }) => name)).toEqual([...names, ...names, "execDetailsEnd"]);
});

test("EUR.USD that the account's currency does not pay for -> Inactive, then 201 about leverage; paid for -> filled", async () => {
  covers("sequence/fx-leverage");
  const EURUSD = { conId: 12087792, exchange: "IDEALPRO" };
  await simulator.pin(EURUSD.conId, "1.1500");
  const far = client.place(EURUSD, { lmtPrice: 1.1, totalQuantity: 1_000_000 });
  await error(far, 201);
  expect(story(client, far)).toEqual(["5 Inactive", "3 Inactive", "4 201"]);
  expect(errorText(client, far, 201)).toBe(
    "Order rejected - reason:FX trade would expose account to currency leverage.",
  );
  client.place(EURUSD, { orderType: "MKT" as never, totalQuantity: 50_000 });
  await commissions(1);
});

test("an order that its destination has not confirmed -> PendingSubmit, a change is 2102, and then it works", async () => {
  covers("sequence/statuses");
  await simulator.fault({ action: "holdPending", delayMs: 100 });
  const id = client.place(AAPL, { orderType: "MKT" as never });
  client.place(AAPL, { orderType: "MKT" as never, totalQuantity: 20 }, id);
  await error(id, 2102);
  await commissions(1);
  expect(story(client, id).slice(0, 5)).toEqual([
    "5 PendingSubmit",
    "3 PendingSubmit",
    "4 2102",
    "5 PreSubmitted",
    "3 PreSubmitted",
  ]);
  expect(errorText(client, id, 2102)).toBe("Unable to modify this order as it is still being processed.");
});
