import { FACTS } from "@countersign/contracts/subjects";
import { startSimulator, type TestSimulator } from "@countersign/testing/simulator";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterAll, beforeAll, expect, test } from "vitest";
import { World } from "../test-support.ts";
import { eventually } from "../testing/eventually.ts";
import { backUp } from "../testing/offline.ts";

const actor = { kind: "operator" as const, id: "alice" };
let world: World;
/** The same account at a broker that shows nothing of what was: the next day. */
let nextDay: TestSimulator;
beforeAll(async () => {
  [world, nextDay] = await Promise.all([World.open(), startSimulator()]);
});
afterAll(async () => {
  await world?.close();
  await nextDay?.stop();
});

async function reset(): Promise<void> {
  const entry = await eventually(() => standing()?.find(({ cause }) => cause === "strange-order"));
  const { key, sequence: tripSequence } = entry;
  const at = new Date().toISOString();
  const body = { type: "trip-reset/1" as const, tripSequence, actor, reason: "compared with TWS", at };
  const last = await world.admin.readLast(FACTS.tripReset, { key });
  await world.admin.append(FACTS.tripReset, { key }, body, { expectedSequence: last?.sequence ?? 0 });
  await eventually(() => (standing()?.length === 0 ? true : undefined));
}
const standing = () => world.gateway?.view.trips().filter(({ level }) => level !== "NONE");

test("the logs lost an order of which the broker shows nothing any more -> HALTED before anything is sent; reset, it is not said again", async () => {
  using folder = tempDir();
  const restore = await backUp(world, "ORDERS", folder.path);
  await world.startGateway();
  const { approval, proposal } = await world.approved();
  expect(await world.submit(approval)).toBe("sent");
  await world.execLogWith(proposal, "filled/1");
  const reference = world.gateway?.table.get(proposal)?.order.orderRef ?? "";
  await world.stopGateway();

  await world.startGateway({}, true, nextDay.port);
  expect(standing()).toEqual([]);
  await world.stopGateway();
  await restore();

  const gateway = await world.startGateway({}, true, nextDay.port);
  expect(gateway.view.level({})).toMatchObject({ level: "HALTED", reason: expect.stringContaining(reference) });
  expect(await world.submit((await world.approved()).approval)).toBe("KILL_SWITCH_HALTED");
  await reset();
  await world.stopGateway();

  await world.startGateway({}, true, nextDay.port);
  expect(standing()).toEqual([]);
  expect(await world.submit((await world.approved()).approval)).toBe("sent");
});

test("the newest of what the logs lost was claimed for nothing -> HALTED all the same; and what was sent before is not taken for unsent", async () => {
  using folder = tempDir();
  const expiresAt = new Date(Date.now() + 110_000).toISOString();
  await world.stopGateway();
  const { approval, proposal } = await world.approved({ statement: { expiresAt } });
  const restore = await backUp(world, "ORDERS", folder.path);
  await world.startGateway({}, true, nextDay.port);
  expect(await world.submit(approval)).toBe("sent");
  world.auditUp = false;
  const unsent = await world.approved();
  await expect(world.submit(unsent.approval)).rejects.toMatchObject({ code: "AUDIT_UNAVAILABLE" });
  await world.execLogWith(unsent.proposal, "killedNotSent/1");
  world.auditUp = true;
  const reference = world.gateway?.table.get(unsent.proposal)?.order.orderRef ?? "";
  await world.stopGateway();
  await restore();

  const gateway = await world.startGateway();
  expect(gateway.view.level({})).toMatchObject({ level: "HALTED", reason: expect.stringContaining(reference) });
  await reset();
  const before = await world.ordersAtBroker();
  expect(await world.submit(approval)).toBe("APPROVAL_CONSUMED");
  expect(await world.ordersAtBroker()).toBe(before);
  expect((await world.execLog(proposal)).map(({ type }) => type)).toEqual(["intent/1", "lost/1"]);
  expect(gateway.table.get(proposal)?.order.state).toBe("UNKNOWN");
});
