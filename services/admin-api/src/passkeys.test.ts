import { ManualClock } from "@countersign/clock/manual-clock";
import { challengeOf } from "@countersign/roster/passkey";
import type { Roster } from "@countersign/roster/roster";
import { testPasskey } from "@countersign/roster/testing/test-passkey";
import { testRoster } from "@countersign/roster/testing/test-roster";
import { expect, test } from "vitest";
import { ApprovalSigner } from "./approval-signing.ts";
import { Passkeys } from "./passkeys.ts";
import { pendingProposal } from "./testing/examples.ts";

const SETTINGS = { origin: "http://localhost:4002", rpId: "localhost" };

test("what a passkey is asked to sign names the soft limits that its person has typed; without any it names none", () => {
  const clock = new ManualClock(Date.parse("2026-11-20T10:00:30.000Z"));
  const phone = testPasskey("alice", SETTINGS);
  const { roster } = testRoster([], [phone.approver], SETTINGS);
  const passkeys = new Passkeys({
    clock,
    roster,
    signer: new ApprovalSigner(new Map(), { clock, roster, ttlSeconds: 120 }),
  });
  const { ticket, ticketHash } = pendingProposal();
  if (ticket === null || ticketHash === null) throw new Error("the example has a ticket");
  const asked = (confirmed: string[]) =>
    passkeys.question({ ticket, ticketHash, approver: "alice", reason: null, confirmed });
  const { statement, challenge } = asked(["priceCollar", "slippage"]);
  expect(statement.confirmed).toEqual(["priceCollar", "slippage"]);
  expect(challenge).toBe(challengeOf(statement));
  expect("confirmed" in asked([]).statement).toBe(false);
  expect(passkeys.pageOf("prop_1")).toBe("http://localhost:4002/proposals/prop_1");
});

test("while there is no roster to rely on, that is the answer: not that the passkey of somebody is not on it", () => {
  const clock = new ManualClock(Date.parse("2026-11-20T10:00:30.000Z"));
  const phone = testPasskey("alice", SETTINGS);
  const { roster } = testRoster([], [phone.approver], SETTINGS);
  let refused = false;
  const changing: Roster = {
    ...roster,
    status: () => (refused ? { ok: false, reason: "not signed by its root" } : roster.status()),
    keysOf: (person) => (refused ? [] : roster.keysOf(person)),
  };
  const signer = new ApprovalSigner(new Map(), { clock, roster: changing, ttlSeconds: 120 });
  const passkeys = new Passkeys({ clock, roster: changing, signer });
  const { ticket, ticketHash } = pendingProposal();
  if (ticket === null || ticketHash === null) throw new Error("the example has a ticket");
  const given = { ticket, ticketHash, approver: "alice", reason: null, confirmed: [] };
  const { challenge } = passkeys.question(given);
  refused = true;
  const denial = expect.objectContaining({ problem: expect.objectContaining({ code: "ROSTER_REFUSED" }) });
  expect(() => passkeys.question(given)).toThrow(denial);
  const signature = { credentialId: "AAAA", authenticatorData: "AAAA", clientDataJSON: "AAAA", signature: "AAAA" };
  expect(() => passkeys.answer("alice", challenge, signature)).toThrow(denial);
});
