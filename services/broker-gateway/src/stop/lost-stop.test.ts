import { existsSync } from "node:fs";
import { utcText } from "@countersign/clock/clock";
import { latchFileIn } from "@countersign/config/kill-latch";
import { FACTS } from "@countersign/contracts/subjects";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterAll, beforeAll, expect, test } from "vitest";
import { World } from "../test-support.ts";
import { eventually } from "../testing/eventually.ts";
import { backUp } from "../testing/offline.ts";

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world?.close());

const latched = () => existsSync(latchFileIn(world.folder.path));

/** A stop of everything that is less than HALTED, after the loss: it is about everything, and loosens nothing. */
async function tripLower(): Promise<void> {
  const body = { type: "trip/1" as const, level: "REDUCE_ONLY" as const, reason: "nobody is there", evidence: [] };
  const to = { cause: "operator-absent", scope: "global" } as const;
  await world.admin.append(FACTS.adminTrip, to, { ...body, at: utcText(Date.now()) }, { expectedSequence: 0 });
}

async function resetLower(): Promise<void> {
  const trip = await world.admin.readLast(FACTS.adminTrip, { cause: "operator-absent", scope: "global" });
  const actor = { kind: "operator" as const, id: "alice" };
  const body = { type: "trip-reset/1" as const, tripSequence: trip?.sequence ?? 0, actor, reason: "back" };
  const to = { key: "admin-api.operator-absent.global" };
  await world.admin.append(FACTS.tripReset, to, { ...body, at: utcText(Date.now()) }, { expectedSequence: 0 });
}

test("the control stream lost HALTED and has grown past its place since -> the latch holds until a person loosens it", async () => {
  using folder = tempDir();
  const restore = await backUp(world, "KV_CONTROL", folder.path);
  await world.startGateway();
  await world.kill("HALTED");
  await eventually(() => (latched() ? true : undefined));
  const lostAt = world.gateway?.view.sequence() ?? Number.NaN;
  await world.stopGateway();
  await restore();

  await world.startGateway();
  for (const other of ["agent.agent-2", "agent.agent-3", "agent.agent-4"]) await world.kill("REDUCE_ONLY", other);
  const view = world.gateway?.view;
  await eventually(() => (view !== undefined && view.sequence() > lostAt ? true : undefined));
  expect(view?.stated({}).level).toBe("ACTIVE");
  await tripLower();
  await eventually(() => (view?.stated({}).level === "REDUCE_ONLY" ? true : undefined));
  world.gateway?.stops.latch.look();
  expect(latched()).toBe(true);
  expect(await world.submit((await world.approved()).approval)).toBe("KILL_SWITCH_HALTED");
  await world.stopGateway();

  await world.startGateway();
  expect(latched()).toBe(true);
  await world.kill("ACTIVE");
  await resetLower();
  await eventually(() => (latched() ? undefined : true));
  expect(await world.submit((await world.approved()).approval)).toBe("sent");
});
