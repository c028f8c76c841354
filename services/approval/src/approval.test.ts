import type { ChildProcess } from "node:child_process";
import type { Bus } from "@countersign/bus/bus";
import type { DenialCode } from "@countersign/contracts/codes";
import { denied, Fault } from "@countersign/contracts/denial";
import type { Ticket } from "@countersign/contracts/order";
import { FACTS, RPCS } from "@countersign/contracts/subjects";
import { generateKeyPair, sign } from "@countersign/ids/ed25519";
import { canonicalJson } from "@countersign/ids/hash";
import { startTestNats, type TestNats } from "@countersign/testing/nats";
import { tempDir } from "@countersign/testing/temp-dir";
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
  ScriptedGateway,
  setKill,
  startAuditWriter,
  stopProcess,
} from "./test-support.ts";

let nats: TestNats;
let writer: ChildProcess;
let gate: Bus;
let operators: Bus;
let admin: Bus;
let agents: Bus;
let gateway: ScriptedGateway;
let close: () => Promise<void>;
const folder = tempDir("countersign-approval-");

beforeAll(async () => {
  nats = await startTestNats();
  writer = await startAuditWriter(nats, folder.path);
  gate = await connect(nats, "risk-gate", ["risk-gate"]);
  operators = await connect(nats, "admin-api", ["admin-ops"]);
  admin = await connect(nats, "admin-api", ["admin-core"]);
  agents = await connect(nats, "mcp-edge", ["mcp-edge"]);
  gateway = new ScriptedGateway(await connect(nats, "broker-gateway", ["broker-gateway-core", "broker-gateway-exec"]));
  gateway.serve();
  await setKill(admin, "ACTIVE");
  close = await openForTest(nats);
});
afterAll(async () => {
  await close();
  await stopProcess(writer, "SIGKILL");
  await nats.stop();
  folder.remove();
});
beforeEach(() => {
  gateway.calls = 0;
  gateway.sent.length = 0;
  gateway.answer = (request) => gateway.send(request);
});

const approve = (approval: ReturnType<typeof countersign>) => operators.request(RPCS.approve, { approval });
const decisionsOf = async (ticket: Ticket) => {
  const log = await gate.readSubject(FACTS.decision, { account: ACCOUNT, proposal: ticket.proposalId });
  return log.map(({ body }) => body);
};
const sentOf = (ticket: Ticket) => gateway.sent.filter((id) => id === ticket.proposalId).length;
const typesOf = async (ticket: Ticket) => (await decisionsOf(ticket)).map(({ type }) => type);

describe("approve", () => {
  test("a valid countersignature -> recorded in log and audit, then sent once", async () => {
    const ticket = await admit(gate, newTicket());
    const approval = countersign(ticket);
    const reply = await approve(approval);
    expect(reply).toMatchObject({
      outcome: "ok",
      value: { proposalId: ticket.proposalId, state: "SEND_STARTED", submission: { outcome: "sent", orderId: 7 } },
    });
    expect(await decisionsOf(ticket)).toEqual([expect.objectContaining({ type: "approved/1", approval })]);
    expect(gateway).toMatchObject({ calls: 1, sent: [ticket.proposalId] });
    const [record] = await auditOf(operators, ticket.proposalId);
    expect(record).toMatchObject({ producer: "approval", entry: { kind: "order.edge", body: { event: "approved" } } });
  });

  test("16 at once -> exactly one approved, sent once, and 15 refusals on the record", async () => {
    const ticket = await admit(gate, newTicket());
    const replies = await Promise.all(Array.from({ length: 16 }, () => approve(countersign(ticket))));
    const won = replies.filter((reply) => reply.outcome === "ok");
    expect(won).toHaveLength(1);
    for (const reply of replies) {
      if (reply.outcome === "denied") expect(reply.denial.code).toBe("PROPOSAL_NOT_PENDING");
    }
    expect(await typesOf(ticket)).toEqual(["approved/1"]);
    expect(gateway).toMatchObject({ calls: 1, sent: [ticket.proposalId] });
    const records = await auditOf(operators, ticket.proposalId);
    expect(records.filter(({ entry }) => entry.kind === "approval.refused")).toHaveLength(15);
  });

  test("two approval processes, 16 at once -> the log still lets exactly one through", async () => {
    const closeSecond = await openForTest(nats);
    const ticket = await admit(gate, newTicket());
    const replies = await Promise.all(Array.from({ length: 16 }, () => approve(countersign(ticket))));
    expect(replies.filter((reply) => reply.outcome === "ok")).toHaveLength(1);
    expect(await typesOf(ticket)).toEqual(["approved/1"]);
    expect(gateway.sent).toEqual([ticket.proposalId]);
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
    const ticket = await admit(gate, newTicket());
    const approval = forge(ticket);
    expect(await approve(approval)).toMatchObject({ outcome: "denied", denial: { code } });
    expect(await typesOf(ticket)).toEqual([]);
    expect(gateway.calls).toBe(0);
    const records = await auditOf(operators, approval.statement.ticket.proposalId);
    expect(records).toMatchObject([{ entry: { kind: "approval.refused", body: { code } } }]);
  });

  test("HALTED -> refused and still pending; ACTIVE again -> the same proposal can be approved", async () => {
    const ticket = await admit(gate, newTicket());
    await setKill(admin, "HALTED");
    await expect
      .poll(async () => await approve(countersign(ticket)))
      .toMatchObject({ outcome: "denied", denial: { code: "KILL_SWITCH_HALTED" } });
    expect(await typesOf(ticket)).toEqual([]);
    await setKill(admin, "ACTIVE");
    await expect.poll(async () => (await approve(countersign(ticket))).outcome).toBe("ok");
    expect(gateway.sent).toEqual([ticket.proposalId]);
  });

  test("the gateway denies -> voided with its code, and the reply says so", async () => {
    const ticket = await admit(gate, newTicket());
    gateway.answer = async () => denied("RISK_DENIED", "the fresh verdict denies");
    expect(await approve(countersign(ticket))).toMatchObject({
      value: { state: "VOIDED", submission: { outcome: "denied", denial: { code: "RISK_DENIED" } } },
    });
    expect(await decisionsOf(ticket)).toMatchObject([
      { type: "approved/1" },
      { type: "voided/1", code: "RISK_DENIED" },
    ]);
  });

  test("the gateway denies after its intent -> nothing is voided, the exec log tells the end", async () => {
    const ticket = await admit(gate, newTicket());
    gateway.answer = async (request) => {
      await gateway.send(request);
      return denied("KILL_SWITCH_HALTED");
    };
    expect(await approve(countersign(ticket))).toMatchObject({ value: { submission: { outcome: "denied" } } });
    expect(await typesOf(ticket)).toEqual(["approved/1"]);
  });

  test("the gateway's outcome is unknown -> said so, and never asked again", async () => {
    const ticket = await admit(gate, newTicket());
    gateway.answer = async () => {
      throw new Fault("OUTCOME_UNKNOWN", "no answer");
    };
    expect(await approve(countersign(ticket))).toMatchObject({
      value: { state: "APPROVED", submission: { outcome: "unknown" } },
    });
    await new Promise((done) => setTimeout(done, 500));
    expect(gateway.calls).toBe(1);
  });

  test("the broker is away -> stays approved, and goes out by itself when it is back", async () => {
    const ticket = await admit(gate, newTicket());
    gateway.answer = async () => {
      throw new Fault("BROKER_UNAVAILABLE");
    };
    expect(await approve(countersign(ticket))).toMatchObject({ value: { state: "APPROVED" } });
    gateway.answer = (request) => gateway.send(request);
    await expect.poll(() => sentOf(ticket), { timeout: 3_000 }).toBe(1);
    expect(await typesOf(ticket)).toEqual(["approved/1"]);
  });

  test("an approval that nobody used -> expired after its time", async () => {
    const ticket = await admit(gate, newTicket());
    gateway.answer = async () => {
      throw new Fault("OUTCOME_UNKNOWN", "no answer");
    };
    await approve(countersign(ticket, { expiresAt: at(400) }));
    await expect.poll(() => typesOf(ticket), { timeout: 4_000 }).toEqual(["approved/1", "expired/1"]);
    expect(gateway.calls).toBe(1);
  });

  test("the process dies between approval and submit -> the next one sends it, once", async () => {
    await close();
    const ticket = await admit(gate, newTicket());
    const approval = countersign(ticket);
    const dying = await connect(nats, "approval", ["approval-core"]);
    const fact = { type: "approved/1" as const, proposalId: ticket.proposalId, at: at(), approval };
    const params = { account: ACCOUNT, proposal: ticket.proposalId };
    await dying.append(FACTS.decision, params, fact, { expectedSequence: 0 });
    await dying.drain();
    close = await openForTest(nats);
    await expect.poll(() => sentOf(ticket), { timeout: 3_000 }).toBe(1);
    await new Promise((done) => setTimeout(done, 300));
    expect(sentOf(ticket)).toBe(1);
    const records = await auditOf(operators, ticket.proposalId);
    expect(records[0]).toMatchObject({ entry: { body: { event: "approved" } } });
  });
});

describe("approve against time", () => {
  test("past the ticket's expiry -> expired in the log, and an approval is refused", async () => {
    const ticket = await admit(gate, newTicket(250));
    await expect.poll(() => typesOf(ticket), { timeout: 3_000 }).toEqual(["expired/1"]);
    expect(await approve(countersign(ticket))).toMatchObject({
      outcome: "denied",
      denial: { code: "PROPOSAL_EXPIRED" },
    });
    expect(gateway.calls).toBe(0);
  });

  test("approve, expiry, reject and withdraw at the same moment -> one decision, and all replies agree with it", async () => {
    for (let round = 0; round < 12; round += 1) {
      const ticket = await admit(gate, newTicket(100 + 5 * round));
      const { proposalId } = ticket;
      await new Promise((done) => setTimeout(done, 90));
      const [approved, rejected, withdrawn] = await Promise.all([
        approve(countersign(ticket)),
        operators.request(RPCS.reject, { proposalId, operator: "operator", reason: "no" }),
        agents.request(RPCS.withdraw, { proposalId, agent: "agent", reason: "changed my mind" }),
      ]);
      await expect.poll(async () => (await typesOf(ticket)).length).toBe(1);
      const [type] = await typesOf(ticket);
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
    const ticket = await admit(gate, newTicket());
    const request = { proposalId: ticket.proposalId, operator: "operator", reason: "too much" };
    expect(await operators.request(RPCS.reject, request)).toMatchObject({ value: { state: "REJECTED" } });
    expect(await operators.request(RPCS.reject, request)).toMatchObject({ denial: { code: "PROPOSAL_NOT_PENDING" } });
    expect(await typesOf(ticket)).toEqual(["rejected/1"]);
    expect(await auditOf(operators, ticket.proposalId)).toMatchObject([{ entry: { body: { event: "rejected" } } }]);
  });

  test("withdraw by another agent -> not found; by its own -> WITHDRAWN", async () => {
    const ticket = await admit(gate, newTicket());
    const request = { proposalId: ticket.proposalId, reason: "changed my mind" };
    const other = await agents.request(RPCS.withdraw, { ...request, agent: "stranger" });
    expect(other).toMatchObject({ denial: { code: "PROPOSAL_NOT_FOUND" } });
    const own = await agents.request(RPCS.withdraw, { ...request, agent: "agent" });
    expect(own).toMatchObject({ value: { state: "WITHDRAWN" } });
  });

  test("cancel of a pending proposal -> not cancellable, with the hint to withdraw", async () => {
    const ticket = await admit(gate, newTicket());
    const actor = { kind: "agent" as const, id: "agent" };
    const reply = await agents.request(RPCS.cancel, { proposalId: ticket.proposalId, actor, reason: "stop" });
    expect(reply).toMatchObject({
      denial: { code: "ORDER_NOT_CANCELLABLE", message: expect.stringMatching(/withdraw/) },
    });
  });

  test("cancel with the switch HALTED and the audit gone -> reaches the broker all the same", async () => {
    const ticket = await admit(gate, newTicket());
    expect(await approve(countersign(ticket))).toMatchObject({ value: { state: "SEND_STARTED" } });
    await setKill(admin, "HALTED");
    await stopProcess(writer, "SIGKILL");
    const before = gateway.cancels;
    const stranger = { kind: "agent" as const, id: "stranger" };
    const request = { proposalId: ticket.proposalId, reason: "stop" };
    expect(await agents.request(RPCS.cancel, { ...request, actor: stranger })).toMatchObject({
      denial: { code: "ORDER_NOT_FOUND" },
    });
    const actor = { kind: "agent" as const, id: "agent" };
    expect(await agents.request(RPCS.cancel, { ...request, actor })).toMatchObject({
      value: { state: "CANCEL_REQUESTED" },
    });
    expect(gateway.cancels).toBe(before + 1);
    writer = await startAuditWriter(nats, folder.path);
    await setKill(admin, "ACTIVE");
    const cancels = async () =>
      (await auditOf(operators, ticket.proposalId)).filter(({ entry }) => entry.body.event === "cancel");
    await expect.poll(async () => (await cancels()).length, { timeout: 5_000 }).toBe(1);
  });

  test("approve with the audit gone -> recorded, not sent; sent when the audit is back", async () => {
    const ticket = await admit(gate, newTicket());
    await stopProcess(writer, "SIGKILL");
    const reply = await approve(countersign(ticket));
    expect(reply).toMatchObject({ value: { state: "APPROVED", submission: { outcome: "unknown" } } });
    expect(gateway.calls).toBe(0);
    writer = await startAuditWriter(nats, folder.path);
    await expect.poll(() => sentOf(ticket), { timeout: 6_000 }).toBe(1);
  });
});
