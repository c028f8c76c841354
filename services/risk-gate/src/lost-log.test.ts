import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { RPCS } from "@countersign/contracts/subjects";
import { PATIENCE_MS } from "@countersign/testing/patience";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterAll, beforeAll, expect, test } from "vitest";
import { World } from "./test-support.ts";

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

test("the stream of orders alone is restored from a backup -> no verdict, because the gate cannot know what it must count", async () => {
  using folder = tempDir();
  const { nats } = world;
  const backup = join(folder.path, "ORDERS");
  const stream = join(nats.storeDir, "jetstream/CORE/streams/ORDERS");
  const { ticket } = await world.admitted("before");
  if (ticket === null) throw new Error("no ticket");
  await nats.kill("SIGTERM");
  cpSync(stream, backup, { recursive: true });
  await nats.restart();
  // What is denied while facts are still on their way stays denied under its key.
  let tries = 0;
  const admitted = () => world.admitted(`after-${tries++}`).then(({ state }) => state, String);
  await expect.poll(admitted, { timeout: PATIENCE_MS, interval: 500 }).toBe("PENDING_APPROVAL");
  await nats.kill("SIGTERM");
  rmSync(stream, { recursive: true });
  cpSync(backup, stream, { recursive: true });
  await nats.restart();

  const verdict = () => world.gateway.request(RPCS.verdict, { ticket, afterSequence: 0 }).then(JSON.stringify, String);
  await expect
    .poll(verdict, { timeout: PATIENCE_MS, interval: 500 })
    .toMatch(/KILL_SWITCH_HALTED.*orders went back from \d+ to \d+/);
});
