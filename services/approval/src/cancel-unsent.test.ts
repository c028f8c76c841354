import { setTimeout as sleep } from "node:timers/promises";
import { ok } from "@countersign/contracts/denial";
import type { Ticket } from "@countersign/contracts/order";
import { FACTS, RPCS } from "@countersign/contracts/subjects";
import { canonicalHash } from "@countersign/ids/hash";
import { orderRef } from "@countersign/ids/ids";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ACCOUNT, admit, at, auditOf, countersign, newTicket, setKill, testVerdict, World } from "./test-support.ts";

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());
beforeEach(() => {
  world.gateway.cancels = 0;
  world.gateway.sent.length = 0;
  world.gateway.answer = (request) => world.gateway.send(request);
});

const operator = { kind: "operator" as const, id: "operator" };
const cancel = ({ proposalId }: Ticket) =>
  world.admin.request(RPCS.cancel, { proposalId, actor: operator, reason: "stop" });
const voided = ({ proposalId }: Ticket) => ({
  outcome: "ok",
  value: { proposalId, state: "VOIDED", orderRef: null },
});

/** As the gateway does it: an intent only while nothing was added to the order's logs, and only then the socket. */
function sendWithin(beforeIntentMs: number, beforeSend: number | Promise<void>): void {
  world.gateway.answer = async ({ approval, ticketHash }) => {
    const { proposalId, terms } = approval.statement.ticket;
    const params = { account: terms.account, proposal: proposalId };
    const seen = await world.gateway.bus.readLast(FACTS.decision, params);
    const denial = { code: "APPROVAL_INVALID" as const, message: "another decision came before the intent" };
    if (seen?.body.type !== "approved/1") return { outcome: "denied", denial };
    await sleep(beforeIntentMs);
    const ref = { orderRef: orderRef(ticketHash), orderId: 7, clientId: 1, writerEpoch: 1, reserved: null };
    const hashes = { ticketHash, approvalHash: canonicalHash(approval), verdict: testVerdict() };
    const intent = { type: "intent/1" as const, proposalId, at: at(), ...hashes, ...ref };
    const expected = { expectedSequence: 0, expectedOrderSequence: seen.sequence };
    const written = await world.gateway.bus.append(FACTS.exec, params, intent, expected);
    if (written.outcome !== "appended") return { outcome: "denied", denial };
    await (typeof beforeSend === "number" ? sleep(beforeSend) : beforeSend);
    world.gateway.sent.push(proposalId);
    const started = { type: "sendStarted/1" as const, proposalId, at: at(), claimSequence: 1 };
    await world.gateway.bus.append(FACTS.exec, params, started, { expectedSequence: written.sequence });
    return ok({ orderRef: ref.orderRef, orderId: ref.orderId });
  };
}

test("an order with an intent whose send is not in the log, however long -> the gateway is asked to cancel it", async () => {
  const over = Promise.withResolvers<void>();
  sendWithin(0, over.promise);
  const ticket = await admit(world.gate, newTicket());
  const approved = world.approve(countersign(ticket));
  const params = { account: ACCOUNT, proposal: ticket.proposalId };
  await expect.poll(() => world.gateway.bus.readLast(FACTS.exec, params)).toBeDefined();
  const reply = await cancel(ticket);
  over.resolve();
  await approved;
  expect(reply).toMatchObject({ outcome: "ok", value: { state: "CANCEL_REQUESTED" } });
  expect(world.gateway.cancels).toBe(1);
});

describe("an approved order that was not sent", () => {
  test("waits for the audit, and the switch is HALTED -> cancelled by name, and never sent when the audit is back", async () => {
    const ticket = await admit(world.gate, newTicket());
    await world.killAudit();
    expect(await world.approve(countersign(ticket))).toMatchObject({ value: { state: "APPROVED" } });
    await setKill(world.admin, "HALTED");
    expect(await cancel(ticket)).toEqual(voided(ticket));
    await setKill(world.admin, "ACTIVE");
    await world.startAudit();
    const events = async () => (await auditOf(world.operators, ticket.proposalId)).map(({ entry }) => entry.body.event);
    await expect.poll(events).toEqual(expect.arrayContaining(["approved", "voided"]));
    expect(await world.decisionsOf(ticket)).toMatchObject([
      { type: "approved/1" },
      { type: "voided/1", code: "ORDER_CANCELLED", actor: operator, reason: "stop" },
    ]);
    expect([world.sentOf(ticket), world.gateway.cancels]).toEqual([0, 0]);
  });

  test("the same cancel of an agent again, also after a restart -> the same answer; another reason -> refused", async () => {
    const ticket = await admit(world.gate, newTicket());
    await world.killAudit();
    await world.approve(countersign(ticket));
    const { proposalId } = ticket;
    const ask = (reason: string) => {
      const actor = { kind: "agent" as const, id: "agent" };
      return world.agents.request(RPCS.cancel, { proposalId, actor, reason, idempotencyKey: "c-unsent" });
    };
    expect(await ask("stop")).toEqual(voided(ticket));
    expect(await ask("stop")).toEqual(voided(ticket));
    await world.startAudit();
    await world.later(1);
    await expect.poll(() => ask("stop").catch(() => "not yet")).toEqual(voided(ticket));
    expect(await ask("another")).toMatchObject({ denial: { code: "IDEMPOTENCY_KEY_REUSED" } });
    expect(await cancel(ticket)).toMatchObject({
      denial: { code: "ORDER_NOT_CANCELLABLE", detail: { state: "VOIDED" } },
    });
  });

  test("its intent is written, and it is not at the broker yet -> the cancel waits for it and reaches it there", async () => {
    const ticket = await admit(world.gate, newTicket());
    sendWithin(0, 200);
    const approving = world.approve(countersign(ticket));
    const params = { account: ACCOUNT, proposal: ticket.proposalId };
    await expect.poll(() => world.gate.readLast(FACTS.exec, params)).toMatchObject({ body: { type: "intent/1" } });
    expect(await cancel(ticket)).toMatchObject({ value: { state: "CANCEL_REQUESTED" } });
    await approving;
    expect([world.sentOf(ticket), world.gateway.cancels]).toEqual([1, 1]);
  });

  test("cancelled while it is sent, 60 times -> never sent, or sent and cancelled at the broker", async () => {
    const ends = { voided: 0, cancelled: 0 };
    for (let round = 0; round < 60; round += 1) {
      const ticket = await admit(world.gate, newTicket());
      world.gateway.cancels = 0;
      sendWithin(round % 6, round % 4);
      const approving = world.approve(countersign(ticket));
      await expect.poll(() => world.typesOf(ticket), { interval: 1 }).toContain("approved/1");
      await sleep(round % 10);
      const [answer] = await Promise.all([cancel(ticket), approving]);
      const sent = world.sentOf(ticket);
      const types = await world.typesOf(ticket);
      if (sent === 0) {
        ends.voided += 1;
        expect([answer, types, world.gateway.cancels]).toEqual([voided(ticket), ["approved/1", "voided/1"], 0]);
      } else {
        ends.cancelled += 1;
        expect([sent, types, world.gateway.cancels]).toEqual([1, ["approved/1"], 1]);
        expect(answer).toMatchObject({ value: { state: "CANCEL_REQUESTED" } });
      }
    }
    // Both ends were met; otherwise nothing raced.
    expect(Math.min(ends.voided, ends.cancelled)).toBeGreaterThan(0);
  });
});
