import { RPCS } from "@countersign/contracts/subjects";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { admit, auditOf, countersign, newTicket, setKill, World } from "./test-support.ts";

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());
beforeEach(() => {
  world.gateway.calls = 0;
  world.gateway.sent.length = 0;
  world.gateway.answer = (request) => world.gateway.send(request);
});

describe("approve against time", () => {
  test("past the ticket's expiry -> expired in the log, and an approval is refused", async () => {
    const ticket = await admit(world.gate, newTicket(250));
    await expect.poll(() => world.typesOf(ticket)).toEqual(["expired/1"]);
    expect(await world.approve(countersign(ticket))).toMatchObject({
      outcome: "denied",
      denial: { code: "PROPOSAL_EXPIRED" },
    });
    expect(world.gateway.calls).toBe(0);
  });

  test("approve, expiry, reject and withdraw at the same moment -> one decision, and all replies agree with it", async () => {
    for (let round = 0; round < 12; round += 1) {
      const ticket = await admit(world.gate, newTicket(100 + 5 * round));
      const { proposalId } = ticket;
      await new Promise((done) => setTimeout(done, 90));
      const [approved, rejected, withdrawn] = await Promise.all([
        world.approve(countersign(ticket)),
        world.operators.request(RPCS.reject, { proposalId, operator: "operator", reason: "no" }),
        world.agents.request(RPCS.withdraw, { proposalId, agent: "agent", reason: "changed my mind" }),
      ]);
      await expect.poll(async () => (await world.typesOf(ticket)).length).toBe(1);
      const [type] = await world.typesOf(ticket);
      expect([approved.outcome, type === "approved/1"]).toEqual([
        type === "approved/1" ? "ok" : "denied",
        type === "approved/1",
      ]);
      expect(rejected.outcome).toBe(type === "rejected/1" ? "ok" : "denied");
      expect(withdrawn.outcome).toBe(type === "withdrawn/1" ? "ok" : "denied");
    }
  });
});

describe("reject, withdraw, cancel", () => {
  test("reject -> REJECTED with the reason on the record; a second one -> not pending", async () => {
    const ticket = await admit(world.gate, newTicket());
    const request = {
      proposalId: ticket.proposalId,
      operator: "operator",
      reason: "too much",
      code: "TOO_LARGE" as const,
    };
    expect(await world.operators.request(RPCS.reject, request)).toMatchObject({ value: { state: "REJECTED" } });
    expect(await world.operators.request(RPCS.reject, request)).toMatchObject({
      denial: { code: "PROPOSAL_NOT_PENDING" },
    });
    expect(await world.decisionsOf(ticket)).toMatchObject([
      { type: "rejected/1", reason: "too much", code: "TOO_LARGE" },
    ]);
    expect(await auditOf(world.operators, ticket.proposalId)).toMatchObject([
      { entry: { body: { event: "rejected" } } },
    ]);
  });

  test("withdraw by another agent -> not found; by its own -> WITHDRAWN", async () => {
    const ticket = await admit(world.gate, newTicket());
    const request = { proposalId: ticket.proposalId, reason: "changed my mind" };
    const other = await world.agents.request(RPCS.withdraw, { ...request, agent: "stranger" });
    expect(other).toMatchObject({ denial: { code: "PROPOSAL_NOT_FOUND" } });
    const own = await world.agents.request(RPCS.withdraw, { ...request, agent: "agent" });
    expect(own).toMatchObject({ value: { state: "WITHDRAWN" } });
  });

  test("cancel of a pending proposal -> not cancellable, with the hint to withdraw", async () => {
    const ticket = await admit(world.gate, newTicket());
    const actor = { kind: "agent" as const, id: "agent" };
    const reply = await world.agents.request(RPCS.cancel, { proposalId: ticket.proposalId, actor, reason: "stop" });
    expect(reply).toMatchObject({
      denial: { code: "ORDER_NOT_CANCELLABLE", message: expect.stringMatching(/withdraw/) },
    });
  });

  test("cancel with the switch HALTED and the audit gone -> reaches the broker all the same", async () => {
    const ticket = await admit(world.gate, newTicket());
    expect(await world.approve(countersign(ticket))).toMatchObject({ value: { state: "SEND_STARTED" } });
    await setKill(world.admin, "HALTED");
    await world.killAudit();
    const before = world.gateway.cancels;
    const stranger = { kind: "agent" as const, id: "stranger" };
    const request = { proposalId: ticket.proposalId, reason: "stop" };
    expect(await world.agents.request(RPCS.cancel, { ...request, actor: stranger })).toMatchObject({
      denial: { code: "ORDER_NOT_FOUND" },
    });
    const actor = { kind: "agent" as const, id: "agent" };
    expect(await world.agents.request(RPCS.cancel, { ...request, actor })).toMatchObject({
      value: { state: "CANCEL_REQUESTED" },
    });
    expect(world.gateway.cancels).toBe(before + 1);
    await world.startAudit();
    await setKill(world.admin, "ACTIVE");
    const cancels = async () =>
      (await auditOf(world.operators, ticket.proposalId)).filter(({ entry }) => entry.body.event === "cancel");
    await expect.poll(async () => (await cancels()).length).toBe(1);
  });

  test("approve with the audit gone -> recorded, not sent; sent when the audit is back", async () => {
    const ticket = await admit(world.gate, newTicket());
    await world.killAudit();
    const reply = await world.approve(countersign(ticket));
    expect(reply).toMatchObject({ value: { state: "APPROVED", submission: { outcome: "unknown" } } });
    expect(world.gateway.calls).toBe(0);
    await world.startAudit();
    await expect.poll(() => world.sentOf(ticket)).toBe(1);
  });
});
