import { Leg } from "@countersign/contracts/facts/exec-facts.v1";
import { FACETS } from "@countersign/contracts/life";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import { FACTS, RPCS } from "@countersign/contracts/subjects";
import { fold } from "@countersign/orders/fold";
import { covers } from "@countersign/testing/covers";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ACCOUNT, World } from "./test-support.ts";
import { eventually } from "./testing/eventually.ts";

let world: World;
beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
});
afterAll(() => world?.close());
beforeEach(async () => {
  world.whileAuditing = async () => undefined;
  await world.simulator.control("DELETE", "/faults");
  await world.price("200");
});

const EXITS = { takeProfit: { limitPrice: "210" }, stopLoss: { stopPrice: "190" }, timeInForce: "GTC" };
const RESTING = { orderType: "LMT", limitPrice: "198", exits: EXITS };

/** The proposal as every reader sees it, folded from its three logs. */
async function viewOf(proposal: string): Promise<ProposalView> {
  const params = { account: ACCOUNT, proposal };
  const logs = await Promise.all(FACETS.map((facet) => world.approval.readSubject(FACTS[facet], params)));
  const facts = logs.flatMap((log) => [...log]).sort((a, b) => a.sequence - b.sequence);
  const start: ProposalView | undefined = undefined;
  const view = facts.reduce<ProposalView | undefined>(
    (known, { body, sequence }) => fold(known, body, ACCOUNT, sequence) ?? known,
    start,
  );
  if (view === undefined) throw new Error("no proposal");
  return view;
}

/** The states of entry, take profit and stop loss, once they are so. */
async function becomes(proposal: string, ...states: string[]): Promise<ProposalView> {
  let last: string[] = [];
  const reached = async () => {
    const view = await viewOf(proposal);
    last = [view.state, ...Leg.options.map((leg) => view.order?.legs.find((one) => one.leg === leg)?.state ?? "-")];
    return last.join() === states.join() ? view : undefined;
  };
  return eventually(reached).catch(() => {
    throw new Error(`stays ${last.join()} instead of ${states.join()}`);
  });
}

async function sent(terms: object): Promise<string> {
  const { approval, proposal } = await world.approved({ terms });
  expect(await world.submit(approval)).toBe("sent");
  return proposal;
}

async function conditions(): Promise<string[]> {
  const reply = await world.risk.request(RPCS.brokerStatus, {});
  return reply.outcome === "ok" ? reply.value.conditions.map(({ code }) => code) : [];
}

describe("a bracket", () => {
  test("is one proposal, one approval and three messages; the log has all ids before the first of them leaves", async () => {
    covers("sequence/bracket");
    const { approval, proposal } = await world.approved({ terms: RESTING });
    const before = await world.ordersAtBroker();
    let atIntent: unknown;
    world.whileAuditing = async (entry) => {
      if (entry.body.to !== "INTENT") return;
      atIntent ??= { fact: entry.body.fact, sent: (await world.ordersAtBroker()) - before };
    };
    expect(await world.submit(approval)).toBe("sent");
    expect(await world.submit(approval)).toBe("APPROVAL_CONSUMED");
    const { order } = await becomes(proposal, "WORKING", "WORKING", "WORKING");
    expect(await world.ordersAtBroker()).toBe(before + 3);
    const ids = order?.legs.map(({ leg, orderId, orderRef }) => ({ leg, orderRef, orderId }));
    expect(atIntent).toMatchObject({ fact: { type: "intent/1", orderId: order?.orderId, legs: ids }, sent: 0 });
    expect(ids?.map(({ orderId }) => orderId)).toEqual([(order?.orderId ?? 0) + 1, (order?.orderId ?? 0) + 2]);
    expect(new Set([order?.orderRef, ...(ids ?? []).map(({ orderRef }) => orderRef)]).size).toBe(3);
    expect(order).toMatchObject({ unprotected: "0", drift: [], legs: [{ drift: [] }, { drift: [] }] });
    await world.cancel(proposal);
    await becomes(proposal, "CANCELLED", "CANCELLED", "CANCELLED");
  });

  test("takes its profit: the stop ends, and nothing is left open", async () => {
    const proposal = await sent(RESTING);
    await becomes(proposal, "WORKING", "WORKING", "WORKING");
    await world.price("197");
    await becomes(proposal, "FILLED", "WORKING", "WORKING");
    await world.price("211");
    const { order } = await becomes(proposal, "FILLED", "FILLED", "CANCELLED");
    expect(order).toMatchObject({ filledQuantity: "10", unprotected: "0" });
    expect(order?.legs[0]).toMatchObject({ leg: "takeProfit", filledQuantity: "10", executions: [{ side: "SLD" }] });
  });

  test("is stopped out: the profit ends", async () => {
    const proposal = await sent({ orderType: "MKT", limitPrice: null, exits: EXITS });
    await becomes(proposal, "FILLED", "WORKING", "WORKING");
    await world.price("189");
    const { order } = await becomes(proposal, "FILLED", "CANCELLED", "FILLED");
    expect(order?.legs[1]).toMatchObject({ leg: "stopLoss", filledQuantity: "10" });
    await eventually(async () => ((await viewOf(proposal)).order?.legs[1]?.commission.length === 1 ? true : undefined));
  });

  test("a cancel after the entry's fill cancels both exits, and what is then open is an alarm", async () => {
    covers("field/half-bracket");
    expect(await conditions()).not.toContain("HALF_BRACKET");
    const proposal = await sent({ orderType: "MKT", limitPrice: null, exits: EXITS });
    await becomes(proposal, "FILLED", "WORKING", "WORKING");
    await world.cancel(proposal);
    const { order } = await becomes(proposal, "FILLED", "CANCELLED", "CANCELLED");
    expect(order?.unprotected).toBe("10");
    expect(await conditions()).toContain("HALF_BRACKET");
    const again = await world.cancel(proposal);
    expect(again.outcome === "denied" ? again.denial.code : again.outcome).toBe("ORDER_NOT_CANCELLABLE");
  });

  test("short, with a stop that has a limit: each leg is shown as it was sent", async () => {
    const exits = {
      takeProfit: { limitPrice: "190" },
      stopLoss: { stopPrice: "210", limitPrice: "212" },
      timeInForce: "DAY",
    };
    const proposal = await sent({ side: "SELL", orderType: "LMT", limitPrice: "202", exits });
    const { order } = await becomes(proposal, "WORKING", "WORKING", "WORKING");
    expect([order?.drift, ...(order?.legs ?? []).map(({ drift }) => drift)]).toEqual([[], [], []]);
    await world.cancel(proposal);
    await becomes(proposal, "CANCELLED", "CANCELLED", "CANCELLED");
  });

  test("the exits' fills that happen while the gateway is away are found by it afterwards", async () => {
    const proposal = await sent({ orderType: "MKT", limitPrice: null, exits: EXITS });
    await becomes(proposal, "FILLED", "WORKING", "WORKING");
    await world.stopGateway();
    await world.price("211");
    await world.startGateway();
    await becomes(proposal, "FILLED", "FILLED", "CANCELLED");
  });
});

/** Sends a bracket while the line is cut at one of its messages, and waits until the gateway has looked for it. */
async function cut(action: string, nth: number): Promise<{ proposal: string; before: number }> {
  const before = await world.ordersAtBroker();
  await world.simulator.control("POST", "/faults", { action, message: "placeOrder", nth });
  const { approval, proposal } = await world.approved({ terms: RESTING });
  await world.submit(approval).catch(() => undefined);
  await eventually(async () => ((await viewOf(proposal)).state === "SEND_STARTED" ? undefined : true));
  await world.linkUp();
  return { proposal, before };
}

describe("a bracket that does not get through", () => {
  test("the kill switch falls at the intent -> not one of the three leaves", async () => {
    const { approval, proposal } = await world.approved({ terms: RESTING });
    const before = await world.ordersAtBroker();
    world.whileAuditing = async (entry) => {
      if (entry.body.to === "INTENT") await world.kill("HALTED");
    };
    expect(await world.submit(approval)).toBe("KILL_SWITCH_HALTED");
    await becomes(proposal, "KILLED_NOT_SENT", "KILLED_NOT_SENT", "KILLED_NOT_SENT");
    expect(await world.ordersAtBroker()).toBe(before);
    await world.kill("ACTIVE");
  });

  test("the line is cut before the first message arrives -> all UNKNOWN, nothing is sent again", async () => {
    const { proposal } = await cut("dropBefore", 1);
    await world.price("197");
    await becomes(proposal, "UNKNOWN", "UNKNOWN", "UNKNOWN");
  });

  test.each([2, 3])("the line is cut before message %i of three -> what TWS holds of it is taken back", async (nth) => {
    covers("field/untransmitted-orders");
    const { proposal, before } = await cut("dropBefore", nth);
    // What was sent by a process before this one has arrived, or never will.
    await world.stopGateway();
    await world.startGateway();
    const view = await becomes(proposal, "CANCELLED", nth === 2 ? "UNKNOWN" : "CANCELLED", "UNKNOWN");
    expect(view.order?.filledQuantity).toBe("0");
    expect((await world.ordersAtBroker()) - before).toBeLessThanOrEqual(3);
  });

  test("the line is cut after the last message -> found again, all of them", async () => {
    await world.simulator.control("POST", "/faults", { action: "dropAfter", message: "placeOrder", nth: 3 });
    const { approval, proposal } = await world.approved({ terms: RESTING });
    await world.submit(approval).catch(() => undefined);
    await becomes(proposal, "WORKING", "WORKING", "WORKING");
    await world.cancel(proposal);
    await becomes(proposal, "CANCELLED", "CANCELLED", "CANCELLED");
  });
});
