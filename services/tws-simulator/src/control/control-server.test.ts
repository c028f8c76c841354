import { connect } from "node:net";
import { EventName } from "@stoqey/ib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

describe("control port", () => {
  let simulator: TestSimulator;
  beforeEach(async () => {
    simulator = await TestSimulator.start();
    await simulator.pin(AAPL.conId, "200");
  });
  afterEach(() => simulator.stop());

  test("the journal has every order and cancel with its arrival; after= takes the later ones", async () => {
    const client = await simulator.library();
    const id = client.place(AAPL, { lmtPrice: 150, orderRef: "cs1.a" });
    client.api.cancelOrder(id);
    await client.waitFor(EventName.error, (args) => args[1] === 202);
    const { body } = await simulator.control("GET", "/journal?after=0");
    expect(body.entries).toMatchObject([
      { sequence: 1, name: "placeOrder", orderId: id, orderRef: "cs1.a", whatIf: false, clientId: 7 },
      { sequence: 2, name: "cancelOrder", orderId: id },
    ]);
    const later = await simulator.control("GET", "/journal?after=1");
    expect(later.body.entries).toHaveLength(1);
  });

  test("dropBefore placeOrder -> disconnected, and the order never was", async () => {
    await simulator.control("POST", "/faults", { action: "dropBefore", message: "placeOrder" });
    const client = await simulator.library();
    client.place(AAPL, { lmtPrice: 150 });
    await client.waitFor(EventName.disconnected);
    const again = await simulator.library();
    again.api.reqAllOpenOrders();
    await again.waitFor(EventName.openOrderEnd);
    expect(again.of(EventName.openOrder)).toEqual([]);
    expect(await simulator.frames()).toMatchObject({ placeOrder: 1 });
  });

  test("dropAfter placeOrder -> disconnected without a callback, and the order is live", async () => {
    await simulator.control("POST", "/faults", { action: "dropAfter", message: "placeOrder" });
    const client = await simulator.library();
    client.place(AAPL, { lmtPrice: 150, orderRef: "cs1.lost" });
    await client.waitFor(EventName.disconnected);
    expect(client.of(EventName.openOrder)).toEqual([]);
    const again = await simulator.library();
    const [found] = await again.waitFor(EventName.openOrder);
    expect(found?.args[2]).toMatchObject({ orderRef: "cs1.lost" });
  });

  test("cutBeforeReply orderStatus -> openOrder arrives, its status does not", async () => {
    await simulator.control("POST", "/faults", { action: "cutBeforeReply", message: "orderStatus" });
    const client = await simulator.library();
    client.place(AAPL, { lmtPrice: 150 });
    await client.waitFor(EventName.disconnected);
    expect(client.of(EventName.openOrder)).toHaveLength(1);
    expect(client.of(EventName.orderStatus)).toEqual([]);
  });

  test("halfOpen -> no answer and no close; after DELETE the dead connection is closed and a new one works", async () => {
    const client = await simulator.library();
    await simulator.control("POST", "/faults", { action: "halfOpen" });
    client.api.reqCurrentTime();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([...client.of(EventName.currentTime), ...client.of(EventName.disconnected)]).toEqual([]);
    await simulator.control("DELETE", "/faults");
    await client.waitFor(EventName.disconnected);
    await simulator.library();
  });

  test("refuseConnections -> refused by the system while connections live on; after DELETE the same port listens", async () => {
    const client = await simulator.library();
    await simulator.control("POST", "/faults", { action: "refuseConnections" });
    const refused = await new Promise((resolve) => {
      connect(simulator.port, "127.0.0.1").once("error", (error) => resolve((error as NodeJS.ErrnoException).code));
    });
    expect(refused).toBe("ECONNREFUSED");
    client.api.reqCurrentTime();
    await client.waitFor(EventName.currentTime);
    await simulator.control("DELETE", "/faults");
    await simulator.library(8);
  });

  test("delayReply -> the reply and all behind it come later, in order", async () => {
    const client = await simulator.library();
    await simulator.control("POST", "/faults", { action: "delayReply", message: "currentTime", delayMs: 80 });
    const started = performance.now();
    client.api.reqCurrentTime();
    client.api.reqManagedAccts();
    await client.waitFor(EventName.managedAccounts, () => true, 2);
    expect(performance.now() - started).toBeGreaterThan(70);
    expect(client.events.slice(-2).map(({ name }) => name)).toEqual(["currentTime", "managedAccounts"]);
  });

  test("a request of a browser's page -> 403, nothing happens", async () => {
    const url = `http://127.0.0.1:${simulator.controlPort}/faults`;
    const body = JSON.stringify({ action: "refuseConnections" });
    const answer = await fetch(url, { method: "POST", body, headers: { origin: "https://example.org" } });
    expect(answer.status).toBe(403);
    expect((await simulator.control("GET", "/faults")).body).toEqual({ rules: [] });
  });

  test.each([
    ["POST", "/faults", { action: "explode" }, 400],
    ["POST", "/faults", { action: "dropBefore", extra: 1 }, 400],
    ["POST", "/market/price", { conid: 1, price: "1" }, 404],
    ["POST", "/market/price", { conid: 265598, price: "1.001" }, 400],
    ["POST", "/market/price", { conid: 265598, price: "1e3" }, 400],
    ["GET", "/journal?after=x", undefined, 400],
    ["POST", "/clock/advance", { ms: 1 }, 409],
    ["GET", "/nothing", undefined, 404],
  ])("%s %s %j -> %i", async (method, path, body, status) => {
    expect((await simulator.control(method, path, body)).status).toBe(status);
  });
});
