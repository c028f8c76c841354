import { denied, Fault, ok } from "@countersign/contracts/denial";
import type { SignedApproval } from "@countersign/contracts/order";
import { verify } from "@countersign/ids/ed25519";
import { canonicalJson } from "@countersign/ids/hash";
import { expect, test } from "vitest";
import { apiUnderTest, ask } from "./testing/api-under-test.ts";
import { pendingProposal } from "./testing/examples.ts";

const view = pendingProposal();
const path = `/api/v1/proposals/${view.proposalId}/approve`;
const GET = "rpc.v1.proposal.get";
const APPROVE = "ops.v1.approval.approve";
const sent = { outcome: "sent" as const, orderRef: `cs1.${"a".repeat(20)}`, orderId: 7 };
const approved = (submission: object) => ok({ proposalId: view.proposalId, state: "WORKING", submission });

test("signs the stored ticket for the operator, for 120 s, and answers with what came of it", async () => {
  const { app, asked, key } = apiUnderTest({ [GET]: () => ok(view), [APPROVE]: () => approved(sent) });
  const answer = await ask(app, "POST", path, { body: { ticketHash: view.ticketHash, reason: "fine" } });
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    proposalId: view.proposalId,
    state: "WORKING",
    ticketHash: view.ticketHash,
    submission: sent,
  });
  const approval = (asked[1]?.body as { approval?: SignedApproval } | undefined)?.approval;
  if (approval === undefined || !("signature" in approval)) throw new Error("nothing was signed");
  expect(approval.keyId).toBe("all-session");
  expect(approval.statement).toMatchObject({
    ticket: view.ticket,
    ticketHash: view.ticketHash,
    approver: "all",
    reason: "fine",
    approvedAt: "2026-11-20T10:00:30.000Z",
    expiresAt: "2026-11-20T10:02:30.000Z",
  });
  expect(verify(key.publicKey, canonicalJson(approval.statement), approval.signature)).toBe(true);
});

test("another hash -> 409 TICKET_HASH_MISMATCH, and nothing is signed", async () => {
  const { app, asked } = apiUnderTest({ [GET]: () => ok(view), [APPROVE]: () => approved(sent) });
  const answer = await ask(app, "POST", path, { body: { ticketHash: "0".repeat(64) } });
  expect([answer.status, answer.body.code]).toEqual([409, "TICKET_HASH_MISMATCH"]);
  expect(asked.map((one) => one.subject)).toEqual([GET]);
});

test("a ticket that is not what its stored hash says -> not signed", async () => {
  const changed = pendingProposal({ ticket: { ...(view.ticket as object), nonce: "m".repeat(22) } as never });
  const { app, asked } = apiUnderTest({ [GET]: () => ok({ ...changed, ticketHash: view.ticketHash }) });
  const answer = await ask(app, "POST", path, { body: { ticketHash: view.ticketHash } });
  expect([answer.body.code, asked.length]).toEqual(["TICKET_HASH_MISMATCH", 1]);
});

test("a denial of approval keeps its code: halted is 423", async () => {
  const { app } = apiUnderTest({ [GET]: () => ok(view), [APPROVE]: () => denied("KILL_SWITCH_HALTED") });
  const answer = await ask(app, "POST", path, { body: { ticketHash: view.ticketHash } });
  expect([answer.status, answer.body.code]).toEqual([423, "KILL_SWITCH_HALTED"]);
});

test("approved and then refused on the way is no success", async () => {
  const submission = { outcome: "denied", denial: { code: "RISK_DENIED", message: "drift" } };
  const { app } = apiUnderTest({ [GET]: () => ok(view), [APPROVE]: () => approved(submission) });
  const answer = await ask(app, "POST", path, { body: { ticketHash: view.ticketHash } });
  expect([answer.status, answer.body.code, answer.body.facts.sent]).toEqual([409, "RISK_DENIED", false]);
});

test.each([
  ["an unknown submission", () => approved({ outcome: "unknown", reason: "no answer" })],
  ["no answer of approval", () => Promise.reject(new Fault("OUTCOME_UNKNOWN"))],
])("%s -> 504 OUTCOME_UNKNOWN, not to be repeated", async (_, answerOf) => {
  const { app } = apiUnderTest({ [GET]: () => ok(view), [APPROVE]: answerOf });
  const answer = await ask(app, "POST", path, { body: { ticketHash: view.ticketHash } });
  expect(answer.status).toBe(504);
  expect(answer.body).toMatchObject({ code: "OUTCOME_UNKNOWN", retryable: false, effect: "unknown" });
});

const soft = { code: null, limit: "1 / 3", value: "2", headroom: "1", unit: "%" };
const judged = {
  type: "countersign.verdict/1" as const,
  outcome: "pass" as const,
  rules: [
    { rule: "spread", outcome: "confirm" as const, ...soft, value: "1.2", headroom: "1.8", message: "a wide spread" },
    { rule: "priceTick", outcome: "pass" as const, ...soft, message: "on the tick" },
    { rule: "priceCollar", outcome: "confirm" as const, ...soft, message: "far from the market" },
  ],
  ...{ policyHash: "a".repeat(64), inputsHash: "a".repeat(64), judgedAt: view.createdAt },
};

test("soft limits: the page is told of them, the most severe first, and what is typed is signed", async () => {
  const asking = pendingProposal({ verdict: judged });
  const { app, asked } = apiUnderTest({ [GET]: () => ok(asking), [APPROVE]: () => approved(sent) });
  const shown = await ask(app, "GET", path.replace("/approve", ""));
  expect(shown.body.approval.confirm).toEqual([
    { rule: "priceCollar", message: "far from the market" },
    { rule: "spread", message: "a wide spread" },
  ]);
  const confirm = ["priceCollar", "spread"];
  await ask(app, "POST", path, { body: { ticketHash: asking.ticketHash, confirm } });
  await ask(app, "POST", path, { body: { ticketHash: asking.ticketHash, confirm: [] } });
  const statements = asked.filter(({ subject }) => subject === APPROVE);
  const said = statements.map(({ body }) => (body as { approval: SignedApproval }).approval.statement.confirmed);
  expect(said).toEqual([confirm, undefined]);
});

test.each([[["one", "two", "three", "four"]], [["not a rule"]], ["priceCollar"]])(
  "confirm %j -> 400, and nothing is signed",
  async (confirm) => {
    const { app, asked } = apiUnderTest({ [GET]: () => ok(view) });
    const answer = await ask(app, "POST", path, { body: { ticketHash: view.ticketHash, confirm } });
    expect([answer.status, asked]).toEqual([400, []]);
  },
);
