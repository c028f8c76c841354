import { join } from "node:path";
import { loadConfig } from "@countersign/config/load";
import { CHECKLIST, LIVE_GATES, type LiveEvidence } from "@countersign/contracts/live";
import { describe, expect, test } from "vitest";
import { LiveConfig } from "./live-config.ts";
import { type LiveOrder, orderGates } from "./order-gates.ts";
import { type SystemFacts, systemGates } from "./system-gates.ts";

const FILE = join(import.meta.dirname, "../../../../config/live.yaml");
const SHIPPED = loadConfig({ schema: LiveConfig, file: FILE }).config;
const HASH = "a".repeat(64);
const SIGNED = { by: "alice", at: "2026-01-05T10:00:00.000Z" };
const OPEN: LiveConfig = {
  ...SHIPPED,
  liveTrading: {
    enabled: true,
    allowedAccounts: ["U1234567"],
    allowedAgents: ["agent-1"],
    riskPolicyHash: HASH,
    checklist: Object.fromEntries(CHECKLIST.map((point) => [point, SIGNED])) as LiveConfig["liveTrading"]["checklist"],
  },
  safety: { liveTradingEnabled: true },
};
const EVIDENCE: LiveEvidence = {
  records: 9_000,
  ...{ simulated: 200, submitted: 50, rejected: 10, filled: 40, estimated: 40, asEstimated: 36 },
  ...{ unexplained: [], unexplainedCount: 0, strangers: 0, matchedDays: 30, lastUnmatchedDay: null },
  ...{ lastUnmatchedWhy: null, cashSteps: [], cashStepsCount: 0 },
  ...{ retentionDays: 2_555, exportBeforePurge: true, complete: true, at: "2026-03-02T10:00:00.000Z" },
};
const FACTS: SystemFacts = { evidence: { value: EVIDENCE }, durability: { value: "proven" } };
const ORDER: LiveOrder = {
  ...{ account: "U1234567", agent: "agent-1", policyHash: HASH, verdictPasses: true, idempotencyKey: "k-1" },
  ...{ ticketExpiresAtMs: 1_000, approvedAtMs: 999, killLevel: "ACTIVE", managed: true },
  approvers: [
    { person: "alice", kind: "passkey" },
    { person: "bob", kind: "passkey" },
  ],
};

function shut(config: LiveConfig, facts: SystemFacts, order: LiveOrder): string[] {
  const gates = [...systemGates(config, facts), ...orderGates(config, order)];
  expect(gates.map(({ gate }) => gate).sort()).toEqual(Object.keys(LIVE_GATES).sort());
  return gates.filter(({ ok }) => ok !== true).map(({ gate }) => gate);
}

const withEvidence = (change: Partial<LiveEvidence>) => ({ ...FACTS, evidence: { value: { ...EVIDENCE, ...change } } });
const withTrading = (change: Partial<LiveConfig["liveTrading"]>) => ({
  ...OPEN,
  liveTrading: { ...OPEN.liveTrading, ...change },
});

const INTEREST = { day: "2026-02-04", account: "DU1234567", currency: "USD", amount: "-12.34" };
const explained = (change: Partial<typeof INTEREST>): LiveConfig => {
  const said = { ...INTEREST, by: "alice", why: "interest of January", ...change };
  return { ...OPEN, evidence: { ...OPEN.evidence, cashExplained: [said] } };
};

describe("the gates of live trading", () => {
  test("everything in place -> none is shut; what is shipped -> all that can be said are", () => {
    expect(shut(OPEN, FACTS, ORDER)).toEqual([]);
    const none = { evidence: { missing: "x" }, durability: { missing: "x" } };
    expect(shut(SHIPPED, none, ORDER)).toEqual([
      ...["featureEnabled", "safetyFlag", "checklist", "durability", "auditAvailable", "paperEvidence"],
      ...["reconciliations", "accountAllowlisted", "agentPermitted", "riskPolicyPass"],
    ]);
  });

  test.each<[string, LiveConfig, SystemFacts, Partial<LiveOrder>]>([
    ["featureEnabled", withTrading({ enabled: false }), FACTS, {}],
    ["safetyFlag", { ...OPEN, safety: { liveTradingEnabled: false } }, FACTS, {}],
    ["accountAllowlisted", withTrading({ allowedAccounts: ["U7654321"] }), FACTS, {}],
    ["accountAllowlisted", OPEN, FACTS, { managed: false }],
    ["agentPermitted", withTrading({ allowedAgents: [] }), FACTS, {}],
    ["ticketUnexpired", OPEN, FACTS, { approvedAtMs: 1_000 }],
    ["approvalRecord", OPEN, FACTS, { approvers: ORDER.approvers.slice(1) }],
    ["idempotencyKey", OPEN, FACTS, { idempotencyKey: undefined }],
    ["riskPolicyPass", OPEN, FACTS, { policyHash: "b".repeat(64) }],
    ["riskPolicyPass", OPEN, FACTS, { verdictPasses: false }],
    ["riskPolicyPass", withTrading({ riskPolicyHash: null }), FACTS, {}],
    ["killSwitchOpen", OPEN, FACTS, { killLevel: "REDUCE_ONLY" }],
    ["auditAvailable", OPEN, withEvidence({ retentionDays: 2_554 }), {}],
    ["auditAvailable", OPEN, withEvidence({ exportBeforePurge: false }), {}],
    ["auditAvailable", OPEN, withEvidence({ complete: false }), {}],
    ["durability", OPEN, { ...FACTS, durability: { value: "unproven" } }, {}],
    ["durability", OPEN, { ...FACTS, durability: { missing: "no monitor" } }, {}],
    ["paperEvidence", OPEN, withEvidence({ simulated: 199 }), {}],
    ["paperEvidence", OPEN, withEvidence({ submitted: 49, rejected: 0 }), {}],
    ["paperEvidence", OPEN, withEvidence({ rejected: 11 }), {}],
    ["paperEvidence", OPEN, withEvidence({ unexplainedCount: 1 }), {}],
    ["reconciliations", OPEN, withEvidence({ matchedDays: 29 }), {}],
    ["reconciliations", OPEN, withEvidence({ cashSteps: [INTEREST], cashStepsCount: 1 }), {}],
    [
      "reconciliations",
      explained({ amount: "-12.33" }),
      withEvidence({ cashSteps: [INTEREST], cashStepsCount: 1 }),
      {},
    ],
    [
      "reconciliations",
      explained({ day: "2026-02-05" }),
      withEvidence({ cashSteps: [INTEREST], cashStepsCount: 1 }),
      {},
    ],
    ["reconciliations", explained({ currency: "EUR" }), withEvidence({ cashSteps: [INTEREST], cashStepsCount: 1 }), {}],
    [
      "reconciliations",
      explained({ account: "DU7654321" }),
      withEvidence({ cashSteps: [INTEREST], cashStepsCount: 1 }),
      {},
    ],
    ["reconciliations", explained({}), withEvidence({ cashSteps: [INTEREST], cashStepsCount: 2 }), {}],
  ])("%s alone in the way -> it alone is shut", (gate, config, facts, order) => {
    expect(shut(config, facts, { ...ORDER, ...order })).toEqual([gate]);
  });

  test("cash that came or went without an order -> a person's word of just this amount opens the gate again", () => {
    const facts = withEvidence({ cashSteps: [INTEREST], cashStepsCount: 1 });
    expect(shut(explained({ amount: "-12.340" }), facts, ORDER)).toEqual([]);
    const said = systemGates(OPEN, facts).find(({ gate }) => gate === "reconciliations")?.evidence;
    expect(said).toContain("2026-02-04 DU1234567 -12.34 USD");
  });

  test.each(CHECKLIST)("the point %s not acknowledged -> the checklist is shut and names it", (point) => {
    const config = withTrading({ checklist: { ...OPEN.liveTrading.checklist, [point]: null } });
    expect(shut(config, FACTS, ORDER)).toEqual(["checklist"]);
    expect(systemGates(config, FACTS).find(({ gate }) => gate === "checklist")?.evidence).toContain(point);
  });

  test("two passkeys of one person, or a person with another kind of key -> not two persons", () => {
    const [alice] = ORDER.approvers;
    const twice = { approvers: [alice, alice].flatMap((one) => one ?? []) };
    expect(shut(OPEN, FACTS, { ...ORDER, ...twice })).toEqual(["approvalRecord"]);
    const session = { approvers: [...twice.approvers, { person: "bob", kind: "session" }] };
    expect(shut(OPEN, FACTS, { ...ORDER, ...session })).toEqual(["approvalRecord"]);
  });

  test("fewer fills as estimated than hoped -> a warning, no gate", () => {
    const facts = withEvidence({ asEstimated: 35 });
    expect(shut(OPEN, facts, ORDER)).toEqual([]);
    expect(systemGates(OPEN, facts).find(({ gate }) => gate === "paperEvidence")?.evidence).toContain("warning");
  });

  test("bounds weaker than the reference's -> the configuration is refused", () => {
    const weaker = { ...OPEN, evidence: { ...OPEN.evidence, matchedDaysMin: 29 } };
    expect(LiveConfig.safeParse(weaker).success).toBe(false);
    expect(LiveConfig.safeParse({ ...OPEN, audit: { retentionDaysMin: 2_554 } }).success).toBe(false);
  });
});
