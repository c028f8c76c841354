import { utcText } from "@countersign/clock/clock";
import { ApprovalStatement, type SignedApproval, Ticket } from "@countersign/contracts/order";
import { generateKeyPair, sign } from "@countersign/ids/ed25519";
import { canonicalHash, canonicalJson } from "@countersign/ids/hash";
import { describe, expect, test } from "vitest";
import { type ToVerify, verifyApproval } from "./verify-approval.ts";

const NOW_MS = Date.UTC(2026, 10, 20, 15, 0, 0);
const approver = generateKeyPair();
const stranger = generateKeyPair();
const approvers = { publicKeyOf: (keyId: string) => (keyId === "ops" ? approver.publicKey : undefined) };

function ticket(change: object = {}, terms: object = {}): Ticket {
  return Ticket.parse({
    type: "countersign.ticket/1",
    proposalId: `prop_${"a".repeat(26)}`,
    mode: "simulator",
    agent: "agent-1",
    terms: {
      account: "DU1234567",
      conid: 265598,
      side: "BUY",
      quantity: "10",
      orderType: "LMT",
      limitPrice: "150.25",
      timeInForce: "DAY",
      ...terms,
    },
    instrument: {
      conid: 265598,
      symbol: "AAPL",
      secType: "STK",
      exchange: "SMART",
      primaryExchange: "NASDAQ",
      currency: "USD",
      multiplier: "1",
      longName: "APPLE INC",
    },
    verdictHash: "0".repeat(64),
    policyHash: "1".repeat(64),
    createdAt: utcText(NOW_MS - 60_000),
    expiresAt: utcText(NOW_MS + 60_000),
    nonce: "0123456789abcdef",
    ...change,
  });
}

function signed(options: { ticket?: Ticket; statement?: object; key?: string; keyId?: string } = {}): SignedApproval {
  const approved = options.ticket ?? ticket();
  const statement = ApprovalStatement.parse({
    type: "countersign.approval/1",
    ticket: approved,
    ticketHash: canonicalHash(approved),
    approver: "alice",
    approvedAt: utcText(NOW_MS - 1_000),
    expiresAt: utcText(NOW_MS + 60_000),
    reason: null,
    nonce: "fedcba9876543210",
    ...options.statement,
  });
  const signature = sign(options.key ?? approver.privateKeyPem, canonicalJson(statement));
  return { statement, keyId: options.keyId ?? "ops", signature };
}

function outcome(approval: SignedApproval, change: Partial<ToVerify> = {}): string {
  const { ticketHash } = approval.statement;
  const input: ToVerify = { approval, ticketHash, account: "DU1234567", mode: "simulator", nowMs: NOW_MS, ...change };
  const result = verifyApproval(approvers, input);
  return result.outcome === "denied" ? result.denial.code : result.outcome;
}

const good = signed();
const live = ticket({}, { account: "U1234567" });
const cases: [string, SignedApproval, Partial<ToVerify>, string][] = [
  ["a fresh approval by a key of the roster", good, {}, "verified"],
  ["a key that is not on the roster", signed({ keyId: "other" }), {}, "APPROVAL_INVALID"],
  ["a signature by another key", signed({ key: stranger.privateKeyPem }), {}, "APPROVAL_INVALID"],
  [
    "a signature over other terms",
    { ...good, statement: { ...good.statement, approver: "bob" } },
    {},
    "APPROVAL_INVALID",
  ],
  ["a signature with a stray character", { ...good, signature: `${good.signature}=` }, {}, "APPROVAL_INVALID"],
  [
    "a hash that is not the ticket's",
    signed({ statement: { ticketHash: "2".repeat(64) } }),
    {},
    "TICKET_HASH_MISMATCH",
  ],
  ["a request that names another hash", good, { ticketHash: "2".repeat(64) }, "TICKET_HASH_MISMATCH"],
  ["the subject of another account", good, { account: "DU7654321" }, "APPROVAL_INVALID"],
  ["a ticket of another mode", signed({ ticket: ticket({ mode: "paper" }) }), {}, "APPROVAL_INVALID"],
  ["a live account in simulator mode", signed({ ticket: live }), { account: "U1234567" }, "ACCOUNT_NOT_PAPER"],
  ["the agent as approver", signed({ statement: { approver: "agent-1" } }), {}, "SELF_APPROVAL"],
  ["the last millisecond", good, { nowMs: NOW_MS + 59_999 }, "verified"],
  ["the moment of expiry", good, { nowMs: NOW_MS + 60_000 }, "APPROVAL_EXPIRED"],
  ["before it was given", good, { nowMs: NOW_MS - 1_001 }, "APPROVAL_INVALID"],
  ["good for 301 seconds", signed({ statement: { expiresAt: utcText(NOW_MS + 300_000) } }), {}, "APPROVAL_INVALID"],
  [
    "given after the ticket expired",
    signed({ ticket: ticket({ expiresAt: utcText(NOW_MS - 1_000) }) }),
    {},
    "PROPOSAL_EXPIRED",
  ],
  ["a limit order without a limit", signed({ ticket: ticket({}, { limitPrice: null }) }), {}, "LIMIT_PRICE_REQUIRED"],
  ["a market order with a limit", signed({ ticket: ticket({}, { orderType: "MKT" }) }), {}, "LIMIT_PRICE_REQUIRED"],
  [
    "a price that no float prints",
    signed({ ticket: ticket({}, { limitPrice: "1234567890123.12345678" }) }),
    {},
    "INVALID_ARGUMENT",
  ],
];

describe("the gateway believes only what was signed", () => {
  test.each(cases.map(([name, ...rest]) => ({ name, expected: rest[2], approval: rest[0], change: rest[1] })))(
    "$name -> $expected",
    ({ approval, change, expected }) => {
      expect(outcome(approval, change)).toBe(expected);
    },
  );
});
