import { covers } from "@countersign/testing/covers";
import { EventName } from "@stoqey/ib";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { RawClient } from "../testing/raw-client.ts";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

const MASTER = 99;
const OPEN_ORDER_END = "53";
const BOUND = "100";

let simulator: TestSimulator;
let clientId = 20;
beforeAll(async () => {
  simulator = await TestSimulator.start({ masterClientId: MASTER });
});
afterEach(async () => {
  await simulator.calm();
  await simulator.leave();
  const client = await simulator.ready(1);
  client.send(58, "", 2147483647);
  client.send(16, 1);
  await client.waitFor(() => client.of(OPEN_ORDER_END).length === 1);
  client.end();
  await client.closed;
});
afterAll(() => simulator.stop());

async function session(id?: number): Promise<RawClient> {
  await simulator.pin(AAPL.conId, "200");
  clientId += 1;
  return simulator.ready(id ?? clientId);
}

async function byHand(): Promise<string> {
  const [posted] = await simulator.fault({
    action: "orderByHand",
    conid: AAPL.conId,
    side: "BUY",
    quantity: "3",
    orderType: "LMT",
    lmtPrice: "150",
    tif: "GTC",
  });
  return String(posted?.permId);
}

/** Order id, client id and permanent id of each order in the answer to one request. */
async function orders(client: RawClient, messageId: 5 | 16): Promise<(string | undefined)[][]> {
  const [before, ends] = [client.of("5").length, client.of(OPEN_ORDER_END).length];
  client.send(messageId, 1);
  await client.waitFor(() => client.of(OPEN_ORDER_END).length > ends);
  return client
    .of("5")
    .slice(before)
    .map((frame) => [frame[1], frame[24], frame[25]]);
}

/** The execution of an order, asked for until it is there: nobody tells a client of the fill of another's order. */
async function execution(client: RawClient, permId: string): Promise<string[]> {
  for (let asked = 1; ; asked += 1) {
    client.send(7, 3, asked, 0, "", "", "", "", "", "");
    await client.waitFor(() => client.of("55").length === asked);
    const found = client.of("11").find((frame) => frame[21] === permId);
    if (found !== undefined) return found;
  }
}

test("each client hears of its own orders only, and asks for all of them with their ids", async () => {
  const [one, two] = [await session(), await session()];
  one.place(1);
  await one.waitFor(() => one.statuses(1).includes("Submitted"));
  two.place(1);
  await two.waitFor(() => two.statuses(1).includes("Submitted"));
  expect(new Set(one.of("5").map((frame) => frame[24])).size).toBe(1);
  expect(await orders(one, 5)).toHaveLength(1);
  const all = await orders(one, 16);
  expect(all.map(([orderId, owner]) => [orderId, owner])).toEqual([
    ["1", String(clientId - 1)],
    ["1", String(clientId)],
  ]);
  one.end();
  two.end();
});

test("the master client hears of every client's orders, executions and commissions, under the owner's ids", async () => {
  const [master, owner] = [await session(MASTER), await session()];
  owner.place(1, { orderType: "MKT" });
  await master.waitFor(() => master.of("59").length === 1);
  expect(master.of("5")[0]?.[24]).toBe(String(clientId));
  expect(master.statuses(1).at(-1)).toBe("Filled");
  expect(master.of("11")[0]?.[22]).toBe(String(clientId));
  master.end();
  owner.end();
});

test("an order placed by hand has order id 0 and client 0, and no client is told of it", async () => {
  const [zero, other] = [await session(0), await session()];
  const permId = await byHand();
  expect(await orders(other, 16)).toEqual([["0", "0", permId]]);
  expect(zero.of("5")).toEqual([]);
  expect(await orders(other, 5)).toEqual([]);
  zero.end();
  other.end();
});

test("reqOpenOrders of client 0 binds it: orderBound, then a negative order id, by which it is cancelled", async () => {
  covers("reply/orderBound");
  const zero = await session(0);
  const permId = await byHand();
  const [bound] = await orders(zero, 5);
  expect(zero.of(BOUND)).toEqual([["100", permId, "0", bound?.[0]]]);
  expect(Number(bound?.[0])).toBeLessThan(0);
  zero.cancel(Number(bound?.[0]));
  await zero.waitFor(() => zero.statuses(Number(bound?.[0])).includes("Cancelled"));
  zero.end();
});

test("reqAutoOpenOrders of client 0 -> what is placed by hand from then on is bound at once and told", async () => {
  const zero = await session(0);
  zero.send(15, 1, 1);
  zero.send(49, 1);
  await zero.waitFor(() => zero.of("49").length === 1);
  const permId = await byHand();
  await zero.waitFor(() => zero.of("3").length > 0);
  expect(zero.of(BOUND)[0]?.slice(1, 3)).toEqual([permId, "0"]);
  expect(zero.sequence().indexOf(BOUND)).toBeLessThan(zero.sequence().indexOf("5"));
  zero.end();
});

test("reqAutoOpenOrders of any other client -> 327", async () => {
  covers("error/327");
  const client = await session();
  client.send(15, 1, 1);
  await client.waitFor(() => client.errors(327).length === 1);
  const text = "Only API connections with clientId set to 0 can set the auto bind TWS orders property.";
  expect(client.errors(327)[0]).toEqual(["4", "2", "-1", "327", text, ""]);
  client.end();
});

test("an order placed by hand fills -> its execution is found by any client, with client 0 and order id 0", async () => {
  const client = await session();
  const permId = await byHand();
  await simulator.pin(AAPL.conId, "149");
  const found = await execution(client, permId);
  expect([found[2], found[19], found[22]]).toEqual(["0", "3", "0"]);
  client.end();
});

test("cancelByHand -> the owner sees its order cancelled without having asked", async () => {
  const owner = await session();
  owner.place(1);
  await owner.waitFor(() => owner.statuses(1).includes("Submitted"));
  await simulator.fault({ action: "cancelByHand", permId: Number(owner.of("5")[0]?.[25]) });
  await owner.waitFor(() => owner.errors(202).length === 1);
  expect(owner.statuses(1).at(-1)).toBe("Cancelled");
  owner.end();
});

test("another client's order is cancelled by id -> both hear of it, the canceller under its own client id", async () => {
  const [owner, other] = [await session(), await session()];
  owner.place(41);
  await owner.waitFor(() => owner.statuses(41).includes("Submitted"));
  other.cancel(41);
  await other.waitFor(() => other.statuses(41).includes("Cancelled"));
  await owner.waitFor(() => owner.statuses(41).includes("Cancelled"));
  expect(other.of("3")[0]?.[9]).toBe(String(clientId));
  expect(owner.of("3").at(-1)?.[9]).toBe(String(clientId - 1));
  owner.end();
  other.end();
});

test("32 clients are let in, the next one is not", async () => {
  const clients = await Promise.all(Array.from({ length: 32 }, (_, index) => session(200 + index)));
  const surplus = simulator.raw();
  surplus.hello("v100..193");
  surplus.send(71, 2, 240, "");
  await surplus.closed;
  expect(surplus.of("9")).toEqual([]);
  for (const client of clients) client.end();
  await Promise.all(clients.map((client) => client.closed));
});

test("two versions at once: 178 and 193 each get their own layout of the same order", async () => {
  const [old, current] = [await simulator.ready(301, "v157..178"), await simulator.ready(302)];
  await simulator.pin(AAPL.conId, "200");
  current.place(1, { orderRef: "both" });
  await current.waitFor(() => current.statuses(1).includes("Submitted"));
  await orders(old, 16);
  const frames = [old, current].map((client) => client.of("5").at(-1));
  expect(frames.map((frame) => frame?.[23])).toEqual(["both", "both"]);
  expect(frames[0]?.length).toBeLessThan(frames[1]?.length ?? 0);
  const library = await simulator.library(303);
  library.api.reqAllOpenOrders();
  await library.waitFor(EventName.openOrderEnd);
  expect(library.protocolErrors()).toEqual([]);
  library.disconnect();
  old.end();
  current.end();
});
