import { Fault } from "@countersign/contracts/denial";
import type { ProposalFact } from "@countersign/contracts/facts/proposal-facts.v1";
import { describe, expect, test } from "vitest";
import type { Judged } from "./decisions/taken-down.ts";
import type { Deps } from "./deps.ts";
import { judgeAndRecord, type Proposed, type Recorded } from "./judge-and-record.ts";
import { AT, FACTS, IN_FORCE, PRICING, TERMS } from "./test-facts.ts";

const PROPOSED: Proposed = {
  type: "proposed/1",
  ...{ proposalId: `prop_${"a".repeat(26)}`, at: AT, mode: "simulator", agent: "agent-1", idempotencyKey: "k" },
  ...{ contentHash: "a".repeat(64), terms: TERMS, rationale: "because", expiresAt: "2026-11-23T15:10:00.000Z" },
};

/** One proposal on its way through the real steps; what is written where, in the order in which it arrives. */
function oneProposal(record: (judged: Judged) => Promise<void>, auditRefuses?: Fault) {
  const written: string[] = [];
  const handedOver: string[] = [];
  const log: Pick<Recorded["log"], "append" | "audit" | "sequence"> = {
    sequence: 3,
    append: async ({ type }: ProposalFact) => {
      written.push(type);
      return "appended";
    },
    audit: async (facts: readonly ProposalFact[]) => {
      handedOver.push(`audit of ${facts.length}`);
      if (auditRefuses !== undefined) throw auditRefuses;
    },
  };
  const deps = {
    ...{ inForce: IN_FORCE, approvalRules: { twoApproversAboveBase: "250000", passkeysAboveBase: null } },
    ...{ pricing: () => PRICING, recorder: { record } },
    orders: { waitFor: async () => true, get: () => undefined },
  } as unknown as Deps;
  const work: Recorded = {
    ...{ proposed: PROPOSED, log: log as Recorded["log"], stored: [PROPOSED] },
    facts: Promise.resolve(FACTS),
  };
  return { written, handedOver, run: () => judgeAndRecord(deps, work) };
}

describe("a verdict and its facts", () => {
  test("the verdict is appended only after its facts are on record", async () => {
    let stored: () => void = () => undefined;
    const storing = new Promise<void>((resolve) => {
      stored = resolve;
    });
    const { written, run } = oneProposal(() => storing);
    const done = run().catch((error: unknown) => error);
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(written).toEqual(["simulated/1"]);
    stored();
    // Nobody brings it back here: it is written, and not visible yet.
    expect(await done).toMatchObject({ code: "TIMEOUT" });
    expect(written).toEqual(["simulated/1", "admitted/1"]);
  });
  test("facts that cannot be put on record leave the proposal unjudged", async () => {
    const refused = new Fault("STORE_REFUSED", "full");
    const { written, run } = oneProposal(() => Promise.reject(refused));
    await expect(run()).rejects.toBe(refused);
    expect(written).toEqual(["simulated/1"]);
  });
  test("the audit's record of all edges leaves before the facts are packed", async () => {
    const { handedOver, run } = oneProposal(async () => {
      handedOver.push("facts");
    });
    await run().catch(() => undefined);
    expect(handedOver).toEqual(["audit of 3", "facts"]);
  });
  test("the verdict is appended only after the audit has its edges", async () => {
    const refused = new Fault("AUDIT_UNAVAILABLE");
    const { written, run } = oneProposal(async () => undefined, refused);
    await expect(run()).rejects.toBe(refused);
    expect(written).toEqual(["simulated/1"]);
  });
});
