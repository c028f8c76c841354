import { afterAll, beforeAll, expect, test } from "vitest";
import { World } from "../test-support.ts";
import { eventually } from "../testing/eventually.ts";

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world?.close());

test("an order that was sent under another client id -> its cancel is refused and nothing is written to TWS; set back, it is cancelled", async () => {
  await world.startGateway();
  const { approval, proposal } = await world.approved({ terms: { orderType: "LMT", limitPrice: "1.00" } });
  expect(await world.submit(approval)).toBe("sent");
  await world.execLogWith(proposal, "acknowledged/1");
  await world.stopGateway();

  await world.startGateway({ clientIds: { orders: 27, fallback: 28 } });
  expect(await world.cancel(proposal)).toMatchObject({
    outcome: "denied",
    denial: { code: "ORDER_NOT_CANCELLABLE", message: expect.stringContaining("client 17") },
  });
  expect((await world.execLog(proposal)).some(({ type }) => type === "cancelRequested/1")).toBe(false);
  await world.kill("HALTED", "global", "own");
  const report = await eventually(() => {
    const [newest] = world.gateway?.stops.reports.list(1) ?? [];
    return newest?.report.orders.find((row) => row.proposalId === proposal);
  });
  expect(report).toMatchObject({ cancelSentAt: null, problem: "ORDER_NOT_CANCELLABLE" });
  expect((await world.simulator.frames()).cancelOrder ?? 0).toBe(0);
  await world.stopGateway();

  await world.startGateway();
  await world.execLogWith(proposal, "cancelled/1");
});
