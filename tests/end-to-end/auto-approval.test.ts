import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AutoApprovalPolicy, SignedPolicy } from "@countersign/contracts/auto-approval";
import type { SignedRoster } from "@countersign/contracts/roster";
import { generateKeyPair } from "@countersign/ids/ed25519";
import { rosterText } from "@countersign/roster/sign-roster";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buyApple, tool } from "./mcp-client.ts";
import { admin, type System, startSystem, until } from "./system.ts";

const CLI = join(import.meta.dirname, "../../bin/countersign.mjs");
let system: System;
const key = (name: string) => join(system.dataDir, "keys", name);

beforeAll(async () => {
  system = await startSystem();
  addSecondPerson();
  writeFileSync(key("policy.json"), JSON.stringify(policy()));
});
afterAll(() => system?.stop());

/** As the people who hold the root would: a second person, and a version more. */
function addSecondPerson(): void {
  const { roster } = JSON.parse(readFileSync(key("roster.json"), "utf8")) as SignedRoster;
  const second = generateKeyPair();
  const keys = [{ keyId: "second-session", kind: "session" as const, publicKey: second.publicKey }];
  const approvers = [...roster.approvers, { person: "second", keys }];
  const root = {
    keyId: "local-root",
    privateKeyPem: readFileSync(join(system.dataDir, "roots/local-root.pem"), "utf8"),
  };
  writeFileSync(key("roster.json"), rosterText({ ...roster, version: roster.version + 1, approvers }, [root]));
  writeFileSync(key("second.pem"), second.privateKeyPem, { mode: 0o600 });
}

function policy(): AutoApprovalPolicy {
  const [from, until] = [-60_000, 3_600_000].map((ms) => new Date(Date.now() + ms).toISOString());
  return {
    ...{ type: "countersign.autoApproval/1", id: "small-orders", version: 1, mode: "simulator" },
    ...{
      issuedAt: from ?? "",
      expiresAt: until ?? "",
      baseCurrency: "USD",
      accounts: ["DU1234567"],
      agents: ["agent"],
    },
    instruments: { allowed: [265598], denied: [], secTypes: ["STK"] },
    orders: { types: ["LMT"], timesInForce: ["DAY"], goodTillMinutesMax: 15 },
    hours: { afterOpenMinutes: 0, beforeCloseMinutes: 0, windows: null },
    market: { quoteAgeMsMax: 15_000, spreadPercentMax: "5" },
    limits: {
      orderNotionalMax: "900",
      dayNotionalMax: { agent: "100000", account: "100000" },
      positionValueMax: "100000",
      positionPercentMax: "99",
    },
    lanes: { opening: true, reducing: true, schedules: [] },
  };
}

/** The command line as a person runs it. */
async function countersign(...args: string[]): Promise<{ code: number | null; out: string }> {
  const { COUNTERSIGN_NATS_SERVER: _, ...env } = process.env;
  const where =
    args[0] === "policy-approval" && /^(sign|show|check)$/.test(args[1] ?? "") ? [] : ["--data-dir", system.dataDir];
  const child = spawn(process.execPath, [CLI, ...args, ...where], { env, stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data) => {
      out += data;
    });
  }
  const code = await new Promise<number | null>((done) => child.once("close", done));
  return { code, out };
}

const view = (id: string) => admin(system, "GET", `/api/v1/proposals/${id}`).then(({ body }) => body);
async function propose(quantity: string) {
  const { value } = await tool(system, "propose_order", buyApple({ quantity }));
  return String(value.proposal_id);
}
const assessed = (id: string) =>
  until(
    () => view(id),
    ({ autoApproval }) => autoApproval !== undefined,
  );
const failing = (one: { autoApproval: { checks: { check: string; outcome: string }[] } }) =>
  one.autoApproval.checks.filter(({ outcome }) => outcome !== "pass").map(({ check }) => check);

test("signed by one person nobody can turn it on; signed by two it runs in shadow, and then in earnest", async () => {
  const [bare, document] = [key("policy.json"), key("auto-approval.json")];
  const session = key("session-keys/operator.pem");
  expect((await countersign("policy-approval", "sign", bare, "operator-session", session, document)).code).toBe(0);
  expect(await countersign("policy-approval", "on", "--reason", "early")).toMatchObject({
    code: 1,
    out: expect.stringContaining("1 of 2"),
  });
  expect(
    (await countersign("policy-approval", "sign", document, "second-session", key("second.pem"), document)).code,
  ).toBe(0);

  expect(await countersign("policy-approval", "shadow", "--reason", "watching")).toMatchObject({ code: 0 });
  const watched = await assessed(await propose("1"));
  expect(watched.autoApproval.checks.filter((one: { outcome: string }) => one.outcome !== "pass")).toEqual([]);
  expect([watched.state, watched.autoApproval.mode, watched.autoApproval.outcome]).toEqual([
    "PENDING_APPROVAL",
    "shadow",
    "approve",
  ]);

  expect(await countersign("policy-approval", "on", "--reason", "the shadow agreed")).toMatchObject({ code: 0 });
  const id = await propose("1");
  const filled = await until(
    () => view(id),
    ({ state }) => state === "FILLED",
  );
  expect(filled.decision.actor).toEqual({ kind: "policy", id: "standing-policy" });
  const told = await tool(system, "get_proposal", { proposal_id: id });
  expect(told.value.decision.by).toBe("policy");
  const tooLarge = await assessed(await propose("3"));
  expect([tooLarge.state, failing(tooLarge)]).toEqual(["PENDING_APPROVAL", ["orderNotional"]]);
});

test("under REDUCE_ONLY, and with another byte in the document, orders wait for a person", async () => {
  const level = (name: string) =>
    admin(system, "PUT", "/api/v1/kill-switch", { scope: "global", level: name, reason: "test" });
  expect((await level("REDUCE_ONLY")).status).toBe(200);
  // The gate denies what opens; the policy is not even asked.
  const { value } = await tool(system, "propose_order", buyApple({ quantity: "1" }));
  expect(value.state).toBe("RISK_DENIED");
  expect((await level("ACTIVE")).status).toBe(200);

  const text = readFileSync(key("auto-approval.json"), "utf8");
  const { policy: signed } = JSON.parse(text) as SignedPolicy;
  writeFileSync(key("auto-approval.json"), text.replace('"900"', '"990"'));
  expect(existsSync(key("auto-approval.json")) && signed.version).toBe(1);
  const changed = await assessed(await propose("1"));
  expect([changed.state, failing(changed)]).toEqual([
    "PENDING_APPROVAL",
    expect.arrayContaining(["policy", "turnedOn"]),
  ]);
  writeFileSync(key("auto-approval.json"), text);
  expect(await countersign("policy-approval", "off", "--reason", "enough")).toMatchObject({ code: 0 });
  const status = await admin(system, "GET", "/api/v1/auto-approval");
  expect(status.body).toMatchObject({
    mode: "off",
    since: { actor: { kind: "operator", id: "operator" }, reason: "enough" },
  });
});
