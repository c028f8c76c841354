import { ApprovalStatement, type SignedApproval } from "@countersign/contracts/order";
import { canonicalHash } from "@countersign/ids/hash";
import { describe, expect, test } from "vitest";
import { parseApprovalOrigin } from "./passkey.ts";
import { SignCounts } from "./sign-counts.ts";
import { type AssertionChange, testPasskey } from "./testing/test-passkey.ts";
import { testRoster } from "./testing/test-roster.ts";
import { testTicket } from "./testing/test-ticket.ts";
import { verifyApprovals } from "./verify-approvals.ts";

const settings = parseApprovalOrigin("http://localhost:4002");
const alice = testPasskey("alice", settings);
const bob = testPasskey("bob", settings);
const people = testRoster(["carol"], [alice.approver, bob.approver], settings);
const DEMAND = { approvals: 1, keys: "passkey" } as const;

function statement(change: object = {}, ticket = testTicket({})): ApprovalStatement {
  return ApprovalStatement.parse({
    type: "countersign.approval/1",
    ticket,
    ticketHash: canonicalHash(ticket),
    approver: "alice",
    approvedAt: "2026-11-20T10:00:00.000Z",
    expiresAt: "2026-11-20T10:02:00.000Z",
    reason: null,
    nonce: "n".repeat(22),
    ...change,
  });
}

async function judge(approval: SignedApproval, roster = people.roster): Promise<string> {
  const result = await verifyApprovals(roster, { approval }, DEMAND);
  return result.outcome === "denied" ? `${result.denial.code} ${result.denial.message}` : result.outcome;
}

describe("a passkey signs one statement, on one page, by a verified person", () => {
  test("as it should be -> verified", async () => expect(await judge(alice.approve(statement()))).toBe("verified"));

  test.each<[string, AssertionChange, RegExp]>([
    ["another page", { origin: "http://localhost:4003" }, /origin/],
    ["another host", { rpId: "evil.example" }, /RP ID/],
    ["a person who was there and not verified", { flags: 0x01 }, /verification/],
    ["nobody there", { flags: 0x00 }, /present/],
    ["another challenge", { challenge: "AAAA" }, /challenge/],
    ["a registration in place of a signature", { type: "webauthn.create" }, /type/],
    ["inside another page", { crossOrigin: true }, /inside another page/],
  ])("%s -> refused", async (_, change, reason) => {
    const said = await judge(alice.approve(statement(), change));
    expect(said).toMatch(/^APPROVAL_INVALID/);
    expect(said).toMatch(reason);
  });

  const good = alice.approve(statement());
  const passkey = "passkey" in good ? good.passkey : undefined;
  const other = bob.approve(statement());
  test.each<[string, unknown]>([
    ["a statement with one field changed", { ...good, statement: statement({ reason: "changed" }) }],
    ["another person's authenticator", { ...other, keyId: alice.keyId }],
    ["another person's key for this statement", other],
    ["a signature with one bit changed", { ...good, passkey: { ...passkey, signature: "MEUCIQ" } }],
    ["a plain signature under a passkey's name", { statement: good.statement, keyId: alice.keyId, signature: "AAAA" }],
    ["a passkey under a session key's name", { ...good, keyId: "carol-session" }],
    ["client data that is no JSON", { ...good, passkey: { ...passkey, clientDataJSON: "AAAA" } }],
    ["authenticator data that is cut", { ...good, passkey: { ...passkey, authenticatorData: "AAAA" } }],
  ])("%s -> refused", async (_, approval) => {
    expect(await judge(approval as SignedApproval)).toMatch(/^APPROVAL_INVALID/);
  });

  test("no page configured -> refused", async () => {
    const { passkeys: _, ...roster } = people.roster;
    expect(await judge(good, roster)).toMatch(/no origin is configured/);
  });
});

describe("the counter of a passkey only rises", () => {
  const signed = (signCount: number) => alice.approve(statement(), { signCount });
  test("rising -> taken; the same again or lower -> refused, also after what the log taught", () => {
    const counts = new SignCounts();
    expect([5, 6, 6, 5, 0, 7].map((count) => counts.take(signed(count)))).toEqual([
      true,
      true,
      false,
      false,
      false,
      true,
    ]);
    const restarted = new SignCounts();
    restarted.learn(signed(7));
    restarted.learn(signed(3));
    expect([7, 8].map((count) => restarted.take(signed(count)))).toEqual([false, true]);
  });
  test("an authenticator that does not count -> taken every time", () => {
    const counts = new SignCounts();
    expect([counts.take(signed(0)), counts.take(signed(0))]).toEqual([true, true]);
  });
});

test.each(["http://127.0.0.1:4002", "https://10.0.0.1", "http://desk.example", "https://desk.example/", "desk", ""])(
  "%j is no origin for passkeys",
  (text) => expect(() => parseApprovalOrigin(text)).toThrow(/no origin for passkeys/),
);
test("https with a name is", () => expect(parseApprovalOrigin("https://desk.example").rpId).toBe("desk.example"));
