import type { DenialCode } from "@countersign/contracts/codes";
import { denied, Fault } from "@countersign/contracts/denial";
import type { Ticket } from "@countersign/contracts/order";
import { FACTS } from "@countersign/contracts/subjects";
import { generateKeyPair, sign } from "@countersign/ids/ed25519";
import { canonicalJson } from "@countersign/ids/hash";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  ACCOUNT,
  admit,
  at,
  auditOf,
  connect,
  countersign,
  newTicket,
  openForTest,
  setKill,
  World,
} from "./test-support.ts";

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

describe("approve", () => {
  test("a valid countersignature -> recorded in log and audit, then sent once", async () => {
    const ticket = await admit(world.gate, newTicket());
    const approval = countersign(ticket);
    const reply = await world.approve(approval);
    expect(reply).toMatchObject({
      outcome: "ok",
      value: { proposalId: ticket.proposalId, state: "SEND_STARTED", submission: { outcome: "sent", orderId: 7 } },
    });
    expect(await world.decisionsOf(ticket)).toEqual([expect.objectContaining({ type: "approved/1", approval })]);
    expect(world.gateway).toMatchObject({ calls: 1, sent: [ticket.proposalId] });
    const [record] = await auditOf(world.operators, ticket.proposalId);
    expect(record).toMatchObject({ producer: "approval", entry: { kind: "order.edge", body: { event: "approved" } } });
  });

  test("16 at once -> exactly one approved, sent once, and 15 refusals on the record", async () => {
    const ticket = await admit(world.gate, newTicket());
    const replies = await Promise.all(Array.from({ length: 16 }, () => world.approve(countersign(ticket))));
    const won = replies.filter((reply) => reply.outcome === "ok");
    expect(won).toHaveLength(1);
    for (const reply of replies) {
      if (reply.outcome === "denied") expect(reply.denial.code).toBe("PROPOSAL_NOT_PENDING");
    }
    expect(await world.typesOf(ticket)).toEqual(["approved/1"]);
    expect(world.gateway).toMatchObject({ calls: 1, sent: [ticket.proposalId] });
    const records = await auditOf(world.operators, ticket.proposalId);
    expect(records.filter(({ entry }) => entry.kind === "approval.refused")).toHaveLength(15);
  });

  test("two approval processes, 16 at once -> the log still lets exactly one through", async () => {
    const closeSecond = await openForTest(world.nats);
    const ticket = await admit(world.gate, newTicket());
    const replies = await Promise.all(Array.from({ length: 16 }, () => world.approve(countersign(ticket))));
    expect(replies.filter((reply) => reply.outcome === "ok")).toHaveLength(1);
    expect(await world.typesOf(ticket)).toEqual(["approved/1"]);
    expect(world.gateway.sent).toEqual([ticket.proposalId]);
    await closeSecond();
  });

  const forged = (ticket: Ticket) => {
    const approval = countersign(ticket);
    return { ...approval, signature: sign(generateKeyPair().privateKeyPem, canonicalJson(approval.statement)) };
  };
  const cases: [string, DenialCode, (ticket: Ticket) => ReturnType<typeof countersign>][] = [
    ["a forged signature", "APPROVAL_INVALID", forged],
    ["another quantity", "TICKET_HASH_MISMATCH", (t) => countersign({ ...t, terms: { ...t.terms, quantity: "1000" } })],
    ["a wrong hash", "TICKET_HASH_MISMATCH", (t) => countersign(t, { ticketHash: "b".repeat(64) })],
    ["the proposer as approver", "SELF_APPROVAL", (t) => countersign(t, { approver: "agent" })],
    ["an old countersignature", "APPROVAL_INVALID", (t) => countersign(t, { approvedAt: at(-6_000) })],
    ["an unknown proposal", "PROPOSAL_NOT_FOUND", () => countersign(newTicket())],
  ];
  test.each(cases)("%s -> %s, nothing in the log, nothing sent, and on the record", async (_, code, forge) => {
    const ticket = await admit(world.gate, newTicket());
    const approval = forge(ticket);
    expect(await world.approve(approval)).toMatchObject({ outcome: "denied", denial: { code } });
    expect(await world.typesOf(ticket)).toEqual([]);
    expect(world.gateway.calls).toBe(0);
    const records = await auditOf(world.operators, approval.statement.ticket.proposalId);
    expect(records).toMatchObject([{ entry: { kind: "approval.refused", body: { code } } }]);
  });

  test("HALTED -> refused and still pending; ACTIVE again -> the same proposal can be approved", async () => {
    const ticket = await admit(world.gate, newTicket());
    await setKill(world.admin, "HALTED");
    await expect
      .poll(async () => await world.approve(countersign(ticket)))
      .toMatchObject({ outcome: "denied", denial: { code: "KILL_SWITCH_HALTED" } });
    expect(await world.typesOf(ticket)).toEqual([]);
    await setKill(world.admin, "ACTIVE");
    await expect.poll(async () => (await world.approve(countersign(ticket))).outcome).toBe("ok");
    expect(world.gateway.sent).toEqual([ticket.proposalId]);
  });

  test("the gateway denies -> voided with its code, and the reply says so", async () => {
    const ticket = await admit(world.gate, newTicket());
    world.gateway.answer = async () => denied("RISK_DENIED", "the fresh verdict denies");
    expect(await world.approve(countersign(ticket))).toMatchObject({
      value: { state: "VOIDED", submission: { outcome: "denied", denial: { code: "RISK_DENIED" } } },
    });
    expect(await world.decisionsOf(ticket)).toMatchObject([
      { type: "approved/1" },
      { type: "voided/1", code: "RISK_DENIED" },
    ]);
  });

  test("the gateway denies after its intent -> nothing is voided, the exec log tells the end", async () => {
    const ticket = await admit(world.gate, newTicket());
    world.gateway.answer = async (request) => {
      await world.gateway.send(request);
      return denied("KILL_SWITCH_HALTED");
    };
    expect(await world.approve(countersign(ticket))).toMatchObject({ value: { submission: { outcome: "denied" } } });
    expect(await world.typesOf(ticket)).toEqual(["approved/1"]);
  });

  test("the gateway's outcome is unknown -> said so, and never asked again", async () => {
    const ticket = await admit(world.gate, newTicket());
    world.gateway.answer = async () => {
      throw new Fault("OUTCOME_UNKNOWN", "no answer");
    };
    expect(await world.approve(countersign(ticket))).toMatchObject({
      value: { state: "APPROVED", submission: { outcome: "unknown" } },
    });
    await new Promise((done) => setTimeout(done, 500));
    expect(world.gateway.calls).toBe(1);
  });

  test.each(["BROKER_UNAVAILABLE", "BROKER_RESTARTING", "BROKER_READ_ONLY"] as const)(
    "%s -> stays approved and says why, and goes out by itself when it is over",
    async (code) => {
      const ticket = await admit(world.gate, newTicket());
      world.gateway.answer = async () => {
        throw new Fault(code);
      };
      const reason = expect.stringContaining(code);
      expect(await world.approve(countersign(ticket))).toMatchObject({
        value: { state: "APPROVED", submission: { outcome: "unknown", reason } },
      });
      world.gateway.answer = (request) => world.gateway.send(request);
      await expect.poll(() => world.sentOf(ticket)).toBe(1);
      expect(await world.typesOf(ticket)).toEqual(["approved/1"]);
    },
  );

  test("an approval that nobody used -> expired after its time", async () => {
    const ticket = await admit(world.gate, newTicket());
    const asked: string[] = [];
    world.gateway.answer = async ({ approval }) => {
      asked.push(approval.statement.ticket.proposalId);
      throw new Fault("OUTCOME_UNKNOWN", "no answer");
    };
    await world.approve(countersign(ticket, { expiresAt: at(50_000) }));
    await world.later(50_000);
    await expect.poll(() => world.typesOf(ticket)).toEqual(["approved/1", "expired/1"]);
    expect(asked.filter((id) => id === ticket.proposalId)).toHaveLength(1);
  });

  test("the process dies between approval and submit -> the next one sends it, once", async () => {
    await world.stopApproval();
    const ticket = await admit(world.gate, newTicket());
    const approval = countersign(ticket);
    const dying = await connect(world.nats, "approval", ["approval-core"]);
    const fact = { type: "approved/1" as const, proposalId: ticket.proposalId, at: at(), approval };
    const params = { account: ACCOUNT, proposal: ticket.proposalId };
    await dying.append(FACTS.decision, params, fact, { expectedSequence: 0 });
    await dying.drain();
    await world.startApproval();
    await expect.poll(() => world.sentOf(ticket)).toBe(1);
    await new Promise((done) => setTimeout(done, 300));
    expect(world.sentOf(ticket)).toBe(1);
    const records = await auditOf(world.operators, ticket.proposalId);
    expect(records[0]).toMatchObject({ entry: { body: { event: "approved" } } });
  });
});
