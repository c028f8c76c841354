import { covers } from "@countersign/testing/covers";
import { EventName } from "@stoqey/ib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildBook } from "../market/book.ts";
import type { LibraryClient } from "../testing/library-client.ts";
import { errorText, story } from "../testing/order-story.ts";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

let simulator: TestSimulator;
let client: LibraryClient;
beforeAll(async () => {
  simulator = await TestSimulator.start({ accounts: ["DU1234567", "DU7654321"] });
  await simulator.pin(AAPL.conId, "200");
  client = await simulator.library();
});
afterAll(() => simulator.stop());

const STEP = "The price does not conform to the minimum price variation for this contract.";
const FRACTION = "Fractional-sized order cannot be placed via API. Please use desktop version to place this order.";
const NO_TYPE = "Unsupported order type for this exchange and security type.";
const validating = (cause: string) => `Error validating request.-'bW' : cause - ${cause}`;
const EURUSD = { conId: 12087792, exchange: "IDEALPRO" };
const index = [...buildBook().values()].find(({ secType }) => secType === "IND");
const INDEX = { conId: index?.conId ?? 0, exchange: index?.exchange ?? "" };

async function refused(contract: object, order: object): Promise<{ id: number; code: unknown; text: string }> {
  const id = client.place(contract as never, order as never);
  const [found] = await client.waitFor(EventName.error, (args) => args[2] === id);
  return { id, code: found?.args[1], text: errorText(client, id, Number(found?.args[1])) };
}

describe("an order that is refused is answered with the code and the words of TWS, and with nothing else", () => {
  test.each([
    ["no exchange", { conId: 265598 }, { lmtPrice: 1 }, 321, validating("Missing order exchange")],
    [
      "an unknown type",
      AAPL,
      { orderType: "FOO" },
      321,
      "Error validating request.-'v' : cause - Invalid order type was entered",
    ],
    ["an unknown side", AAPL, { action: "HOLD", lmtPrice: 1 }, 321, validating("Invalid order side was entered")],
    ["a limit order without a limit", AAPL, {}, 321, validating("Invalid limit price was entered")],
    ["a stop without a stop", AAPL, { orderType: "STP" }, 321, validating("Invalid stop price was entered")],
    ["a trail without a distance", AAPL, { orderType: "TRAIL" }, 321, validating("Missing trailing amount or percent")],
    [
      "a trail with two",
      AAPL,
      { orderType: "TRAIL", auxPrice: 1, trailingPercent: 1 },
      321,
      validating("Both a trailing amount and a trailing percent were entered"),
    ],
    ["GTD without a date", AAPL, { lmtPrice: 1, tif: "GTD" }, 321, validating("Invalid good till date was entered")],
    [
      "an account of somebody else",
      AAPL,
      { lmtPrice: 1, account: "DU1" },
      321,
      validating("Invalid account code 'DU1'"),
    ],
    ["no account where there are two", AAPL, { lmtPrice: 1, account: "" }, 435, "You must specify an account."],
    [
      "a size of 34 digits",
      AAPL,
      { lmtPrice: 1, totalQuantity: 1e33 },
      321,
      validating("Invalid order quantity was entered"),
    ],
    ["a price of 31 digits", AAPL, { lmtPrice: 1e30 }, 321, validating("Invalid price was entered")],
    ["a limit below zero", AAPL, { lmtPrice: -1 }, 321, validating("Invalid limit price was entered")],
    ["no size at all", AAPL, { lmtPrice: 1, totalQuantity: undefined }, 107, "Cannot transmit incomplete order."],
    ["an unknown time in force", AAPL, { lmtPrice: 1, tif: "FOREVER" }, 10052, "Invalid time in force:FOREVER"],
    [
      "a display size on a market order",
      AAPL,
      { orderType: "MKT", displaySize: 5 },
      10255,
      "The 'Display Size' order attribute may not be specified for this order.",
    ],
    [
      "an unknown contract",
      { conId: 99, exchange: "SMART" },
      { lmtPrice: 1 },
      200,
      "No security definition has been found for the request",
    ],
    [
      "a contract that is two",
      { symbol: "ASML", secType: "STK", exchange: "SMART" },
      { lmtPrice: 1 },
      200,
      "The contract description specified for ASML is ambiguous.",
    ],
    [
      "an index",
      INDEX,
      { orderType: "MKT" },
      203,
      `The security ${index?.localSymbol} is not available or allowed for this account.`,
    ],
    ["a limit off the step", AAPL, { lmtPrice: 100.001 }, 110, STEP],
    ["a stop off the step", AAPL, { orderType: "STP", auxPrice: 210.005 }, 110, STEP],
    ["a trailing distance off the step", AAPL, { orderType: "TRAIL", auxPrice: 0.015 }, 110, STEP],
    ["a limit offset off the step", AAPL, { orderType: "TRAIL LIMIT", auxPrice: 1, lmtPriceOffset: 0.001 }, 110, STEP],
    ["size zero", AAPL, { lmtPrice: 100, totalQuantity: 0 }, 434, "The order size cannot be zero."],
    [
      "half a share",
      AAPL,
      { lmtPrice: 100, totalQuantity: 0.5 },
      388,
      "Order size 0.5 is smaller than the minimum required size of 1.",
    ],
    ["a share and a half", AAPL, { lmtPrice: 100, totalQuantity: 1.5 }, 10243, FRACTION],
    [
      "an amount of cash",
      AAPL,
      { lmtPrice: 100, totalQuantity: 1, cashQty: 500 },
      10244,
      "Cash quantity cannot be used for this order.",
    ],
    [
      "an attribute of the past",
      AAPL,
      { lmtPrice: 100, eTradeOnly: true },
      10268,
      "The 'EtradeOnly' order attribute is not supported.",
    ],
    ["a close of a market that has none", EURUSD, { orderType: "MOC", totalQuantity: 20_000 }, 387, NO_TYPE],
    ["a type that is not worked here", AAPL, { orderType: "MTL" }, 387, NO_TYPE],
  ])("%s -> %4$s", async (_name, contract, order, code, text) => {
    covers("error/321", "error/107", "error/10052", "error/10255", "error/200", "error/203");
    covers("error/110", "error/434", "error/388");
    const answer = await refused(contract, order);
    expect([answer.code, answer.text]).toEqual([code, text]);
    expect(story(client, answer.id)).toEqual([`4 ${code}`]);
  });

  test.each([
    ["the message before the contract", { conId: 99, exchange: "SMART" }, { orderType: "FOO" }, 321],
    ["the contract before the step", { conId: 99, exchange: "SMART" }, { lmtPrice: 1.001 }, 200],
    ["the step before the size", AAPL, { lmtPrice: 1.001, totalQuantity: 0 }, 110],
    ["the size before the money", AAPL, { lmtPrice: 200, totalQuantity: 1_000_000.5 }, 10243],
  ])("two faults at once: %s", async (_name, contract, order, code) => {
    covers("order/check-order");
    expect((await refused(contract, order)).code).toBe(code);
  });

  test("a price between two steps of the market rule: the step of its own price counts", async () => {
    covers("error/110");
    const option = [...buildBook().values()].find(({ marketRuleId }) => marketRuleId === 110);
    const contract = { conId: option?.conId ?? 0, exchange: option?.exchange ?? "" };
    expect((await refused(contract, { lmtPrice: 3.01, totalQuantity: 1 })).code).toBe(110);
    const id = client.place(contract, { lmtPrice: 0.01, totalQuantity: 1 });
    await client.waitFor(EventName.orderStatus, (args) => args[0] === id && args[1] === "Submitted");
  });
});

test("an id that was used, or that is below one that was -> 103", async () => {
  covers("error/103");
  const used = client.place(AAPL, { lmtPrice: 100 });
  await client.waitFor(EventName.orderStatus, (args) => args[0] === used && args[1] === "Submitted");
  const above = client.place(AAPL, { lmtPrice: 100 }, used + 10);
  await client.waitFor(EventName.orderStatus, (args) => args[0] === above && args[1] === "Submitted");
  client.place(AAPL, { lmtPrice: 100 }, used + 5);
  await client.waitFor(EventName.error, (args) => args[1] === 103 && args[2] === used + 5);
  expect(errorText(client, used + 5, 103)).toBe("Duplicate order id");
  client.nextId = used + 11;
});

test("a cancel of nobody -> 10147, in the older wording 135; of an order that is over -> 10148 with its state", async () => {
  covers("error/10147", "error/10148", "error/135");
  client.api.cancelOrder(4711);
  await client.waitFor(EventName.error, (args) => args[1] === 10147);
  expect(errorText(client, 4711, 10147)).toBe("OrderId 4711 that needs to be cancelled is not found.");
  const done = client.place(AAPL, { orderType: "MKT" as never });
  await client.waitFor(EventName.orderStatus, (args) => args[0] === done && args[1] === "Filled");
  client.api.cancelOrder(done);
  await client.waitFor(EventName.error, (args) => args[1] === 10148);
  expect(errorText(client, done, 10148)).toBe(
    `OrderId ${done} that needs to be cancelled can not be cancelled, state: Filled.`,
  );
  const text = "Can't find order with id =4712";
  await simulator.control("POST", "/faults", { action: "answerError", message: "cancelOrder", code: 135, text });
  client.api.cancelOrder(4712);
  await client.waitFor(EventName.error, (args) => args[1] === 135);
  expect(errorText(client, 4712, 135)).toBe(text);
  await simulator.control("DELETE", "/faults");
});

test("a global cancel ends the orders of all clients; a dead one is named with 161 and its permId", async () => {
  covers("error/161", "order/global-cancel");
  const other = await simulator.library(8);
  const theirs = other.place(AAPL, { lmtPrice: 100 });
  await other.waitFor(EventName.orderStatus, (args) => args[0] === theirs && args[1] === "Submitted");
  const dead = client.place(AAPL, { lmtPrice: 200, totalQuantity: 1_000_000 });
  await client.waitFor(EventName.error, (args) => args[1] === 201 && args[2] === dead);
  const permId = client.of(EventName.orderStatus).find(({ args }) => args[0] === dead)?.args[5];
  client.api.reqGlobalCancel();
  await client.waitFor(EventName.error, (args) => args[1] === 161 && args[2] === dead);
  expect(errorText(client, dead, 161)).toBe(
    `Cancel attempted when order is not in a cancellable state.  Order permId =${permId}`,
  );
  await other.waitFor(EventName.error, (args) => args[1] === 202 && args[2] === theirs);
  client.api.reqAllOpenOrders();
  await client.waitFor(EventName.openOrderEnd);
  const open = client.events.slice(client.events.findLastIndex(({ args }) => args[1] === 202));
  expect(open.filter(({ name }) => name === EventName.openOrder)).toEqual([]);
});

test("shares that are hard to borrow -> PreSubmitted with the reason locate, and 404", async () => {
  covers("error/404");
  const tesla = { symbol: "TSLA", secType: "STK", currency: "USD", exchange: "SMART" };
  const id = client.place(tesla as never, { action: "SELL" as never, lmtPrice: 2000, totalQuantity: 1 });
  await client.waitFor(EventName.error, (args) => args[1] === 404 && args[2] === id);
  expect(story(client, id)).toEqual(["5 PreSubmitted", "3 PreSubmitted locate", "4 404"]);
  expect(errorText(client, id, 404)).toBe("Order held while securities are located.");
});

test("none of all this was a protocol error", () => {
  expect(client.protocolErrors()).toEqual([]);
});
