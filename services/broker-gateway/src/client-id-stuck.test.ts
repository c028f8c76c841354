import { RPCS } from "@countersign/contracts/subjects";
import { covers } from "@countersign/testing/covers";
import { EventName, IBApi } from "@stoqey/ib";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { wireTermsOf } from "./session/order-terms.ts";
import { AAPL, ACCOUNT, World } from "./test-support.ts";
import { eventually } from "./testing/eventually.ts";

/** Another program that got our client id at a real simulator, and what the gateway may still do until it lets go. */

const OURS = 17;
const FALLBACK = 18;
const QUICK = { backOffMs: [20], clientIdTakenMs: 700 };
const RESTING = { orderType: "LMT", limitPrice: "1.00" } as const;

let world: World;
const thieves = new Set<IBApi>();

beforeAll(async () => {
  world = await World.open();
  await world.startGateway(QUICK);
});
afterAll(() => world?.close());
afterEach(async () => {
  for (const thief of thieves) release(thief);
  await world.simulator.control("DELETE", "/faults");
  await owning();
});

const isReading = () => world.gateway?.link.state === "up" && world.gateway.link.connectedAs === FALLBACK;
const reading = () => eventually(() => (isReading() ? true : undefined));
const owning = () => eventually(() => (world.gateway?.link.hold() === undefined ? true : undefined));

/** Takes a client id and keeps it, with the library as anybody uses it. */
async function take(clientId: number): Promise<IBApi> {
  const thief = new IBApi({ host: "127.0.0.1", port: world.simulator.port });
  thief.on(EventName.error, () => undefined);
  const ready = new Promise<void>((resolve) => thief.once(EventName.nextValidId, () => resolve()));
  thief.connect(clientId);
  await ready;
  thieves.add(thief);
  return thief;
}

function release(thief: IBApi): void {
  thieves.delete(thief);
  thief.disconnect();
}

/** While the gateway runs: TWS lets the second client in and closes the first. */
async function steal(clientId: number): Promise<IBApi> {
  await world.simulator.control("POST", "/faults", { action: "kickOlderClient", clientId });
  const thief = await take(clientId);
  await world.simulator.control("DELETE", "/faults");
  return thief;
}

async function status() {
  const reply = await world.risk.request(RPCS.brokerStatus, {});
  if (reply.outcome !== "ok") throw new Error(reply.denial.message);
  return reply.value;
}

const stats = async () =>
  (await world.simulator.control("GET", "/stats")) as { clientIds: number[]; connections: number };
/** Orders and cancels that arrived at the simulator's sockets, whatever it made of them. */
const written = async () =>
  ((await world.simulator.control("GET", "/journal")) as { entries: { name: string; clientId: number }[] }).entries;

async function restingOrder() {
  const { approval, proposal } = await world.approved({ terms: RESTING });
  await world.submit(approval);
  await world.execLogWith(proposal, "acknowledged/1");
  return proposal;
}

const REFUSED = { code: "BROKER_READ_ONLY", effect: "none", message: expect.stringMatching(/client id 17 .*\(326\)/) };

describe("another program has the gateway's client id", () => {
  test("reads go on under the fallback id; no order, cancel or what-if leaves before the own id is back", async () => {
    covers("code/326", "field/client-id-stuck", "field/fixed-client-id");
    const resting = await restingOrder();
    const before = await written();
    const thief = await steal(OURS);
    await reading();

    const { approval } = await world.approved({ terms: RESTING });
    await expect(world.submit(approval)).rejects.toMatchObject(REFUSED);
    await expect(world.cancel(resting)).rejects.toMatchObject(REFUSED);
    const { terms } = approval.statement.ticket;
    await expect(world.risk.request(RPCS.whatIf, { terms })).rejects.toMatchObject(REFUSED);

    await eventually(async () => {
      const open = await world.risk.request(RPCS.openOrders, { account: ACCOUNT }).catch(() => undefined);
      if (open?.outcome !== "ok") return undefined;
      const ours = { proposalId: resting, ownership: "ours", clientId: OURS };
      return open.value.orders.some((order) =>
        Object.entries(ours).every(([key, value]) => order[key as never] === value),
      )
        ? true
        : undefined;
    });
    await eventually(async () => {
      const positions = await world.risk.request(RPCS.positions, { account: ACCOUNT }).catch(() => undefined);
      const quote = await world.market.request(RPCS.brokerQuote, { conid: AAPL }).catch(() => undefined);
      return positions?.outcome === "ok" && quote?.outcome === "ok" ? true : undefined;
    });
    expect((await stats()).clientIds).toEqual(expect.arrayContaining([OURS]));
    expect(await written()).toEqual(before);

    release(thief);
    await owning();
    expect((await stats()).clientIds).toEqual([OURS]);
    expect(await world.submit(approval)).toBe("sent");
    expect((await world.cancel(resting)).outcome).toBe("ok");
    await world.execLogWith(resting, "cancelled/1");
    expect((await written()).filter(({ clientId }) => clientId !== OURS)).toEqual([]);
  });

  test("the connection itself refuses orders, what-ifs and cancels, and no byte of them leaves", async () => {
    const before = await written();
    await steal(OURS);
    await reading();
    const connection = world.gateway?.link.connection();
    const { terms } = world.ticket(RESTING);
    const about = {
      orderId: 900_000,
      account: ACCOUNT,
      contract: { conid: AAPL, exchange: "SMART" },
      orderRef: "none",
      group: null,
    };
    const order = { ...wireTermsOf(terms), ...about };
    expect(() => connection?.placeOrder({ ...order, whatIf: false })).toThrow(/326/);
    expect(() => connection?.placeOrder({ ...order, whatIf: true })).toThrow(/326/);
    expect(() => connection?.cancelOrder(1)).toThrow(/326/);
    // Answered after whatever had left before it.
    await world.gateway?.lists.openOrders();
    expect(await written()).toEqual(before);
  });

  test("the doctor's sentence names it, the hold and the readiness too, also between two tries", async () => {
    await steal(OURS);
    await reading();
    const seen = await status();
    expect(seen).toMatchObject({
      ...{ link: "up", clientId: OURS, connectedAs: FALLBACK },
      hold: { code: "BROKER_READ_ONLY", reason: expect.stringContaining("client id 17 is in use at TWS (326)") },
    });
    expect(seen.conditions.map(({ code }) => code)).toContain("CLIENT_ID_IN_USE");
    expect(seen.conditions.map(({ code }) => code)).not.toContain("BROKER_READ_ONLY");
    // TWS counts order ids per client: what it says of the fallback's is nothing to us.
    await world.simulator.control("POST", "/faults", { action: "shiftNextValidId", clientId: FALLBACK, by: -1_000 });
    const epoch = world.gateway?.link.epoch ?? 0;
    const holds = new Set<string | undefined>();
    await eventually(() => {
      holds.add(world.gateway?.link.hold()?.code);
      return (world.gateway?.link.epoch ?? 0) >= epoch + 6 ? true : undefined;
    });
    expect([...holds]).toEqual(["BROKER_READ_ONLY"]);
    await reading();
    expect((await status()).conditions.map(({ code }) => code)).not.toContain("ORDER_IDS_BEHIND");
  });

  test("a fill that comes meanwhile is read under the fallback id and counted once", async () => {
    const resting = await restingOrder();
    const thief = await steal(OURS);
    await reading();
    await world.simulator.control("POST", "/market/price", { conid: AAPL, price: "0.90" });
    await world.execLogWith(resting, "filled/1");
    expect(world.gateway?.link.hold()?.code).toBe("BROKER_READ_ONLY");
    await world.simulator.control("POST", "/market/price", { conid: AAPL, price: null });
    release(thief);
    await owning();
    const executed = (await world.execLog(resting)).flatMap((fact) => ("execution" in fact ? [fact.execution] : []));
    expect(executed.reduce((sum, { quantity }) => sum + Number(quantity), 0)).toBe(10);
    expect(new Set(executed.map(({ execId }) => execId)).size).toBe(executed.length);
  });

  test("the fallback id is in use as well -> nothing is read, and both are tried again", async () => {
    await take(FALLBACK);
    const thief = await steal(OURS);
    await eventually(() => (world.gateway?.link.hold()?.reason.includes("so is the fallback 18") ? true : undefined));
    expect(world.gateway?.link.hold()?.code).toBe("BROKER_UNAVAILABLE");
    expect((await status()).conditions.map(({ code }) => code)).toContain("CLIENT_ID_IN_USE");
    release(thief);
    await owning();
  });

  test("never two connections of the gateway at once", async () => {
    const thief = await steal(OURS);
    await reading();
    let most = 0;
    const epoch = world.gateway?.link.epoch ?? 0;
    await eventually(async () => {
      most = Math.max(most, (await stats()).clientIds.length);
      return (world.gateway?.link.epoch ?? 0) >= epoch + 6 ? true : undefined;
    });
    expect(most).toBe(2);
    release(thief);
  });
});
