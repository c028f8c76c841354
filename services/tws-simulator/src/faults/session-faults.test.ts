import { covers } from "@countersign/testing/covers";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { RawClient } from "../testing/raw-client.ts";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

let simulator: TestSimulator;
let clientId = 20;
beforeAll(async () => {
  simulator = await TestSimulator.start({ accounts: ["DU1234567", "DU7654321"] });
});
afterEach(() => simulator.calm());
afterAll(() => simulator.stop());

async function session() {
  await simulator.pin(AAPL.conId, "200");
  clientId += 1;
  return simulator.ready(clientId);
}

/** Codes of all notices, the three of the greeting left out. */
function notices(client: RawClient): string[] {
  return client
    .of("4")
    .slice(3)
    .map((frame) => frame[3] ?? "");
}

test("a client id that is taken -> 326 with id -1, then the end; the first client is not disturbed", async () => {
  covers("fault/client-id-in-use", "error/326");
  const first = await session();
  const second = simulator.raw();
  second.hello("v100..193");
  second.send(71, 2, clientId, "");
  await second.closed;
  const text = "Unable to connect as the client id is already in use. Retry with a unique client id.";
  expect(second.frames.slice(1)).toEqual([["4", "2", "-1", "326", text, ""]]);
  first.send(49, 1);
  await first.waitFor(() => first.of("49").length === 1);
  first.end();
});

test("clientIdInUse -> 326 for an id that is free, until the fault is taken away", async () => {
  covers("fault/client-id-in-use", "error/326");
  await simulator.fault({ action: "clientIdInUse", clientId: 5 });
  const refused = simulator.raw();
  refused.hello("v100..193");
  refused.send(71, 2, 5, "");
  await refused.closed;
  expect(refused.errors(326)).toHaveLength(1);
  (await simulator.ready(6)).end();
  await simulator.calm();
  (await simulator.ready(5)).end();
});

test("kickOlderClient -> the second is let in and the first is closed", async () => {
  covers("fault/second-client-kicks");
  const first = await session();
  await simulator.fault({ action: "kickOlderClient" });
  const second = await simulator.ready(clientId);
  await first.closed;
  expect(second.errors(326)).toEqual([]);
  second.send(49, 1);
  await second.waitFor(() => second.of("49").length === 1);
  second.end();
});

test("readOnlyApi -> 321 for orders, what-ifs and cancels with their id; reads are answered", async () => {
  covers("fault/read-only", "error/321");
  const client = await session();
  await simulator.fault({ action: "readOnlyApi" });
  client.place(4, { account: "DU1234567" });
  client.place(5, { whatIf: true });
  client.cancel(6);
  client.send(58, "", 2147483647);
  client.send(16, 1);
  await client.waitFor(() => client.of("53").length === 1);
  expect(client.errors(321).map((frame) => frame[2])).toEqual(["4", "5", "6", "-1"]);
  const text = "Error validating request.-'bW' : cause - The API interface is currently in Read-Only mode.";
  expect(client.errors(321)[0]?.[4]).toBe(text);
  client.end();
});

test("readOnlyApi with refuseOpenOrders -> open orders are refused as well", async () => {
  covers("fault/read-only");
  const client = await session();
  await simulator.fault({ action: "readOnlyApi", refuseOpenOrders: true });
  client.send(16, 1);
  await client.waitFor(() => client.errors(321).length === 1);
  client.end();
});

test("serverLost and serverRestored 1102 -> farms break, orders of the meantime come in a burst, requests are answered", async () => {
  covers("fault/nightly-reset", "error/1100", "error/1102", "error/2103", "error/2105", "error/2157");
  covers("error/2104", "error/2106", "error/2158");
  const client = await session();
  client.place(1, { account: "DU1234567" });
  await client.waitFor(() => client.statuses(1).includes("Submitted"));
  await simulator.fault({ action: "serverLost", downMs: 0 });
  await client.waitFor(() => notices(client).length === 4);
  expect(notices(client)).toEqual(["1100", "2103", "2105", "2157"]);
  await simulator.pin(AAPL.conId, "140");
  client.send(61, 1);
  client.send(49, 1);
  await client.waitFor(() => client.of("49").length === 1);
  expect(client.of("11")).toEqual([]);
  expect(client.of("62")).toEqual([]);
  await simulator.fault({ action: "serverRestored" });
  await client.waitFor(() => client.of("62").length === 1);
  expect(notices(client).slice(4)).toEqual(["1102", "2104", "2106", "2158"]);
  expect(client.errors(1102)[0]?.[4]).toMatch(/ restored - data maintained\. All data farms are connected: /);
  const sequence = client.frames.map(([id]) => id);
  expect(sequence.indexOf("11")).toBeLessThan(sequence.indexOf("62"));
  expect(client.statuses(1).at(-1)).toBe("Filled");
  client.end();
});

test("serverLost with 1101 -> quote streams are gone without a word, orders are not", async () => {
  covers("fault/nightly-reset", "error/1101");
  const client = await session();
  client.send(1, 11, 9, AAPL.conId, "", "", "", "", "", "", "SMART", "", "", "", "", 0, "", 0, 0, "");
  await client.waitFor(() => client.of("1").length > 2);
  await simulator.fault({ action: "serverLost", downMs: 20, restored: "1101" });
  await client.waitFor(() => client.errors(1101).length === 1);
  expect(client.errors(1101)[0]?.[4]).toMatch(/ restored - data lost\. /);
  const ticks = client.of("1").length;
  await simulator.pin(AAPL.conId, "231");
  client.send(49, 1);
  await client.waitFor(() => client.of("49").length === 1);
  expect(client.of("1")).toHaveLength(ticks);
  client.send(2, 1, 9);
  await client.waitFor(() => client.errors(300).length === 1);
  client.end();
});

test("a client that connects while the link is down -> a handshake with 2110, requests wait", async () => {
  covers("error/2110");
  await simulator.fault({ action: "serverLost", downMs: 0 });
  const client = simulator.raw();
  await client.start("v100..193", 8);
  await client.waitFor(() => client.errors(2110).length === 1);
  expect(client.errors(2104)).toEqual([]);
  client.send(16, 1);
  client.send(49, 1);
  await client.waitFor(() => client.of("49").length === 1);
  expect(client.of("53")).toEqual([]);
  await simulator.fault({ action: "serverRestored" });
  await client.waitFor(() => client.of("53").length === 1);
  client.end();
});

test.each([
  [2100, "API client has been unsubscribed from account data."],
  [2103, "Market data farm connection is broken:usbond"],
  [2107, "HMDS data farm connection is inactive but should be available upon demand.ushmds"],
  [2108, "Market data farm connection is inactive but should be available upon demand.usfuture"],
  [2119, "Market data farm is connecting:cashfarm"],
])("notice %i -> every client has it with id -1", async (code, text) => {
  covers("error/2107", "error/2108", "error/2119");
  const [one, two] = [await session(), await session()];
  await simulator.fault({ action: "notice", code, text });
  for (const client of [one, two]) {
    await client.waitFor(() => client.errors(code).length === 1);
    expect(client.errors(code)[0]).toEqual(["4", "2", "-1", String(code), text, ""]);
    client.end();
  }
});

test("portReset -> 1300 names the port, the connection ends, and the new port is the one that listens", async () => {
  covers("fault/port-reset", "error/1300");
  const own = await TestSimulator.start();
  const client = await own.ready(1);
  const left = own.port;
  const [posted] = await own.fault({ action: "portReset" });
  await client.closed;
  const why = "TWS socket port has been reset and this connection is being dropped.";
  const text = `${why} Please reconnect on the new port - ${posted?.port}`;
  expect(client.errors(1300)).toEqual([["4", "2", "-1", "1300", text, ""]]);
  expect((await own.control("GET", "/stats")).body.port).toBe(posted?.port);
  const moved = new RawClient(posted?.port ?? 0);
  expect(await moved.start("v100..193", 1)).toBe(1);
  const old = new RawClient(left);
  await old.closed;
  expect(old.frames).toEqual([]);
  moved.end();
  own.stop();
});

test("restart -> connections end, the port refuses, then order, permanent id and next id are as before", async () => {
  covers("fault/auto-restart");
  const client = await session();
  client.place(1, { account: "DU1234567", tif: "GTC", orderRef: "overnight" });
  await client.waitFor(() => client.statuses(1).includes("Submitted"));
  await simulator.fault({ action: "restart", downMs: 40 });
  await client.closed;
  const refused = simulator.raw();
  await refused.closed;
  expect(refused.frames).toEqual([]);
  const again = await reconnected();
  expect(again.of("9")[0]?.[2]).toBe("2");
  const [before, after] = [client.of("5").at(-1), again.of("5").at(-1)];
  expect([after?.[23], after?.[25]]).toEqual(["overnight", before?.[25]]);
  again.end();
});

/** Tries until the port listens again. */
async function reconnected(): Promise<RawClient> {
  for (;;) {
    const client = simulator.raw();
    const opened = await new Promise<boolean>((resolve) => {
      client.socket.once("connect", () => resolve(true));
      void client.closed.then(() => resolve(false));
    });
    if (!opened) continue;
    await client.start("v100..193", clientId);
    return client;
  }
}

test("dropReply nextValidId -> it never comes, although everything else does", async () => {
  covers("fault/next-valid-id");
  await simulator.fault({ action: "dropReply", message: "nextValidId" });
  const client = simulator.raw();
  client.hello("v100..193");
  client.send(71, 2, 9, "");
  await client.waitFor(() => client.errors(2158).length === 1);
  expect(client.of("9")).toEqual([]);
  client.end();
});

test.each([1_000, -3])("shiftNextValidId by %i -> told that much off, the ids in use do not change", async (by) => {
  covers("fault/next-valid-id", "error/103");
  const first = await session();
  first.place(7, { account: "DU1234567" });
  await first.waitFor(() => first.statuses(7).includes("Submitted"));
  first.end();
  await first.closed;
  await simulator.fault({ action: "shiftNextValidId", by });
  const client = await simulator.ready(clientId);
  expect(client.of("9")[0]?.[2]).toBe(String(8 + by));
  client.place(5, { account: "DU1234567" });
  await client.waitFor(() => client.errors(103).length === 1);
  client.end();
});

test("rollBackOrderIds -> the ids of orders that are over are used again, under a new permanent id", async () => {
  covers("fault/next-valid-id");
  const client = await session();
  client.place(1, { account: "DU1234567", orderType: "MKT" });
  await client.waitFor(() => client.statuses(1).includes("Filled"));
  await simulator.fault({ action: "rollBackOrderIds", clientId, highest: 0 });
  client.send(8, 1, 1);
  await client.waitFor(() => client.of("9").length === 2);
  expect(client.of("9")[1]?.[2]).toBe("1");
  client.place(1, { account: "DU1234567" });
  await client.waitFor(() => client.statuses(1).at(-1) === "Submitted");
  expect(new Set(client.of("5").map((frame) => frame[25])).size).toBe(2);
  expect(client.errors(103)).toEqual([]);
  client.end();
});

test("managedAccounts -> several, none, or with a comma too many", async () => {
  covers("fault/managed-accounts");
  const several = await session();
  expect(several.of("15")[0]).toEqual(["15", "1", "DU1234567,DU7654321"]);
  several.end();
  for (const text of ["", "DU1234567,DU7654321,"]) {
    await simulator.calm();
    await simulator.fault({ action: "managedAccounts", text });
    const client = await session();
    expect(client.of("15")[0]).toEqual(["15", "1", text]);
    client.end();
  }
});

test("closeConnections of one client -> only that one", async () => {
  const [one, two] = [await session(), await session()];
  await simulator.fault({ action: "closeConnections", clientId: clientId - 1, how: "rst" });
  await one.closed;
  expect(one.ending).toBe("rst");
  two.send(49, 1);
  await two.waitFor(() => two.of("49").length === 1);
  two.end();
});
