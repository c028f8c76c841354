import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buyApple, type ToolResult, tool } from "./mcp-client.ts";
import { freeze } from "./processes.ts";
import { admin, frames, type System, startSystem, until } from "./system.ts";

const CLI = join(import.meta.dirname, "../../services/cli/src/main.ts");
let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

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

test("a scope that is of nobody is set, and told to be perhaps misspelt", async () => {
  await tool(system, "propose_order", resting());
  const args = ["kill", "HALTED", "--scope", "agent.nobody", "--reason", "test", "--data-dir", system.dataDir];
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { encoding: "utf8" });
  expect([status, stdout]).toEqual([0, "kill switch agent.nobody: HALTED\n"]);
  expect(stderr).toBe("No agent nobody has ever proposed anything.\n");
  const { body } = await setKill("HALTED", "account.DU9999999");
  expect(body.notice).toBe("The broker has no account DU9999999, but DU1234567.");
  const set = body.settings.map(({ scope }: { scope: string }) => scope);
  expect(set).toEqual(expect.arrayContaining(["agent.nobody", "account.DU9999999"]));
  for (const level of ["HALTED", "ACTIVE"]) expect((await setKill(level, "agent.agent")).body.notice).toBe(null);
});

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
  const loosened = spawnSync(process.execPath, [CLI, "kill", "ACTIVE", ...args.slice(3)], { encoding: "utf8" });
  expect(loosened.stdout).toBe("kill switch global: ACTIVE; HALTED counts: broker-gateway.local-latch.global: test\n");
  const key = "broker-gateway.local-latch.global";
  const reset = () => admin(system, "POST", "/api/v1/kill-switch/trips/reset", { key, reason: "checked" });
  // The link to TWS may have to be made anew before the broker can be read.
  const done = await until(reset, ({ status }) => status !== 503);
  expect(done.body).toMatchObject({ effective: "ACTIVE", trips: [] });
  const again = await tool(system, "propose_order", buyApple());
  const sent = { ticketHash: again.value.ticket_hash };
  const answer = await until(
    () => admin(system, "POST", `/api/v1/proposals/${again.value.proposal_id}/approve`, sent),
    ({ status }) => status === 200 || status === 409,
  );
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
});

const approve = ({ value }: ToolResult) =>
  admin(system, "POST", `/api/v1/proposals/${value.proposal_id}/approve`, { ticketHash: value.ticket_hash });

async function quantityOfApple(): Promise<string> {
  const { value } = await tool(system, "list_positions", { account: "DU1234567" });
  return value.items?.find((one: { conid: number }) => one.conid === 265598)?.quantity ?? "0";
}

const stateOf = async ({ value }: ToolResult) =>
  (await tool(system, "get_proposal", { proposal_id: value.proposal_id })).value.state;

test("a limit that fits one of two orders: countersigned at once, exactly one is sent, and an UNKNOWN one keeps its place", async () => {
  const held = await quantityOfApple();
  await approve(await tool(system, "propose_order", buyApple()));
  const quantity = await until(quantityOfApple, (now) => now !== held);
  expect((await setKill("REDUCE_ONLY")).status).toBe(200);
  // The whole position at a price that nobody pays: allowed as long as nothing else sells it too.
  const sellAll = () => tool(system, "propose_order", buyApple({ side: "SELL", quantity, limit_price: "1000" }));
  const both = await until(
    () => Promise.all([sellAll(), sellAll()]),
    (proposed) => proposed.every(({ value }) => value.state === "PENDING_APPROVAL"),
  );
  const before = (await frames(system)).placeOrder ?? 0;
  const answers = await Promise.all(both.map(approve));
  expect(answers.map(({ body }) => body.code ?? "sent").sort()).toEqual(["RISK_DENIED", "sent"]);
  expect((await frames(system)).placeOrder).toBe(before + 1);

  const sent = both[answers.findIndex(({ status }) => status === 200)];
  if (sent === undefined) throw new Error("none was sent");
  const cancelling = { proposal_id: sent.value.proposal_id, reason: "test", idempotency_key: "cancel-2" };
  await tool(system, "propose_cancel", cancelling);
  await until(
    () => stateOf(sent),
    (state) => state === "CANCELLED",
  );
  const [lost, waiting] = [await sellAll(), await sellAll()];
  await fetch(`${system.twsControl}/faults`, {
    method: "POST",
    body: JSON.stringify({ action: "dropBefore", message: "placeOrder" }),
  });
  await approve(lost);
  await fetch(`${system.twsControl}/faults`, { method: "DELETE" });
  await until(
    () => stateOf(lost),
    (state) => state === "UNKNOWN",
  );
  // By then the link is back, and nothing else is wrong with it than what the lost one may still sell.
  await until(sellAll, ({ value }) => {
    const denied = (value.verdict?.rules ?? []).filter(({ outcome }: { outcome: string }) => outcome === "deny");
    return denied.length === 1 && denied[0].code === "KILL_SWITCH_REDUCE_ONLY";
  });
  expect((await approve(waiting)).body.code).toBe("RISK_DENIED");
  expect((await setKill("ACTIVE")).status).toBe(200);
});
