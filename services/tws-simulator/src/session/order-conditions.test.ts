import { ManualClock } from "@countersign/clock/manual-clock";
import { covers } from "@countersign/testing/covers";
import { EventName } from "@stoqey/ib";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LibraryClient } from "../testing/library-client.ts";
import { errorText, story } from "../testing/order-story.ts";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

const MSFT = 272093;
let simulator: TestSimulator;
let client: LibraryClient;
let clock: ManualClock;
beforeEach(async () => {
  clock = new ManualClock(Date.parse("2026-11-23T15:00:00Z"));
  simulator = await TestSimulator.start({ clock, calendar: "real" });
  await simulator.pin(AAPL.conId, "20");
  await simulator.pin(MSFT, "400");
  client = await simulator.library();
});
afterEach(() => {
  expect(client.protocolErrors()).toEqual([]);
  simulator.stop();
});

async function pass(ms: number): Promise<void> {
  await clock.advance(ms);
  const count = client.of(EventName.currentTime).length + 1;
  client.api.reqCurrentTime();
  await client.waitFor(EventName.currentTime, () => true, count);
}
async function placed(order: object): Promise<number> {
  const id = client.place(AAPL, order);
  await client.waitFor(EventName.orderStatus, (args) => args[0] === id);
  await pass(0);
  return id;
}
const last = (id: number) => story(client, id).at(-1);

const and = { conjunctionConnection: "a" };
const or = { conjunctionConnection: "o" };
const above = (strValue: string, joined: object = and) => {
  return { type: 1, ...joined, isMore: true, strValue, conId: MSFT, exchange: "SMART", triggerMethod: 0 };
};
const after = (strValue: string, joined: object = and) => ({ type: 3, ...joined, isMore: true, strValue });
const moved = (type: 6 | 7, strValue: string, isMore = true) => {
  return { type, ...and, isMore, strValue, conId: MSFT, exchange: "SMART" };
};
const cushion = (strValue: string, isMore: boolean) => ({ type: 4, ...and, isMore, strValue });
const traded = { type: 5, ...and, secType: "STK", exchange: "SMART", symbol: "MSFT" };
const LIMIT = { lmtPrice: 19 };

test("price: held until the other instrument is at the price, then submitted", async () => {
  covers("order/condition-price");
  const id = await placed({ ...LIMIT, conditions: [above("401")] });
  await simulator.pin(MSFT, "400.99");
  await pass(0);
  expect(story(client, id)).toEqual(["5 PreSubmitted", "3 PreSubmitted"]);
  await simulator.pin(MSFT, "401");
  await pass(0);
  expect(story(client, id).slice(2)).toEqual(["5 Submitted", "3 Submitted"]);
});

test("time: held until the instant, in the zone that it names", async () => {
  covers("order/condition-time");
  const id = await placed({ ...LIMIT, conditions: [after("20261123 16:01:00 MET")] });
  await pass(59_000);
  expect(last(id)).toBe("3 PreSubmitted");
  await pass(1_500);
  expect(last(id)).toBe("3 Submitted");
});

test("margin: the cushion of the account in percent", async () => {
  covers("order/condition-margin");
  const id = await placed({ ...LIMIT, conditions: [cushion("60", false)] });
  await pass(500);
  expect(last(id)).toBe("3 PreSubmitted");
  const buy = await placed({ orderType: "MKT", totalQuantity: 12_000 });
  await pass(1_000);
  expect(last(buy)).toBe("59");
  expect(last(id)).toBe("3 Submitted");
});

test("execution: a trade of the account in the other instrument", async () => {
  covers("order/condition-execution");
  const id = await placed({ ...LIMIT, conditions: [traded] });
  await pass(500);
  expect(last(id)).toBe("3 PreSubmitted");
  client.place({ conId: MSFT, exchange: "SMART" }, { orderType: "MKT" as never });
  await client.waitFor(EventName.openOrder, (args) => args[0] !== id);
  await pass(500);
  expect(last(id)).toBe("3 Submitted");
});

test("volume: traded today in the other instrument", async () => {
  covers("order/condition-volume");
  client.api.reqMktData(1, { conId: MSFT, exchange: "SMART" }, "", true, false);
  const [tick] = await client.waitFor(EventName.tickSize, (args) => args[1] === 8);
  const now = Number(tick?.args[2]);
  const soon = await placed({ ...LIMIT, conditions: [moved(6, String(now + 1_000))] });
  const late = await placed({ ...LIMIT, conditions: [moved(6, String(now * 3))] });
  expect(last(soon)).toBe("3 PreSubmitted");
  await pass(120_000);
  expect([last(soon), last(late)]).toEqual(["3 Submitted", "3 PreSubmitted"]);
});

test("percent change since the close of the day before, up and down", async () => {
  covers("order/condition-percent-change");
  client.api.reqMktData(1, { conId: MSFT, exchange: "SMART" }, "", true, false);
  const [tick] = await client.waitFor(EventName.tickPrice, (args) => args[1] === 9);
  const close = Number(tick?.args[2]);
  await simulator.pin(MSFT, close.toFixed(2));
  const up = await placed({ ...LIMIT, conditions: [moved(7, "2")] });
  const down = await placed({ ...LIMIT, conditions: [moved(7, "-2", false)] });
  await simulator.pin(MSFT, (close * 1.021).toFixed(2));
  await pass(0);
  expect([last(up), last(down)]).toEqual(["3 Submitted", "3 PreSubmitted"]);
  await simulator.pin(MSFT, (close * 0.979).toFixed(2));
  await pass(0);
  expect(last(down)).toBe("3 Submitted");
});

test("two conditions: both of them, or one of them", async () => {
  const time = "20261123 10:30:00 US/Eastern";
  const both = await placed({ ...LIMIT, conditions: [above("401", and), after(time)] });
  const either = await placed({ ...LIMIT, conditions: [above("401", or), after(time)] });
  await simulator.pin(MSFT, "402");
  await pass(0);
  expect([last(both), last(either)]).toEqual(["3 PreSubmitted", "3 Submitted"]);
});

test("an order that its conditions cancel works from the start, and is cancelled when they are met", async () => {
  covers("order/condition-cancel");
  const id = await placed({ ...LIMIT, conditions: [above("401")], conditionsCancelOrder: true });
  expect(last(id)).toBe("3 Submitted");
  await simulator.pin(MSFT, "401");
  await pass(0);
  expect(story(client, id).slice(-2)).toEqual(["3 Cancelled", "4 202"]);
});

test.each([
  ["an instrument that nobody knows", { ...above("401"), conId: 4711 }],
  ["a time that is none", after("tomorrow")],
  ["a percentage that is no number", cushion("much", true)],
])("%s -> 321", async (_name, condition) => {
  const id = client.place(AAPL, { ...LIMIT, conditions: [condition] as never });
  await client.waitFor(EventName.error, (args) => args[1] === 321 && args[2] === id);
  expect(errorText(client, id, 321)).toContain("in a condition");
});
