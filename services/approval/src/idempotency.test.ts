import type { Ticket } from "@countersign/contracts/order";
import { FACTS, RPCS } from "@countersign/contracts/subjects";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ACCOUNT, admit, at, countersign, newTicket, World } from "./test-support.ts";

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

const REUSED = { outcome: "denied", denial: { code: "IDEMPOTENCY_KEY_REUSED" } };
const agent = { kind: "agent" as const, id: "agent" };
const withdraw = ({ proposalId }: Ticket, idempotencyKey: string, reason = "changed my mind") =>
  world.agents.request(RPCS.withdraw, { proposalId, agent: "agent", reason, idempotencyKey });
const cancel = ({ proposalId }: Ticket, idempotencyKey: string, reason = "stop") =>
  world.agents.request(RPCS.cancel, { proposalId, actor: agent, reason, idempotencyKey });
const restart = async () => {
  await world.stopApproval();
  await world.startApproval();
  const probe = { proposalId: newTicket().proposalId, agent: "agent", reason: "is it there?" };
  const asked = () => world.agents.request(RPCS.withdraw, probe).then((answer) => answer.outcome);
  await expect.poll(() => asked().catch(() => "not yet")).toBe("denied");
};

describe("withdraw with a key", () => {
  test("eight at once, and once more after a restart -> one withdrawal, and the same answer every time", async () => {
    const ticket = await admit(world.gate, newTicket());
    const answers = await Promise.all(Array.from({ length: 8 }, () => withdraw(ticket, "w-1")));
    await restart();
    answers.push(await withdraw(ticket, "w-1"));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toEqual({ outcome: "ok", value: { proposalId: ticket.proposalId, state: "WITHDRAWN" } });
    expect(await world.decisionsOf(ticket)).toMatchObject([{ type: "withdrawn/1", idempotencyKey: "w-1" }]);
  });

  test("the key of another withdrawal, or with another reason -> refused, also after a restart; nothing is withdrawn", async () => {
    const [first, second] = [await admit(world.gate, newTicket()), await admit(world.gate, newTicket())];
    await withdraw(first, "w-2");
    for (let round = 0; round < 2; round += 1) {
      expect(await withdraw(second, "w-2")).toMatchObject(REUSED);
      expect(await withdraw(first, "w-2", "another reason")).toMatchObject(REUSED);
      await restart();
    }
    expect(await world.typesOf(second)).toEqual([]);
  });

  test("another key for what is withdrawn -> not pending; a key of which nothing came is free again", async () => {
    const [first, second] = [await admit(world.gate, newTicket()), await admit(world.gate, newTicket())];
    await withdraw(first, "w-3");
    expect(await withdraw(first, "w-4")).toMatchObject({ denial: { code: "PROPOSAL_NOT_PENDING" } });
    expect(await withdraw(second, "w-4")).toMatchObject({ value: { state: "WITHDRAWN" } });
  });

  test("the same key of another agent is another key", async () => {
    const [own, foreign] = [await admit(world.gate, newTicket()), newTicket()];
    await admit(world.gate, { ...foreign, agent: "other" });
    await withdraw(own, "w-5");
    const request = { proposalId: foreign.proposalId, agent: "other", reason: "mine", idempotencyKey: "w-5" };
    expect(await world.agents.request(RPCS.withdraw, request)).toMatchObject({ value: { state: "WITHDRAWN" } });
  });
});

describe("cancel with a key", () => {
  const working = async () => {
    const ticket = await admit(world.gate, newTicket());
    await world.approve(countersign(ticket));
    return ticket;
  };
  const append = async ({ proposalId }: Ticket, body: object) => {
    const params = { account: ACCOUNT, proposal: proposalId };
    const last = await world.gateway.bus.readLast(FACTS.exec, params);
    const fact = { ...body, proposalId, at: at() } as never;
    await world.gateway.bus.append(FACTS.exec, params, fact, { expectedSequence: last?.sequence ?? 0 });
  };

  test("again while the order lives -> sent again; after it ended, also after a restart -> the same answer", async () => {
    const ticket = await working();
    const before = world.gateway.cancels;
    const first = await cancel(ticket, "c-1");
    expect(await cancel(ticket, "c-1")).toEqual(first);
    expect(world.gateway.cancels).toBe(before + 2);
    await append(ticket, { type: "acknowledged/1", permId: null, status: "Submitted", whyHeld: "" });
    await append(ticket, { type: "cancelRequested/1", actor: agent, reason: "stop", idempotencyKey: "c-1" });
    await append(ticket, { type: "cancelled/1", code: 202, text: "Order Canceled" });
    const { proposalId } = ticket;
    for (let round = 0; round < 2; round += 1) {
      expect(await cancel(ticket, "c-1")).toMatchObject({ value: { proposalId, state: "CANCELLED" } });
      expect(await cancel(ticket, "c-2")).toMatchObject({ denial: { code: "ORDER_NOT_CANCELLABLE" } });
      await restart();
    }
    expect(world.gateway.cancels).toBe(before + 2);
  });

  test("the key of another cancel, of a withdrawal, or with another reason -> refused, and nothing is sent", async () => {
    const [first, second] = [await working(), await working()];
    await cancel(first, "c-3");
    const before = world.gateway.cancels;
    expect(await cancel(second, "c-3")).toMatchObject(REUSED);
    expect(await cancel(first, "c-3", "another reason")).toMatchObject(REUSED);
    const pending = await admit(world.gate, newTicket());
    await withdraw(pending, "c-4");
    expect(await cancel(first, "c-4")).toMatchObject(REUSED);
    expect(world.gateway.cancels).toBe(before);
  });
});
