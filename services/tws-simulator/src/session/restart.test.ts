import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EventName } from "@stoqey/ib";
import { expect, test } from "vitest";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

test("after a restart: the GTC order is told before the accounts, ids go on, executions, position and cash are there", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "tws-simulator-"));
  const first = await TestSimulator.start({ dataDir });
  await first.pin(AAPL.conId, "200");
  const before = await first.library();
  before.place(AAPL, { orderType: "MKT" as never, orderRef: "cs1.done" });
  const resting = before.place(AAPL, { lmtPrice: 1, tif: "GTC" as never, orderRef: "cs1.rest" });
  await before.waitFor(EventName.commissionReport);
  await before.waitFor(EventName.orderStatus, (args) => args[0] === resting && args[1] === "Submitted");
  first.stop();

  const second = await TestSimulator.start({ dataDir });
  const after = await second.library();
  expect(after.nextId).toBe(resting + 1);
  const told = after.events.map(({ name }) => name).filter((name) => name !== "connected" && name !== "server");
  expect(told.slice(0, 5)).toEqual(["openOrder", "orderStatus", "openOrderEnd", "managedAccounts", "nextValidId"]);
  const permIds = [before, after].map(
    (each) => each.of(EventName.orderStatus).find(({ args }) => args[0] === resting)?.args[5],
  );
  expect(permIds[0]).toBe(permIds[1]);
  after.api.reqExecutions(1, {});
  after.api.reqPositions();
  after.api.reqCompletedOrders(false);
  after.api.reqAccountSummary(2, "All", "TotalCashValue");
  await after.waitFor(EventName.accountSummary, (args) => args[3] === "97998.90");
  expect(after.of(EventName.execDetails).map(({ args }) => args[2])).toMatchObject([{ orderRef: "cs1.done" }]);
  expect(after.of(EventName.position).map(({ args }) => args[2])).toEqual([10]);
  expect(after.of(EventName.completedOrder)).toHaveLength(1);
  expect(after.protocolErrors()).toEqual([]);
  second.stop();
  rmSync(dataDir, { recursive: true });
});
