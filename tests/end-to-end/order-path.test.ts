import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { connectBus } from "@countersign/bus/bus";
import { createSystemClock } from "@countersign/clock/clock";
import { FACTS } from "@countersign/contracts/subjects";
import { childEnvironment } from "@countersign/testing/child-environment";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buyApple, type Era, rpc, tool } from "./mcp-client.ts";
import { admin, frames, type System, startSystem, until } from "./system.ts";

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(async () => {
  const code = await system?.stop();
  expect(code).toBe(0);
});

test("the README's ten lines -> a proposal that waits for a person, at the page's address", async () => {
  const root = join(import.meta.dirname, "../..");
  const [, lines = ""] = /```js\n([\s\S]*?)```/.exec(readFileSync(join(root, "README.md"), "utf8")) ?? [];
  const { mcp, admin: page, agentToken: AGENT_TOKEN } = system.ready;
  const text = lines.replace("http://127.0.0.1:7410/mcp", mcp);
  const ran = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", text], {
    env: { ...childEnvironment(), AGENT_TOKEN },
    cwd: root,
  });
  expect(ran.stderr).toBe("");
  expect(ran.stdout).toMatch(new RegExp(`^PENDING_APPROVAL ${page}/proposals/prop_[a-z2-7]{26}\n$`));
});

describe("one order, from proposal to fill", () => {
  test.each<Era>(["2026-07-28", "2025-06-18"])("%s: proposed, countersigned, filled, on the record", async (era) => {
    const proposed = await tool(system, "propose_order", buyApple(), era);
    expect(proposed.isError, JSON.stringify(proposed.value)).toBe(false);
    expect(proposed.value.state).toBe("PENDING_APPROVAL");
    expect(proposed.value.verdict.outcome).toBe("pass");
    expect(proposed.value.approval_url).toBe(`${system.ready.admin}/proposals/${proposed.value.proposal_id}`);

    const approved = await admin(system, "POST", `/api/v1/proposals/${proposed.value.proposal_id}/approve`, {
      ticketHash: proposed.value.ticket_hash,
    });
    expect(approved.status, JSON.stringify(approved.body)).toBe(200);
    const done = await until(
      () => tool(system, "get_proposal", { proposal_id: proposed.value.proposal_id }, era),
      (result) => result.value.state === "FILLED" && result.value.order.commission.length > 0,
    );
    expect(done.value.order.filled_quantity).toBe("10");
    expect(done.value.order.executions.length).toBeGreaterThan(0);

    // What was just filled is what the next order may not be carried away from.
    const next = await tool(system, "propose_order", buyApple(), era);
    const drift = next.value.verdict.rules.find(({ rule }: { rule: string }) => rule === "fillDrift");
    expect(drift.message).toContain(`against our fill at ${done.value.order.executions[0].price}`);

    const verified = await admin(system, "POST", "/api/v1/audit/verify");
    expect(verified.body.ok, JSON.stringify(verified.body)).toBe(true);
    expect(verified.body.size).toBeGreaterThan(5);
    expect(verified.body.root).toMatch(/^[0-9a-f]{64}$/);
  });

  test("two changes of one order, asked for in the same moment -> one is a proposal, the other is refused", async () => {
    const resting = { ...buyApple(), limit_price: "150" };
    const { value: order } = await tool(system, "propose_order", resting);
    const path = `/api/v1/proposals/${order.proposal_id}/approve`;
    expect((await admin(system, "POST", path, { ticketHash: order.ticket_hash })).status).toBe(200);
    const named = { proposal_id: order.proposal_id };
    await until(
      () => tool(system, "get_proposal", named),
      (result) => result.value.state === "WORKING",
    );
    const change = (limit: string) => ({ ...buyApple(), limit_price: limit, modifies: order.proposal_id });
    const asked = await Promise.all(["149", "148", "147"].map((limit) => tool(system, "propose_order", change(limit))));
    const states = asked.map(({ value }) => value.state ?? value.error?.code ?? value.code);
    expect(states.toSorted()).toEqual(["ORDER_NOT_MODIFIABLE", "ORDER_NOT_MODIFIABLE", "PENDING_APPROVAL"]);
    expect((await admin(system, "POST", `/api/v1/orders/${order.proposal_id}/cancel`, { reason: "test" })).status).toBe(
      200,
    );
  });

  test("exactly one line of JSON on standard output", () => {
    expect(system.stdout).toHaveLength(1);
    expect(Object.keys(JSON.parse(system.stdout[0] ?? "{}"))).toEqual([
      "ready",
      "mode",
      "mcp",
      "admin",
      "nats",
      "tws",
      "operatorToken",
      "agentToken",
    ]);
  });

  test("one placeOrder frame for each approved order, however often the approval is repeated", async () => {
    const before = (await frames(system)).placeOrder ?? 0;
    const proposed = await tool(system, "propose_order", buyApple());
    const path = `/api/v1/proposals/${proposed.value.proposal_id}/approve`;
    const body = { ticketHash: proposed.value.ticket_hash };
    const answers = await Promise.all(Array.from({ length: 8 }, () => admin(system, "POST", path, body)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    for (const answer of answers.filter((one) => one.status !== 200))
      expect(answer.body.code).toBe("PROPOSAL_NOT_PENDING");
    expect((await frames(system)).placeOrder).toBe(before + 1);
  });

  test("sixteen tools are listed in both eras, with all four annotations", async () => {
    await rpc(system, "2025-06-18", "initialize", {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "raw-test", version: "1" },
    });
    for (const era of ["2026-07-28", "2025-06-18"] as const) {
      const listed = await rpc(system, era, "tools/list");
      expect(listed.body.result.tools, JSON.stringify(listed.body)).toHaveLength(16);
      for (const one of listed.body.result.tools) {
        const hints = Object.keys(one.annotations).filter((key) => key.endsWith("Hint"));
        expect(hints.sort()).toEqual(["destructiveHint", "idempotentHint", "openWorldHint", "readOnlyHint"]);
        expect(one.inputSchema.additionalProperties).toBe(false);
      }
    }
  });
});

test("an agent whose session has ended is let go on by a person's word: once on the record, and then its calls go through", async () => {
  const clock = createSystemClock();
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const keysDir = join(system.dataDir, "keys");
  const bus = await connectBus({
    ...{ url: system.ready.nats, keysDir, service: "mcp-edge", users: ["mcp-edge-usage"], clock, log },
  });
  const agent = "agent";
  await tool(system, "propose_order", buyApple());
  const last = await bus.readLast(FACTS.agentUsage, { agent });
  if (last === undefined) throw new Error("the agent has not called anything");
  const startedMs = clock.nowMs() - 25 * 3_600_000;
  const ended = { ...last.body, session: { ...last.body.session, startedMs } };
  await bus.append(FACTS.agentUsage, { agent }, ended, { expectedSequence: last.sequence });
  await bus.drain();
  const ask = () => tool(system, "get_account_summary", { account: "DU1234567" });
  expect((await ask()).value.error?.code).toBe("SESSION_ENDED");
  const reason = "I watch the close";
  const reopened = await admin(system, "POST", `/api/v1/agents/${agent}/session/reopen`, { reason });
  expect([reopened.status, reopened.body.agent]).toEqual([200, agent]);
  expect((await ask()).value.error?.code).toBeUndefined();
  const records = await admin(system, "GET", "/api/v1/audit?limit=200");
  const said = records.body.records
    .map(({ record }: { record: { entry: { kind: string; body: object } } }) => record.entry)
    .filter(({ kind }: { kind: string }) => kind === "session.reopened");
  expect(said).toMatchObject([{ actor: { kind: "operator" }, body: { agent, reason } }]);
});
