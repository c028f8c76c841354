import { existsSync } from "node:fs";
import { latchFileIn } from "@countersign/config/kill-latch";
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
  world.gateway?.stops.latch.look();
  expect(latched()).toBe(true);
  expect(await world.submit((await world.approved()).approval)).toBe("KILL_SWITCH_HALTED");
  await world.stopGateway();

  await world.startGateway();
  expect(latched()).toBe(true);
  await world.kill("ACTIVE");
  await eventually(() => (latched() ? undefined : true));
  expect(await world.submit((await world.approved()).approval)).toBe("sent");
});
