import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { TestSimulator } from "../../services/tws-simulator/src/testing/test-simulator.ts";
import { configWith } from "./config-with.ts";
import { buyApple, tool } from "./mcp-client.ts";
import { admin, pinApple, type System, startSystem, until } from "./system.ts";

/** docs/paper.md, step by step. The simulator is a process of its own here, as TWS is: nothing of the system knows it. */
const CLI = join(import.meta.dirname, "../../bin/countersign.mjs");
const ACCOUNT = "DU7654321";
const folder = tempDir("countersign-paper-");
const dataDir = join(folder.path, "data");
const configDir = configWith(folder.path, {});
let tws: TestSimulator;
let system: System | undefined;
beforeAll(async () => {
  tws = await TestSimulator.start({ accounts: [ACCOUNT] });
  await pinApple(`http://127.0.0.1:${tws.controlPort}`);
});
afterAll(async () => {
  await system?.stop();
  await tws.stop();
  folder.remove();
});

const start = () =>
  startSystem({
    dataDir,
    args: ["--mode", "paper", "--tws", `127.0.0.1:${tws.port}`, "--account", ACCOUNT, "--config-dir", configDir],
  });
const { COUNTERSIGN_NATS_SERVER: _, ...env } = process.env;
const countersign = (...args: string[]) => execFileSync(process.execPath, [CLI, ...args], { env, encoding: "utf8" });
const inKeys = (name: string) => join(dataDir, "keys", name);

/** The shipped limits, for the other account, with a passport: nobody is let in by default where it is no simulator. */
function ownPolicy(): string {
  const text = readFileSync(join(configDir, "risk-policy.yaml"), "utf8").replaceAll("DU1234567", ACCOUNT);
  const policy = parse(text) as { passports: { anyAgent: unknown } };
  const file = join(folder.path, "policy.yaml");
  writeFileSync(
    file,
    stringify({ ...policy, passports: { anyAgent: null, agents: { agent: policy.passports.anyAgent } } }),
  );
  return file;
}

test("no risk policy that two persons signed -> the keys are made, the reason is told, and nothing runs", async () => {
  await expect(start()).rejects.toThrow("no risk-policy.json in");
  expect(readFileSync(inKeys("tokens.json"), "utf8")).toContain("cs_agent");
});

test("a second person signs the policy too -> paper mode starts, HALTED until a person lets go; then an order is filled at that TWS", async () => {
  const key = countersign("roster", "new-key", "second-session", "--out", inKeys("session-keys/second.pem"));
  const entry = join(folder.path, "second.json");
  const publicKey = key.trim().split(":")[1];
  writeFileSync(
    entry,
    JSON.stringify({ person: "second", keys: [{ keyId: "second-session", kind: "session", publicKey }] }),
  );
  countersign("roster", "add", inKeys("roster.json"), "--entry", entry);
  const root = ["--key", join(dataDir, "roots/local-root.pem"), "--name", "local-root"];
  countersign("roster", "sign", inKeys("roster.json"), ...root);
  const one = join(folder.path, "one.json");
  countersign("policy", "sign", "paper", ownPolicy(), "operator-session", inKeys("session-keys/operator.pem"), one);
  countersign(
    "policy",
    "sign",
    "paper",
    one,
    "second-session",
    inKeys("session-keys/second.pem"),
    inKeys("risk-policy.json"),
  );

  system = await start();
  expect(system.ready).toMatchObject({ mode: "paper", tws: `127.0.0.1:${tws.port}` });
  const order = () => tool(system as System, "propose_order", { ...buyApple(), account: ACCOUNT });
  expect((await order()).value.error.code).toBe("KILL_SWITCH_HALTED");
  const go = { scope: "global", level: "ACTIVE", reason: "first start" };
  expect((await admin(system, "PUT", "/api/v1/kill-switch", go)).status).toBe(200);
  const { proposal_id: id, ticket_hash: ticketHash, state } = (await order()).value;
  expect(state).toBe("PENDING_APPROVAL");
  expect((await admin(system, "POST", `/api/v1/proposals/${id}/approve`, { ticketHash })).status).toBe(200);
  const shown = await until(
    async () => (await admin(system as System, "GET", `/api/v1/proposals/${id}`)).body,
    (proposal) => proposal.state === "FILLED",
  );
  expect(shown.ticket.mode).toBe("paper");
});
