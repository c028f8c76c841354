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

test.each([
  ["Inactive", 201, "Order rejected - reason:No."],
  ["Cancelled", 202, "Order Canceled - reason:We cannot accept an order at this price."],
] as const)("rejectOrder -> %s, then %i with the reason", async (status, code, text) => {
  covers("fault/reject-reason");
  const client = await session();
  await simulator.fault({ action: "rejectOrder", status, code, text });
  client.place(1);
  await client.waitFor(() => client.errors(code).length === 1);
  expect(client.statuses(1)).toEqual([status]);
  expect(client.frames.at(-1)).toEqual(["4", "2", "1", String(code), text, ""]);
  client.end();
});

test.each([
  ["valid", '{"rejectCode":201,"message":"The order was rejected by the exchange."}'],
  ["escaped", '{"rejectCode":201,"message":"\\u00dcbergr\\u00f6\\u00dfe \\u201cAAPL\\u201d"}'],
  ["malformed", '{"rejectCode":201,"message":'],
] as const)("rejectOrder with %s JSON -> it is the last token, as it is", async (advancedReject, json) => {
  covers("fault/reject-json");
  const client = await session();
  await simulator.fault({ action: "rejectOrder", advancedReject });
  client.place(1);
  await client.waitFor(() => client.errors(201).length === 1);
  expect(client.errors(201)[0]?.[5]).toBe(json);
  if (advancedReject === "malformed") expect(() => JSON.parse(json)).toThrow();
  else expect(JSON.parse(json)).toMatchObject({ rejectCode: 201 });
  client.end();
});

test("a valid advanced reject reaches the unmodified library as an object", async () => {
  covers("fault/reject-json");
  await simulator.pin(AAPL.conId, "200");
  const library = await simulator.library(60);
  await simulator.fault({ action: "rejectOrder", advancedReject: "escaped" });
  const id = library.place(AAPL, { lmtPrice: 150 });
  const [rejected] = await library.waitFor(EventName.error, ([, code]) => code === 201);
  expect(rejected?.args[2]).toBe(id);
  expect(rejected?.args[3]).toMatchObject({ message: "Übergröße “AAPL”" });
  library.disconnect();
});

test("warnOrder -> the message with the order's id, and the order lives on", async () => {
  covers("fault/order-warning", "error/399");
  const client = await session();
  const text = "Order Message:\nBUY 10 AAPL NASDAQ.NMS\nWarning: Your order was rerouted.";
  await simulator.fault({ action: "warnOrder", text });
  client.place(1);
  await client.waitFor(() => client.statuses(1).includes("Submitted"));
  expect(client.errors(399)[0]).toEqual(["4", "2", "1", "399", text, ""]);
  client.end();
});

test("answerError 110 -> the price is refused for its step, although it fits", async () => {
  covers("fault/reject-tick", "error/110");
  const client = await session();
  const text = "The price does not conform to the minimum price variation for this contract.";
  await simulator.fault({ action: "answerError", message: "placeOrder", code: 110, text });
  client.place(1);
  await client.waitFor(() => client.errors(110).length === 1);
  expect(client.frames.at(-1)).toEqual(["4", "2", "1", "110", text, ""]);
  client.place(2, { lmtPrice: "150.001" });
  await client.waitFor(() => client.errors(110).length === 2);
  expect(client.errors(110)[1]?.slice(2)).toEqual(["2", "110", text, ""]);
  client.end();
});

test("a cancel is refused as unknown, as over, or as not in a state to be cancelled", async () => {
  covers("fault/cancel-refused", "error/10147", "error/10148");
  const client = await session();
  client.cancel(77);
  await client.waitFor(() => client.errors(10147).length === 1);
  client.place(1, { orderType: "MKT" });
  await client.waitFor(() => client.of("59").length === 1);
  client.cancel(1);
  await client.waitFor(() => client.errors(10148).length === 1);
  expect(client.errors(10148)[0]?.[4]).toMatch(/state: Filled\.$/);
  const text = "Cancel attempted when order is not in a cancellable state.  Order permId =900339";
  await simulator.fault({ action: "answerError", message: "cancelOrder", code: 161, text });
  client.cancel(1);
  await client.waitFor(() => client.errors(161).length === 1);
  expect(client.errors(161)[0]?.[2]).toBe("1");
  client.end();
});

test.each([
  [135, "cancelOrder", "Can't find order with id =5"],
  [203, "placeOrder", "The security AAPL is not available or allowed for this account."],
  [107, "placeOrder", "Cannot transmit incomplete order."],
] as const)("answerError %i -> the code and the text as they are, and nothing else", async (code, message, text) => {
  covers("error/135", "error/203", "error/107");
  const client = await session();
  await simulator.fault({ action: "answerError", message, code, text });
  if (message === "cancelOrder") client.cancel(5);
  else client.place(5);
  await client.waitFor(() => client.errors(code).length === 1);
  expect(client.frames.at(-1)).toEqual(["4", "2", "5", String(code), text, ""]);
  expect([...client.of("5"), ...client.of("3")]).toEqual([]);
  client.end();
});

test("refuseForeignCancel -> another client's order is not found; without it TWS lets the cancel pass", async () => {
  covers("fault/cancel-refused");
  const [owner, other] = [await session(), await session()];
  owner.place(1);
  owner.place(2);
  await owner.waitFor(() => owner.statuses(2).includes("Submitted"));
  await simulator.fault({ action: "refuseForeignCancel" });
  other.cancel(1);
  await other.waitFor(() => other.errors(10147).length === 1);
  await simulator.calm();
  other.cancel(2);
  await owner.waitFor(() => owner.statuses(2).includes("Cancelled"));
  expect(owner.statuses(1)).not.toContain("Cancelled");
  owner.end();
  other.end();
});

test("fillInParts -> these sizes and no others, an odd lot among them, at a better price", async () => {
  covers("fault/partial-fills", "fault/price-improvement", "fault/odd-lot");
  const client = await session();
  await simulator.fault({ action: "fillInParts", sizes: ["37", "60", "3"], improvement: "0.02", everyMs: 5 });
  client.place(1, { orderType: "MKT", quantity: "100" });
  await client.waitFor(() => client.statuses(1).includes("Filled"));
  expect(client.of("11").map((frame) => [frame[19], frame[20], frame[24]])).toEqual([
    ["37", "199.99", "37"],
    ["60", "199.99", "97"],
    ["3", "199.99", "100"],
  ]);
  client.end();
});

test("a what-if answers at once with margins and commission, and is no order", async () => {
  covers("fault/what-if-immediate");
  const client = await session();
  client.place(1, { whatIf: true });
  await client.waitFor(() => client.of("5").length === 1);
  expect(margins(client.of("5")[0])).not.toContain(UNSET);
  expect(client.of("3")).toEqual([]);
  client.end();
});

test("whatIfAnswer incompleteFirst -> one callback without margins, then the good one", async () => {
  covers("fault/what-if-incomplete", "sequence/what-if-incomplete");
  const client = await session();
  await simulator.fault({ action: "whatIfAnswer", answer: "incompleteFirst", delayMs: 20 });
  client.place(1, { whatIf: true });
  await client.waitFor(() => client.of("5").length === 2);
  const [incomplete, good] = client.of("5");
  expect(new Set(margins(incomplete))).toEqual(new Set([UNSET]));
  expect(commission(incomplete)).toEqual(["", "", "", ""]);
  expect(margins(good)).not.toContain(UNSET);
  client.end();
});

test("whatIfAnswer commissionUnset -> the largest double, and bounds in place of a commission", async () => {
  covers("fault/what-if-no-commission", "sequence/what-if-incomplete");
  const client = await session();
  await simulator.fault({ action: "whatIfAnswer", answer: "commissionUnset" });
  client.place(1, { whatIf: true });
  await client.waitFor(() => client.of("5").length === 1);
  expect(commission(client.of("5")[0])).toEqual([UNSET, "1.0", "2.5", "USD"]);
  client.end();
});

test("whatIfAnswer never -> nothing, while the session answers everything else", async () => {
  covers("fault/what-if-never");
  const client = await session();
  await simulator.fault({ action: "whatIfAnswer", answer: "never" });
  client.place(1, { whatIf: true });
  client.place(2);
  await client.waitFor(() => client.statuses(2).includes("Submitted"));
  expect(client.of("5").filter((frame) => frame[1] === "1")).toEqual([]);
  client.end();
});

test.each([
  ["is refused by the exchange", { action: "rejectOrder", orderRef: "stop" }, "Inactive"],
  ["is refused before it is an order", { action: "answerError", orderRef: "stop", code: 201, text: "No." }, undefined],
] as const)("half of a bracket: the protecting child %s, its parent fills all the same", async (_name, fault, last) => {
  const client = await session();
  await simulator.fault(fault);
  client.place(1, { orderRef: "entry", orderType: "MKT", transmit: false });
  client.place(2, { orderRef: "stop", action: "SELL", lmtPrice: "210", parentId: 1 });
  if (last === undefined) client.place(1, { orderRef: "entry", orderType: "MKT" });
  await client.waitFor(() => client.statuses(1).includes("Filled") && client.errors(201).length === 1);
  expect(client.statuses(2).at(-1)).toBe(last);
  client.end();
});

const UNSET = "1.7976931348623157E308";

/** The nine margins of an openOrder; behind the flag and the status, which stand behind `solicited`. */
function margins(frame: readonly string[] | undefined): string[] {
  const at = whatIfAt(frame);
  return (frame ?? []).slice(at + 2, at + 11);
}

/** Commission, its bounds, its currency. */
function commission(frame: readonly string[] | undefined): string[] {
  const at = whatIfAt(frame);
  return (frame ?? []).slice(at + 11, at + 15);
}

const WHAT_IF_AT = 92;

function whatIfAt(frame: readonly string[] | undefined): number {
  expect(frame?.slice(WHAT_IF_AT, WHAT_IF_AT + 2)).toEqual(["1", "PreSubmitted"]);
  return WHAT_IF_AT;
}
