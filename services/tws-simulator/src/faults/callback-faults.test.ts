import { covers } from "@countersign/testing/covers";
import { EventName } from "@stoqey/ib";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

let simulator: TestSimulator;
let clientId = 20;
beforeAll(async () => {
  simulator = await TestSimulator.start();
});
afterEach(() => simulator.calm());
afterAll(() => simulator.stop());

async function session() {
  await simulator.pin(AAPL.conId, "200");
  clientId += 1;
  return simulator.ready(clientId);
}

const COMMISSION = "59";

test("delayReply of one kind that may be overtaken -> the status comes behind its commission", async () => {
  covers("fault/callback-delay");
  const client = await session();
  await simulator.fault({ action: "delayReply", message: "orderStatus.Filled", delayMs: 40, keepOrder: false });
  client.place(1, { orderType: "MKT" });
  await client.waitFor(() => client.statuses(1).includes("Filled"));
  expect(client.sequence().at(-1)).toBe("3");
  expect(client.sequence().indexOf(COMMISSION)).toBeLessThan(client.sequence().length - 1);
  client.end();
});

test("duplicateReply -> the same status three times more, byte for byte", async () => {
  covers("fault/duplicate-status");
  const client = await session();
  await simulator.fault({ action: "duplicateReply", message: "orderStatus.Filled", copies: 3 });
  client.place(1, { orderType: "MKT" });
  await client.waitFor(() => client.of(COMMISSION).length === 1);
  const filled = client.of("3").filter((frame) => frame[2] === "Filled");
  expect(filled).toHaveLength(4);
  expect(new Set(filled.map((frame) => frame.join("|"))).size).toBe(1);
  client.end();
});

test.each([
  ["status before its openOrder", "openOrder", "orderStatus", ["3", "5"], 0],
  ["filled before its execution", "execDetails", "orderStatus.Filled", ["3", "11"], 2],
  ["commission before its execution", "execDetails", "commissionReport", ["59", "11"], 5],
] as const)("holdReplyUntil: %s", async (_name, message, until, expected, from) => {
  covers("fault/swapped-callbacks");
  const client = await session();
  await simulator.fault({ action: "holdReplyUntil", message, until });
  client.place(1, { orderType: "MKT" });
  await client.waitFor(() => client.of(COMMISSION).length === 1 && client.of("11").length === 1);
  const sequence = client.sequence();
  const [first, second] = expected;
  expect(sequence.slice(from)).toContain(first);
  expect(sequence.indexOf(first, from)).toBe(sequence.indexOf(second, from) - 1);
  client.end();
});

test("delayReply commissionReport -> it comes behind everything; dropReply -> it never comes, and can be asked for", async () => {
  covers("fault/commission-late");
  const client = await session();
  await simulator.fault({ action: "delayReply", message: "commissionReport", delayMs: 50, keepOrder: false });
  client.place(1, { orderType: "MKT" });
  await client.waitFor(() => client.statuses(1).includes("Filled"));
  expect(client.of(COMMISSION)).toEqual([]);
  await client.waitFor(() => client.of(COMMISSION).length === 1);
  await simulator.fault({ action: "dropReply", message: "commissionReport", times: 1 });
  client.place(2, { orderType: "MKT" });
  await client.waitFor(() => client.statuses(2).includes("Filled"));
  client.send(7, 3, 5, clientId, "", "", "", "", "", "");
  await client.waitFor(() => client.of("55").length === 1);
  expect(new Set(client.of(COMMISSION).map((frame) => frame[2])).size).toBe(2);
  client.end();
});

test("dropReply orderStatus.Filled -> the execution is all that tells of the fill", async () => {
  covers("fault/missing-status");
  const client = await session();
  await simulator.fault({ action: "dropReply", message: "orderStatus.Filled", times: 0 });
  client.place(1, { orderType: "MKT" });
  await client.waitFor(() => client.of(COMMISSION).length === 1);
  expect(client.of("11")).toHaveLength(1);
  expect(client.statuses(1)).not.toContain("Filled");
  client.end();
});

test("staleStatus -> behind Filled comes the first status of the order once more", async () => {
  covers("fault/stale-status");
  const client = await session();
  await simulator.fault({ action: "staleStatus", delayMs: 10 });
  client.place(1, { orderType: "MKT" });
  await client.waitFor(() => client.statuses(1).at(-1) === "PreSubmitted" && client.statuses(1).includes("Filled"));
  client.end();
});

test("cancelRace -> PendingCancel, a fill, Filled, and 10148 says that it is filled", async () => {
  covers("fault/cancel-race", "fault/cancel-refused");
  const client = await session();
  await simulator.fault({ action: "cancelRace" });
  client.place(1);
  await client.waitFor(() => client.statuses(1).includes("Submitted"));
  client.cancel(1);
  await client.waitFor(() => client.errors(10148).length === 1);
  expect(client.errors(10148)[0]?.[4]).toMatch(/^OrderId 1 .*state: Filled\.$/);
  expect(client.statuses(1).slice(-2)).toEqual(["PendingCancel", "Filled"]);
  expect(client.of("11")).toHaveLength(1);
  client.end();
});

test("holdInactive -> Inactive first, and then it works and fills after all", async () => {
  covers("fault/resurrection");
  const client = await session();
  await simulator.fault({ action: "holdInactive", delayMs: 30 });
  client.place(1, { lmtPrice: "205" });
  await client.waitFor(() => client.of(COMMISSION).length === 1);
  const statuses = client.statuses(1);
  expect(statuses[0]).toBe("Inactive");
  expect(statuses).toContain("Submitted");
  expect(statuses.at(-1)).toBe("Filled");
  client.end();
});

test("correctExecution -> the same execution with the next suffix, another price, and the books follow", async () => {
  covers("fault/execution-correction", "sequence/execution-correction");
  const client = await session();
  client.send(61, 1);
  await client.waitFor(() => client.of("62").length === 1);
  await simulator.fault({ action: "correctExecution", price: "199.5", delayMs: 10 });
  client.place(1, { orderType: "MKT", quantity: "10" });
  await client.waitFor(() => client.of("11").length === 2);
  const [first, second] = client.of("11");
  expect(second?.[14]).toBe(first?.[14]?.replace(/01$/, "02"));
  expect([first?.[20], second?.[20]]).toEqual(["200.01", "199.5"]);
  expect(second?.with(14, "").with(20, "").with(25, "")).toEqual(first?.with(14, "").with(20, "").with(25, ""));
  client.end();
});

test("bustExecution -> the fill is taken back: 0 shares, and position and cash are as before", async () => {
  covers("fault/bust");
  const client = await session();
  const held = async () => {
    client.send(61, 1);
    const ends = client.of("62").length;
    await client.waitFor(() => client.of("62").length > ends);
    return (
      client
        .of("61")
        .findLast((frame) => frame[3] === "META")
        ?.slice(13) ?? ["0"]
    );
  };
  const cash = async () => {
    client.send(62, 1, 9, "All", "TotalCashValue");
    const ends = client.of("64").length;
    await client.waitFor(() => client.of("64").length > ends);
    client.send(63, 1, 9);
    return client.of("63").at(-1)?.[5];
  };
  const before = await cash();
  await simulator.fault({ action: "bustExecution", delayMs: 10 });
  client.place(1, { conId: 107113386, orderType: "MKT", quantity: "5" });
  await client.waitFor(() => client.of("11").length === 2);
  expect(client.of("11").map((frame) => frame[19])).toEqual(["5", "0"]);
  expect((await held())[0]).toBe("0");
  expect(await cash()).toBe(before);
  client.end();
});

test("the library survives a duplicate, a swap and a stale status without a protocol error", async () => {
  await simulator.pin(AAPL.conId, "200");
  const library = await simulator.library(50);
  await simulator.fault(
    { action: "duplicateReply", message: "openOrder", times: 0 },
    { action: "holdReplyUntil", message: "execDetails", until: "commissionReport" },
    { action: "staleStatus" },
  );
  library.place(AAPL, { orderType: "MKT" as never });
  await library.waitFor(EventName.execDetails);
  expect(library.protocolErrors()).toEqual([]);
  library.disconnect();
});
