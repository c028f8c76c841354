import { AutoApprovalPolicy } from "@countersign/contracts/auto-approval";
import { UsedEntry } from "@countersign/contracts/facts/policy-facts.v1";
import { EnvelopeFacts } from "@countersign/contracts/messages/auto-approval.v1";
import { type PolicyRef, Ticket } from "@countersign/contracts/order";
import { canonicalHash } from "@countersign/ids/hash";
import type { AssessInput } from "../check.ts";
import { EMPTY_LEDGER, foldLedger } from "../ledger.ts";

/** An order that is inside of a policy, in parts that a test may change. Everything is parsed by its schema. */

const HASH = "a".repeat(64);
/** A Monday, 10:00 in New York. */
export const NOW = "2026-11-23T15:00:00.000Z";
export const NOW_MS = Date.parse(NOW);
export const CONID = 756733;

export const POLICY = AutoApprovalPolicy.parse({
  type: "countersign.autoApproval/1",
  id: "small-orders",
  version: 1,
  mode: "simulator",
  issuedAt: "2026-11-22T00:00:00.000Z",
  expiresAt: "2026-11-28T00:00:00.000Z",
  baseCurrency: "USD",
  accounts: ["DU1234567"],
  agents: ["agent", "other"],
  instruments: { allowed: [CONID, 265598], denied: [265598], secTypes: ["STK"] },
  orders: { types: ["LMT"], timesInForce: ["DAY", "GTD"], goodTillMinutesMax: 15 },
  hours: { afterOpenMinutes: 10, beforeCloseMinutes: 10, windows: [{ days: ["MON"], from: "09:45", to: "15:30" }] },
  market: { quoteAgeMsMax: 2_000, spreadPercentMax: "0.5" },
  limits: {
    orderNotionalMax: "1000",
    dayNotionalMax: { agent: "2500", account: "4000" },
    positionValueMax: "3000",
    positionPercentMax: "5",
  },
  lanes: { opening: true, reducing: true, schedules: [] },
});

export function refOf(policy: AutoApprovalPolicy): PolicyRef {
  return { id: policy.id, hash: canonicalHash(policy) };
}

export function ticketWith(terms: object = {}, ticket: object = {}): Ticket {
  const listed = { symbol: "SPY", secType: "STK", exchange: "SMART", primaryExchange: "ARCA", currency: "USD" };
  return Ticket.parse({
    type: "countersign.ticket/1",
    proposalId: `prop_${"b".repeat(26)}`,
    mode: "simulator",
    agent: "agent",
    terms: {
      ...{ account: "DU1234567", conid: CONID, side: "BUY", quantity: "1" },
      ...{ orderType: "LMT", limitPrice: "500", timeInForce: "DAY", ...terms },
    },
    instrument: { conid: CONID, ...listed, multiplier: "1", longName: "SPDR S&P 500" },
    verdictHash: HASH,
    policyHash: HASH,
    createdAt: NOW,
    expiresAt: "2026-11-23T15:10:00.000Z",
    nonce: "n".repeat(22),
    ...ticket,
  });
}

const known = <T>(value: T) => ({ state: "known" as const, value });
const NUMBERS = { code: null, limit: null, value: null, headroom: null, unit: "" };

export const FACTS = EnvelopeFacts.parse({
  type: "countersign.envelopeFacts/1",
  at: NOW,
  verdict: {
    type: "countersign.verdict/1",
    outcome: "pass",
    rules: [{ rule: "killSwitch", outcome: "pass", ...NUMBERS, message: "active" }],
    policyHash: HASH,
    inputsHash: HASH,
    judgedAt: NOW,
  },
  kill: known({ level: "ACTIVE", reason: "active" }),
  secType: known("STK"),
  baseCurrency: known("USD"),
  notional: known("500"),
  netLiquidation: known("100000"),
  position: known({ before: "0", working: "0", unitValue: "500" }),
  quote: known({ bid: "499.9", ask: "500", dataType: "live", ageMs: 300, flags: [] }),
  hours: known({
    zone: "America/New_York",
    sessions: [{ open: "2026-11-23T14:30:00.000Z", close: "2026-11-23T21:00:00.000Z" }],
  }),
});

export function useOf(change: object = {}): UsedEntry {
  return UsedEntry.parse({
    ...{ type: "used/1", at: NOW, mode: "on", policy: refOf(POLICY), proposalId: `prop_${"c".repeat(26)}` },
    ...{ account: "DU1234567", agent: "agent", conid: CONID, side: "BUY" },
    ...{ notional: { amount: "500", currency: "USD" }, schedule: null, turnsOff: false },
    ...change,
  });
}

export function inputWith(
  change: Partial<AssessInput> & { policy?: AutoApprovalPolicy; uses?: readonly UsedEntry[] } = {},
): AssessInput {
  const { policy = POLICY, uses = [], ...rest } = change;
  const ref = refOf(policy);
  const actor = { kind: "operator" as const, id: "operator" };
  const set = { type: "modeSet/1" as const, at: NOW, mode: "on" as const, actor, reason: "test", policy: ref };
  return {
    ticket: ticketWith(),
    mode: "simulator",
    document: { state: "valid", ref, policy, signers: [] },
    ledger: [set, ...uses].reduce(foldLedger, EMPTY_LEDGER),
    kill: { level: "ACTIVE", reason: "active" },
    autoOff: undefined,
    facts: FACTS,
    approvedUnsent: "0",
    demand: { approvals: 1, keys: "session" },
    throttle: { max: 3, windowSeconds: 600 },
    nowMs: NOW_MS,
    ...rest,
  };
}

/** The facts with one of them changed in some of its fields, or taken away. */
export function factsWith(name: keyof EnvelopeFacts, change: object | string | undefined): EnvelopeFacts {
  const fact: unknown = FACTS[name];
  if (change === undefined)
    return EnvelopeFacts.parse({ ...FACTS, [name]: { state: "missing", reason: "taken away" } });
  if (typeof change === "string") return EnvelopeFacts.parse({ ...FACTS, [name]: known(change) });
  const { value } = fact as { value: object };
  return EnvelopeFacts.parse({ ...FACTS, [name]: known({ ...value, ...change }) });
}
