import type { Demand } from "@countersign/contracts/demand";
import { denied, ok } from "@countersign/contracts/denial";
import { ApprovalStatement, type SignedApproval } from "@countersign/contracts/order";
import { RPCS } from "@countersign/contracts/subjects";
import { Verdict } from "@countersign/contracts/verdict";
import { sign } from "@countersign/ids/ed25519";
import { canonicalHash, canonicalJson } from "@countersign/ids/hash";
import { testPolicy } from "@countersign/roster/testing/test-policy";
import { testRoster } from "@countersign/roster/testing/test-roster";
import { testTicket } from "@countersign/roster/testing/test-ticket";
import { describe, expect, test } from "vitest";
import type { SubmitDeps } from "./deps.ts";
import { freshVerdict, inTurn, levelOf, refusalOf } from "./judged.ts";

const HASH = "a".repeat(64);
const NOW_MS = Date.parse("2026-11-20T10:00:10.000Z");
const people = testRoster(["alice", "bob"]);
type Rule = { rule?: string; outcome?: "pass" | "confirm" | "deny"; value?: string | null };

function verdictWith(rules: Rule[], outcome: "pass" | "deny" = "pass"): Verdict {
  const none = { code: null, limit: null, headroom: null, unit: "", message: "in USD" };
  const all = rules.map(({ rule = "maxOrderNotional", outcome = "pass", value = "1000" }) => {
    const code = outcome === "pass" ? null : "QUOTE_STALE";
    return { ...none, rule, outcome, value, code };
  });
  const rest = { policyHash: HASH, inputsHash: HASH, judgedAt: "2026-11-20T10:00:00.000Z" };
  return Verdict.parse({ type: "countersign.verdict/1", outcome, rules: all, ...rest });
}
const PASS = verdictWith([{}]);

function signedBy(approver: string, ticketChange: object = {}, statement: object = {}): SignedApproval {
  const ticket = testTicket({}, ticketChange);
  const signed = ApprovalStatement.parse({
    ...{ type: "countersign.approval/1", ticket, ticketHash: canonicalHash(ticket), approver, reason: null },
    ...{ approvedAt: "2026-11-20T10:00:00.000Z", expiresAt: "2026-11-20T10:02:00.000Z", nonce: "n".repeat(22) },
    ...statement,
  });
  const { keyId, privateKeyPem } = people.keyOf(approver);
  return { statement: signed, keyId, signature: sign(privateKeyPem, canonicalJson(signed)) };
}
const alice = { approval: signedBy("alice") };
const both = { ...alice, cosignature: signedBy("bob") };

/** What the gate answers, one after the other, and what the gateway itself knows. */
function world(
  change: { answers?: object[]; own?: Partial<Demand>; lastIntent?: number; live?: object; autoOff?: string } = {},
) {
  const asked: { afterSequence: number; correlationId: string | undefined }[] = [];
  const scopes: unknown[] = [];
  const answers = [...(change.answers ?? [])];
  const { own = {}, live } = change;
  const deps = {
    mode: "simulator",
    roster: people.roster,
    clock: { nowMs: () => NOW_MS },
    execLog: { lastSequence: 7, lastIntent: change.lastIntent ?? 0 },
    approvalRules: {
      twoApproversAboveBase: own.approvals === 2 ? "999" : "5000",
      passkeysAboveBase: own.keys === "passkey" ? "999" : null,
    },
    live: { refusal: async () => live },
    view: {
      level: (of: unknown) => {
        scopes.push(of);
        return { level: "ACTIVE", reason: "active" };
      },
      autoOff: (of: unknown) => {
        scopes.push(of);
        return change.autoOff;
      },
    },
    bus: {
      request: async (rpc: object, body: { afterSequence: number }, options: { correlationId?: string }) => {
        expect(rpc).toBe(RPCS.verdict);
        asked.push({ afterSequence: body.afterSequence, correlationId: options.correlationId });
        return answers.shift();
      },
    },
  } as unknown as SubmitDeps;
  return { deps, asked, scopes };
}
const judged = (verdict: Verdict) => ({ verdict, afterSequence: 7 });
const codeOf = (refused: { denial: { code: string } } | undefined) => refused?.denial.code;

describe("the gate's word on the ticket now", () => {
  test("is asked for with all that this gateway has written, under the order's name", async () => {
    const { deps, asked } = world({ answers: [ok({ verdict: PASS })] });
    expect(await freshVerdict(deps, alice.approval.statement.ticket)).toEqual(judged(PASS));
    expect(asked).toEqual([{ afterSequence: 7, correlationId: alice.approval.statement.ticket.proposalId }]);
  });
  test("HALTED is an answer; any other no is none, and nothing is sent", async () => {
    const ticket = alice.approval.statement.ticket;
    const halted = world({ answers: [denied("KILL_SWITCH_HALTED")] });
    expect(await freshVerdict(halted.deps, ticket)).toMatchObject({ denial: { code: "KILL_SWITCH_HALTED" } });
    const unknown = world({ answers: [denied("PROPOSAL_NOT_FOUND", "who?")] });
    await expect(freshVerdict(unknown.deps, ticket)).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: "no verdict: who?",
    });
  });
});

describe("whoever has the turn", () => {
  test("goes by the verdict that was asked for before, while no intent came after it", async () => {
    const { deps, asked } = world({ lastIntent: 7 });
    expect(await inTurn(deps, alice, judged(PASS))).toEqual({ outcome: "judged", verdict: PASS });
    expect(asked).toEqual([]);
  });
  test("asks again after another intent, and goes by what it hears then", async () => {
    const later = verdictWith([{ value: "999" }]);
    const { deps, asked } = world({ lastIntent: 8, answers: [ok({ verdict: later })] });
    expect(await inTurn(deps, alice, judged(PASS))).toEqual({ outcome: "judged", verdict: later });
    expect(asked.length).toBe(1);
  });
  test.each([
    ["a rule denies now", ok({ verdict: verdictWith([{ outcome: "deny" }], "deny") }), "RISK_DENIED"],
    ["all is HALTED now", denied("KILL_SWITCH_HALTED"), "KILL_SWITCH_HALTED"],
    ["a soft limit is exceeded now", ok({ verdict: verdictWith([{ outcome: "confirm" }]) }), "CONFIRMATION_REQUIRED"],
  ])("is refused when %s", async (_, answer, code) => {
    const { deps } = world({ lastIntent: 8, answers: [answer] });
    expect(await inTurn(deps, alice, judged(PASS))).toMatchObject({ outcome: "denied", denial: { code } });
  });
});

describe("a fresh verdict", () => {
  test("that passes refuses nothing", async () => {
    expect(await refusalOf(world().deps, alice, judged(PASS))).toBeUndefined();
  });
  test("that denies names each rule that does, and no other", async () => {
    const verdict = verdictWith([{}, { rule: "cash", outcome: "deny" }, { rule: "nbbo", outcome: "confirm" }], "deny");
    const refused = await refusalOf(world().deps, alice, judged(verdict));
    const rules = [{ rule: "cash", code: "QUOTE_STALE", message: "in USD" }];
    expect(refused?.denial).toMatchObject({ code: "RISK_DENIED", detail: { rules } });
  });
  test.each([
    ["whose outcome is no, though each rule passes", verdictWith([{}], "deny")],
    ["that claims to pass, though a rule denies", verdictWith([{}, { outcome: "deny" }], "pass")],
  ])("%s refuses", async (_, verdict) => {
    expect(codeOf(await refusalOf(world().deps, alice, judged(verdict)))).toBe("RISK_DENIED");
  });
  test("that asks for a word refuses without it, and passes with it", async () => {
    const verdict = verdictWith([{}, { rule: "priceCollar", outcome: "confirm" }]);
    expect(codeOf(await refusalOf(world().deps, alice, judged(verdict)))).toBe("CONFIRMATION_REQUIRED");
    const said = { approval: signedBy("alice", {}, { confirmed: ["priceCollar"] }) };
    expect(await refusalOf(world().deps, said, judged(verdict))).toBeUndefined();
    // Each of two persons must have read it.
    const one = { ...said, cosignature: signedBy("bob") };
    expect(codeOf(await refusalOf(world().deps, one, judged(verdict)))).toBe("CONFIRMATION_REQUIRED");
  });
  test("above this gateway's own limit needs the second person, whatever the ticket asks for", async () => {
    const { deps } = world({ own: { approvals: 2 } });
    expect(codeOf(await refusalOf(deps, alice, judged(PASS)))).toBe("SECOND_APPROVER_REQUIRED");
    expect(await refusalOf(deps, both, judged(PASS))).toBeUndefined();
    expect(await refusalOf(deps, alice, judged(verdictWith([{ value: "999" }])))).toBeUndefined();
  });
  test("above this gateway's own limit for passkeys needs one; the number of persons alone does not do", async () => {
    const { deps } = world({ own: { keys: "passkey" } });
    expect(codeOf(await refusalOf(deps, alice, judged(PASS)))).toBe("PASSKEY_REQUIRED");
    // Two had to sign anyway: what is stricter here is the kind of key alone.
    const asked = { approval: signedBy("alice", { approvals: 2 }), cosignature: signedBy("bob", { approvals: 2 }) };
    expect(codeOf(await refusalOf(deps, asked, judged(PASS)))).toBe("PASSKEY_REQUIRED");
  });
  test("does not open a gate of real money that is shut", async () => {
    const { deps } = world({ live: denied("LIVE_GATE_MISSING") });
    expect(codeOf(await refusalOf(deps, alice, judged(PASS)))).toBe("LIVE_GATE_MISSING");
  });
  test("is not enough for a policy that does not lie here", async () => {
    const policy = { id: "small", hash: HASH };
    const byPolicy = { approval: signedBy("alice", {}, { by: "policy", policy }) };
    expect(codeOf(await refusalOf(world().deps, byPolicy, judged(PASS)))).toBe("APPROVAL_INVALID");
  });
  test("is not enough for a policy while a service has stopped policies there, and is for a person", async () => {
    const policy = testPolicy({ instruments: { allowed: [265598], denied: [], secTypes: ["STK"] } });
    const ref = { id: policy.id, hash: canonicalHash(policy) };
    const standing = { live: false, current: () => ({ state: "valid" as const, ref, policy, signers: [] }) };
    const byPolicy = { approval: signedBy("alice", {}, { by: "policy", policy: ref }) };
    const open = world();
    expect(await refusalOf({ ...open.deps, standing }, byPolicy, judged(PASS))).toBeUndefined();
    const { deps, scopes } = world({ autoOff: "no operator was there" });
    const refused = await refusalOf({ ...deps, standing }, byPolicy, judged(PASS));
    expect(refused?.denial).toMatchObject({
      code: "APPROVAL_INVALID",
      message: expect.stringContaining("no operator was there"),
    });
    expect(scopes.at(-1)).toEqual({ account: "DU1234567", agent: "agent", conids: [265598] });
    expect(await refusalOf({ ...deps, standing }, alice, judged(PASS))).toBeUndefined();
  });
});

test("the kill switch is asked for account, agent and each instrument of the order", () => {
  const { deps, scopes } = world();
  expect(levelOf(deps, alice.approval.statement.ticket).level).toBe("ACTIVE");
  const ticket = testTicket({});
  const legs = [11, 12].map((conid) => ({ conid, side: "BUY" as const, ratio: 1 }));
  const { conid: _, ...terms } = ticket.terms;
  levelOf(deps, { ...ticket, terms: { ...terms, legs } as typeof ticket.terms });
  const base = { account: "DU1234567", agent: "agent" };
  expect(scopes).toEqual([
    { ...base, conids: [265598] },
    { ...base, conids: [11, 12] },
  ]);
});
