import { ok } from "@countersign/contracts/denial";
import { CHECKLIST, type LiveEvidence } from "@countersign/contracts/live";
import { RPCS } from "@countersign/contracts/subjects";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ACCOUNT, World } from "../test-support.ts";
import type { LiveConfig } from "./live-config.ts";

/** Live mode against the simulator, whose money is as false as its prices: what counts is what reaches its socket. */
const SIGNED = { by: "alice", at: "2026-01-05T10:00:00.000Z" };
const OPEN: LiveConfig = {
  liveTrading: {
    enabled: true,
    allowedAccounts: [ACCOUNT],
    allowedAgents: ["agent-1"],
    riskPolicyHash: "0".repeat(64),
    checklist: Object.fromEntries(CHECKLIST.map((point) => [point, SIGNED])) as LiveConfig["liveTrading"]["checklist"],
  },
  safety: { liveTradingEnabled: true },
  audit: { retentionDaysMin: 2_555 },
  evidence: {
    ...{ simulatedMin: 200, submittedMin: 50, rejectPercentMax: 20, matchedDaysMin: 30, asEstimatedPercentMin: 90 },
    cashExplained: [],
  },
};
const EVIDENCE: LiveEvidence = {
  ...{ records: 9_000, simulated: 200, submitted: 50, rejected: 0, filled: 50, estimated: 50, asEstimated: 50 },
  ...{ unexplained: [], unexplainedCount: 0, strangers: 0, matchedDays: 30, lastUnmatchedDay: null },
  ...{ lastUnmatchedWhy: null, cashSteps: [], cashStepsCount: 0 },
  ...{ retentionDays: 2_555, exportBeforePurge: true, complete: true, at: "2026-03-02T10:00:00.000Z" },
};

let world: World;
let evidence: LiveEvidence | undefined = EVIDENCE;
beforeAll(async () => {
  world = await World.open();
  world.mode = "live";
  world.risk.serve(RPCS.limits, async ({ account }) => ok({ account, policyHash: "0".repeat(64), limits: [] }));
  world.auditWriter.serve(RPCS.auditEvidence, async () => {
    if (evidence === undefined) throw new Error("the audit is down");
    return ok(evidence);
  });
});
afterAll(() => world?.close());

async function withGates(config: LiveConfig, monitorUrl: string | undefined = world.nats.monitorUrl): Promise<void> {
  await world.stopGateway();
  world.live = monitorUrl === undefined ? { config } : { config, monitorUrl };
  await world.startGateway({ clientIdTakenMs: 300 });
}

/** A live order that two people countersigned with their passkeys, or with something else. */
async function submitted(change: { session?: boolean; alone?: boolean } = {}): Promise<string> {
  const ticket = world.ticket();
  const [first, second] = change.session ? ["alice", "bob"] : ["carol", "dave"];
  const signed = (approver = "") =>
    change.session
      ? world.sign(ticket, { approver })
      : world.people.byPasskey({ ...world.sign(ticket).statement, approver });
  const cosigned = change.alone ? {} : { cosignature: signed(second) };
  const approval = signed(first);
  await world.record(ticket, approval, cosigned);
  return world.submit(approval, cosigned);
}

async function refusedBy(change: Parameters<typeof submitted>[0] = {}): Promise<string> {
  const before = await world.ordersAtBroker();
  const outcome = await submitted(change);
  expect(await world.ordersAtBroker()).toBe(before);
  return outcome;
}

describe("an order in live mode", () => {
  test("every gate open, two passkeys -> sent, once", async () => {
    await withGates(OPEN);
    const before = await world.ordersAtBroker();
    expect(await submitted()).toBe("sent");
    expect(await world.ordersAtBroker()).toBe(before + 1);
  });

  test("session keys, or one person alone -> refused before the gates", async () => {
    expect(await refusedBy({ session: true })).toBe("PASSKEY_REQUIRED");
    expect(await refusedBy({ alone: true })).toBe("SECOND_APPROVER_REQUIRED");
  });

  test.each<[string, LiveConfig]>([
    ["the feature off", { ...OPEN, liveTrading: { ...OPEN.liveTrading, enabled: false } }],
    ["the second switch off", { ...OPEN, safety: { liveTradingEnabled: false } }],
    ["the account not listed", { ...OPEN, liveTrading: { ...OPEN.liveTrading, allowedAccounts: ["U7654321"] } }],
    ["the agent not permitted", { ...OPEN, liveTrading: { ...OPEN.liveTrading, allowedAgents: [] } }],
    ["another risk policy named", { ...OPEN, liveTrading: { ...OPEN.liveTrading, riskPolicyHash: "a".repeat(64) } }],
    ["less evidence than asked for", { ...OPEN, evidence: { ...OPEN.evidence, submittedMin: 51 } }],
  ])("%s -> LIVE_GATE_MISSING, and nothing at the socket", async (_what, config) => {
    await withGates(config);
    expect(await refusedBy()).toBe("LIVE_GATE_MISSING");
  });

  test("durability that nobody can prove -> LIVE_GATE_MISSING", async () => {
    await withGates(OPEN, "http://127.0.0.1:9");
    expect(await refusedBy()).toBe("LIVE_GATE_MISSING");
  });

  test("an audit that gives no evidence -> LIVE_GATE_MISSING, and the status says what is missing", async () => {
    evidence = undefined;
    await withGates(OPEN);
    expect(await refusedBy()).toBe("LIVE_GATE_MISSING");
    const status = await world.admin.request(RPCS.liveStatus, {}, { timeoutMs: 8_000 });
    if (status.outcome === "denied") throw new Error(status.denial.message);
    const shut = status.value.gates.filter(({ ok }) => ok === false).map(({ gate }) => gate);
    expect(status.value).toMatchObject({ mode: "live", open: false });
    expect(shut).toEqual(["auditAvailable", "paperEvidence", "reconciliations"]);
  });
});
