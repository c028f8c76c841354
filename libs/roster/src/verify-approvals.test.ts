import type { Demand } from "@countersign/contracts/demand";
import { ApprovalStatement, type SignedApproval } from "@countersign/contracts/order";
import { generateKeyPair, sign } from "@countersign/ids/ed25519";
import { canonicalHash, canonicalJson } from "@countersign/ids/hash";
import { describe, expect, test } from "vitest";
import { testPasskey } from "./testing/test-passkey.ts";
import { testRoster } from "./testing/test-roster.ts";
import { testTicket } from "./testing/test-ticket.ts";
import { verifyApprovals } from "./verify-approvals.ts";

const policy = { keyId: "auto", ...generateKeyPair() };
const spare = { keyId: "alice-tablet", ...generateKeyPair() };
const sessionKey = ({ keyId, publicKey }: typeof spare) => ({ keyId, kind: "session" as const, publicKey });
const people = testRoster(
  ["bob", "agent"],
  [
    { person: "alice", keys: [sessionKey(spare), sessionKey({ keyId: "alice-session", ...generateKeyPair() })] },
    { person: "small-orders", keys: [{ keyId: "auto", kind: "policy", publicKey: policy.publicKey }] },
  ],
);
const ticket = testTicket({});
const POLICY = { by: "policy", policy: { id: "small-orders", hash: "c".repeat(64) } } as const;

function signed(approver: string, change: object = {}, key?: { keyId: string; privateKeyPem: string }): SignedApproval {
  const statement = ApprovalStatement.parse({
    type: "countersign.approval/1",
    ticket,
    ticketHash: canonicalHash(ticket),
    approver,
    approvedAt: "2026-11-20T10:00:00.000Z",
    expiresAt: "2026-11-20T10:02:00.000Z",
    reason: null,
    nonce: "n".repeat(22),
    ...change,
  });
  const { keyId, privateKeyPem } = key ?? people.keyOf(approver);
  return { statement, keyId, signature: sign(privateKeyPem, canonicalJson(statement)) };
}

const ONE: Demand = { approvals: 1, keys: "session" };
const TWO: Demand = { approvals: 2, keys: "session" };
const alice = signed("alice", {}, spare);
const bob = signed("bob");
const auto = signed("small-orders", POLICY, policy);
const other = testTicket({ quantity: "11" });
const otherTicket = signed("bob", { ticket: other, ticketHash: canonicalHash(other) });

async function outcome(demand: Demand, approval: SignedApproval, cosignature?: SignedApproval): Promise<string> {
  const approvals = cosignature === undefined ? { approval } : { approval, cosignature };
  const result = await verifyApprovals(people.roster, approvals, demand);
  return result.outcome === "denied" ? result.denial.code : result.outcome;
}

describe("whose signatures count", () => {
  test.each<[string, string, Demand, SignedApproval, SignedApproval?]>([
    ["one person where one is asked for", "verified", ONE, bob],
    ["two people where two are asked for", "verified", TWO, alice, bob],
    ["a policy where one session key would do", "verified", ONE, auto],
    ["one person where two are asked for", "SECOND_APPROVER_REQUIRED", TWO, bob],
    ["one person twice", "SECOND_APPROVER_REQUIRED", TWO, bob, bob],
    ["a policy as the second person", "SECOND_APPROVER_REQUIRED", TWO, bob, auto],
    ["a policy where a passkey is asked for", "PASSKEY_REQUIRED", { approvals: 1, keys: "passkey" }, auto],
    ["a session key where a passkey is asked for", "PASSKEY_REQUIRED", { approvals: 1, keys: "passkey" }, bob],
    ["two people for two tickets", "TICKET_HASH_MISMATCH", TWO, alice, otherTicket],
    ["a hash that is not the ticket's", "TICKET_HASH_MISMATCH", ONE, signed("bob", { ticketHash: "2".repeat(64) })],
    [
      "a second hash that is not the ticket's",
      "TICKET_HASH_MISMATCH",
      TWO,
      alice,
      signed("bob", { ticketHash: "2".repeat(64) }),
    ],
    [
      "a second ticket under the first one's hash",
      "TICKET_HASH_MISMATCH",
      TWO,
      alice,
      signed("bob", { ticket: other }),
    ],
    ["the proposer", "SELF_APPROVAL", ONE, signed("agent")],
    ["the proposer as the second", "SELF_APPROVAL", TWO, bob, signed("agent")],
    ["another person's key", "APPROVAL_INVALID", ONE, signed("alice", {}, people.keyOf("bob"))],
    ["a person's key in the name of a policy", "APPROVAL_INVALID", ONE, signed("bob", POLICY)],
    ["a policy's key in the name of a person", "APPROVAL_INVALID", ONE, signed("small-orders", {}, policy)],
    ["a policy's key that names no policy", "APPROVAL_INVALID", ONE, signed("small-orders", { by: "policy" }, policy)],
    ["a person's key beside a policy", "APPROVAL_INVALID", ONE, signed("bob", { policy: POLICY.policy })],
    ["a bad second signature", "APPROVAL_INVALID", TWO, alice, { ...bob, signature: "AAAA" } as SignedApproval],
  ])("%s -> %s", async (_, expected, demand, approval, cosignature) => {
    expect(await outcome(demand, approval, cosignature)).toBe(expected);
  });

  test("one person with two keys -> still one person", async () => {
    const alone = testRoster([], [{ person: "alice", keys: [sessionKey(spare), sessionKey(policy)] }]);
    const twice = { approval: alice, cosignature: signed("alice", {}, policy) };
    expect(await verifyApprovals(alone.roster, twice, TWO)).toMatchObject({
      denial: { code: "SECOND_APPROVER_REQUIRED" },
    });
  });

  test("two people with a passkey and a session key where passkeys are asked for -> PASSKEY_REQUIRED", async () => {
    const settings = { origin: "http://localhost:4002", rpId: "localhost" };
    const phone = testPasskey("carol", settings);
    const { roster } = testRoster([], [phone.approver, { person: "alice", keys: [sessionKey(spare)] }], settings);
    const carol = phone.approve({ ...alice.statement, approver: "carol" });
    const both = { approval: carol, cosignature: alice };
    expect(await verifyApprovals(roster, both, TWO)).toMatchObject({ outcome: "verified" });
    const demand: Demand = { approvals: 2, keys: "passkey" };
    expect(await verifyApprovals(roster, both, demand)).toMatchObject({ denial: { code: "PASSKEY_REQUIRED" } });
  });

  test("no roster to rely on -> ROSTER_REFUSED", async () => {
    const status = () => ({ ok: false as const, reason: "gone" });
    const refused = await verifyApprovals({ ...people.roster, status }, { approval: bob }, ONE);
    expect(refused).toMatchObject({ denial: { code: "ROSTER_REFUSED" } });
  });
});
