import { ManualClock } from "@countersign/clock/manual-clock";
import type { Fact } from "@countersign/contracts/contract-kinds";
import { ok } from "@countersign/contracts/denial";
import type { LedgerEntry, ModeSetEntry } from "@countersign/contracts/facts/policy-facts.v1";
import type { SignedApproval } from "@countersign/contracts/order";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import { FACTS as LOGS } from "@countersign/contracts/subjects";
import { canonicalHash } from "@countersign/ids/hash";
import type { OrderRecord } from "@countersign/orders/projection";
import { describe, expect, test } from "vitest";
import { CONFIG } from "../test-support.ts";
import type { PolicyDeps } from "./deps.ts";
import { PolicyEngine } from "./engine.ts";
import { openLedger } from "./ledger-log.ts";
import { FACTS, NOW, NOW_MS, POLICY, refOf, ticketWith } from "./testing/envelope-input.ts";

const actor = { kind: "operator" as const, id: "operator" };
const ref = refOf(POLICY);
const set = (mode: ModeSetEntry["mode"]): ModeSetEntry => ({
  ...{ type: "modeSet/1", at: NOW, mode, actor, reason: "test" },
  policy: mode === "off" ? null : ref,
});

interface Meanwhile {
  /** What people write to the ledger while the gate is asked for its facts. */
  readonly asked?: readonly ModeSetEntry[];
  /** And while the assessment is being recorded. */
  readonly recorded?: readonly ModeSetEntry[];
}

/** A ledger of its own, and an order that is inside of the policy; the approvals that came of it. */
async function run(
  first: ModeSetEntry,
  meanwhile: Meanwhile,
  view: Partial<ProposalView> = {},
  throttleMax = 3,
  absence?: string,
) {
  const entries: LedgerEntry[] = [first];
  const bus = {
    readLast: async () => ({ sequence: entries.length, body: entries.at(-1) }),
    readSubject: async () => entries.map((body, index) => ({ sequence: index + 1, body })),
    request: async () => {
      entries.push(...(meanwhile.asked ?? []));
      await ledger.fresh();
      return ok(FACTS);
    },
    append: async (fact: Fact, _: object, body: LedgerEntry, { expectedSequence = 0 }) => {
      if (fact !== LOGS.ledger) entries.push(...(meanwhile.recorded ?? []));
      else if (expectedSequence !== entries.length) return { outcome: "conflict" };
      else entries.push(body);
      return { outcome: "appended", sequence: entries.length };
    },
  } as unknown as PolicyDeps["bus"];
  const ledger = await openLedger(bus);
  const ticket = ticketWith();
  const { proposalId, terms, agent } = ticket;
  const waits = { proposalId, agent, account: terms.account, terms, ticket, ticketHash: canonicalHash(ticket) };
  const record = {
    view: { ...waits, createdAt: ticket.createdAt, state: "PENDING_APPROVAL", ...view },
    ...{ facts: [], sequences: { proposal: 3, decision: 0, exec: 0, policy: 0 } },
  } as unknown as OrderRecord;
  const approved: string[] = [];
  const failed: unknown[] = [];
  const autoApproval = { ...CONFIG.autoApproval, throttle: { max: throttleMax, windowSeconds: 600 } };
  const deps = {
    ...{ bus, ledger, clock: new ManualClock(NOW_MS), mode: "simulator", config: { ...CONFIG, autoApproval } },
    orders: { get: () => record, lastSequence: () => 3 },
    control: { level: () => ({ level: "ACTIVE", reason: "active" }), autoOff: () => undefined },
    outbox: { note: async () => undefined },
    log: { policyAssessed: () => undefined, policyFailed: (_: string, error: unknown) => failed.push(error) },
    console: { absence: () => absence },
    source: { current: () => ({ state: "valid", ref, policy: POLICY, signers: [] }) },
    key: { keyId: "robot-policy", owner: () => ({ person: "robot" }), sign: () => "signed" },
    demandFor: () => ({ approvals: 1, keys: "session" }),
    approve: async ({ statement }: SignedApproval) => approved.push(statement.ticket.proposalId),
    undecided: () => [record],
  } as unknown as PolicyDeps;
  const engine = new PolicyEngine(deps);
  engine.follow({ onFact: () => undefined });
  await engine.idle();
  return { approved, failed, wanted: [proposalId], entries };
}

describe("a person has the last word about the mode", () => {
  test("nobody says anything meanwhile -> approved, and counted", async () => {
    const { approved, wanted, entries } = await run(set("on"), {});
    expect(approved).toEqual(wanted);
    expect(entries.map(({ type }) => type)).toEqual(["modeSet/1", "used/1"]);
  });
  test("its own use makes the throttle full -> it is the last one that is approved", async () => {
    const { approved, wanted, entries } = await run(set("on"), {}, {}, 1);
    expect(approved).toEqual(wanted);
    expect(entries.at(-1)).toMatchObject({ type: "used/1", turnsOff: true });
  });
  test.each([
    ["turned off", [set("off")]],
    ["turned off and on again", [set("off"), { ...set("on"), at: "2026-11-23T15:00:00.001Z" }]],
    ["turned to shadow", [set("shadow")]],
  ])("%s when its room is taken and it is not approved yet -> it waits for a person", async (_, recorded) => {
    const { approved, failed } = await run(set("on"), { recorded });
    expect([approved, failed]).toEqual([[], ["a person chose the mode meanwhile"]]);
  });
  test.each([
    ["from shadow", set("shadow")],
    ["anew", set("on")],
  ])("turned on %s while the gate was asked -> what lay there before waits for a person", async (_, first) => {
    const asked = [{ ...set("on"), at: "2026-11-23T15:00:00.001Z" }];
    const { approved, failed, entries } = await run(first, { asked });
    expect([approved, failed]).toEqual([[], []]);
    expect(entries.some(({ type }) => type === "used/1")).toBe(false);
  });
});

test("an order that a person made smaller stays with people, also when approval begins anew", async () => {
  const size = { quantity: "1", limitPrice: "500" };
  const reductions = [{ at: NOW, actor, reason: "less", before: { ...size, quantity: "2" }, after: size }];
  const { approved, failed, entries } = await run(set("on"), {}, { reductions });
  expect([approved, failed]).toEqual([[], []]);
  expect(entries).toHaveLength(1);
});

test("admin-api, which sees whether an operator is there, is not heard of -> left to a person", async () => {
  const { approved, failed, entries } = await run(set("on"), {}, {}, 3, "admin-api was silent for 61 s");
  expect([approved, failed]).toEqual([[], []]);
  expect(entries).toHaveLength(1);
});
