import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { ChaosSystem } from "../system/chaos-system.ts";
import { Stage } from "../system/stage.ts";
import type { Trader } from "../system/trader.ts";
import { answerTo, hold } from "./hold.ts";
import { claims, fact } from "./instants.ts";
import { everythingHolds } from "./run-point.ts";

const HOUR_MS = 3_600_000;
const folder = tempDir("countersign-clock-");
const file = join(folder.path, "offset-ms");
const preload = {
  NODE_OPTIONS: `--import ${join(import.meta.dirname, "../system/clock-step.mjs")}`,
  CHAOS_CLOCK_FILE: file,
};
const CLOCKED = ["audit-writer", "broker-gateway", "market-data", "risk-gate", "approval", "mcp-edge", "admin-api"];
const stage = new Stage({ env: Object.fromEntries(CLOCKED.map((name) => [name, preload])) });
let system: ChaosSystem;
let trader: Trader;
beforeEach(async () => {
  await stage.ready();
  ({ system, trader } = stage);
}, 90_000);
afterAll(async () => {
  await stage.stop();
  folder.remove();
}, 30_000);

/** The time of the machine is set while everything runs. */
async function step(ms: number): Promise<void> {
  writeFileSync(file, String(ms));
  for (const service of CLOCKED) process.kill(system.pid(service), "SIGWINCH");
  await sleep(50);
}

/** More than the life of an approval. */
const TOO_LATE_MS = 6_500;
const NOT_SENT = ["EXPIRED", "VOIDED", "KILLED_NOT_SENT"] as const;

describe("CP30 the clock of the machine is set by an hour", () => {
  test.each([HOUR_MS, -HOUR_MS])(
    "%i ms before the approval -> sent once or not at all, and the state says which",
    async (ms) => {
      const proposed = await trader.admitted();
      await step(ms);
      await trader.approve(proposed);
      const state = await trader.becomes(proposed, ["FILLED", "PENDING_APPROVAL", ...NOT_SENT]);
      expect(await trader.sent(proposed), state).toBe(state === "FILLED" ? 1 : 0);
      await step(0);
      await everythingHolds(system, trader);
    },
  );

  test.each([HOUR_MS, -HOUR_MS])(
    "%i ms between approval and intent -> sent once or not at all, and the state says which",
    async (ms) => {
      const proposed = await trader.admitted();
      const held = hold(system.bus("approval"), answerTo(fact("decision", "approved")));
      const approving = trader.approve(proposed);
      await held.reached;
      await step(ms);
      held.release();
      await approving;
      const state = await trader.becomes(proposed, ["FILLED", ...NOT_SENT]);
      expect(await trader.sent(proposed), state).toBe(state === "FILLED" ? 1 : 0);
      await step(0);
      await everythingHolds(system, trader);
    },
  );

  test("an hour back at the claim, which comes only when the approval is over -> not sent: its age is not measured with the clock on the wall", async () => {
    const proposed = await trader.admitted();
    const submits = (message: { from: string; subject: string }) =>
      message.from === "server" && message.subject.startsWith("exec.v1.submit.");
    const held = hold(system.bus("broker-gateway"), submits);
    const approving = trader.approve(proposed);
    await held.reached;
    await step(-HOUR_MS);
    await sleep(TOO_LATE_MS);
    held.release();
    await approving;
    const state = await trader.becomes(proposed, ["APPROVED", "FILLED", ...NOT_SENT]);
    expect(await trader.sent(proposed), state).toBe(0);
    await step(0);
    await trader.becomes(proposed, NOT_SENT);
    expect(await trader.sent(proposed)).toBe(0);
    await everythingHolds(system, trader);
  });

  test("an hour ahead while the claim is on its way -> an order that was not sent by then is not sent", async () => {
    const proposed = await trader.admitted();
    const held = hold(system.bus("broker-gateway"), answerTo(claims));
    const approving = trader.approve(proposed);
    await held.reached;
    await step(HOUR_MS);
    held.release();
    await approving;
    await trader.becomes(proposed, NOT_SENT);
    expect(await trader.sent(proposed)).toBe(0);
    await step(0);
    await everythingHolds(system, trader);
  });
});
