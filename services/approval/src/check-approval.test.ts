import type { DenialCode } from "@countersign/contracts/codes";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import { generateKeyPair, sign } from "@countersign/ids/ed25519";
import { canonicalHash, canonicalJson } from "@countersign/ids/hash";
import { testPasskey } from "@countersign/roster/testing/test-passkey";
import { testRoster } from "@countersign/roster/testing/test-roster";
import { describe, expect, test } from "vitest";
import { type ApprovalFacts, checkApproval } from "./check-approval.ts";
import { CONFIG, countersign, newTicket, ROSTER, testVerdict } from "./test-support.ts";

const START = Date.parse("2026-11-02T15:00:00.000Z");
const text = (offsetMs: number) => new Date(START + offsetMs).toISOString();
const ticket = { ...newTicket(), createdAt: text(-10_000), expiresAt: text(60_000) };
const times = { approvedAt: text(0), expiresAt: text(120_000) };
const approval = countersign(ticket, times);

const view: ProposalView = {
  proposalId: ticket.proposalId,
  state: "PENDING_APPROVAL",
  mode: "simulator",
  agent: "agent",
  account: ticket.terms.account,
  terms: ticket.terms,
  rationale: "because",
  createdAt: ticket.createdAt,
  expiresAt: ticket.expiresAt,
  ticket,
  ticketHash: canonicalHash(ticket),
  verdict: testVerdict(),
  simulation: null,
  decision: null,
  order: null,
  history: [],
};
const soft = { code: null, limit: "1", value: "2", headroom: "-1", unit: "%", message: "2 % from the market" };
const asking: ProposalView = {
  ...view,
  verdict: { ...testVerdict(), rules: [{ rule: "priceCollar", outcome: "confirm", ...soft }] },
};
const facts: ApprovalFacts = {
  ...CONFIG,
  view,
  roster: ROSTER,
  mode: "simulator",
  keys: "session",
  nowMs: START,
  kill: { level: "ACTIVE", reason: "active" },
};

const signedBy = (privateKeyPem: string) => ({
  ...approval,
  signature: sign(privateKeyPem, canonicalJson(approval.statement)),
});
const otherTicket = { ...ticket, terms: { ...ticket.terms, quantity: "11" } };
const endless = { ...ticket, expiresAt: "2026-13-41T00:00:00.000Z" };
const liveTicket = { ...ticket, mode: "live" as const };

describe("check approval", () => {
  test("signed by a key of the roster, in time, pending, active -> nothing against it", async () => {
    expect(await checkApproval(approval, facts)).toBeUndefined();
  });

  test("the rule that asks is named in what was signed -> nothing against it", async () => {
    const confirmed = countersign(ticket, { ...times, confirmed: ["priceCollar"] });
    expect(await checkApproval(confirmed, { ...facts, view: asking })).toBeUndefined();
  });

  test("REDUCE_ONLY -> left to the gate", async () => {
    expect(await checkApproval(approval, { ...facts, kill: { level: "REDUCE_ONLY", reason: "x" } })).toBeUndefined();
  });

  const cases: [string, DenialCode, ReturnType<typeof countersign>, Partial<ApprovalFacts>][] = [
    ["a key that is not on the roster", "APPROVAL_INVALID", { ...approval, keyId: "other" }, {}],
    ["signed by another key", "APPROVAL_INVALID", signedBy(generateKeyPair().privateKeyPem), {}],
    ["a signature that is none", "APPROVAL_INVALID", { ...approval, signature: "" }, {}],
    [
      "one field changed after signing",
      "APPROVAL_INVALID",
      { ...approval, statement: { ...approval.statement, reason: "other" } },
      {},
    ],
    ["an unknown proposal", "PROPOSAL_NOT_FOUND", approval, { view: undefined }],
    ["another account's proposal", "PROPOSAL_NOT_FOUND", approval, { view: { ...view, account: "DU7654321" } }],
    ["another ticket than the admitted one", "TICKET_HASH_MISMATCH", countersign(otherTicket, times), {}],
    [
      "another ticket under the admitted hash",
      "TICKET_HASH_MISMATCH",
      countersign(otherTicket, { ...times, ticketHash: view.ticketHash ?? "" }),
      {},
    ],
    [
      "a ticket of another mode",
      "APPROVAL_INVALID",
      countersign(liveTicket, times),
      { view: { ...view, ticketHash: canonicalHash(liveTicket) } },
    ],
    ["the proposer as approver", "SELF_APPROVAL", countersign(ticket, { ...times, approver: "agent" }), {}],
    ["5001 ms after it was signed", "APPROVAL_INVALID", approval, { nowMs: START + 5_001 }],
    ["5001 ms before it was signed", "APPROVAL_INVALID", approval, { nowMs: START - 5_001 }],
    ["a life of 1 ms too long", "APPROVAL_INVALID", countersign(ticket, { ...times, expiresAt: text(120_001) }), {}],
    ["no life at all", "APPROVAL_INVALID", countersign(ticket, { ...times, expiresAt: text(0) }), {}],
    [
      "an impossible time",
      "APPROVAL_INVALID",
      countersign(ticket, { ...times, approvedAt: "2026-13-41T00:00:00.000Z" }),
      {},
    ],
    [
      "an impossible end",
      "APPROVAL_INVALID",
      countersign(ticket, { ...times, expiresAt: "2026-13-41T00:00:00.000Z" }),
      {},
    ],
    [
      "an impossible end of the ticket",
      "APPROVAL_INVALID",
      countersign(endless, times),
      { view: { ...view, ticketHash: canonicalHash(endless) } },
    ],
    [
      "the proposer whom the log names as approver",
      "SELF_APPROVAL",
      approval,
      { view: { ...view, agent: approval.statement.approver } },
    ],
    [
      "at its own expiry",
      "APPROVAL_EXPIRED",
      countersign(ticket, { ...times, expiresAt: text(1_000) }),
      { nowMs: START + 1_000 },
    ],
    [
      "at the ticket's expiry",
      "PROPOSAL_EXPIRED",
      countersign(ticket, { approvedAt: text(58_000), expiresAt: text(120_000) }),
      { nowMs: START + 60_000 },
    ],
    ["already expired in the log", "PROPOSAL_EXPIRED", approval, { view: { ...view, state: "EXPIRED" } }],
    ["already approved", "PROPOSAL_NOT_PENDING", approval, { view: { ...view, state: "APPROVED" } }],
    ["not judged yet", "PROPOSAL_NOT_PENDING", approval, { view: { ...view, state: "SIMULATED", ticketHash: null } }],
    ["HALTED", "KILL_SWITCH_HALTED", approval, { kill: { level: "HALTED", reason: "x" } }],
    ["pending without a verdict", "PROPOSAL_NOT_PENDING", approval, { view: { ...view, verdict: null } }],
    ["a soft limit that is not confirmed", "CONFIRMATION_REQUIRED", approval, { view: asking }],
    [
      "another rule confirmed than the one that asks",
      "CONFIRMATION_REQUIRED",
      countersign(ticket, { ...times, confirmed: ["priceTick"] }),
      { view: asking },
    ],
    [
      "a rule confirmed besides the one that asks",
      "CONFIRMATION_INVALID",
      countersign(ticket, { ...times, confirmed: ["priceCollar", "priceTick"] }),
      { view: asking },
    ],
    [
      "a confirmation for which nothing asks",
      "CONFIRMATION_INVALID",
      countersign(ticket, { ...times, confirmed: ["priceCollar"] }),
      {},
    ],
  ];
  test.each(cases)("%s -> %s", async (_, code, given, changed) => {
    expect((await checkApproval(given, { ...facts, ...changed }))?.code).toBe(code);
  });

  test.each([
    ["5000 ms after it was signed", START + 5_000],
    ["5000 ms before it was signed", START - 5_000],
  ])("%s -> still nothing against it", async (_, nowMs) => {
    expect(await checkApproval(approval, { ...facts, nowMs })).toBeUndefined();
  });

  test.each([
    [60_000, undefined],
    [60_001, "APPROVAL_INVALID"],
    [-5_000, undefined],
    [-5_001, "APPROVAL_INVALID"],
  ])("a passkey's signature that is %i ms old -> %s", async (ageMs, code) => {
    const settings = { origin: "http://localhost:4002", rpId: "localhost" };
    const phone = testPasskey("alice", settings);
    const { roster } = testRoster([], [phone.approver], settings);
    const longer = { ...ticket, expiresAt: text(120_000) };
    const statement = { ...approval.statement, approver: "alice", ticket: longer, ticketHash: canonicalHash(longer) };
    const known = { ...facts, roster, nowMs: START + ageMs, view: { ...view, ticketHash: canonicalHash(longer) } };
    expect((await checkApproval(phone.approve(statement), known))?.code).toBe(code);
  });
});
