import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { admin, until } from "../../end-to-end/system.ts";
import type { NatsMessage } from "../relay/nats-messages.ts";
import type { ChaosSystem } from "../system/chaos-system.ts";
import { powerCut, setDiskFull, whyNoFullDisk } from "../system/nats-disk.ts";
import { settled } from "../system/settled.ts";
import { Stage } from "../system/stage.ts";
import { RESTS, type Trader } from "../system/trader.ts";
import { answerTo, hold } from "./hold.ts";
import { claims, fact } from "./instants.ts";
import { everythingHolds } from "./run-point.ts";

const stage = new Stage();
let system: ChaosSystem;
let trader: Trader;
beforeEach(async () => {
  await stage.ready();
  ({ system, trader } = stage);
}, 90_000);
afterAll(() => stage.stop(), 30_000);

const written = (matches: (message: NatsMessage) => boolean) => (message: NatsMessage) =>
  message.from === "client" && matches(message);
const INSTANTS = {
  "an approval is on its way": ["approval", () => written(fact("decision", "approved"))],
  "an approval is stored, its acknowledgement on its way": ["approval", () => answerTo(fact("decision", "approved"))],
  "an intent is on its way": ["broker-gateway", () => written(fact("exec", "intent"))],
  "an intent is stored, its acknowledgement on its way": ["broker-gateway", () => answerTo(fact("exec", "intent"))],
  "a claim is on its way": ["broker-gateway", () => written(claims)],
  "a claim is stored, its acknowledgement on its way": ["broker-gateway", () => answerTo(claims)],
  "a fill is on its way": ["broker-gateway", () => written(fact("exec", "filled"))],
} as const satisfies Record<string, readonly [string, () => (message: NatsMessage) => boolean]>;

const ENDS = {
  "is killed": async (folder: string) => {
    await system.nats.kill();
    await sleep(400);
    await system.nats.start();
    return folder;
  },
  "loses its power": (folder: string) => powerCut(system.nats, folder),
} as const;

for (const [how, end] of Object.entries(ENDS)) {
  describe(`CP27 nats-server ${how}`, () => {
    test.each(Object.entries(INSTANTS))(
      "%s -> sent once, or not at all, or UNKNOWN, and the state says which",
      async (_, [service, matches]) => {
        const proposed = await trader.admitted();
        const held = hold(system.bus(service), matches());
        const approving = trader.approve(proposed);
        await held.reached;
        const ending = end(join(system.dataDir, "image"));
        held.release();
        await Promise.all([ending, approving]);
        await settled(system);
        if ((await trader.stateOf(proposed)) === "PENDING_APPROVAL") await trader.approveUntilHeard(proposed);
        const state = await trader.becomes(proposed, ["FILLED", "EXPIRED", "VOIDED", "KILLED_NOT_SENT", "UNKNOWN"]);
        const sent = await trader.sent(proposed);
        if (state === "FILLED") expect(sent).toBe(1);
        else if (state === "UNKNOWN") expect(sent).toBeLessThanOrEqual(1);
        else expect(sent, state).toBe(0);
        await everythingHolds(system, trader);
      },
    );
  });
}

const cannotFill = whyNoFullDisk();
test.skipIf(cannotFill !== undefined)(
  `CP27 the disk of nats-server is full -> every write says so, nothing is sent, cancels go out; with room again everything works${cannotFill === undefined ? "" : ` (skipped: ${cannotFill})`}`,
  async () => {
    const working = await trader.admitted(RESTS);
    await trader.approveUntilHeard(working);
    await trader.becomes(working, ["WORKING"]);
    const proposed = await trader.admitted();
    setDiskFull(system.nats, true);
    try {
      const answer = await trader.approve(proposed);
      expect(answer?.status).not.toBe(200);
      const other = await trader.proposeOnce();
      expect(other?.isError).toBe(true);
      await trader.cancel(working);
      await until(
        () => trader.journal(),
        (journal) => journal.some(({ name }) => name === "cancelOrder"),
      );
      expect(await trader.sent(proposed)).toBe(0);
    } finally {
      setDiskFull(system.nats, false);
    }
    await until(
      () => trader.proposeOnce(),
      (answer) => answer?.isError === false,
      10_000,
    ).catch(async () => {
      // A server that has stopped its streams serves them again after a restart only.
      await system.nats.kill();
      await system.nats.start();
    });
    await settled(system);
    await trader.becomes(working, ["CANCELLED"]);
    if ((await trader.stateOf(proposed)) === "PENDING_APPROVAL") await trader.approveUntilHeard(proposed);
    const state = await trader.becomes(proposed, ["FILLED", "EXPIRED", "VOIDED", "KILLED_NOT_SENT"]);
    expect(await trader.sent(proposed), state).toBe(state === "FILLED" ? 1 : 0);
    await everythingHolds(system, trader);
  },
);

test("CP27 the disk of nats-server is put back to an earlier day -> the audit says so and nothing is sent any more", async () => {
  const image = join(system.dataDir, "earlier");
  const before = await trader.admitted();
  await trader.approveUntilHeard(before);
  await trader.becomes(before, ["FILLED"]);
  await system.nats.freezeAndCopy(image);
  system.nats.thaw();
  const lost = await trader.admitted();
  await trader.approveUntilHeard(lost);
  await trader.becomes(lost, ["FILLED"]);
  await system.nats.kill();
  system.nats.restore(image);
  await system.nats.start();
  const health = () => admin(system, "GET", "/api/v1/health").catch(() => undefined);
  await until(health, (answer) => answer?.body.ok === false && answer.body.failing !== "nats", 30_000);
  const answer = await trader.proposeOnce();
  const { proposal_id: id, ticket_hash: ticketHash } = answer?.value ?? {};
  if (id !== undefined) await trader.approve({ id, ticketHash, orderRef: "", denied: false, codes: [] });
  const journal = (await trader.journal()).filter(({ name }) => name === "placeOrder");
  expect(journal.map(({ orderRef }) => orderRef).slice(-1)).toEqual([lost.orderRef]);
  const verified = await admin(system, "POST", "/api/v1/audit/verify");
  expect(verified.body.ok === true, JSON.stringify(verified.body)).toBe(false);
  await stage.stop();
});
