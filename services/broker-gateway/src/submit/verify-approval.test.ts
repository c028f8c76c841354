import { utcText } from "@countersign/clock/clock";
import { ApprovalStatement, type SignedApproval, Ticket } from "@countersign/contracts/order";
import { generateKeyPair, sign } from "@countersign/ids/ed25519";
import { canonicalHash, canonicalJson } from "@countersign/ids/hash";
import { testRoster } from "@countersign/roster/testing/test-roster";
import { testTicket } from "@countersign/roster/testing/test-ticket";
import { describe, expect, test } from "vitest";
import { type ToVerify, verifyApproval } from "./verify-approval.ts";

const NOW_MS = Date.UTC(2026, 10, 20, 15, 0, 0);
const stranger = generateKeyPair();
const people = testRoster(["alice", "bob", "agent-1"]);

function ticket(change: object = {}, terms: object = {}): Ticket {
  const times = { createdAt: utcText(NOW_MS - 60_000), expiresAt: utcText(NOW_MS + 60_000) };
  return testTicket(terms, { agent: "agent-1", ...times, ...change });
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
  const key = people.keyOf(statement.approver);
  const signature = sign(options.key ?? key.privateKeyPem, canonicalJson(statement));
  return { statement, keyId: options.keyId ?? key.keyId, signature };
}

async function outcome(approval: SignedApproval, change: Partial<ToVerify> = {}): Promise<string> {
  const { ticketHash } = approval.statement;
  const input: ToVerify = {
    approvals: { approval },
    ticketHash,
    account: "DU1234567",
    mode: "simulator",
    nowMs: NOW_MS,
    ...change,
  };
  const result = await verifyApproval(people.roster, input);
  return result.outcome === "denied" ? result.denial.code : result.outcome;
}

const EXITS = { takeProfit: { limitPrice: "160" }, stopLoss: { stopPrice: "140" }, timeInForce: "GTC" };
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
  [
    "a signature with a stray character",
    { ...good, signature: `${"signature" in good && good.signature}=` },
    {},
    "APPROVAL_INVALID",
  ],
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
  [
    "a limit order in the opening auction",
    signed({ ticket: ticket({}, { timeInForce: "OPG" }) }),
    {},
    "TIME_IN_FORCE_NOT_ALLOWED",
  ],
  [
    "an end that is over",
    signed({ ticket: ticket({}, { timeInForce: "GTD", goodTill: utcText(NOW_MS) }) }),
    {},
    "GOOD_TILL_INVALID",
  ],
  ["an end without GTD", signed({ ticket: ticket({}, { goodTill: utcText(NOW_MS + 1) }) }), {}, "GOOD_TILL_INVALID"],
  ["a bracket", signed({ ticket: ticket({}, { exits: EXITS }) }), {}, "verified"],
  [
    "a bracket around now or never",
    signed({ ticket: ticket({}, { exits: EXITS, timeInForce: "IOC" }) }),
    {},
    "BRACKET_NOT_ALLOWED",
  ],
  [
    "a control character in the exchange",
    signed({ ticket: ticket({ instrument: { ...ticket().instrument, exchange: "SMART\0X" } }) }),
    {},
    "INVALID_ARGUMENT",
  ],
  [
    "a price that no float prints",
    signed({ ticket: ticket({}, { limitPrice: "1234567890123.12345678" }) }),
    {},
    "INVALID_ARGUMENT",
  ],
];

const inLive = ticket({ mode: "live" }, { account: "U1234567" });
const inFrankfurt = ticket({}, { account: "DF1234567" });
const otherInstrument = { ...ticket().instrument, conid: 1 };
const early = { approver: "bob", approvedAt: utcText(NOW_MS - 60_000), expiresAt: utcText(NOW_MS) };
cases.push(
  ["good for 300 seconds", signed({ statement: { expiresAt: utcText(NOW_MS + 299_000) } }), {}, "verified"],
  ["given this very moment", good, { nowMs: NOW_MS - 1_000 }, "verified"],
  ["a live account in live mode", signed({ ticket: inLive }), { account: "U1234567", mode: "live" }, "verified"],
  ["a paper account of the other kind", signed({ ticket: inFrankfurt }), { account: "DF1234567" }, "verified"],
  [
    "another instrument than its terms",
    signed({ ticket: ticket({ instrument: otherInstrument }) }),
    {},
    "APPROVAL_INVALID",
  ],
  [
    "a second signature whose time is over",
    good,
    { approvals: { approval: good, cosignature: signed({ statement: early }) } },
    "APPROVAL_EXPIRED",
  ],
);

describe("the gateway believes only what was signed", () => {
  test.each(cases.map(([name, ...rest]) => ({ name, expected: rest[2], approval: rest[0], change: rest[1] })))(
    "$name -> $expected",
    async ({ approval, change, expected }) => {
      expect(await outcome(approval, change)).toBe(expected);
    },
  );
});

/** Every value inside, with the way to it. */
function leaves(value: unknown, path: string[] = []): string[][] {
  if (value === null || typeof value !== "object") return [path];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]));
}

function changedAt(value: unknown, [key, ...rest]: string[], to: unknown): unknown {
  if (key === undefined) return to;
  const record = value as Record<string, unknown>;
  return { ...record, [key]: changedAt(record[key], rest, to) };
}

describe("a ticket with a field changed after it was signed", () => {
  const trailing = { by: "amount", amount: "1.5" };
  const terms = [
    { orderType: "STP LMT", stopPrice: "151", limitPrice: "152", exits: EXITS, outsideRth: true },
    { orderType: "TRAIL LIMIT", stopPrice: "151", limitPrice: undefined, limitOffset: "0.5", trail: trailing },
    { orderType: "REL", offset: "0.01", timeInForce: "GTD", goodTill: utcText(NOW_MS + 60_000) },
    { orderType: "LIT", triggerPrice: "149" },
  ].map((one) => JSON.parse(JSON.stringify({ ...ticket().terms, ...one })) as object);

  test.each(terms)("$orderType: refused, whichever field it is", async (changed) => {
    const approval = signed({ ticket: Ticket.parse({ ...ticket(), terms: changed }) });
    expect(await outcome(approval)).toBe("verified");
    const paths = leaves(approval.statement.ticket, ["ticket"]);
    for (const path of paths) {
      const statement = changedAt(approval.statement, path, "7") as SignedApproval["statement"];
      expect(await outcome({ ...approval, statement }), path.join(".")).toBe("APPROVAL_INVALID");
    }
    const without = JSON.parse(JSON.stringify(approval.statement));
    without.ticket.terms.outsideRth = "outsideRth" in changed ? undefined : true;
    const statement = JSON.parse(JSON.stringify(without));
    expect(await outcome({ ...approval, statement })).toBe("APPROVAL_INVALID");
  });
});
