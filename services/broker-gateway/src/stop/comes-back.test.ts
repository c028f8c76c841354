import { RPCS } from "@countersign/contracts/subjects";
import { afterAll, beforeAll, expect, test } from "vitest";
import { World } from "../test-support.ts";
import { eventually } from "../testing/eventually.ts";

let world: World;
beforeAll(async () => {
  world = await World.open();
  const limit = { afterMs: 60_000, level: "HALTED" } as const;
  const cancelOrders = { pollMs: 50, deadlineMs: 3_000, retryMs: 500 };
  await world.startGateway({ stops: { killFile: null, unknownOrder: limit, auditLag: limit, cancelOrders } });
});
afterAll(() => world?.close());

const newestReport = async () => {
  const reply = await world.admin.request(RPCS.killReports, { limit: 1 });
  return reply.outcome === "ok" ? reply.value.reports[0]?.report : undefined;
};

test("an order that the broker did not show when a stop had cancelled everything, and shows again -> cancelled too", async () => {
  const { approval, proposal } = await world.approved({ terms: { orderType: "LMT", limitPrice: "1.00" } });
  expect(await world.submit(approval)).toBe("sent");
  await world.execLogWith(proposal, "acknowledged/1");
  await world.simulator.control("POST", "/faults", { action: "ignoreRequest", message: "cancelOrder", times: 0 });
  await world.simulator.control("POST", "/faults", { action: "dropReply", message: "openOrder", times: 0 });
  await world.kill("HALTED", "global", "own");
  const report = await eventually(async () => {
    const newest = await newestReport();
    return newest?.complete && newest.orders.some((row) => row.proposalId === proposal) ? newest : undefined;
  });
  expect(report.remaining).toEqual([]);
  await world.simulator.control("DELETE", "/faults");
  expect((await world.execLog(proposal)).some(({ type }) => type === "cancelled/1")).toBe(false);
  expect(await world.admin.request(RPCS.reconcileNow, {})).toMatchObject({ outcome: "ok" });
  await world.execLogWith(proposal, "cancelled/1");
  expect((await newestReport())?.attempt).toBeGreaterThan(report.attempt);
});
