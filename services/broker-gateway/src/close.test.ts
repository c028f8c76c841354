import { RPCS } from "@countersign/contracts/subjects";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ACCOUNT, World } from "./test-support.ts";
import { eventually } from "./testing/eventually.ts";

let world: World;
const RESTING = { orderType: "LMT", limitPrice: "1.00" } as const;
const EXITS = { takeProfit: { limitPrice: "9.00" }, stopLoss: { stopPrice: "0.50" }, timeInForce: "GTC" } as const;

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
});
afterAll(() => world?.close());
afterEach(async () => {
  await world.simulator.control("DELETE", "/faults");
  await world.linkUp();
});

async function close(proposalId: string, operator = "alice") {
  const body = { proposalId, operator, reason: "asked the broker by telephone" };
  const reply = await world.approval.request(RPCS.closeAtBroker, body, { params: { account: ACCOUNT } });
  return reply.outcome === "ok" ? `${reply.value.closed} ${reply.value.state}` : reply.denial.code;
}

const types = async (proposal: string) => (await world.execLog(proposal)).map((fact) => fact.type);
const stateOf = (proposal: string) => world.gateway?.table.get(proposal)?.order.state;

/** An order of which no byte came to TWS, once it was looked for in vain. */
async function lost(terms: object = RESTING): Promise<string> {
  await world.simulator.control("POST", "/faults", { action: "dropBefore", message: "placeOrder" });
  const { approval, proposal } = await world.approved({ terms });
  await world.submit(approval).catch(() => undefined);
  await world.execLogWith(proposal, "lost/1");
  await world.linkUp();
  longAgo(proposal);
  return proposal;
}

/** As if half a minute had passed: since the send, and since the last absence. */
function longAgo(proposal: string): void {
  const actor = world.gateway?.table.get(proposal);
  for (const one of [actor, ...(actor?.exits ?? [])]) {
    if (one === undefined) continue;
    one.sentAtMs -= 30_000;
    one.absentAtMs -= 30_000;
  }
}

describe("an order that nobody knows of", () => {
  test("is closed by a person after two absences 30 s apart, and not before", async () => {
    const proposal = await lost();
    expect(await close(proposal)).toBe("ABSENCE_NOT_PROVEN");
    expect(await close(proposal)).toBe("ABSENCE_NOT_PROVEN");
    longAgo(proposal);
    expect(await close(proposal)).toBe("true CLOSED_ABSENT");
    const log = await world.execLog(proposal);
    expect(log.slice(-3).map(({ type }) => type)).toEqual(["absent/1", "absent/1", "closedAbsent/1"]);
    expect(log.at(-1)).toMatchObject({ actor: { kind: "operator", id: "alice" } });
    expect(log.at(-2)).toMatchObject({ linkEpoch: world.gateway?.link.epoch });
    expect(await close(proposal)).toBe("ORDER_NOT_CLOSABLE");
  });

  test("in a bracket whose line was cut: all of its orders are closed at once", async () => {
    const proposal = await lost({ ...RESTING, exits: EXITS });
    expect(await close(proposal)).toBe("ABSENCE_NOT_PROVEN");
    longAgo(proposal);
    expect(await close(proposal)).toBe("true CLOSED_ABSENT");
    const exits = world.gateway?.table.get(proposal)?.exits.map(({ order }) => order.state);
    expect(exits).toEqual(["CLOSED_ABSENT", "CLOSED_ABSENT"]);
  });

  test("and that the broker has after all is found and not closed", async () => {
    await world.simulator.control("POST", "/faults", { action: "dropAfter", message: "placeOrder" });
    const { approval, proposal } = await world.approved({ terms: RESTING });
    await world.submit(approval);
    await world.execLogWith(proposal, "acknowledged/1");
    expect(await close(proposal)).toBe("ORDER_NOT_CLOSABLE");
    expect(stateOf(proposal)).toBe("WORKING");
  });

  test("takes two different persons where the configuration says so", async () => {
    await world.stopGateway();
    await world.startGateway({ closers: 2 });
    const proposal = await lost();
    await close(proposal);
    longAgo(proposal);
    expect(await close(proposal)).toBe("false UNKNOWN");
    expect(await close(proposal)).toBe("CLOSE_NEEDS_ANOTHER_PERSON");
    expect(stateOf(proposal)).toBe("UNKNOWN");
    expect(await close(proposal, "bob")).toBe("true CLOSED_ABSENT");
    expect((await types(proposal)).slice(-2)).toEqual(["closeRequested/1", "closedAbsent/1"]);
    await world.stopGateway();
    await world.startGateway();
  });
});

describe("an order that the broker contradicts", () => {
  test("is what the broker shows once a person says so, and can be cancelled and followed again", async () => {
    const { approval, proposal } = await world.approved({ terms: RESTING });
    await world.submit(approval);
    await world.execLogWith(proposal, "acknowledged/1");
    await world.gateway?.table.get(proposal)?.append({ type: "disputed/1", evidence: "test" });
    await world.gateway?.reconciler.read("test");
    expect(stateOf(proposal)).toBe("DISPUTED");
    expect(await close(proposal)).toBe("true WORKING");
    await world.cancel(proposal);
    await eventually(() => (stateOf(proposal) === "CANCELLED" ? true : undefined));
  });

  test("with the broker away: a fault, and nothing is written", async () => {
    const { approval, proposal } = await world.approved({ terms: RESTING });
    await world.submit(approval);
    await world.execLogWith(proposal, "acknowledged/1");
    await world.gateway?.table.get(proposal)?.append({ type: "disputed/1", evidence: "test" });
    await world.simulator.control("POST", "/faults", { action: "refuseConnections" });
    world.gateway?.link.drop("test");
    await expect(close(proposal)).rejects.toMatchObject({ code: "BROKER_UNAVAILABLE" });
    expect((await types(proposal)).at(-1)).toBe("disputed/1");
  });
});
