import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { FACTS } from "@countersign/contracts/subjects";
import { startSimulator, type TestSimulator } from "@countersign/testing/simulator";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterAll, beforeAll, expect, test } from "vitest";
import { World } from "../test-support.ts";
import { eventually } from "../testing/eventually.ts";

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

/** The stream of orders on the disk, while the server stands still. */
const orders = () => join(world.nats.storeDir, "jetstream/CORE/streams/ORDERS");
async function offline(change: () => void): Promise<void> {
  await world.nats.kill("SIGTERM");
  change();
  await world.nats.restart();
  const { risk, approval, admin, auditWriter } = world;
  await eventually(() => ([risk, approval, admin, auditWriter].every((bus) => bus.connected()) ? true : undefined));
}
const standing = () => world.gateway?.view.trips().filter(({ level }) => level !== "NONE");

test("the logs lost an order of which the broker shows nothing any more -> HALTED before anything is sent; reset, it is not said again", async () => {
  using folder = tempDir();
  const backup = join(folder.path, "ORDERS");
  await offline(() => cpSync(orders(), backup, { recursive: true }));
  await world.startGateway();
  const { approval, proposal } = await world.approved();
  expect(await world.submit(approval)).toBe("sent");
  await world.execLogWith(proposal, "filled/1");
  const reference = world.gateway?.table.get(proposal)?.order.orderRef ?? "";
  await world.stopGateway();

  await world.startGateway({}, true, nextDay.port);
  expect(standing()).toEqual([]);
  await world.stopGateway();
  await offline(() => {
    rmSync(orders(), { recursive: true });
    cpSync(backup, orders(), { recursive: true });
  });

  const gateway = await world.startGateway({}, true, nextDay.port);
  expect(gateway.view.level({})).toMatchObject({ level: "HALTED", reason: expect.stringContaining(reference) });
  expect(await world.submit((await world.approved()).approval)).toBe("KILL_SWITCH_HALTED");
  const entry = await eventually(() => standing()?.find(({ cause }) => cause === "strange-order"));
  const at = new Date().toISOString();
  const reset = { type: "trip-reset/1" as const, tripSequence: entry.sequence, actor, reason: "compared with TWS", at };
  await world.admin.append(FACTS.tripReset, { key: entry.key }, reset, { expectedSequence: 0 });
  await eventually(() => (standing()?.length === 0 ? true : undefined));
  await world.stopGateway();

  await world.startGateway({}, true, nextDay.port);
  expect(standing()).toEqual([]);
  expect(await world.submit((await world.approved()).approval)).toBe("sent");
});
