import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createSystemClock } from "@countersign/clock/clock";
import { FACTS } from "@countersign/contracts/subjects";
import { createLogger } from "@countersign/log/logger";
import { startTestNats, type TestNats } from "@countersign/testing/nats";
import { PATIENCE_MS } from "@countersign/testing/patience";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Bus, connectBus } from "./bus.ts";
import { OrderFeed } from "./order-feed.ts";

const clock = createSystemClock();
const log = createLogger({ service: "test", level: "silent" });
const at = "2026-03-02T10:00:00.000Z";

let nats: TestNats;
let folder: ReturnType<typeof tempDir>;
let approval: Bus;
let gate: Bus;
let feed: OrderFeed;
let written = 0;
beforeEach(async () => {
  nats = await startTestNats();
  folder = tempDir("countersign-feed-");
  const { url, keysDir } = nats;
  approval = await connectBus({ url, keysDir, users: ["approval-core"], service: "approval", clock, log });
  gate = await connectBus({ url, keysDir, users: ["risk-gate"], service: "risk-gate", clock, log });
  feed = await OrderFeed.open(gate, clock);
});
afterEach(async () => {
  feed.close();
  await Promise.all([approval.drain(), gate.drain()]);
  await nats.stop();
  folder.remove();
});

async function write(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const proposal = `prop_${String.fromCharCode(97 + written).repeat(26)}`;
    written += 1;
    const fact = { type: "expired/1", proposalId: proposal, at, deadline: at } as const;
    const append = () =>
      approval.append(FACTS.decision, { account: "DU1234567", proposal }, fact, { expectedSequence: 0 });
    await expect.poll(() => append().then(({ outcome }) => outcome, String), { timeout: PATIENCE_MS }).toBe("appended");
  }
}

const backup = () => join(folder.path, "backup");
/** What the server had on its disk then, or has now. */
async function offline(change: () => void): Promise<void> {
  await nats.kill("SIGTERM");
  change();
  await nats.restart();
}
const save = () => offline(() => cpSync(nats.storeDir, backup(), { recursive: true }));
const restore = () =>
  offline(() => {
    rmSync(nats.storeDir, { recursive: true });
    cpSync(backup(), nats.storeDir, { recursive: true });
  });
const reason = () => feed.stands()?.reason;

test("the stream is restored from a backup -> HALTED, also when it has grown past what was seen", async () => {
  await write(3);
  await save();
  await write(3);
  await expect.poll(() => feed.lastSequence(), { timeout: PATIENCE_MS }).toBe(6);
  expect(reason()).toBeUndefined();
  await restore();
  await expect.poll(reason, { timeout: PATIENCE_MS }).toBe("the stream of orders went back from 6 to 3");
  await write(4);
  await expect
    .poll(reason, { timeout: PATIENCE_MS })
    .toBe("message 6 of the stream of orders is not the one that was there");
  expect(feed.lastSequence()).toBe(6);
});

test("the server comes back with all it had -> nothing stands against it, and what comes is seen", async () => {
  await write(3);
  await save();
  await write(2);
  await expect.poll(() => feed.lastSequence(), { timeout: PATIENCE_MS }).toBe(5);
  expect(reason()).toBeUndefined();
});
