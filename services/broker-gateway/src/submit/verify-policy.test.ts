import type { AutoApprovalPolicy } from "@countersign/contracts/auto-approval";
import { ApprovalStatement, type SignedApproval, Ticket } from "@countersign/contracts/order";
import { Verdict } from "@countersign/contracts/verdict";
import { canonicalHash } from "@countersign/ids/hash";
import { checkPolicy } from "@countersign/roster/policy/check-policy";
import { formatPolicy, signPolicy } from "@countersign/roster/policy/sign-policy";
import { testPolicy } from "@countersign/roster/testing/test-policy";
import { testRoster } from "@countersign/roster/testing/test-roster";
import { describe, expect, test } from "vitest";
import { type ByPolicy, policyDenial, type StandingPolicy } from "./verify-policy.ts";

const HASH = "a".repeat(64);
const NOW = "2026-11-23T15:00:00.000Z";
const NOW_MS = Date.parse(NOW);
const people = testRoster(["ada", "bob"]);

const POLICY = testPolicy({
  instruments: { allowed: [756733, 265598], denied: [265598], secTypes: ["STK"] },
  orders: { types: ["LMT"], timesInForce: ["DAY", "GTD"], goodTillMinutesMax: 15 },
});
const signed = (policy: AutoApprovalPolicy, persons = ["ada", "bob"]) =>
  formatPolicy(persons.map((one) => people.keyOf(one)).reduce(signPolicy, { policy, signatures: [] }));

function standing(text = signed(POLICY), live = false): StandingPolicy {
  return { live, current: (nowMs) => checkPolicy(text, { roster: people.roster, nowMs, daysMax: 7 }) };
}

function approvalOf(terms: object = {}, change: { ticket?: object; statement?: object } = {}): SignedApproval {
  const listed = { symbol: "SPY", secType: "STK", exchange: "SMART", primaryExchange: "ARCA", currency: "USD" };
  const ticket = Ticket.parse({
    ...{ type: "countersign.ticket/1", proposalId: `prop_${"b".repeat(26)}`, mode: "simulator", agent: "agent" },
    terms: {
      ...{ account: "DU1234567", conid: 756733, side: "BUY", quantity: "1" },
      ...{ orderType: "LMT", limitPrice: "500", timeInForce: "DAY", ...terms },
    },
    instrument: { conid: 756733, ...listed, multiplier: "1", longName: "SPDR S&P 500" },
    ...{ verdictHash: HASH, policyHash: HASH, createdAt: NOW, expiresAt: "2026-11-23T15:10:00.000Z" },
    ...{ nonce: "n".repeat(22), ...change.ticket },
  });
  const statement = ApprovalStatement.parse({
    ...{ type: "countersign.approval/1", ticket, ticketHash: canonicalHash(ticket), approver: "robot" },
    ...{ approvedAt: NOW, expiresAt: "2026-11-23T15:00:30.000Z", reason: null, nonce: "n".repeat(22), by: "policy" },
    policy: { id: POLICY.id, hash: canonicalHash(POLICY) },
    ...change.statement,
  });
  return { statement, keyId: "robot-policy", signature: "not judged here" };
}

const NO_LANE: AutoApprovalPolicy = { ...POLICY, lanes: { opening: false, reducing: false, schedules: [] } };
const approvalUnder = (policy: AutoApprovalPolicy) =>
  approvalOf({}, { statement: { policy: { id: policy.id, hash: canonicalHash(policy) } } });

/** A statement whose ticket no schema has looked at. */
function withTicket(change: object): SignedApproval {
  const approval = approvalOf();
  const ticket = { ...approval.statement.ticket, ...change } as Ticket;
  return { ...approval, statement: { ...approval.statement, ticket } };
}
const withTerms = (change: object) => withTicket({ terms: { ...approvalOf().statement.ticket.terms, ...change } });
const withInstrument = (change: object) =>
  withTicket({ instrument: { ...approvalOf().statement.ticket.instrument, ...change } });
function byPerson(): SignedApproval {
  const { statement, ...rest } = approvalOf();
  const { policy: _, ...others } = statement;
  return { ...rest, statement: { ...others, by: "person" } } as SignedApproval;
}

function verdictWith(value: string | null): Verdict {
  const none = { code: null, limit: null, headroom: null, unit: "" };
  const rules = [{ rule: "maxOrderNotional", outcome: "pass", ...none, value, message: "in USD" }];
  const hashes = { policyHash: HASH, inputsHash: HASH };
  return Verdict.parse({ type: "countersign.verdict/1", outcome: "pass", rules, ...hashes, judgedAt: NOW });
}

/** The same with one rule more, which asks for a person's word. */
function askingVerdict(): Verdict {
  const verdict = verdictWith("1000");
  const asks = { rule: "priceCollar", outcome: "confirm", code: "QUOTE_STALE", limit: "1", value: "2", headroom: "-1" };
  return Verdict.parse({ ...verdict, rules: [...verdict.rules, { ...asks, unit: "percent", message: "test" }] });
}

const look = (
  approval: SignedApproval,
  change: Partial<ByPolicy> = {},
  by: StandingPolicy | undefined = standing(),
) => {
  const input = {
    approvals: { approval },
    verdict: verdictWith("1000"),
    level: "ACTIVE",
    autoOff: undefined,
    mode: "simulator",
    nowMs: NOW_MS,
  } as const;
  return policyDenial(by, { ...input, ...change })?.denial.message;
};

describe("an approval by policy at the gateway", () => {
  test("inside of a policy that this gateway itself finds valid -> nothing against it", () => {
    expect(look(approvalOf())).toBeUndefined();
  });
  test("an approval by a person is none of its business, with or without a policy", () => {
    const person = approvalOf({}, { statement: { by: "person" } });
    expect([look(person), policyDenial(undefined, { ...inputOf(person) })]).toEqual([undefined, undefined]);
  });
  const outside: [string, string | undefined, RegExp][] = [
    ["no policy here", look(approvalOf(), {}, { live: false, current: () => ({ state: "none" }) }), /no policy here/],
    ["signed by one person", look(approvalOf(), {}, standing(signed(POLICY, ["ada"]))), /1 of 2 persons/],
    [
      "one byte changed",
      look(approvalOf(), {}, standing(signed(POLICY).replace('"1000"', '"9000"'))),
      /does not verify/,
    ],
    ["signed anew", look(approvalOf(), {}, standing(signed({ ...POLICY, version: 2 }))), /another policy/],
    [
      "named by another id",
      look(approvalOf({}, { statement: { policy: { id: "other", hash: canonicalHash(POLICY) } } })),
      /another policy/,
    ],
    ["expired meanwhile", look(approvalOf(), { nowMs: Date.parse("2026-11-29T00:00:00.000Z") }), /expired/],
    ["live, which is not configured", look(approvalOf(), { mode: "live" }), /live mode/],
    ["a soft limit exceeded", look(approvalOf(), { verdict: askingVerdict() }), /does not pass/],
    ["another mode", look(approvalOf(), { mode: "paper" }), /mode/],
    ["REDUCE_ONLY", look(approvalOf(), { level: "REDUCE_ONLY" }), /ACTIVE/],
    [
      "policies stopped by a service",
      look(approvalOf(), { autoOff: "no operator was there" }),
      /no operator was there/,
    ],
    ["another account", look(approvalOf({ account: "DU7654321" })), /account or agent/],
    ["another agent", look(approvalOf({}, { ticket: { agent: "stranger" } })), /account or agent/],
    ["an instrument that is not allowed", look(approvalOf({ conid: 272093 })), /instrument/],
    ["a denied instrument", look(approvalOf({ conid: 265598 })), /denied instrument/],
    ["a market order", look(approvalOf({ orderType: "MKT", limitPrice: null })), /order type/],
    ["outside regular hours", look(approvalOf({ outsideRth: true })), /plain order/],
    ["good till cancelled", look(approvalOf({ timeInForce: "GTC" })), /time in force/],
    [
      "good for too long",
      look(approvalOf({ timeInForce: "GTD", goodTill: "2026-11-23T15:15:00.001Z" })),
      /time in force/,
    ],
    ["one cent too much by the fresh verdict", look(approvalOf(), { verdict: verdictWith("1000.01") }), /notional/],
    ["a verdict without the notional", look(approvalOf(), { verdict: verdictWith(null) }), /notional/],
    [
      "a fresh verdict that denies",
      look(approvalOf(), { verdict: { ...verdictWith("1"), outcome: "deny" } }),
      /does not pass/,
    ],
    ["a combination", look(withTerms({ conid: undefined })), /denied instrument/],
    ["another type of instrument", look(withInstrument({ secType: "OPT" })), /security type/],
    ["a change", look(withTicket({ modifies: { proposalId: `prop_${"c".repeat(26)}` } })), /plain order/],
    ["a day that has an end without one", look(withTerms({ timeInForce: "GTD" })), /time in force/],
    ["a policy with no lane at all", look(approvalUnder(NO_LANE), {}, standing(signed(NO_LANE))), /no lane/],
    [
      "signed by a policy and a person",
      look(approvalOf(), { approvals: { approval: byPerson(), cosignature: approvalOf() } }),
      /itself alone/,
    ],
    [
      "two signatures",
      look(approvalOf(), { approvals: { approval: approvalOf(), cosignature: approvalOf() } }),
      /itself alone/,
    ],
  ];
  test.each(outside)("%s -> refused", (_, message, why) => {
    expect(message).toMatch(why);
  });
  test("exactly as long as it may be, by another of its types, or by a plan alone -> nothing against it", () => {
    const until = approvalOf({ timeInForce: "GTD", goodTill: "2026-11-23T15:15:00.000Z" });
    expect(look(until)).toBeUndefined();
    for (const lanes of [
      { opening: false, reducing: true, schedules: [] },
      { ...POLICY.lanes, opening: true, reducing: false, schedules: [] },
    ]) {
      const policy: AutoApprovalPolicy = { ...POLICY, lanes };
      expect(look(approvalUnder(policy), {}, standing(signed(policy)))).toBeUndefined();
    }
  });
  test("a gateway that was given no policy refuses all of them", () => {
    expect(policyDenial(undefined, inputOf(approvalOf()))?.denial.code).toBe("APPROVAL_INVALID");
  });
});

function inputOf(approval: SignedApproval): ByPolicy {
  return {
    approvals: { approval },
    verdict: verdictWith("1"),
    level: "ACTIVE",
    autoOff: undefined,
    mode: "simulator",
    nowMs: NOW_MS,
  };
}
