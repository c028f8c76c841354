import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { connectBus } from "@countersign/bus/bus";
import { createSystemClock } from "@countersign/clock/clock";
import { FACTS } from "@countersign/contracts/subjects";
import { childEnvironment } from "@countersign/testing/child-environment";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { admin, tool } from "./checked.ts";
import { MARKET_QUESTIONS } from "./market-questions.ts";
import { buyApple, type Era, rpc } from "./mcp-client.ts";
import { checkAnswer, checkResult, documentOf } from "./published-schemas.ts";
import { frames, type System, startSystem, admin as unchecked, until } from "./system.ts";

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

describe("what is published of the answers", () => {
  test("a body with a field too many, without one or with another value is noticed, and one that nobody described", async () => {
    const path = "/api/v1/kill-switch";
    const good = await admin(system, "GET", path);
    const { mode, ...less } = good.body;
    for (const body of [{ ...good.body, more: 1 }, less, { ...good.body, effective: "MAYBE" }, { mode }])
      await expect(checkAnswer(system.ready.admin, "GET", path, { ...good, body })).rejects.toThrow("published schema");
    const problem = { status: 404, type: "application/problem+json", body: { code: "NOT_FOUND" } };
    await expect(checkAnswer(system.ready.admin, "GET", path, problem)).rejects.toThrow("published schema");
    await expect(checkAnswer(system.ready.admin, "GET", "/api/v1/nothing", good)).rejects.toThrow("published schema");
    const list = async () => (await rpc(system, "2026-07-28", "tools/list")).body.result.tools;
    await expect(checkResult(system.ready.mcp, "list_accounts", { items: [1] }, list)).rejects.toThrow("list_accounts");
  });

  test("each of the sixteen tools answers by its output schema, and each question of the API by the OpenAPI document", async () => {
    const { value: order } = await tool(system, "propose_order", buyApple({ limit_price: "150" }));
    const id = order.proposal_id;
    await admin(system, "POST", `/api/v1/proposals/${id}/approve`, { ticketHash: order.ticket_hash });
    await until(
      () => tool(system, "get_proposal", { proposal_id: id }),
      ({ value }) => value.state === "WORKING",
    );
    const waiting = (await tool(system, "propose_order", buyApple())).value.proposal_id;
    const { idempotency_key: _, rationale: __, ...terms } = buyApple();
    const account = { account: "DU1234567" };
    const apple = { conid: 265598 };
    const calls: Record<string, Record<string, unknown>> = {
      ...{ list_accounts: {}, get_account_summary: account, list_positions: account, list_orders: account },
      ...{ list_executions: account, search_contracts: { query: "AAPL" }, get_contract: apple, get_quote: apple },
      ...{ get_bars: { ...apple, bar_size: "1 day", duration: "1 W" }, get_risk_limits: account, preview_order: terms },
      ...{ propose_order: buyApple({ quantity: "0.0001" }), list_proposals: {}, get_proposal: { proposal_id: id } },
      propose_cancel: { proposal_id: id, reason: "test", idempotency_key: "c1" },
      withdraw_proposal: { proposal_id: waiting, reason: "test", idempotency_key: "w1" },
    };
    const listed = (await rpc(system, "2026-07-28", "tools/list")).body.result.tools;
    expect(Object.keys(calls).sort()).toEqual(listed.map((one: { name: string }) => one.name).sort());
    for (const [name, args] of Object.entries(calls)) {
      const { isError, value } = await tool(system, name, args);
      expect(isError, `${name}: ${JSON.stringify(value)}`).toBe(false);
    }
    // Their schemas take seconds to compile, in which a server may close the line: first everything is asked.
    const { paths } = await documentOf(system.ready.admin);
    const questions = Object.entries(paths as Record<string, object>).filter(([, methods]) => "get" in methods);
    expect(questions.length).toBeGreaterThan(8);
    const named: Record<string, string> = { id, account: account.account, conid: String(apple.conid) };
    const answers = [];
    for (const [template] of questions) {
      const path = template.replace(/\{(\w+)\}/g, (_, name: string) => named[name] ?? "");
      answers.push({ path, answer: await unchecked(system, "GET", path) });
    }
    for (const { path, answer } of answers) {
      expect(answer.status, `${path}: ${JSON.stringify(answer.body)}`).toBe(200);
      await checkAnswer(system.ready.admin, "GET", path, answer);
    }
  });

  test("every question about markets that the API takes is answered by the OpenAPI document", async () => {
    const { paths } = await documentOf(system.ready.admin);
    const offered = Object.keys(paths as object).flatMap(
      (path) => /^\/api\/v1\/market\/([a-z-]+)$/.exec(path)?.[1] ?? [],
    );
    expect(offered.filter((name) => name !== "stats").sort()).toEqual(Object.keys(MARKET_QUESTIONS).sort());
    const answers = [];
    for (const [name, body] of Object.entries(MARKET_QUESTIONS)) {
      const path = `/api/v1/market/${name}`;
      answers.push({ path, answer: await unchecked(system, "POST", path, body) });
    }
    for (const { path, answer } of answers) await checkAnswer(system.ready.admin, "POST", path, answer);
    const refused = answers.filter(({ answer }) => answer.status !== 200);
    expect(refused.map(({ path, answer }) => [path, answer.body.code])).toEqual([
      ["/api/v1/market/news-article", "BROKER_REFUSED"],
    ]);
  });
});
