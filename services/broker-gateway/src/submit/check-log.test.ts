import type { OrderBus } from "@countersign/bus/bus";
import { type Approvals, signedParts } from "@countersign/contracts/approvals";
import { ApprovalStatement, type SignedApproval } from "@countersign/contracts/order";
import { FACTS } from "@countersign/contracts/subjects";
import { canonicalHash } from "@countersign/ids/hash";
import { testTicket } from "@countersign/roster/testing/test-ticket";
import { describe, expect, test } from "vitest";
import { checkLog } from "./check-log.ts";

const ticket = testTicket({});
const ticketHash = canonicalHash(ticket);
const PARAMS = { account: ticket.terms.account, proposal: ticket.proposalId };

function signedBy(approver: string): SignedApproval {
  const statement = ApprovalStatement.parse({
    type: "countersign.approval/1",
    ticket,
    ticketHash,
    approver,
    approvedAt: "2026-11-20T10:00:00.000Z",
    expiresAt: "2026-11-20T10:02:00.000Z",
    reason: null,
    nonce: "n".repeat(22),
  });
  return { statement, keyId: `${approver}-session`, signature: "s".repeat(86) };
}

const alice = { approval: signedBy("alice") };
const both = { ...alice, cosignature: signedBy("bob") };
const admitted = { type: "admitted/1", ticket, ticketHash };
const approved = (approvals: Approvals) => ({ type: "approved/1", ...approvals });

/** The two logs, each with this fact as its last; undefined: an empty log. */
function logs(
  proposal: object | undefined,
  decision: object | undefined,
  sequences: [number, number] = [1, 2],
): OrderBus {
  const readLast = async (fact: object, params: object) => {
    expect(params).toEqual(PARAMS);
    const body = fact === FACTS.proposal ? proposal : fact === FACTS.decision ? decision : undefined;
    return body && { sequence: sequences[fact === FACTS.proposal ? 0 : 1], body };
  };
  return { readLast } as unknown as OrderBus;
}

describe("the order's own logs must say what the request says", () => {
  test.each<[string, object | undefined, object | undefined, Approvals, string | undefined]>([
    ["the admitted ticket and this approval", admitted, approved(alice), alice, undefined],
    [
      "the ticket of a reduction and this approval",
      { ...admitted, type: "reduced/1" },
      approved(alice),
      alice,
      undefined,
    ],
    [
      "a reduction to another ticket after this one was admitted",
      { ...admitted, type: "reduced/1", ticketHash: "0".repeat(64) },
      approved(alice),
      alice,
      "TICKET_HASH_MISMATCH",
    ],
    ["the admitted ticket and both approvals", admitted, approved(both), both, undefined],
    ["nothing at all", undefined, undefined, alice, "PROPOSAL_NOT_PENDING"],
    ["no proposal", undefined, approved(alice), alice, "PROPOSAL_NOT_PENDING"],
    ["a proposal that was not admitted", { type: "simulated/1" }, approved(alice), alice, "PROPOSAL_NOT_PENDING"],
    [
      "a denied proposal that names the ticket",
      { ...admitted, type: "riskDenied/1" },
      approved(alice),
      alice,
      "PROPOSAL_NOT_PENDING",
    ],
    [
      "another hash with this ticket",
      { ...admitted, ticketHash: "0".repeat(64) },
      approved(alice),
      alice,
      "TICKET_HASH_MISMATCH",
    ],
    [
      "this hash with another ticket",
      { ...admitted, ticket: testTicket({ quantity: "11" }) },
      approved(alice),
      alice,
      "TICKET_HASH_MISMATCH",
    ],
    ["no decision", admitted, undefined, alice, "APPROVAL_INVALID"],
    ["a first signature of two", admitted, { ...approved(alice), type: "countersigned/1" }, alice, "APPROVAL_INVALID"],
    ["a rejection", admitted, { type: "rejected/1" }, alice, "APPROVAL_INVALID"],
    ["an expiry after the approval", admitted, { type: "expired/1" }, alice, "APPROVAL_EXPIRED"],
    ["another person's approval", admitted, approved({ approval: signedBy("bob") }), alice, "APPROVAL_INVALID"],
    ["two approvals, one of them submitted", admitted, approved(both), alice, "APPROVAL_INVALID"],
    ["one approval, two submitted", admitted, approved(alice), both, "APPROVAL_INVALID"],
  ])("%s -> %s", async (_, proposal, decision, approvals, code) => {
    const checked = await checkLog(logs(proposal, decision), PARAMS, approvals);
    expect("denial" in checked ? checked.denial.code : undefined).toBe(code);
  });

  test.each<[number, number, number]>([
    [5, 9, 9],
    [9, 5, 9],
  ])("the last of them goes with the intent: proposal %d, decision %d -> %d", async (proposal, decision, last) => {
    const bus = logs(admitted, approved(alice), [proposal, decision]);
    expect(await checkLog(bus, PARAMS, alice)).toEqual({
      orderSequence: last,
      approvalHash: canonicalHash(signedParts(alice)),
    });
  });

  test("voided and remarked on while they are read -> the intent still rests on what was read", async () => {
    const stored = [FACTS.proposal, FACTS.decision].map((fact, index) => ({
      fact: fact as object,
      sequence: index + 5,
    }));
    const bodies = new Map<object, object>([
      [FACTS.proposal, admitted],
      [FACTS.decision, approved(alice)],
      [FACTS.policy, { type: "assessed/1" }],
    ]);
    const readLast = async (fact: object) => {
      const sequence = stored.findLast((one) => one.fact === fact)?.sequence;
      if (fact === FACTS.decision)
        stored.push({ fact: FACTS.decision, sequence: 7 }, { fact: FACTS.policy, sequence: 8 });
      return sequence === undefined ? undefined : { sequence, body: bodies.get(fact) };
    };
    const checked = await checkLog({ readLast } as unknown as OrderBus, PARAMS, alice);
    expect(checked).toMatchObject({ orderSequence: 6 });
  });
});
