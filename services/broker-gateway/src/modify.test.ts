import { type OrderTerms, Ticket } from "@countersign/contracts/order";
import { RPCS } from "@countersign/contracts/subjects";
import { canonicalHash } from "@countersign/ids/hash";
import { orderRef } from "@countersign/ids/ids";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ACCOUNT, World } from "./test-support.ts";
import { eventually } from "./testing/eventually.ts";

let world: World;
const RESTING = { orderType: "LMT", limitPrice: "1.00" } as const;
const EXITS = { takeProfit: { limitPrice: "900.00" }, stopLoss: { stopPrice: "0.50" }, timeInForce: "GTC" } as const;

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
});
afterAll(() => world?.close());
afterEach(async () => {
  world.whileAuditing = async () => undefined;
  await world.simulator.control("DELETE", "/faults");
  await world.linkUp();
});

const orderOf = (proposal: string) => world.gateway?.table.get(proposal)?.order;
const becomes = (proposal: string, state: string) =>
  eventually(() => (orderOf(proposal)?.state === state ? true : undefined)).catch(() => {
    throw new Error(`${proposal} is ${orderOf(proposal)?.state}, not ${state}`);
  });
const types = async (proposal: string) => (await world.execLog(proposal)).map(({ type }) => type);

/** An order at the broker, and its ticket. */
async function working(terms: object = RESTING): Promise<Ticket> {
  const { approval, proposal } = await world.approved({ terms });
  expect(await world.submit(approval)).toBe("sent");
  await becomes(proposal, "WORKING");
  return approval.statement.ticket;
}

/** Submits a change of that order, countersigned; of the terms only these differ. */
async function change(of: Ticket, to: object, before: OrderTerms = of.terms): Promise<{ by: string; outcome: string }> {
  const atBroker = { asOf: of.createdAt, status: "Submitted", quantity: "10", filledQuantity: "0" };
  const modifies = {
    proposalId: of.proposalId,
    orderRef: orderRef(canonicalHash(of)),
    before,
    atBroker: { ...atBroker, limitPrice: "1.00", timeInForce: "DAY" },
  };
  const ticket = Ticket.parse({ ...world.ticket({ ...before, ...to }), modifies });
  const approval = world.sign(ticket);
  await world.record(ticket, approval);
  const outcome = await world.submit(approval).catch((error: { code: string }) => error.code);
  return { by: ticket.proposalId, outcome };
}

/** Every placeOrder that TWS has read under this reference: its id, quantity and limit. */
async function placed(of: Ticket): Promise<string[]> {
  const { entries } = (await world.simulator.control("GET", "/journal")) as {
    entries: { name: string; whatIf: boolean; orderRef: string; orderId: number }[];
  };
  const ref = orderRef(canonicalHash(of));
  return entries.filter((one) => one.name === "placeOrder" && one.orderRef === ref).map(({ orderId }) => `${orderId}`);
}

async function shownAtBroker(of: Ticket): Promise<string> {
  const reply = await world.admin.request(RPCS.openOrders, { account: ACCOUNT });
  const orders = reply.outcome === "ok" ? reply.value.orders : [];
  const mine = orders.filter(({ proposalId }) => proposalId === of.proposalId && proposalId !== null);
  return mine.map(({ quantity, limitPrice, timeInForce }) => `${quantity} ${limitPrice} ${timeInForce}`).join(", ");
}

/** As if half a minute had passed. */
function longAgo(proposal: string): void {
  const actor = world.gateway?.table.get(proposal);
  if (actor === undefined) return;
  actor.sentAtMs -= 30_000;
  actor.absentAtMs -= 30_000;
}

async function close(proposalId: string): Promise<string> {
  const body = { proposalId, operator: "alice", reason: "looked at it in TWS" };
  const reply = await world.approval.request(RPCS.closeAtBroker, body, { params: { account: ACCOUNT } });
  return reply.outcome === "ok" ? reply.value.state : reply.denial.code;
}

describe("a change of an order", () => {
  test("goes out under the same id, is MODIFIED when the broker shows it, and its fill is that of the new quantity", async () => {
    const ticket = await working();
    const { by, outcome } = await change(ticket, { quantity: "12", limitPrice: "1.10", timeInForce: "GTC" });
    expect(outcome).toBe("sent");
    await becomes(by, "MODIFIED");
    expect(await shownAtBroker(ticket)).toBe("12 1.1 GTC");
    const ids = await placed(ticket);
    expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
    const order = orderOf(ticket.proposalId);
    expect(order).toMatchObject({ state: "WORKING", quantity: "12", drift: [] });
    expect(await types(by)).toEqual(["intent/1", "sendStarted/1", "modified/1"]);
    expect(await types(ticket.proposalId)).toEqual([
      ...["intent/1", "sendStarted/1", "acknowledged/1", "modifyRequested/1", "termsReplaced/1"],
    ]);
    await world.price("1.05");
    await becomes(ticket.proposalId, "FILLED");
    await world.price("197");
  });

  test.each([
    ["nothing", {}, "MODIFY_EMPTY"],
    ["nothing but zeros", { limitPrice: "1.0" }, "MODIFY_EMPTY"],
    ["its side", { side: "SELL" }, "MODIFY_NOT_ALLOWED"],
    ["its type", { orderType: "STP LMT", stopPrice: "2.00" }, "MODIFY_NOT_ALLOWED"],
    ["its hours", { outsideRth: true }, "MODIFY_NOT_ALLOWED"],
    ["when it rests", { timeInForce: "IOC" }, "MODIFY_NOT_ALLOWED"],
  ])("of %s -> refused, and nothing is written", async (_name, to, code) => {
    const ticket = await working();
    const { by, outcome } = await change(ticket, to);
    expect(outcome).toBe(code);
    expect(await types(by)).toEqual([]);
    expect(await types(ticket.proposalId)).not.toContain("modifyRequested/1");
    expect((await placed(ticket)).length).toBe(1);
  });

  test("made from other terms than those in force, or of an order that is not working -> refused", async () => {
    const ticket = await working();
    const other = { ...ticket.terms, quantity: "11" };
    expect((await change(ticket, { limitPrice: "1.10" }, other)).outcome).toBe("ORDER_CHANGED");
    await world.cancel(ticket.proposalId);
    await becomes(ticket.proposalId, "CANCELLED");
    expect((await change(ticket, { limitPrice: "1.10" })).outcome).toBe("ORDER_NOT_MODIFIABLE");
    expect((await placed(ticket)).length).toBe(1);
  });

  test("while the last reading of the broker was not complete -> refused", async () => {
    const ticket = await working();
    const { reconciler } = world.gateway ?? {};
    if (reconciler === undefined) throw new Error("no gateway");
    Object.defineProperty(reconciler, "isClean", { get: () => false, configurable: true });
    expect((await change(ticket, { limitPrice: "1.10" })).outcome).toBe("ORDER_NOT_MODIFIABLE");
    Reflect.deleteProperty(reconciler, "isClean");
    expect((await change(ticket, { limitPrice: "1.10" })).outcome).toBe("sent");
  });

  test("that the broker refuses -> BROKER_REJECTED with its words, and the order lives on as it was", async () => {
    const ticket = await working();
    await world.simulator.control("POST", "/faults", {
      action: "answerError",
      message: "placeOrder",
      code: 110,
      text: "Not on the tick.",
    });
    const { by } = await change(ticket, { limitPrice: "1.10" });
    await becomes(by, "BROKER_REJECTED");
    expect((await world.execLog(by)).at(-1)).toMatchObject({ code: 110, text: "Not on the tick." });
    expect(orderOf(ticket.proposalId)).toMatchObject({ state: "WORKING", quantity: "10" });
    expect(orderOf(ticket.proposalId)?.pending).toBeUndefined();
    expect(await shownAtBroker(ticket)).toBe("10 1 DAY");
  });

  test("refused twice with the same words -> each of them BROKER_REJECTED, and the order open for another one", async () => {
    const ticket = await working();
    const refusal = { action: "answerError", message: "placeOrder", code: 110, text: "Not on the tick." };
    for (const limitPrice of ["1.10", "1.20"]) {
      await world.simulator.control("POST", "/faults", refusal);
      const { by, outcome } = await change(ticket, { limitPrice });
      expect(outcome).toBe("sent");
      await becomes(by, "BROKER_REJECTED");
    }
    const again = await change(ticket, { limitPrice: "1.30" });
    await becomes(again.by, "MODIFIED");
  });

  test("beside another one of the same order -> one is sent, the other refused with a code and without an intent", async () => {
    const ticket = await working();
    const outcomes = await Promise.all(["1.10", "1.20", "1.30"].map((limitPrice) => change(ticket, { limitPrice })));
    const sent = outcomes.filter(({ outcome }) => outcome === "sent");
    const refused = outcomes.filter(({ outcome }) => outcome !== "sent");
    expect(sent.length).toBe(1);
    for (const { by, outcome } of refused) {
      expect(["ORDER_NOT_MODIFIABLE", "ORDER_CHANGED"]).toContain(outcome);
      expect(await types(by)).toEqual([]);
      const told = await eventually(() => {
        return world.audit.find(({ correlationId, kind }) => correlationId === by && kind === "order.refused");
      });
      expect(told.body).toMatchObject({ stage: "submit", code: outcome });
    }
    await becomes(sent[0]?.by ?? "", "MODIFIED");
    expect((await placed(ticket)).length).toBe(2);
  });

  test("that the kill switch stops before the socket leaves no byte, and the order open for another one", async () => {
    const ticket = await working();
    world.whileAuditing = async (entry) => {
      if (entry.body.to === "INTENT") await world.kill("HALTED");
    };
    const { by, outcome } = await change(ticket, { limitPrice: "1.10" });
    expect(outcome).toBe("KILL_SWITCH_HALTED");
    expect(orderOf(by)?.state).toBe("KILLED_NOT_SENT");
    await world.kill("ACTIVE");
    world.whileAuditing = async () => undefined;
    await eventually(() => (orderOf(ticket.proposalId)?.pending === undefined ? true : undefined));
    const again = await change(ticket, { limitPrice: "1.20" });
    await becomes(again.by, "MODIFIED");
    expect((await placed(ticket)).length).toBe(2);
  });
});

test("a change of an order that is shown as working, shortly after a cancel of it left -> not sent", async () => {
  const ticket = await working();
  await world.simulator.control("POST", "/faults", { action: "ignoreRequest", message: "cancelOrder" });
  await world.cancel(ticket.proposalId);
  expect(await world.admin.request(RPCS.reconcileNow, {})).toMatchObject({ outcome: "ok" });
  await becomes(ticket.proposalId, "WORKING");
  expect((await change(ticket, { quantity: "12" })).outcome).toBe("ORDER_NOT_MODIFIABLE");
  const actor = world.gateway?.table.get(ticket.proposalId);
  if (actor !== undefined) actor.cancelledAtMs -= 30_000;
  expect((await change(ticket, { quantity: "12" })).outcome).toBe("sent");
});

test("a change whose order was asked to be cancelled while its log could not take that -> not sent behind the cancel", async () => {
  const ticket = await working();
  const { execLog } = world.gateway ?? {};
  if (execLog === undefined) throw new Error("no gateway");
  const write = execLog.appendAtLast.bind(execLog);
  const over = Promise.withResolvers<void>();
  let cancelled: Promise<unknown> = Promise.resolve();
  execLog.appendAtLast = async (account, fact, expected) => {
    const sequence = await write(account, fact, expected);
    if (fact.type === "modifyRequested/1") {
      const before = (await world.simulator.frames()).cancelOrder ?? 0;
      execLog.appendAtLast = async (...rest) => {
        if (rest[1].proposalId === ticket.proposalId) await over.promise;
        return write(...rest);
      };
      cancelled = world.cancel(ticket.proposalId);
      await eventually(async () => (((await world.simulator.frames()).cancelOrder ?? 0) > before ? true : undefined));
    }
    return sequence;
  };
  const { by, outcome } = await change(ticket, { limitPrice: "1.10" });
  execLog.appendAtLast = write;
  over.resolve();
  await cancelled;
  expect(outcome).toBe("ORDER_CHANGED");
  expect(orderOf(by)?.state).toBe("KILLED_NOT_SENT");
  expect((await placed(ticket)).length).toBe(1);
  await becomes(ticket.proposalId, "CANCELLED");
});

describe("a change that is cut off", () => {
  test("after TWS read it -> MODIFIED once the broker is read again, and nothing is sent twice", async () => {
    const ticket = await working();
    await world.simulator.control("POST", "/faults", { action: "dropAfter", message: "placeOrder" });
    const { by } = await change(ticket, { limitPrice: "1.10" });
    await becomes(by, "MODIFIED");
    expect(await types(by)).toContain("lost/1");
    expect((await placed(ticket)).length).toBe(2);
  });

  test("before TWS read it -> UNKNOWN, no other one meanwhile, and a person closes it after two readings", async () => {
    const ticket = await working();
    await world.simulator.control("POST", "/faults", { action: "dropBefore", message: "placeOrder" });
    const { by } = await change(ticket, { limitPrice: "1.10" });
    await becomes(by, "UNKNOWN");
    await world.linkUp();
    expect((await change(ticket, { limitPrice: "1.20" })).outcome).toBe("ORDER_NOT_MODIFIABLE");
    longAgo(by);
    expect(await close(by)).toBe("ABSENCE_NOT_PROVEN");
    longAgo(by);
    expect(await close(by)).toBe("CLOSED_ABSENT");
    await eventually(() => (orderOf(ticket.proposalId)?.pending === undefined ? true : undefined));
    expect(orderOf(ticket.proposalId)).toMatchObject({ state: "WORKING", quantity: "10" });
    const again = await change(ticket, { limitPrice: "1.20" });
    await becomes(again.by, "MODIFIED");
  });

  test("by the end of the process -> the next one finds out, and a cancel passes meanwhile", async () => {
    const ticket = await working();
    await world.simulator.control("POST", "/faults", { action: "dropBefore", message: "placeOrder" });
    const { by } = await change(ticket, { quantity: "5" });
    await becomes(by, "UNKNOWN");
    await world.stopGateway();
    await world.simulator.control("DELETE", "/faults");
    await world.startGateway();
    expect(orderOf(by)?.state).toBe("UNKNOWN");
    expect(orderOf(ticket.proposalId)?.pending?.by).toBe(by);
    await world.cancel(ticket.proposalId);
    await becomes(ticket.proposalId, "CANCELLED");
    await becomes(by, "CANCELLED");
  });
});

test("a bracket: another quantity of the entry goes to both of its exits", async () => {
  const ticket = await working({ ...RESTING, exits: EXITS });
  const { by } = await change(ticket, { quantity: "7" });
  await becomes(by, "MODIFIED");
  expect(await shownAtBroker(ticket)).toBe("7 1 DAY, 7 900 GTC, 7 null GTC");
  const exits = world.gateway?.table.get(ticket.proposalId)?.exits.map(({ order }) => order.quantity);
  expect(exits).toEqual(["7", "7"]);
  await world.cancel(ticket.proposalId);
  await becomes(ticket.proposalId, "CANCELLED");
});
