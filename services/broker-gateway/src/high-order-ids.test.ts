import { RPCS } from "@countersign/contracts/subjects";
import { EventName, IBApi } from "@stoqey/ib";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { AAPL, ACCOUNT, World } from "./test-support.ts";

/** Another program sent orders under our client id before, with ids of its own making; TWS goes on from there. */

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterEach(() => world.stopGateway());
afterAll(() => world?.close());

async function orderOfAnotherProgram(orderId: number): Promise<void> {
  const api = new IBApi({ host: "127.0.0.1", port: world.simulator.port });
  api.on(EventName.error, () => undefined);
  const heard = (event: EventName) => new Promise<void>((resolve) => api.once(event, () => resolve()));
  const ready = heard(EventName.nextValidId);
  api.connect(17);
  await ready;
  const shown = heard(EventName.openOrder);
  const contract = { conId: AAPL, exchange: "SMART" } as Parameters<IBApi["placeOrder"]>[1];
  const order = { action: "BUY", totalQuantity: 1, orderType: "LMT", lmtPrice: 1, tif: "DAY", account: ACCOUNT };
  api.placeOrder(orderId, contract, { ...order, transmit: true } as Parameters<IBApi["placeOrder"]>[2]);
  await shown;
  api.disconnect();
}

describe("TWS counts order ids from a high number", () => {
  test("as programs do that take the time for an id -> orders go on above it", async () => {
    await orderOfAnotherProgram(1_800_000_000);
    await world.startGateway();
    const { approval, proposal } = await world.approved();
    expect(await world.submit(approval)).toBe("sent");
    expect((await world.execLogWith(proposal, "filled/1"))[0]).toMatchObject({ orderId: 1_800_000_001 });
  });

  test("so high that none is left -> nothing is sent, approvals wait, and it is said why; cancels go out", async () => {
    await world.startGateway();
    const resting = await world.approved({ terms: { orderType: "LMT", limitPrice: "1.00" } });
    await world.submit(resting.approval);
    await world.execLogWith(resting.proposal, "acknowledged/1");
    await world.stopGateway();
    await orderOfAnotherProgram(2_147_000_000);
    await world.startGateway();
    const before = await world.ordersAtBroker();
    const { approval, proposal } = await world.approved();
    const refused = { code: "BROKER_UNAVAILABLE", effect: "none", message: expect.stringContaining("order ids") };
    await expect(world.submit(approval)).rejects.toMatchObject(refused);
    const { terms } = approval.statement.ticket;
    await expect(world.risk.request(RPCS.whatIf, { terms })).rejects.toMatchObject(refused);
    expect(await world.execLog(proposal)).toEqual([]);
    expect(await world.ordersAtBroker()).toBe(before);
    const conditions = [expect.objectContaining({ code: "ORDER_IDS_USED_UP" })];
    expect(await world.risk.request(RPCS.brokerStatus, {})).toMatchObject({
      value: { hold: { code: "BROKER_UNAVAILABLE" }, conditions: expect.arrayContaining(conditions) },
    });
    expect((await world.cancel(resting.proposal)).outcome).toBe("ok");
    await world.execLogWith(resting.proposal, "cancelled/1");
  });
});
