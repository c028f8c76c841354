import { FACTS, RPCS } from "@countersign/contracts/subjects";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { admit, at, auditOf, countersign, newTicket, ROSTER, World } from "./test-support.ts";
import { makeSmaller } from "./testing/make-smaller.ts";

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());
beforeEach(() => {
  world.gateway.calls = 0;
  world.gateway.sent.length = 0;
});

const pending = () => admit(world.gate, newTicket(60_000, { approvals: 2 }));
const waiting = { outcome: "ok", value: { state: "PENDING_APPROVAL", submission: { outcome: "awaitsSecond" } } };
const sent = { outcome: "ok", value: { state: "SEND_STARTED", submission: { outcome: "sent" } } };

test("two people -> the first waits, the second sends, and log, audit and gateway have both signatures", async () => {
  const ticket = await pending();
  const first = countersign(ticket);
  expect(await world.approve(first)).toMatchObject(waiting);
  expect(world.gateway.calls).toBe(0);
  const second = countersign(ticket, { approver: "second" });
  expect(await world.approve(second)).toMatchObject(sent);
  expect(await world.decisionsOf(ticket)).toEqual([
    expect.objectContaining({ type: "countersigned/1", approval: first }),
    expect.objectContaining({ type: "approved/1", approval: first, cosignature: second }),
  ]);
  expect(world.gateway.sent).toEqual([ticket.proposalId]);
  const events = (await auditOf(world.operators, ticket.proposalId)).map(({ entry }) => entry.body.event);
  expect(events).toEqual(["countersigned", "approved"]);
});

test("above the limit of this service -> two people, although the ticket does not say so", async () => {
  const ticket = await admit(world.gate, newTicket(), "1000.01");
  expect(await world.approve(countersign(ticket))).toMatchObject(waiting);
  const exactly = await admit(world.gate, newTicket(), "1000");
  expect(await world.approve(countersign(exactly))).toMatchObject(sent);
});

test.each([
  ["the same person again", "operator", "SECOND_APPROVER_REQUIRED"],
  ["the proposer", "agent", "SELF_APPROVAL"],
])("%s as the second (%s) -> %s, on the record, nothing sent", async (_, approver, code) => {
  const ticket = await pending();
  await world.approve(countersign(ticket));
  expect(await world.approve(countersign(ticket, { approver }))).toMatchObject({ denial: { code } });
  expect(await world.typesOf(ticket)).toEqual(["countersigned/1"]);
  expect(world.gateway.calls).toBe(0);
  const records = await auditOf(world.operators, ticket.proposalId);
  expect(records.at(-1)).toMatchObject({ entry: { kind: "approval.refused", body: { code } } });
});

test("a second signature after the first has ended -> it is the first one now", async () => {
  const ticket = await admit(world.gate, newTicket(110_000, { approvals: 2 }));
  const expiresAt = at(50_000);
  expect(await world.approve(countersign(ticket, { expiresAt }))).toMatchObject(waiting);
  await world.later(50_001);
  expect(await world.approve(countersign(ticket, { approver: "second" }))).toMatchObject(waiting);
  expect(await world.typesOf(ticket)).toEqual(["countersigned/1", "countersigned/1"]);
  expect(world.gateway.calls).toBe(0);
  expect(await world.approve(countersign(ticket))).toMatchObject(sent);
});

test("the first one leaves the roster -> that signature counts no more, and does not stand in the way of others", async () => {
  const ticket = await pending();
  expect(await world.approve(countersign(ticket))).toMatchObject(waiting);
  const roster = { ...ROSTER, keyOf: (id: string) => (id === "operator-session" ? undefined : ROSTER.keyOf(id)) };
  await world.stopApproval();
  await world.startApproval({ roster, policy: { source: { current: () => ({ state: "none" }) }, key: undefined } });
  expect(await world.approve(countersign(ticket, { approver: "second" }))).toMatchObject(waiting);
  expect(world.gateway.calls).toBe(0);
  await world.later(0);
  expect(await world.approve(countersign(ticket))).toMatchObject(sent);
  const [, , last] = await world.decisionsOf(ticket);
  expect(last).toMatchObject({ approval: { keyId: "second-session" }, cosignature: { keyId: "operator-session" } });
});

test("two people, sixteen times at once -> sent exactly once", async () => {
  const ticket = await pending();
  const approvers = Array.from({ length: 16 }, (_, index) => (index % 2 === 0 ? "operator" : "second"));
  const replies = await Promise.all(approvers.map((approver) => world.approve(countersign(ticket, { approver }))));
  const sentOnes = replies.filter((one) => one.outcome === "ok" && one.value.submission.outcome === "sent");
  expect(sentOnes).toHaveLength(1);
  expect(await world.typesOf(ticket)).toEqual(["countersigned/1", "approved/1"]);
  expect(world.gateway.sent).toEqual([ticket.proposalId]);
});

test("rejected, withdrawn and expired after the first signature -> over, and the second is refused", async () => {
  const [one, two] = [await pending(), await pending()];
  const three = await pending();
  for (const ticket of [one, two, three]) expect(await world.approve(countersign(ticket))).toMatchObject(waiting);
  const { proposalId } = one;
  await world.operators.request(RPCS.reject, { proposalId, operator: "operator", reason: "no" });
  await world.agents.request(RPCS.withdraw, { proposalId: two.proposalId, agent: "agent", reason: "no" });
  await expect
    .poll(() => Promise.all([one, two].map((ticket) => world.typesOf(ticket))))
    .toEqual([
      ["countersigned/1", "rejected/1"],
      ["countersigned/1", "withdrawn/1"],
    ]);
  await world.later(60_000);
  for (const [ticket, type] of [
    [one, "rejected/1"],
    [two, "withdrawn/1"],
    [three, "expired/1"],
  ] as const) {
    await expect.poll(() => world.typesOf(ticket)).toEqual(["countersigned/1", type]);
    const again = await world.approve(countersign(ticket, { approver: "second" }));
    expect(again.outcome).toBe("denied");
  }
  expect(world.gateway.calls).toBe(0);
});

describe("after the order was made smaller", () => {
  test("the ticket before cannot be approved any more, the new one can, also when this process has just heard of it", async () => {
    const before = await admit(world.gate, newTicket());
    const { ticket } = await makeSmaller(world.gate, before);
    const sentNow = world.approve(countersign(ticket));
    expect(await world.approve(countersign(before))).toMatchObject({ denial: { code: "TICKET_HASH_MISMATCH" } });
    expect(await sentNow).toMatchObject(sent);
    expect(await world.typesOf(ticket)).toEqual(["approved/1"]);
  });

  test("a first signature under the ticket before does not count: two must sign the new one", async () => {
    const before = await pending();
    expect(await world.approve(countersign(before))).toMatchObject(waiting);
    const { ticket } = await makeSmaller(world.gate, before);
    expect(await world.approve(countersign(ticket, { approver: "second" }))).toMatchObject(waiting);
    expect(world.gateway.calls).toBe(0);
    expect(await world.approve(countersign(ticket))).toMatchObject(sent);
  });

  test("approved and made smaller in the same moment -> exactly one of them, and only what holds is sent", async () => {
    const won = { approved: 0, smaller: 0 };
    for (let round = 0; round < 30; round += 1) {
      const before = await admit(world.gate, newTicket());
      const params = { account: before.terms.account, proposal: before.proposalId };
      const known = (await world.gate.readLast(FACTS.proposal, params))?.sequence;
      const [approved, smaller] = await Promise.all([
        world.approve(countersign(before)),
        new Promise((done) => setTimeout(done, round % 10)).then(() => makeSmaller(world.gate, before, known)),
      ]);
      const isFirst = approved.outcome === "ok";
      won[isFirst ? "approved" : "smaller"] += 1;
      expect([approved, smaller.outcome]).toMatchObject(
        isFirst ? [sent, "conflict"] : [{ denial: { code: "TICKET_HASH_MISMATCH" } }, "appended"],
      );
    }
    expect(world.gateway.calls).toBe(won.approved);
  });
});
