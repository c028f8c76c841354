import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buyApple, tool } from "./mcp-client.ts";
import { freeze } from "./processes.ts";
import { admin, frames, type System, startSystem, until } from "./system.ts";

const CLI = join(import.meta.dirname, "../../services/cli/src/main.ts");
let system: System;
beforeAll(async () => {
  system = await startSystem();
}, 60_000);
afterAll(() => system?.stop(), 30_000);

const setKill = (level: string, scope = "global") =>
  admin(system, "PUT", "/api/v1/kill-switch", { scope, level, reason: "test" });

/** A limit far below the market: it rests at the broker. */
const resting = () => buyApple({ limit_price: "5" });

async function workingOrder(): Promise<string> {
  const proposed = await tool(system, "propose_order", resting());
  const id = proposed.value.proposal_id;
  await admin(system, "POST", `/api/v1/proposals/${id}/approve`, { ticketHash: proposed.value.ticket_hash });
  await until(
    () => tool(system, "get_proposal", { proposal_id: id }),
    (result) => result.value.state === "WORKING",
  );
  return id;
}

test("HALTED: no placeOrder frame reaches the broker from any side, and a cancel still does", async () => {
  const working = await workingOrder();
  const pending = await tool(system, "propose_order", buyApple());
  expect(pending.value.state).toBe("PENDING_APPROVAL");
  const before = await frames(system);

  expect((await setKill("HALTED")).status).toBe(200);
  const approval = await admin(system, "POST", `/api/v1/proposals/${pending.value.proposal_id}/approve`, {
    ticketHash: pending.value.ticket_hash,
  });
  expect(approval.status).toBe(423);
  expect(approval.body.code).toBe("KILL_SWITCH_HALTED");
  const refused = await tool(system, "propose_order", buyApple());
  expect(refused.value.error.code).toBe("KILL_SWITCH_HALTED");

  const cancelling = { proposal_id: working, reason: "halted", idempotency_key: "cancel-1" };
  const cancel = await tool(system, "propose_cancel", cancelling);
  expect(cancel.isError, JSON.stringify(cancel.value)).toBe(false);
  await until(
    () => tool(system, "get_proposal", { proposal_id: working }),
    (result) => result.value.state === "CANCELLED",
  );
  const repeated = await tool(system, "propose_cancel", cancelling);
  expect(repeated.value).toMatchObject({ state: "CANCELLED", order_ref: cancel.value.order_ref });
  const reused = await tool(system, "propose_cancel", { ...cancelling, reason: "another" });
  expect(reused.value.error.code).toBe("IDEMPOTENCY_KEY_REUSED");
  const after = await frames(system);
  expect(after.placeOrder).toBe(before.placeOrder);
  expect(after.cancelOrder ?? 0).toBe((before.cancelOrder ?? 0) + 1);

  expect((await setKill("ACTIVE")).status).toBe(200);
  const again = await admin(system, "POST", `/api/v1/proposals/${pending.value.proposal_id}/approve`, {
    ticketHash: pending.value.ticket_hash,
  });
  expect(again.status, JSON.stringify(again.body)).toBe(200);
});

test("a halted instrument stops that instrument only", async () => {
  expect((await setKill("HALTED", "instrument.265598")).status).toBe(200);
  expect((await tool(system, "propose_order", buyApple())).value.error.code).toBe("KILL_SWITCH_HALTED");
  const other = await tool(system, "propose_order", buyApple({ conid: 272093, limit_price: "5" }));
  expect(other.value.state).toBe("PENDING_APPROVAL");
  expect((await setKill("ACTIVE", "instrument.265598")).status).toBe(200);
});

test("latched beside a gateway that stands still, with NATS standing still: nothing is sent until a person resets it", async () => {
  const pending = await tool(system, "propose_order", buyApple());
  const { proposal_id: id, ticket_hash: ticketHash } = pending.value;
  const before = await frames(system);
  const [nats, gateway] = [system.natsPid(), system.pidOf("broker-gateway")];
  await freeze(nats);
  await freeze(gateway);
  const args = ["kill", "HALTED", "--local", "--reason", "test", "--data-dir", system.dataDir];
  const latched = spawnSync(process.execPath, [CLI, ...args], { encoding: "utf8" });
  expect(latched.status, latched.stderr).toBe(0);
  // Countersigned while nobody can hear of the latch; then everybody goes on.
  const approving = admin(system, "POST", `/api/v1/proposals/${id}/approve`, { ticketHash });
  process.kill(gateway, "SIGCONT");
  process.kill(nats, "SIGCONT");
  expect((await approving).status).not.toBe(200);
  const state = await until(
    () => admin(system, "GET", "/api/v1/kill-switch"),
    ({ body }) => body.effective === "HALTED" && body.confirmed && body.trips.length > 0,
  );
  expect(state.body.trips).toMatchObject([{ key: "broker-gateway.local-latch.global", level: "HALTED" }]);
  expect((await setKill("ACTIVE")).body.effective).toBe("HALTED");
  expect((await frames(system)).placeOrder).toBe(before.placeOrder);
  const key = "broker-gateway.local-latch.global";
  const reset = () => admin(system, "POST", "/api/v1/kill-switch/trips/reset", { key, reason: "checked" });
  // The link to TWS may have to be made anew before the broker can be read.
  const done = await until(reset, ({ status }) => status !== 503, 15_000);
  expect(done.body).toMatchObject({ effective: "ACTIVE", trips: [] });
  const again = await tool(system, "propose_order", buyApple());
  const sent = { ticketHash: again.value.ticket_hash };
  const answer = await until(
    () => admin(system, "POST", `/api/v1/proposals/${again.value.proposal_id}/approve`, sent),
    ({ status }) => status === 200 || status === 409,
  );
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
}, 60_000);
