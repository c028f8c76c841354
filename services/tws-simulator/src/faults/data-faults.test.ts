import { covers } from "@countersign/testing/covers";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { RawClient } from "../testing/raw-client.ts";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

let simulator: TestSimulator;
let clientId = 20;
beforeAll(async () => {
  simulator = await TestSimulator.start();
});
afterEach(() => simulator.calm());
afterAll(() => simulator.stop());

const BID = 1;
const ASK = 2;
const DELAYED_BID = 66;

async function session(): Promise<RawClient> {
  await simulator.pin(AAPL.conId, "200");
  clientId += 1;
  return simulator.ready(clientId);
}

/** Everything that was asked for before has been answered. */
async function settled(client: RawClient): Promise<void> {
  const before = client.of("49").length;
  client.send(49, 1);
  await client.waitFor(() => client.of("49").length > before);
}

test("delayedDataOnly and type 3 -> 10167, then type 3 and delayed ticks", async () => {
  covers("fault/data-delayed", "error/10167");
  const client = await session();
  await simulator.fault({ action: "delayedDataOnly" });
  client.send(59, 1, 3);
  client.quotes(1);
  await client.waitFor(() => client.tick(DELAYED_BID) !== undefined);
  const text = "Requested market data is not subscribed. Displaying delayed market data.";
  expect(client.errors(10167)).toEqual([["4", "2", "1", "10167", text, ""]]);
  expect(client.of("58")).toEqual([["58", "1", "1", "3"]]);
  expect(client.tick(BID)).toBeUndefined();
  client.end();
});

test("delayedDataOnly and type 1 -> 10089 with the venue, and no tick", async () => {
  covers("fault/data-delayed", "error/10089");
  const client = await session();
  await simulator.fault({ action: "delayedDataOnly", conid: AAPL.conId });
  client.quotes(1, { snapshot: true });
  await client.waitFor(() => client.errors(10089).length === 1);
  expect(client.errors(10089)[0]?.[4]).toMatch(/Delayed market data is available\.AAPL .*\/TOP\/ALL$/);
  await settled(client);
  expect([...client.of("1"), ...client.of("57"), ...client.of("58")]).toEqual([]);
  client.end();
});

test.each([354, 10089, 10168, 10186] as const)(
  "noData -> %i ends the request: no tick, no end of a snapshot",
  async (code) => {
    covers("fault/data-none", "error/354", "error/10089", "error/10168", "error/10186");
    covers("error/300");
    const client = await session();
    await simulator.fault({ action: "noData", code });
    client.quotes(1, { snapshot: true });
    client.quotes(2);
    await client.waitFor(() => client.errors(code).length === 2);
    await settled(client);
    expect([...client.of("1"), ...client.of("57"), ...client.of("58")]).toEqual([]);
    client.send(2, 1, 2);
    await client.waitFor(() => client.errors(300).length === 1);
    client.end();
  },
);

test("noData of one instrument -> the other one has its quotes", async () => {
  const client = await session();
  await simulator.fault({ action: "noData", conid: AAPL.conId });
  client.quotes(1);
  client.quotes(2, { conId: 107113386 });
  await client.waitFor(() => client.errors(354).length === 1 && client.of("1").length > 3);
  expect(new Set(client.of("1").map((frame) => frame[2]))).toEqual(new Set(["2"]));
  client.end();
});

test("partialData -> 10090, and the data follows", async () => {
  covers("error/10090");
  const client = await session();
  await simulator.fault({ action: "partialData" });
  client.quotes(1);
  await client.waitFor(() => client.tick(ASK) !== undefined);
  expect(client.errors(10090)).toHaveLength(1);
  client.end();
});

test("competingSession -> 10197 for each open stream and each request; afterwards the streams go on", async () => {
  covers("fault/competing-session", "error/10197");
  const client = await session();
  client.quotes(1);
  await client.waitFor(() => client.tick(ASK) === "200.01");
  await simulator.fault({ action: "competingSession" });
  client.quotes(2);
  await client.waitFor(() => client.errors(10197).length === 2);
  expect(client.errors(10197).map((frame) => frame[2])).toEqual(["1", "2"]);
  expect(client.errors(10197)[0]?.[4]).toBe("No market data during competing live session");
  await simulator.pin(AAPL.conId, "210");
  await settled(client);
  expect(client.tick(ASK)).toBe("200.01");
  await simulator.calm();
  await simulator.pin(AAPL.conId, "220");
  await client.waitFor(() => client.tick(ASK) === "220.01");
  client.end();
});

test("staleData -> the stream says nothing while the market moves and fills orders", async () => {
  covers("fault/data-stale");
  const client = await session();
  client.quotes(1);
  await client.waitFor(() => client.tick(ASK) === "200.01");
  await simulator.fault({ action: "staleData", conid: AAPL.conId });
  await simulator.pin(AAPL.conId, "190");
  client.place(1, { orderType: "MKT" });
  await client.waitFor(() => client.of("11").length === 1);
  expect(client.of("11")[0]?.[20]).toBe("190.01");
  expect(client.tick(ASK)).toBe("200.01");
  client.end();
});

test("staleData and competingSession reach single ticks as well", async () => {
  const client = await session();
  client.send(97, 4, AAPL.conId, "", "", "", "", "", "", "SMART", "", "", "", "", "BidAsk", 0, 0);
  await client.waitFor(() => client.of("99").length > 0);
  await simulator.fault({ action: "competingSession" });
  await client.waitFor(() => client.errors(10197).length === 1);
  expect(client.errors(10197)[0]?.[2]).toBe("4");
  await simulator.pin(AAPL.conId, "215");
  await settled(client);
  expect(JSON.stringify(client.of("99"))).not.toContain("215.01");
  await simulator.calm();
  await simulator.pin(AAPL.conId, "216");
  await client.waitFor(() => JSON.stringify(client.of("99")).includes("216.01"));
  client.end();
});

test("crossedBook -> the bid is above the ask", async () => {
  covers("fault/data-crossed");
  const client = await session();
  await simulator.fault({ action: "crossedBook" });
  client.quotes(1);
  await client.waitFor(() => client.tick(ASK) !== undefined);
  expect([client.tick(BID), client.tick(ASK)]).toEqual(["200.01", "199.99"]);
  client.end();
});

test("pricesMinusOne -> -1 with size 0, in a stream that was fine before", async () => {
  covers("fault/data-minus-one");
  const client = await session();
  client.quotes(1);
  await client.waitFor(() => client.tick(ASK) === "200.01");
  await simulator.fault({ action: "pricesMinusOne" });
  await simulator.pin(AAPL.conId, "201");
  await client.waitFor(() => client.tick(ASK) === "-1");
  const last = client.of("1").findLast((frame) => frame[3] === String(BID));
  expect(last?.slice(4, 6)).toEqual(["-1", "0"]);
  client.end();
});

test.each(["1", "2"] as const)(
  "halted %s -> tick 49 says so, in a stream that is open, and 0 when it is over",
  async (kind) => {
    covers("fault/data-halted");
    const client = await session();
    client.quotes(1);
    const halts = () =>
      client
        .of("45")
        .filter((frame) => frame[3] === "49")
        .map((frame) => frame[4]);
    await client.waitFor(() => halts().length === 1);
    await simulator.fault({ action: "halted", conid: AAPL.conId, kind });
    await client.waitFor(() => halts().length === 2);
    await simulator.calm();
    await client.waitFor(() => halts().length === 3);
    expect(halts()).toEqual(["0", kind, "0"]);
    client.end();
  },
);

test("noSnapshotEnd -> all ticks, and never the end", async () => {
  covers("fault/no-snapshot-end");
  const client = await session();
  client.quotes(1, { snapshot: true });
  await client.waitFor(() => client.of("57").length === 1);
  await simulator.fault({ action: "noSnapshotEnd" });
  client.quotes(2, { snapshot: true });
  await client.waitFor(() => client.of("1").some((frame) => frame[2] === "2"));
  await settled(client);
  expect(client.of("57").map((frame) => frame[2])).toEqual(["1"]);
  client.end();
});
