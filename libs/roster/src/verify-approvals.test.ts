import type { Demand } from "@countersign/contracts/demand";
import { ApprovalStatement, type SignedApproval, Ticket } from "@countersign/contracts/order";
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

describe("a ticket that only looks the same", () => {
  const longNamed = (longName: string) => Ticket.parse({ ...ticket, instrument: { ...ticket.instrument, longName } });
  const named = longNamed("Caf\u00e9 & Co");
  const approval = signed("bob", { ticket: named, ticketHash: canonicalHash(named) });
  const of = (edit: (ticket: { terms: object; instrument: object }) => object) => edit(structuredClone(named));
  const text = (longName: string) => of((it) => ({ ...it, instrument: { ...it.instrument, longName } }));
  const terms = (change: object) => of((it) => ({ ...it, terms: { ...it.terms, ...change } }));

  test.each<[string, object]>([
    ["an accent apart from its letter", text("Cafe\u0301 & Co")],
    ["a letter of another alphabet", text("C\u0430f\u00e9 & Co")],
    ["a space that nobody sees", text("Caf\u00e9 & Co\u200b")],
    ["a quantity with a zero more", terms({ quantity: "10.0" })],
    ["a limit with a zero more", terms({ limitPrice: "231.40" })],
    ["a number in place of its text", terms({ quantity: 10 })],
    ["a field more that says nothing", terms({ exits: null })],
    ["a field more of another name", terms({ Quantity: "1000" })],
  ])("%s -> refused under the old hash, and under its own", async (_what, ticket) => {
    const presented = (ticketHash: string) => {
      const statement = { ...approval.statement, ticket, ticketHash };
      return outcome(ONE, { ...approval, statement } as unknown as SignedApproval);
    };
    expect(["TICKET_HASH_MISMATCH", "APPROVAL_INVALID"]).toContain(await presented(canonicalHash(named)));
    expect(await presented(canonicalHash(ticket))).toBe("APPROVAL_INVALID");
  });

  test("its fields in another order -> the same ticket", async () => {
    const turned = (value: unknown): unknown =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, inner]) => [key, turned(inner)]),
          )
        : value;
    const statement = turned(approval.statement) as SignedApproval["statement"];
    expect(Object.keys(statement)).not.toEqual(Object.keys(approval.statement));
    expect(await outcome(ONE, { ...approval, statement })).toBe("verified");
  });
});
