import { spawn } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buyApple, tool } from "./mcp-client.ts";
import { admin, type System, startSystem, until } from "./system.ts";

const CLI = join(import.meta.dirname, "../../bin/countersign.mjs");
let system: System;
beforeAll(async () => {
  system = await startSystem();
}, 60_000);
afterAll(() => system?.stop(), 30_000);

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command line as a person runs it: a process of its own, settings from the data folder. */
async function countersign(args: string[], input = ""): Promise<Run> {
  const { COUNTERSIGN_NATS_SERVER: _, ...env } = process.env;
  const child = spawn(process.execPath, [CLI, ...args, "--data-dir", system.dataDir], { env });
  let [out, err] = ["", ""];
  child.stdout.on("data", (data) => {
    out += data;
  });
  child.stderr.on("data", (data) => {
    err += data;
  });
  child.stdin.end(input);
  const code = await new Promise<number | null>((done) => child.once("close", done));
  return { code, out, err };
}

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

test("kill and loosen by command; the API shows it", async () => {
  expect((await countersign(["kill", "HALTED", "--reason", "drill"])).code).toBe(0);
  expect((await admin(system, "GET", "/api/v1/kill-switch")).body.effective).toBe("HALTED");
  expect((await countersign(["kill", "ACTIVE", "--reason", "drill over"])).code).toBe(0);
  expect((await admin(system, "GET", "/api/v1/kill-switch")).body.effective).toBe("ACTIVE");
});

test.each([
  [["nonsense"], 2],
  [["show"], 2],
  [["kill", "HALTED"], 2],
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
    (run) => run.code === 3,
    15_000,
  );
  expect(sick.out).toContain("broker fails");
  await fetch(`${system.twsControl}/faults`, { method: "DELETE" });
});

test("mcp: an edge on standard input and output that says nothing but JSON-RPC", async () => {
  const request = {
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "test", version: "1" } },
  };
  const { out, err } = await countersign(["mcp"], `${JSON.stringify(request)}\n`);
  const lines = out.trim().split("\n");
  for (const line of lines) expect(JSON.parse(line).jsonrpc, err).toBe("2.0");
  expect(JSON.parse(lines[0] ?? "{}").result.serverInfo.name).toContain("countersign");
});
