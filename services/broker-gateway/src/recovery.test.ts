import { utcText } from "@countersign/clock/clock";
import { FACTS } from "@countersign/contracts/subjects";
import { orderRef } from "@countersign/ids/ids";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { IntentFact } from "./fold/exec-state.ts";
import { ACCOUNT, World } from "./test-support.ts";
import { eventually } from "./testing/eventually.ts";

let world: World;
const RESTING = { orderType: "LMT", limitPrice: "1.00" } as const;

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
});
afterAll(() => world?.close());
afterEach(async () => {
  await world.simulator.control("DELETE", "/faults");
  await world.linkUp();
});

const types = async (proposal: string) => (await world.execLog(proposal)).map((fact) => fact.type);

async function sentTwice(proposal: string): Promise<number> {
  const facts = await world.execLog(proposal);
  const intent = facts.find((fact) => fact.type === "intent/1");
  const { entries } = (await world.simulator.control("GET", "/journal")) as {
    entries: { name: string; whatIf: boolean; orderRef: string }[];
  };
  const mine = entries.filter((entry) => entry.name === "placeOrder" && entry.orderRef === intent?.orderRef);
  return mine.length;
}

describe("when the link breaks at the worst moment", () => {
  test("after TWS took the order and before it said so -> UNKNOWN, then found and WORKING, sent once", async () => {
    await world.simulator.control("POST", "/faults", { action: "dropAfter", message: "placeOrder" });
    const { approval, proposal } = await world.approved({ terms: RESTING });
    expect(await world.submit(approval)).toBe("sent");
    const facts = await world.execLogWith(proposal, "acknowledged/1");
    expect(facts.map((fact) => fact.type)).toEqual(["intent/1", "sendStarted/1", "lost/1", "acknowledged/1"]);
    expect(await sentTwice(proposal)).toBe(1);
  });

  test("a fill that happened meanwhile is found with its commission", async () => {
    await world.simulator.control("POST", "/faults", { action: "dropAfter", message: "placeOrder" });
    const { approval, proposal } = await world.approved();
    expect(await world.submit(approval)).toBe("sent");
    await world.execLogWith(proposal, "filled/1");
    await world.execLogWith(proposal, "commission/1");
    expect(await types(proposal)).toContain("lost/1");
    expect(await sentTwice(proposal)).toBe(1);
  });

  test("before TWS read the order -> UNKNOWN, and it stays so instead of being sent again", async () => {
    await world.simulator.control("POST", "/faults", { action: "dropBefore", message: "placeOrder" });
    const { approval, proposal } = await world.approved({ terms: RESTING });
    expect(await world.submit(approval)).toBe("sent");
    await world.execLogWith(proposal, "lost/1");
    await world.linkUp();
    world.gateway?.reconciler.soon("test");
    await world.gateway?.clock.sleep(400);
    expect((await types(proposal)).filter((type) => type !== "absent/1").at(-1)).toBe("lost/1");
    expect(await sentTwice(proposal)).toBe(1);
  });

  test("a socket that is open and dead is noticed and replaced", async () => {
    await world.stopGateway();
    await world.startGateway({ silenceMaxMs: 2_000 });
    const epoch = world.gateway?.link.epoch ?? 0;
    await world.simulator.control("POST", "/faults", { action: "halfOpen", message: "*" });
    await eventually(() => (world.gateway?.link.state === "up" ? undefined : true));
    await world.simulator.control("DELETE", "/faults");
    await world.linkUp();
    expect(world.gateway?.link.epoch).toBeGreaterThan(epoch);
  });

  test("a broker that is not there -> BROKER_UNAVAILABLE, the approval is not spent", async () => {
    await world.simulator.control("POST", "/faults", { action: "refuseConnections" });
    world.gateway?.link.drop("test");
    const { approval, proposal } = await world.approved();
    await expect(world.submit(approval)).rejects.toMatchObject({ code: "BROKER_UNAVAILABLE", effect: "none" });
    expect(await types(proposal)).toEqual([]);
    await world.simulator.control("DELETE", "/faults");
    await world.linkUp();
    expect(await world.submit(approval)).toBe("sent");
  });
});

describe("after a restart", () => {
  async function intentOnly(claim: "none" | "send"): Promise<string> {
    const { approval, proposal } = await world.approved();
    const gateway = world.gateway;
    if (gateway === undefined) throw new Error("no gateway");
    const { ticketHash } = approval.statement;
    const at = utcText(gateway.clock.nowMs());
    const ids = { orderId: gateway.orderIds.take(), clientId: gateway.link.clientId, writerEpoch: gateway.writerEpoch };
    const verdict = (await world.approval.readLast(FACTS.proposal, { account: ACCOUNT, proposal }))?.body;
    if (verdict?.type !== "admitted/1") throw new Error("not admitted");
    const intent: IntentFact = {
      ...{ type: "intent/1", proposalId: proposal, at, ticketHash, approvalHash: ticketHash, ...ids },
      ...{ verdict: verdict.verdict, orderRef: orderRef(ticketHash), reserved: null },
    };
    await gateway.bus.append(FACTS.exec, { account: ACCOUNT, proposal }, intent, { expectedSequence: 0 });
    if (claim === "none") return proposal;
    const body = {
      type: "claim/1",
      proposalId: proposal,
      ticketHash,
      writerEpoch: gateway.writerEpoch,
      purpose: "send",
      at,
    };
    await gateway.bus.append(FACTS.claim, { account: ACCOUNT, proposal }, body as never, { expectedSequence: 0 });
    return proposal;
  }

  test("an intent without a claim is voided and never sent", async () => {
    const proposal = await intentOnly("none");
    await world.stopGateway();
    await world.startGateway();
    expect(await types(proposal)).toEqual(["intent/1", "killedNotSent/1"]);
    expect(await sentTwice(proposal)).toBe(0);
  });

  test("an intent with a claim is UNKNOWN and never sent", async () => {
    const proposal = await intentOnly("send");
    await world.stopGateway();
    await world.startGateway();
    expect((await types(proposal)).filter((type) => type !== "absent/1")).toEqual(["intent/1", "lost/1"]);
    expect(await sentTwice(proposal)).toBe(0);
  });

  test("a working order is followed to its fill, and its id is not used again", async () => {
    const { approval, proposal } = await world.approved({ terms: RESTING });
    await world.submit(approval);
    const [intent] = await world.execLogWith(proposal, "acknowledged/1");
    await world.stopGateway();
    await world.startGateway();
    const next = await world.approved();
    await world.submit(next.approval);
    const [nextIntent] = await world.execLogWith(next.proposal, "filled/1");
    expect(orderIdOf(nextIntent)).toBeGreaterThan(orderIdOf(intent));
    expect((await world.cancel(proposal)).outcome).toBe("ok");
    await world.execLogWith(proposal, "cancelled/1");
  });

  test("a fact that the writer before stores late about an order known here -> told to die, and the next one has read it", async () => {
    const { approval, proposal } = await world.approved({ terms: RESTING });
    await world.submit(approval);
    await world.execLogWith(proposal, "acknowledged/1");
    await world.stopGateway();
    const { bus, clock } = await world.startGateway();
    const key = { account: ACCOUNT, proposal };
    const last = await bus.readLast(FACTS.exec, key);
    const late = { type: "lost/1" as const, proposalId: proposal, at: utcText(clock.nowMs()), reason: "late" };
    await bus.append(FACTS.exec, key, late, { expectedSequence: last?.sequence ?? 0 });
    const told = () => world.fatal.find((reason) => reason.includes(proposal));
    await eventually(told);
    await world.stopGateway();
    await world.startGateway();
    await eventually(async () => ((await types(proposal)).at(-1) === "acknowledged/1" ? true : undefined));
    expect(await sentTwice(proposal)).toBe(1);
  });

  test("the writer before is fenced: it is told to die, and its submits send nothing", async () => {
    const old = world.gateway;
    const { approval } = await world.approved();
    const before = await world.ordersAtBroker();
    const epoch = (old?.writerEpoch ?? 0) + 1;
    const last = await world.approval.readLast(FACTS.writer, {});
    const body = { type: "writer/1" as const, epoch, instance: "another-one", at: utcText(old?.clock.nowMs() ?? 0) };
    await old?.bus.append(FACTS.writer, {}, body, { expectedSequence: last?.sequence ?? 0 });
    await eventually(() => world.fatal.find((reason) => reason.includes("writes to TWS now")));
    expect(await world.submit(approval)).toBe("KILL_SWITCH_HALTED");
    expect(await world.ordersAtBroker()).toBe(before);
    await world.stopGateway();
    await world.startGateway();
  });
});

function orderIdOf(fact: { type: string } | undefined): number {
  return fact !== undefined && "orderId" in fact ? Number(fact.orderId) : Number.NaN;
}

test("a filled order cannot be cancelled any more", async () => {
  const { approval, proposal } = await world.approved({ terms: RESTING });
  await world.submit(approval);
  await world.execLogWith(proposal, "acknowledged/1");
  await world.simulator.control("POST", "/market/price", { conid: 265598, price: "0.90" });
  await world.execLogWith(proposal, "filled/1");
  await world.simulator.control("POST", "/market/price", { conid: 265598, price: null });
  const late = await world.cancel(proposal);
  expect(late).toMatchObject({ outcome: "denied", denial: { code: "ORDER_NOT_CANCELLABLE" } });
});
