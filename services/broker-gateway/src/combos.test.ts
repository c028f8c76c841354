import type { ExecFact } from "@countersign/contracts/facts/exec-facts.v1";
import { FACETS } from "@countersign/contracts/life";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import { FACTS, RPCS } from "@countersign/contracts/subjects";
import { fold } from "@countersign/orders/fold";
import { covers } from "@countersign/testing/covers";
import { EventName, IBApi } from "@stoqey/ib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ACCOUNT, World } from "./test-support.ts";
import { eventually } from "./testing/eventually.ts";

/** Two calls on AAPL of the simulator's book, 200 and 210. */
const LOW = 2_000_000_071;
const HIGH = 2_000_000_072;
const LEGS = [
  { conid: LOW, side: "BUY", ratio: 1 },
  { conid: HIGH, side: "SELL", ratio: 1 },
] as const;
const SPREAD = { legs: LEGS, quantity: "2" };
/** As small as it can be: the margin of the account must last for all of them. */
const RESTING = { ...SPREAD, quantity: "1", orderType: "LMT", limitPrice: "1.5" };

let world: World;
beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
});
afterAll(() => world?.close());
beforeEach(async () => {
  await world.simulator.control("DELETE", "/faults");
  await world.linkUp();
  await prices("8.00", "6.00");
});

async function prices(low: string, high: string): Promise<void> {
  await world.price(low, LOW);
  await world.price(high, HIGH);
}

async function sent(terms: object): Promise<string> {
  const { approval, proposal } = await world.approved({ terms });
  expect(await world.submit(approval)).toBe("sent");
  return proposal;
}

/** The proposal as every reader sees it, folded from its three logs. */
async function viewOf(proposal: string): Promise<ProposalView> {
  const params = { account: ACCOUNT, proposal };
  const logs = await Promise.all(FACETS.map((facet) => world.approval.readSubject(FACTS[facet], params)));
  const facts = logs.flatMap((log) => [...log]).sort((a, b) => a.sequence - b.sequence);
  let view: ProposalView | undefined;
  for (const { body, sequence } of facts) view = fold(view, body, ACCOUNT, sequence) ?? view;
  if (view === undefined) throw new Error("no proposal");
  return view;
}

/** The view, once it is FILLED with every leg and its commission. */
function filled(proposal: string): Promise<NonNullable<ProposalView["order"]>> {
  return eventually(async () => {
    const { state, order } = await viewOf(proposal);
    const charged = order?.executions.filter(({ commission }) => commission !== null) ?? [];
    return state === "FILLED" && charged.length === 2 ? (order ?? undefined) : undefined;
  });
}

const inLegs = (facts: readonly ExecFact[]) =>
  facts.flatMap((fact) => (fact.type === "comboLegFilled/1" ? [fact.execution] : []));

describe("a combination", () => {
  test("fills as a whole: its own execution counts, those of its legs are kept beside it", async () => {
    covers("order/combo");
    const before = await world.ordersAtBroker();
    const order = await filled(await sent(SPREAD));
    expect(order).toMatchObject({ filledQuantity: "2", averagePrice: "2.1", status: "Filled", drift: [] });
    expect(order.executions.map(({ side, quantity, price, comboLeg }) => [side, quantity, price, comboLeg])).toEqual([
      ["BOT", "2", "2.1", undefined],
      ["BOT", "2", "8.05", LOW],
      ["SLD", "2", "5.95", HIGH],
    ]);
    expect(order.commission).toEqual([{ amount: "2.6", currency: "USD" }]);
    expect(await world.ordersAtBroker()).toBe(before + 1);
  });

  test("rests at its net price, is shown as it was sent, and can be cancelled", async () => {
    const proposal = await sent(RESTING);
    await world.execLogWith(proposal, "acknowledged/1");
    const reply = await world.risk.request(RPCS.openOrders, { account: ACCOUNT });
    const open = reply.outcome === "ok" ? reply.value.orders.filter((one) => one.proposalId === proposal) : [];
    expect(open).toMatchObject([{ ownership: "ours", symbol: "AAPL", limitPrice: "1.5", comboLegs: LEGS }]);
    await world.cancel(proposal);
    await world.execLogWith(proposal, "cancelled/1");
    expect((await viewOf(proposal)).order?.drift).toEqual([]);
  });

  test("sold for a price below zero, it sells what buying it buys", async () => {
    const legs = LEGS.map((leg) => ({ ...leg, side: leg.side === "BUY" ? "SELL" : "BUY" }));
    const order = await filled(await sent({ legs, side: "SELL", quantity: "1", orderType: "LMT", limitPrice: "-2.1" }));
    expect(order).toMatchObject({ filledQuantity: "1", averagePrice: "-2.1" });
    expect(order.executions.map(({ side, comboLeg }) => `${side} ${comboLeg ?? "whole"}`)).toEqual([
      "SLD whole",
      `BOT ${LOW}`,
      `SLD ${HIGH}`,
    ]);
  });

  test("is asked about with its legs: the broker's what-if has the commissions of both", async () => {
    const { terms } = world.ticket(SPREAD);
    const reply = await world.risk.request(RPCS.whatIf, { terms });
    expect(reply).toMatchObject({ outcome: "ok", value: { commission: { amount: "2.6", currency: "USD" } } });
    const unknown = world.ticket({ legs: [LEGS[0], { ...LEGS[1], conid: 99 }] });
    const denied = await world.risk.request(RPCS.whatIf, { terms: unknown.terms });
    expect(denied).toMatchObject({ outcome: "denied", denial: { code: "UNKNOWN_INSTRUMENT" } });
  });

  test("the kill switch of one leg's instrument falls at the intent -> not a byte leaves", async () => {
    const { approval, proposal } = await world.approved({ terms: SPREAD });
    const before = await world.ordersAtBroker();
    world.whileAuditing = async (entry) => {
      if (entry.body.to === "INTENT") await world.kill("HALTED", `instrument.${HIGH}`);
    };
    expect(await world.submit(approval)).toBe("KILL_SWITCH_HALTED");
    world.whileAuditing = async () => undefined;
    expect((await viewOf(proposal)).state).toBe("KILLED_NOT_SENT");
    expect(await world.ordersAtBroker()).toBe(before);
    await world.kill("ACTIVE", `instrument.${HIGH}`);
  });

  test("whose ticket describes other legs than its terms name is never sent", async () => {
    const before = await world.ordersAtBroker();
    const ticket = world.ticket(SPREAD);
    const other = { ...ticket, instrument: world.ticket({ legs: [...LEGS].reverse() }).instrument };
    const approval = world.sign(other);
    await world.record(other, approval);
    expect(await world.submit(approval)).toBe("APPROVAL_INVALID");
    expect(await world.ordersAtBroker()).toBe(before);
  });
});

describe("a combination whose connection is cut", () => {
  test.each([
    ["before the order arrives", { action: "dropBefore", message: "placeOrder" }, false],
    ["after the order arrived, before any word of it", { action: "dropAfter", message: "placeOrder" }, true],
    ["before the execution of the whole", { action: "cutBeforeReply", message: "execDetails" }, true],
    ["between the whole and its legs", { action: "cutAfterReply", message: "execDetails" }, true],
    ["inside the execution of a leg", { action: "cutInsideReply", message: "execDetails", nth: 2, bytes: 40 }, true],
    ["between the two legs", { action: "cutAfterReply", message: "execDetails", nth: 2 }, true],
    ["before the commissions", { action: "cutBeforeReply", message: "commissionReport" }, true],
  ])("%s: it is sent once, found by its reference, and every fill counts once", async (_name, fault, arrives) => {
    const before = await world.ordersAtBroker();
    await world.simulator.control("POST", "/faults", fault);
    const { approval, proposal } = await world.approved({ terms: { ...SPREAD, quantity: "1" } });
    await world.submit(approval).catch(() => undefined);
    if (arrives) {
      const order = await filled(proposal);
      expect(order).toMatchObject({ filledQuantity: "1", averagePrice: "2.1" });
      expect(inLegs(await world.execLog(proposal)).map(({ comboLeg }) => comboLeg)).toEqual([LOW, HIGH]);
    } else await eventually(async () => ((await viewOf(proposal)).state === "UNKNOWN" ? true : undefined));
    await world.linkUp();
    expect((await world.ordersAtBroker()) - before).toBeLessThanOrEqual(1);
  });

  test("what fills while the gateway is away is found by it afterwards", async () => {
    const proposal = await sent(RESTING);
    await world.execLogWith(proposal, "acknowledged/1");
    await world.stopGateway();
    await prices("7.40", "6.00");
    await world.startGateway();
    expect((await filled(proposal)).executions).toHaveLength(3);
  });
});

test("a combination of another program is foreign, and both it and its fills are labelled as one", async () => {
  covers("field/foreign-orders");
  const api = new IBApi({ port: world.simulator.port });
  const orderId = await new Promise<number>((resolve) => {
    api.once(EventName.nextValidId, resolve);
    api.connect(77);
  });
  const leg = { exchange: "SMART", openClose: 0, shortSaleSlot: 0, designatedLocation: "", exemptCode: -1 };
  const comboLegs = LEGS.map(({ conid, side, ratio }) => ({ ...leg, conId: conid, action: side, ratio }));
  const bag = { symbol: "AAPL", secType: "BAG", currency: "USD", exchange: "SMART", comboLegs };
  const order = { action: "BUY", orderType: "LMT", lmtPrice: 1.5, totalQuantity: 3, account: ACCOUNT, transmit: true };
  api.placeOrder(orderId, bag as never, order as never);
  const foreign = await eventually(async () => {
    const reply = await world.risk.request(RPCS.openOrders, { account: ACCOUNT });
    return reply.outcome === "ok" ? reply.value.orders.find(({ quantity }) => quantity === "3") : undefined;
  });
  expect(foreign).toMatchObject({ ownership: "foreign", proposalId: null, comboLegs: LEGS });
  await prices("7.40", "6.00");
  const fills = await eventually(async () => {
    const reply = await world.risk.request(RPCS.executions, { account: ACCOUNT });
    const found =
      reply.outcome === "ok" ? reply.value.executions.filter(({ permId }) => permId === foreign.permId) : [];
    return found.length === 3 ? found : undefined;
  });
  expect(fills.map(({ conid, combo, ownership }) => [conid, combo, ownership])).toEqual([
    [expect.any(Number), true, "foreign"],
    [LOW, undefined, "foreign"],
    [HIGH, undefined, "foreign"],
  ]);
  api.disconnect();
});
