import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeAuditExport } from "./audit-export.ts";
import { runCommand } from "./command-line.ts";
import { buyApple, tool } from "./mcp-client.ts";
import { admin, type System, startSystem, until } from "./system.ts";

const CLI = join(import.meta.dirname, "../../bin/countersign.mjs");
let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

/** With the settings of the data folder. */
const countersign = (args: string[]) => runCommand([...args, "--data-dir", system.dataDir]);

test("propose over MCP, approve on the command line, filled, audit verified", async () => {
  const proposed = await tool(system, "propose_order", buyApple());
  const id = proposed.value.proposal_id;
  expect((await countersign(["proposals", "--state", "PENDING_APPROVAL"])).out).toContain(id);
  const approved = await countersign(["approve", id, "--yes"]);
  expect(approved.code, approved.err).toBe(0);
  expect(approved.out).toContain("BUY 10 AAPL");
  await until(
    () => countersign(["show", id]),
    (shown) => shown.out.includes("FILLED"),
  );
  const verified = await countersign(["audit", "verify"]);
  expect(verified.code, verified.err).toBe(0);
  expect(verified.out).toMatch(/^ok: [0-9]+ records, root [0-9a-f]{64}/);
});

test("made smaller on the command line, with a reason that the agent reads; then the new ticket is approved", async () => {
  const proposed = await tool(system, "propose_order", buyApple());
  const { proposal_id: id, ticket_hash: before } = proposed.value;
  const less = ["reduce", id, "--quantity", "4", "--reason", "half will do"];
  expect((await countersign(["reduce", id, "--quantity", "11", "--reason", "more"])).err).toContain(
    "REDUCE_NOT_SMALLER",
  );
  expect((await countersign(["reduce", id, "--reason", "by nothing"])).code).toBe(2);
  const reduced = await countersign(less);
  expect([reduced.code, reduced.out], reduced.err).toEqual([0, expect.stringContaining("BUY 4 AAPL")]);
  expect(reduced.out).toContain("MADE SMALLER by operator");
  const seen = (await tool(system, "get_proposal", { proposal_id: id })).value;
  const limit_price = proposed.value.terms.limit_price;
  expect(seen).toMatchObject({ state: "PENDING_APPROVAL", terms: { quantity: "4" } });
  expect(seen.reductions).toMatchObject([
    {
      by: "operator",
      reason: "half will do",
      before: { quantity: "10", limit_price },
      after: { quantity: "4", limit_price },
    },
  ]);
  const old = await admin(system, "POST", `/api/v1/proposals/${id}/approve`, { ticketHash: before });
  expect(old.body.code).toBe("TICKET_HASH_MISMATCH");
  const approved = await countersign(["approve", id, "--yes"]);
  expect(approved.code, approved.err).toBe(0);
  await until(
    () => tool(system, "get_proposal", { proposal_id: id }),
    ({ value }) => value.state === "FILLED" && value.order.filled_quantity === "4",
  );
});

test("a rejected proposal cannot be approved: exit code 1, and the code is named", async () => {
  const proposed = await tool(system, "propose_order", buyApple());
  const id = proposed.value.proposal_id;
  expect((await countersign(["reject", id, "--reason", "too large"])).code).toBe(0);
  const approved = await countersign(["approve", id, "--yes"]);
  expect([approved.code, approved.err]).toEqual([1, expect.stringContaining("PROPOSAL_NOT_PENDING")]);
});

test("without --yes and without a terminal nothing is approved: exit code 2", async () => {
  const proposed = await tool(system, "propose_order", buyApple());
  expect((await countersign(["approve", proposed.value.proposal_id])).code).toBe(2);
  const view = await admin(system, "GET", `/api/v1/proposals/${proposed.value.proposal_id}`);
  expect(view.body.state).toBe("PENDING_APPROVAL");
});

test("the decision of a proposal is exported and verifies offline; with one digit changed it does not: exit code 5", async () => {
  const proposed = await tool(system, "propose_order", buyApple({ quantity: "3" }));
  const folder = tempDir("countersign-decision-");
  const file = join(folder.path, "decision.json");
  const exported = await countersign(["decision", "export", proposed.value.proposal_id, "--out", file]);
  expect([exported.code, exported.err]).toEqual([0, ""]);
  const verified = await countersign(["decision", "verify", file]);
  expect(verified.out).toContain(`ok: ${proposed.value.proposal_id}`);
  expect(verified.code).toBe(0);
  writeFileSync(file, readFileSync(file, "utf8").replace('"quantity":"3"', '"quantity":"4"'));
  const changed = await countersign(["decision", "verify", file, "--json"]);
  expect([changed.code, JSON.parse(changed.out).findings[0].what]).toEqual([5, "inputs"]);
  folder.remove();
});

test("kill and loosen by command; the API shows it", async () => {
  expect((await countersign(["kill", "HALTED", "--reason", "drill"])).code).toBe(0);
  expect((await admin(system, "GET", "/api/v1/kill-switch")).body.effective).toBe("HALTED");
  expect((await countersign(["kill", "ACTIVE", "--reason", "drill over"])).code).toBe(0);
  expect((await admin(system, "GET", "/api/v1/kill-switch")).body.effective).toBe("ACTIVE");
});

test("a soft limit: not approved without the names of its rules, not even with --yes; with them it is sent", async () => {
  const proposed = await tool(system, "propose_order", { ...buyApple(), limit_price: "418.7" });
  const id = proposed.value.proposal_id;
  const { body } = await admin(system, "GET", `/api/v1/proposals/${id}`);
  const names: string[] = body.approval.confirm.map(({ rule }: { rule: string }) => rule);
  expect(names).toContain("priceCollar");
  const silent = await countersign(["approve", id, "--yes"]);
  expect([silent.code, silent.err]).toEqual([1, expect.stringContaining("--confirm priceCollar")]);
  const unnamed = await admin(system, "POST", `/api/v1/proposals/${id}/approve`, { ticketHash: body.ticketHash });
  expect([unnamed.status, unnamed.body.code]).toEqual([409, "CONFIRMATION_REQUIRED"]);
  const named = await countersign(["approve", id, "--yes", ...names.flatMap((name) => ["--confirm", name])]);
  expect([named.code, named.err]).toEqual([0, ""]);
});

test("a risk policy: checked, compared, lowered by one person at once, raised by one person not yet, replayed", async () => {
  const shipped = readFileSync(join(import.meta.dirname, "../../config/risk-policy.yaml"), "utf8");
  const draft = (name: string, version: number, max: string) => {
    const text = shipped.replace(/^version: 1\b/m, `version: ${version}`).replace('max: "10000"', `max: "${max}"`);
    const file = join(system.dataDir, name);
    writeFileSync(file, text);
    return file;
  };
  const [lower, higher] = [draft("lower.yaml", 2, "9000"), draft("higher.yaml", 3, "9500")];
  writeFileSync(join(system.dataDir, "faulty.yaml"), `${shipped}noSuchKey: 1\n`);
  const faulty = await runCommand(["policy", "check", join(system.dataDir, "faulty.yaml")]);
  expect([faulty.code, faulty.out]).toEqual([1, '(top): Unrecognized key: "noSuchKey"\n']);
  expect((await countersign(["policy", "diff", lower])).out).toContain("one person's signature is enough");
  const lowered = await countersign(["policy", "activate", lower, "--reason", "smaller orders"]);
  expect(lowered.out).toMatch(
    /stricter +rules\.maxOrderQuantity\.max: "10000" -> "9000".*signed by operator: in force/s,
  );
  const limits = await tool(system, "get_risk_limits", { account: "DU1234567" });
  const shown = limits.value.limits.find(({ rule }: { rule: string }) => rule === "maxOrderQuantity");
  expect(shown.limit).toBe("9000");
  const raised = await countersign(["policy", "activate", higher, "--reason", "larger orders"]);
  expect([raised.code, raised.out]).toEqual([0, expect.stringContaining("waits: 1 of 2 persons have signed it")]);
  const { inForce, waiting } = (await admin(system, "GET", "/api/v1/risk-policy")).body;
  expect([inForce.version, waiting.version, waiting.signers]).toEqual([2, 3, ["operator"]]);
  const old = await admin(system, "POST", "/api/v1/risk-policy", {
    policy: { ...inForce.policy, version: 1 },
    reason: "back",
  });
  expect([old.status, old.body.code]).toEqual([409, "RISK_POLICY_OLD"]);
  const none = draft("none.yaml", 4, "5");
  const replayed = await countersign(["policy", "replay", none, "--days", "1"]);
  expect(replayed.out).toMatch(/pass -> deny {2}denied by maxOrderQuantity/);
  const records = await admin(system, "GET", "/api/v1/audit?limit=200");
  const changes = records.body.records.filter(
    ({ record }: { record: { entry: { kind: string } } }) => record.entry.kind === "riskPolicy.changed",
  );
  expect(changes.length).toBe(3);
});

test.each([
  [["--help"], 0],
  [["nonsense"], 2],
  [["show"], 2],
  [["kill", "HALTED"], 2],
  [["session", "reopen", "agent"], 2],
  [["session", "reopen", "agent", "--reason", "it has not ended"], 1],
  [["show", `prop_${"a".repeat(26)}`], 1],
  [["proposals", "--token", "x".repeat(40)], 4],
  [["proposals", "--admin", "http://127.0.0.1:9"], 3],
])("%j -> exit code %i", async (args, code) => expect((await countersign(args)).code).toBe(code));

test("doctor: everything works, and each layer has its line", async () => {
  const healthy = await until(
    () => countersign(["doctor"]),
    (run) => run.code === 0,
  );
  for (const layer of ["nats", "streams", "broker", "data", "clock", "audit"])
    expect(healthy.out).toContain(`ok    ${layer}`);
});

test("doctor names the broker link when the simulator answers nobody", async () => {
  const rule = { action: "refuseConnections" };
  await fetch(`${system.twsControl}/faults`, { method: "POST", body: JSON.stringify(rule) });
  await fetch(`${system.twsControl}/faults`, { method: "POST", body: JSON.stringify({ action: "halfOpen" }) });
  const sick = await until(
    () => countersign(["doctor"]),
    // The link is down as soon as TWS falls silent; that nobody answers is known when the next connection is refused.
    (run) => run.code === 3 && run.out.includes("TWS_UNREACHABLE"),
  );
  expect(sick.out).toContain("broker fails");
  expect(sick.out).toContain("TWS   TWS_UNREACHABLE: Nothing answers at the address of TWS.");
  expect(sick.out).toContain("-> Start TWS or IB Gateway");
  await fetch(`${system.twsControl}/faults`, { method: "DELETE" });
});

describe("mcp, with an agent's token and nothing of an operator", () => {
  const half = "x\ud800";
  const opening = {
    "2026-07-28": [],
    "2025-06-18": [
      {
        id: 0,
        method: "initialize",
        params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: half, version: "1" } },
      },
    ],
  };
  const meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: half, version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };

  test.each(["2026-07-28", "2025-06-18"] as const)("%s: JSON-RPC only, and bad text is on the record", async (era) => {
    const changes = [{ rationale: half }, { idempotency_key: half }, { [half]: 1 }, { account: half }];
    const calls = changes.map((change, index) => ({
      id: index + 1,
      name: "propose_order",
      arguments: buyApple(change),
    }));
    const messages = [
      ...opening[era],
      ...[...calls, { id: 9, name: half, arguments: {} }].map(({ id, ...call }) => ({
        id,
        method: "tools/call",
        params: era === "2026-07-28" ? { ...call, _meta: meta } : call,
      })),
    ];
    const answers = await converse(messages);
    for (const { id } of calls) {
      const { code, audit_id } = JSON.parse(answers.get(id).result.content[0].text).error;
      expect(code).toBe("INVALID_ARGUMENT");
      await until(
        async () => (await records()).find(({ callId }) => callId === audit_id),
        (record) => record?.outcome === "INVALID_ARGUMENT" && record.claimedClient === "x\ufffd 1",
      );
    }
    expect(answers.get(9).error.code).toBe(-32602);
    expect((await records()).some(({ outcome, tool: name }) => outcome === "UNKNOWN_TOOL" && name === "x\ufffd")).toBe(
      true,
    );
  });

  test("without a token of an agent -> exit code 4, and nothing on standard output", async () => {
    const { code, out } = await runCommand(["mcp", "--data-dir", "/nowhere", "--token", system.ready.operatorToken]);
    expect([code, out]).toEqual([4, ""]);
  });
});

/** The edge between this test and the bus, as an MCP client starts it; the input ends when the last answer is there. */
async function converse(messages: { id: number }[]) {
  const { COUNTERSIGN_NATS_SERVER: _, ...env } = process.env;
  const child = spawn(process.execPath, [CLI, "mcp", "--data-dir", "/nowhere"], {
    stdio: ["pipe", "pipe", "ignore"],
    env: {
      ...env,
      COUNTERSIGN_AGENT_TOKEN: system.ready.agentToken,
      COUNTERSIGN_NATS_URL: system.ready.nats,
      COUNTERSIGN_KEYS_DIR: join(system.dataDir, "keys"),
      COUNTERSIGN_MODE: system.ready.mode,
    },
  });
  for (const message of messages) child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came back
  const answers = new Map<number, any>();
  for await (const line of createInterface({ input: child.stdout })) {
    const answer = JSON.parse(line);
    answers.set(answer.id, answer);
    if (answers.size === messages.length) child.stdin.end();
  }
  return answers;
}

/** What the audit has of calls of tools. */
async function records(): Promise<{ callId?: string; tool?: string; outcome?: string; claimedClient?: string }[]> {
  const page = (await admin(system, "GET", "/api/v1/audit?after=0&limit=200&kind=tool.called")).body;
  return page.records.map(({ record }: { record: { entry: { body: object } } }) => record.entry.body);
}

describeAuditExport(() => system, countersign);
