import { afterAll, beforeAll, expect, test } from "vitest";
import { World } from "./test-support.ts";
import { eventually } from "./testing/eventually.ts";

/** An order whose bytes have left, while its log has not taken that yet. */
let world: World;
beforeAll(async () => {
  world = await World.open();
  await world.startGateway({
    stops: {
      killFile: null,
      unknownOrder: { afterMs: 60_000, level: "HALTED" },
      auditLag: { afterMs: 60_000, level: "HALTED" },
      cancelOrders: { pollMs: 50, deadlineMs: 1_000, retryMs: 500 },
    },
  });
});
afterAll(() => world?.close());

/** How often TWS has read a cancel of this order. */
async function cancels(proposal: string): Promise<number> {
  const { entries } = (await world.simulator.control("GET", "/journal")) as {
    entries: { name: string; orderId: number }[];
  };
  const orderId = world.gateway?.table.get(proposal)?.order.orderId;
  return entries.filter((one) => one.name === "cancelOrder" && one.orderId === orderId).length;
}

/** Sends an order; until the returned function is called its log takes nothing. */
async function sentUnrecorded(): Promise<{ proposal: string; record: () => void }> {
  const { execLog } = world.gateway ?? {};
  if (execLog === undefined) throw new Error("no gateway");
  const write = execLog.appendAtLast.bind(execLog);
  const { promise, resolve } = Promise.withResolvers<void>();
  execLog.appendAtLast = (...fact) => promise.then(() => write(...fact));
  const record = () => {
    execLog.appendAtLast = write;
    resolve();
  };
  const { approval, proposal } = await world.approved({ terms: { orderType: "LMT", limitPrice: "1.00" } });
  expect(await world.submit(approval)).toBe("sent");
  expect(world.gateway?.table.get(proposal)?.order.state).toBe("INTENT");
  return { proposal, record };
}

test("can be cancelled, and is CANCELLED when the log goes on", async () => {
  const { proposal, record } = await sentUnrecorded();
  const reply = await world.cancel(proposal);
  record();
  expect(reply).toMatchObject({ outcome: "ok" });
  expect(await cancels(proposal)).toBe(1);
  await world.execLogWith(proposal, "cancelled/1");
});

test("is cancelled by a stop that cancels our own orders", async () => {
  const { proposal, record } = await sentUnrecorded();
  await world.kill("HALTED", "global", "own");
  await eventually(async () => ((await cancels(proposal)) > 0 ? true : undefined)).finally(record);
  expect(await cancels(proposal)).toBe(1);
  await world.execLogWith(proposal, "cancelled/1");
});
