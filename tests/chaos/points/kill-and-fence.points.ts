import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { admin, until } from "../../end-to-end/system.ts";
import type { NatsMessage } from "../relay/nats-messages.ts";
import type { ChaosSystem } from "../system/chaos-system.ts";
import { PAUSE_MS } from "../system/quick-config.ts";
import { settled } from "../system/settled.ts";
import { Stage } from "../system/stage.ts";
import { type Proposed, RESTS, type Trader } from "../system/trader.ts";
import { answerTo, hold } from "./hold.ts";
import { claims } from "./instants.ts";
import { everythingHolds } from "./run-point.ts";

const GATEWAY = "broker-gateway";
const stage = new Stage();
let system: ChaosSystem;
let trader: Trader;
beforeEach(async () => {
  await stage.ready();
  ({ system, trader } = stage);
}, 90_000);
afterAll(() => stage.stop(), 30_000);
afterEach(async () => {
  await settled(system);
  await trader.kill("ACTIVE");
}, 40_000);

const NEVER = ["KILLED_NOT_SENT", "VOIDED", "EXPIRED"] as const;

async function neverSent(
  proposed: Proposed,
  states: readonly ("KILLED_NOT_SENT" | "VOIDED" | "EXPIRED" | "UNKNOWN")[] = NEVER,
): Promise<void> {
  await settled(system);
  await trader.becomes(proposed, states);
  expect(await trader.sent(proposed)).toBe(0);
  await everythingHolds(system, trader);
}

/** The gateway hears nothing of the server for so long that it must take the kill switch for HALTED. */
const STALE_MS = 1_700;

describe("CP21 the kill switch is latched between the gate and the socket", () => {
  test.each([
    ["the claim is on its way", 0, () => (message: NatsMessage) => message.from === "client" && claims(message)],
    ["the claim is won, its answer and the latch come too late to be believed", STALE_MS, () => answerTo(claims)],
  ] as const)("%s -> KILLED_NOT_SENT, no frame", async (_, delayMs, matches) => {
    const proposed = await trader.admitted();
    const held = hold(system.bus(GATEWAY), matches());
    const approving = trader.approve(proposed);
    await held.reached;
    expect((await trader.kill("HALTED"))?.status).toBe(200);
    await sleep(delayMs);
    held.release();
    await approving;
    await neverSent(proposed);
  });
});

test("CP22 the gateway is stopped at its claim, the kill switch latched, the gateway resumed after its lease -> no frame", async () => {
  const proposed = await trader.admitted();
  const held = hold(system.bus(GATEWAY), answerTo(claims));
  const approving = trader.approve(proposed);
  await held.reached;
  await system.freeze(GATEWAY);
  held.release();
  expect((await trader.kill("HALTED"))?.status).toBe(200);
  await sleep(PAUSE_MS);
  system.thaw(GATEWAY);
  await approving;
  await neverSent(proposed, [...NEVER, "UNKNOWN"]);
});

test("CP23 the old writer resumes after another has taken over -> its claim is refused, it exits, the new one sends", async () => {
  const proposed = await trader.admitted();
  const held = hold(system.bus(GATEWAY), (message) => message.from === "client" && claims(message));
  const approving = trader.approve(proposed);
  await held.reached;
  const old = system.pid(GATEWAY);
  await system.freeze(GATEWAY);
  const standby = system.standby();
  await standby.start();
  system.thaw(GATEWAY);
  held.release();
  await approving;
  await until(
    async () => system.pid(GATEWAY),
    (pid) => pid !== old,
    20_000,
  );
  await trader.becomes(proposed, ["KILLED_NOT_SENT"]);
  expect(await trader.sent(proposed)).toBe(0);
  await until(
    () => admin(system, "GET", "/api/v1/health"),
    ({ body }) => body.broker?.link === "up",
    20_000,
  );
  const next = await trader.admitted();
  await trader.approveUntilHeard(next);
  await trader.becomes(next, ["FILLED"]);
  expect(await trader.sent(next)).toBe(1);
  await standby.stop();
  await settled(system);
  await everythingHolds(system, trader);
});

test("CP28 the audit writer stands still -> nothing is sent, a cancel goes out and is journaled until the audit is back", async () => {
  const working = await trader.admitted(RESTS);
  await trader.approveUntilHeard(working);
  await trader.becomes(working, ["WORKING"]);
  const proposed = await trader.admitted();
  await system.freeze("audit-writer");
  try {
    await trader.approve(proposed);
    expect(await trader.sent(proposed)).toBe(0);
    await trader.cancel(working);
    await until(
      () => trader.journal(),
      (journal) => journal.some(({ name }) => name === "cancelOrder"),
    );
    await until(
      () => trader.stateOf(working),
      (state) => state === "CANCELLED",
    );
  } finally {
    system.thaw("audit-writer");
  }
  await settled(system);
  await trader.becomes(proposed, ["EXPIRED", "FILLED", "VOIDED", "KILLED_NOT_SENT"]);
  const story = () => admin(system, "GET", `/api/v1/audit?limit=200&correlationId=${working.id}`);
  await until(story, ({ body }) => JSON.stringify(body).includes("cancelRequested"));
  await everythingHolds(system, trader);
});
