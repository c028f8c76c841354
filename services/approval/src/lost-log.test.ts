import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Ticket } from "@countersign/contracts/order";
import { newNonce } from "@countersign/ids/ids";
import { PATIENCE_MS } from "@countersign/testing/patience";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterAll, beforeAll, expect, test } from "vitest";
import { admit, countersign, newTicket, World } from "./test-support.ts";

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

const answerTo = async (ticket: Ticket) => {
  const answer = await world.approve(countersign(ticket)).catch(String);
  return JSON.stringify(answer) ?? "";
};

test("the stream of orders is restored from a backup while approval runs -> nothing is approved, and the reason says so", async () => {
  using folder = tempDir();
  const { nats } = world;
  const backup = join(folder.path, "backup");
  const before = await admit(world.gate, newTicket());
  await nats.kill("SIGTERM");
  cpSync(nats.storeDir, backup, { recursive: true });
  await nats.restart();
  const lost = newTicket();
  await expect
    .poll(() => admit(world.gate, lost).then(() => "admitted", String), { timeout: PATIENCE_MS })
    .toBe("admitted");
  // Only what was seen can be missed: another ticket of the order is denied by name as soon as approval knows the order.
  const another = { ...lost, nonce: newNonce() };
  await expect.poll(() => answerTo(another), { timeout: PATIENCE_MS }).toContain("TICKET_HASH_MISMATCH");
  await nats.kill("SIGTERM");
  rmSync(nats.storeDir, { recursive: true });
  cpSync(backup, nats.storeDir, { recursive: true });
  await nats.restart();

  await expect
    .poll(() => answerTo(lost), { timeout: PATIENCE_MS, interval: 500 })
    .toMatch(/KILL_SWITCH_HALTED.*orders went back from \d+ to \d+/);
  expect(await answerTo(before)).toMatch(/KILL_SWITCH_HALTED.*went back/);
  expect(await world.typesOf(before)).toEqual([]);
});
