import { EventName } from "@stoqey/ib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LibraryClient } from "../testing/library-client.ts";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

describe("life of an order, with the unmodified library", () => {
  let simulator: TestSimulator;
  let client: LibraryClient;
  beforeEach(async () => {
    simulator = await TestSimulator.start();
    await simulator.pin(AAPL.conId, "200");
    client = await simulator.library();
  });
  afterEach(() => {
    expect(client.protocolErrors()).toEqual([]);
    simulator.stop();
  });

  function names(orderId: number): string[] {
    return client.events
      .filter(
        ({ name, args }) =>
          args[0] === orderId || (args[2] as { orderId?: number })?.orderId === orderId || name === "commissionReport",
      )
      .map(({ name, args }) => (name === "orderStatus" ? `orderStatus ${args[1]}` : name))
      .filter((name) => name !== EventName.position && name !== EventName.nextValidId);
  }

  test("BUY MKT -> acknowledged, executed at the ask, filled, commission", async () => {
    const id = client.place(AAPL, { orderType: "MKT" as never, orderRef: "cs1.abc" });
    await client.waitFor(EventName.commissionReport);
    expect(names(id)).toEqual([
      "openOrder",
      "orderStatus PreSubmitted",
      "execDetails",
      "openOrder",
      "orderStatus Filled",
      "openOrder",
      "commissionReport",
    ]);
    const [execution] = client.of(EventName.execDetails);
    expect(execution?.args[0]).toBe(-1);
    expect(execution?.args[2]).toMatchObject({
      price: 200.01,
      shares: 10,
      side: "BOT",
      orderRef: "cs1.abc",
      exchange: "ISLAND",
    });
    expect(client.of(EventName.commissionReport)[0]?.args[0]).toMatchObject({ commission: 1.00003, currency: "USD" });
  });

  test("SELL LMT at the bid -> filled at the bid; the position is short", async () => {
    client.api.reqPositions();
    await client.waitFor(EventName.positionEnd);
    client.place(AAPL, { action: "SELL" as never, lmtPrice: 199.99 });
    const [position] = await client.waitFor(EventName.position, ([, , quantity]) => quantity === -10);
    expect(position?.args[3]).toBe(199.889997);
  });

  test("LMT below the market rests, fills at its limit when the market comes down", async () => {
    const id = client.place(AAPL, { lmtPrice: 190 });
    await client.waitFor(EventName.orderStatus, (args) => args[1] === "Submitted");
    await simulator.pin(AAPL.conId, "190.05");
    expect(client.of(EventName.execDetails)).toEqual([]);
    await simulator.pin(AAPL.conId, "189.50");
    await client.waitFor(EventName.commissionReport);
    expect(client.statuses(id)).toEqual(["PreSubmitted", "Submitted", "Filled"]);
    expect(client.of(EventName.execDetails)[0]?.args[2]).toMatchObject({ price: 190, lastLiquidity: 1 });
  });

  test("2500 shares -> three fills, cumulative status, the minimum commission once", async () => {
    await simulator.pin(AAPL.conId, "20");
    const id = client.place(AAPL, { orderType: "MKT" as never, totalQuantity: 2500 });
    await client.waitFor(EventName.commissionReport, () => true, 3);
    expect(client.of(EventName.execDetails).map(({ args }) => args[2])).toMatchObject([
      { shares: 1000, cumQty: 1000 },
      { shares: 1000, cumQty: 2000 },
      { shares: 500, cumQty: 2500 },
    ]);
    expect(client.statuses(id)).toEqual(["PreSubmitted", "Submitted", "Filled"]);
    const total = client.of(EventName.openOrder).at(-1)?.args[3] as { commission: number };
    expect(total.commission).toBe(12.5075);
  });

  test("IOC that the market does not reach -> cancelled, never filled; one that is larger than the size shown -> the rest cancelled", async () => {
    const far = client.place(AAPL, { lmtPrice: 150, tif: "IOC" as never });
    await client.waitFor(EventName.orderStatus, (args) => args[0] === far && args[1] === "Cancelled");
    await simulator.pin(AAPL.conId, "20");
    const large = client.place(AAPL, { lmtPrice: 20.5, tif: "IOC" as never, totalQuantity: 1500 });
    const [last] = await client.waitFor(EventName.orderStatus, (args) => args[0] === large && args[1] === "Cancelled");
    expect(last?.args.slice(2, 4)).toEqual([1000, 500]);
  });

  test("cancel -> status Cancelled, then 202; again -> 10148; unknown -> 10147", async () => {
    const id = client.place(AAPL, { lmtPrice: 150 });
    await client.waitFor(EventName.orderStatus, (args) => args[1] === "Submitted");
    client.api.cancelOrder(id);
    await client.waitFor(EventName.error, (args) => args[1] === 202);
    expect(client.events.slice(-2).map(({ name }) => name)).toEqual(["orderStatus", "error"]);
    client.api.cancelOrder(id);
    client.api.cancelOrder(4711);
    const [terminal] = await client.waitFor(EventName.error, (args) => args[1] === 10148);
    expect(String(terminal?.args[0])).toContain(
      `OrderId ${id} that needs to be cancelled can not be cancelled, state: Cancelled.`,
    );
    await client.waitFor(EventName.error, (args) => args[1] === 10147 && args[2] === 4711);
  });

  test("global cancel ends all open orders", async () => {
    const ids = [client.place(AAPL, { lmtPrice: 150 }), client.place(AAPL, { lmtPrice: 151 })];
    await client.waitFor(EventName.orderStatus, (args) => args[0] === ids[1] && args[1] === "Submitted");
    client.api.reqGlobalCancel();
    await client.waitFor(EventName.error, (args) => args[1] === 202, 2);
    expect(ids.map((id) => client.statuses(id).at(-1))).toEqual(["Cancelled", "Cancelled"]);
  });

  test("what-if -> one openOrder with margins and commission; no status, no position, no open order", async () => {
    const id = client.place(AAPL, { lmtPrice: 200.01, whatIf: true });
    const [answer] = await client.waitFor(EventName.openOrder, (args) => args[0] === id);
    expect(answer?.args[3]).toMatchObject({
      status: "PreSubmitted",
      commission: 1.00003,
      commissionCurrency: "USD",
      initMarginBefore: 0,
      equityWithLoanBefore: 100000,
      initMarginAfter: 499.98,
    });
    client.api.reqAllOpenOrders();
    client.api.reqPositions();
    await client.waitFor(EventName.positionEnd);
    expect(client.of(EventName.orderStatus)).toEqual([]);
    expect(client.of(EventName.openOrder)).toHaveLength(1);
    expect(await simulator.frames()).toMatchObject({ "placeOrder.whatIf": 1 });
    expect(await simulator.frames()).not.toHaveProperty("placeOrder");
  });

  test("change of price in place -> same permId, then filled; change of side -> 105 and the order lives", async () => {
    const id = client.place(AAPL, { lmtPrice: 150 });
    await client.waitFor(EventName.orderStatus, (args) => args[1] === "Submitted");
    client.place(AAPL, { lmtPrice: 150, action: "SELL" as never }, id);
    await client.waitFor(EventName.error, (args) => args[1] === 105 && args[2] === id);
    client.place(AAPL, { lmtPrice: 201 }, id);
    await client.waitFor(EventName.commissionReport);
    expect(new Set(client.of(EventName.orderStatus).map(({ args }) => args[5])).size).toBe(1);
    client.place(AAPL, { lmtPrice: 202 }, id);
    await client.waitFor(EventName.error, (args) => args[1] === 104 && args[2] === id);
  });

  test("an order id that was used before -> 103; transmit=0 -> silence until it is sent again", async () => {
    const id = client.place(AAPL, { lmtPrice: 150, transmit: false }, 20);
    client.api.reqCurrentTime();
    await client.waitFor(EventName.currentTime);
    expect(client.of(EventName.openOrder)).toEqual([]);
    client.place(AAPL, { lmtPrice: 150 }, id);
    await client.waitFor(EventName.orderStatus, (args) => args[1] === "Submitted");
    client.place(AAPL, { lmtPrice: 150 }, 19);
    await client.waitFor(EventName.error, (args) => args[1] === 103 && args[2] === 19);
    client.api.reqIds(1);
    await client.waitFor(EventName.nextValidId, ([next]) => next === 21);
  });

  test("executions with filters, completed orders, open orders of all clients", async () => {
    client.place(AAPL, { orderType: "MKT" as never });
    const resting = client.place(AAPL, { lmtPrice: 150, orderRef: "cs1.rest" });
    await client.waitFor(EventName.commissionReport);
    await client.waitFor(EventName.orderStatus, (args) => args[0] === resting && args[1] === "Submitted");
    client.api.reqExecutions(1, { symbol: "AAPL", side: "BUY" });
    client.api.reqExecutions(2, { side: "SELL" });
    client.api.reqExecutions(3, { clientId: "8" });
    await client.waitFor(EventName.execDetailsEnd, () => true, 3);
    expect(client.of(EventName.execDetails).map(({ args }) => args[0])).toEqual([-1, 1]);
    client.api.reqCompletedOrders(true);
    await client.waitFor(EventName.completedOrdersEnd);
    expect(client.of(EventName.completedOrder).map(({ args }) => args[2])).toMatchObject([
      { status: "Filled", completedStatus: "Filled Size: 10" },
    ]);
    const other = await simulator.library(8);
    expect(other.of(EventName.openOrder)).toEqual([]);
    other.api.reqOpenOrders();
    await other.waitFor(EventName.openOrderEnd);
    expect(other.of(EventName.openOrder)).toEqual([]);
    other.api.reqAllOpenOrders();
    const [seen] = await other.waitFor(EventName.openOrder);
    expect(seen?.args[2]).toMatchObject({ orderId: resting, clientId: 7, orderRef: "cs1.rest" });
    other.api.reqAutoOpenOrders(true);
    await other.waitFor(EventName.info, (args) => args[1] === 327);
  });
});
