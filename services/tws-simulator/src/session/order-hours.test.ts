import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualClock } from "@countersign/clock/manual-clock";
import { covers } from "@countersign/testing/covers";
import { EventName } from "@stoqey/ib";
import { afterEach, expect, test } from "vitest";
import type { LibraryClient } from "../testing/library-client.ts";
import { errorText, story } from "../testing/order-story.ts";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

let simulator: TestSimulator;
let client: LibraryClient;
let clock: ManualClock;

/** A simulator with the exchanges' own hours whose clock stands at this UTC instant. */
async function at(utc: string, options: { dataDir?: string } = {}, price = "20"): Promise<void> {
  clock = new ManualClock(Date.parse(utc));
  simulator = await TestSimulator.start({ calendar: "real", clock, ...options });
  await simulator.pin(AAPL.conId, price);
  client = await simulator.library();
}
afterEach(() => {
  expect(client.protocolErrors()).toEqual([]);
  simulator.stop();
});

const MINUTE = 60_000;
/** Moves the clock, and waits until everything it caused has arrived. */
async function pass(ms: number): Promise<void> {
  await clock.advance(ms);
  await settled();
}
async function settled(): Promise<void> {
  const count = client.of(EventName.currentTime).length + 1;
  client.api.reqCurrentTime();
  await client.waitFor(EventName.currentTime, () => true, count);
}
async function placed(order: object, contract: object = AAPL): Promise<number> {
  const id = client.place(contract as never, order as never);
  await client.waitFor(EventName.orderStatus, (args) => args[0] === id);
  await pass(0);
  return id;
}
const last = (id: number) => story(client, id).at(-1);
async function completed(id: number): Promise<unknown> {
  client.api.reqCompletedOrders(true);
  await client.waitFor(EventName.completedOrdersEnd);
  const permId = client.of(EventName.orderStatus).find(({ args }) => args[0] === id)?.args[5];
  const found = client
    .of(EventName.completedOrder)
    .find(({ args }) => (args[1] as { permId: number }).permId === permId);
  return (found?.args[2] as { completedStatus: string } | undefined)?.completedStatus;
}
const prices = () => client.of(EventName.execDetails).map(({ args }) => (args[2] as { price: number }).price);

test("a Sunday order -> 399 with the opening, PreSubmitted; its cancel passes through PendingCancel, told twice", async () => {
  covers("sequence/outside-hours", "sequence/cancel-outside-hours", "error/399");
  await at("2026-11-22T15:00:00Z");
  const id = await placed({ lmtPrice: 19 });
  expect(story(client, id)).toEqual(["4 399", "5 PreSubmitted", "3 PreSubmitted"]);
  expect(errorText(client, id, 399)).toBe(
    "Order Message:\nBUY 10 AAPL NASDAQ.NMS\n" +
      "Warning: Your order will not be placed at the exchange until 2026-11-23 09:30:00 US/Eastern.",
  );
  client.api.cancelOrder(id);
  await client.waitFor(EventName.error, (args) => args[1] === 202);
  expect(story(client, id).slice(3)).toEqual([
    "5 PendingCancel",
    "3 PendingCancel",
    "3 PendingCancel",
    "3 Cancelled",
    "4 202",
  ]);
});

test("DAY ends at the close of its session: Cancelled by System; GTC lives, and does not fill while the market is closed", async () => {
  covers("sequence/day-end", "order/day", "order/good-till-cancelled");
  await at("2026-11-23T20:59:30Z");
  const day = await placed({ lmtPrice: 19 });
  const gtc = await placed({ lmtPrice: 19, tif: "GTC" });
  await pass(29_000);
  expect(last(day)).toBe("3 Submitted");
  await pass(2_000);
  expect(story(client, day).slice(-2)).toEqual(["3 Cancelled", "4 202"]);
  expect(await completed(day)).toBe("Cancelled by System:\n");
  await simulator.pin(AAPL.conId, "18.50");
  await settled();
  expect(last(gtc)).toBe("3 Submitted");
  expect(prices()).toEqual([]);
});

test("a DAY limit with outsideRth works until 20:00; a MKT with the flag is warned that it is ignored", async () => {
  covers("order/outside-rth");
  await at("2026-11-23T21:00:30Z");
  const outside = await placed({ lmtPrice: 19, outsideRth: true });
  expect(last(outside)).toBe("3 Submitted");
  const market = await placed({ orderType: "MKT", outsideRth: true });
  expect(story(client, market)).toEqual(["4 2109", "4 399", "5 PreSubmitted", "3 PreSubmitted"]);
  await simulator.pin(AAPL.conId, "18.90");
  await settled();
  expect(last(outside)).toBe("59");
});

test("a stop with outsideRth is triggered after the close, one without it is not", async () => {
  covers("order/outside-rth");
  await at("2026-11-23T21:00:30Z");
  const flagged = await placed({ orderType: "STP", action: "SELL", auxPrice: 19, outsideRth: true, tif: "GTC" });
  const plain = await placed({ orderType: "STP", action: "SELL", auxPrice: 19, tif: "GTC" });
  await simulator.pin(AAPL.conId, "18.90");
  await pass(0);
  expect([last(flagged), last(plain)]).toEqual(["59", "3 PreSubmitted trigger"]);
});

test("currencies pause from 17:00 to 17:15 in New York: an order in between waits for the quarter", async () => {
  covers("order/own-hours");
  const EURUSD = { conId: 12087792, exchange: "IDEALPRO" };
  await at("2026-11-23T22:14:30Z");
  await simulator.pin(EURUSD.conId, "1.15000");
  const id = await placed({ orderType: "MKT", totalQuantity: 30_000 }, EURUSD);
  expect(story(client, id)).toEqual(["4 399", "5 PreSubmitted", "3 PreSubmitted"]);
  await pass(31_000);
  expect(last(id)).toBe("59");
});

test("MOC fills at the close at the last price; LOC fills there when the price is within, and is cancelled when not", async () => {
  covers("order/market-on-close", "order/limit-on-close");
  await at("2026-11-27T17:59:30Z");
  const moc = await placed({ orderType: "MOC" });
  const within = await placed({ orderType: "LOC", lmtPrice: 20.2 });
  const beyond = await placed({ orderType: "LOC", lmtPrice: 19.8 });
  await pass(29_000);
  for (const id of [moc, within, beyond]) expect(story(client, id)).toEqual(["5 PreSubmitted", "3 PreSubmitted"]);
  await simulator.pin(AAPL.conId, "20.10");
  await pass(2_000);
  expect(prices()).toEqual([20.1, 20.1]);
  expect([last(moc), last(within), last(beyond)]).toEqual(["59", "59", "4 202"]);
});

test.each([
  ["MOO and LOO", { orderType: "MOO" }, { orderType: "LOO", lmtPrice: 20.5 }, { orderType: "LOO", lmtPrice: 19 }],
  [
    "MKT and LMT with OPG",
    { orderType: "MKT", tif: "OPG" },
    { orderType: "LMT", lmtPrice: 20.5, tif: "OPG" },
    { orderType: "LMT", lmtPrice: 19, tif: "OPG" },
  ],
])("%s fill at the open, and a limit that is not within is cancelled there", async (...[, market, within, beyond]) => {
  covers("order/market-on-open", "order/limit-on-open");
  await at("2026-11-23T14:29:30Z");
  const ids = [await placed(market), await placed(within), await placed(beyond)];
  for (const id of ids) expect(story(client, id)).toEqual(["5 PreSubmitted", "3 PreSubmitted"]);
  await pass(31_000);
  expect(ids.map(last)).toEqual(["59", "59", "4 202"]);
});

test("GTD ends at its time, or with the session of its date; good after a time waits for that time", async () => {
  covers("order/good-till-date");
  await at("2026-11-23T20:57:00Z");
  const timed = await placed({ lmtPrice: 19, tif: "GTD", goodTillDate: "20261123 15:58:00 US/Eastern" });
  const dated = await placed({ lmtPrice: 19, tif: "GTD", goodTillDate: "20261123" });
  const later = await placed({ orderType: "MKT", goodAfterTime: "20261123 15:58:30 US/Eastern" });
  expect(last(later)).toBe("3 PreSubmitted");
  await pass(MINUTE + 500);
  expect([last(timed), last(dated), last(later)]).toEqual(["4 202", "3 Submitted", "3 PreSubmitted"]);
  await pass(MINUTE);
  expect([last(dated), last(later)]).toEqual(["3 Submitted", "59"]);
  await pass(MINUTE);
  expect(last(dated)).toBe("4 202");
});

test("each exchange keeps its own clock: DAY in Frankfurt ends at 17:30 there, while New York goes on", async () => {
  covers("order/own-hours");
  await at("2026-11-23T16:29:30Z");
  const frankfurt = await placed({ lmtPrice: 1 }, { symbol: "SAP", secType: "STK", currency: "EUR", exchange: "IBIS" });
  const newYork = await placed({ lmtPrice: 19 });
  await pass(31_000);
  expect([last(frankfurt), last(newYork)]).toEqual(["4 202", "3 Submitted"]);
});

test("a double trigger asks for two looks in a row: one look, and a look away, do not count", async () => {
  covers("order/trigger-method");
  await at("2026-11-23T15:00:00Z");
  const id = await placed({ orderType: "STP", auxPrice: 20.5, triggerMethod: 3 });
  for (const price of ["20.50", "20.40", "20.50"]) await simulator.pin(AAPL.conId, price);
  await settled();
  expect(last(id)).toBe("3 PreSubmitted trigger");
  await simulator.pin(AAPL.conId, "20.50");
  await settled();
  expect(last(id)).toBe("59");
});

test("shares to sell short are located after a while, and the order is submitted", async () => {
  covers("error/404");
  await at("2026-11-23T15:00:00Z");
  const tesla = { symbol: "TSLA", secType: "STK", currency: "USD", exchange: "SMART" };
  const id = await placed({ action: "SELL", lmtPrice: 2000, totalQuantity: 1 }, tesla);
  expect(story(client, id)).toEqual(["5 PreSubmitted", "3 PreSubmitted locate", "4 404"]);
  await pass(5_500);
  expect(story(client, id).slice(3)).toEqual(["5 Submitted", "3 Submitted"]);
});

test("a holiday: Thanksgiving has no session, so the order waits for Friday", async () => {
  await at("2026-11-26T15:00:00Z");
  const id = await placed({ lmtPrice: 19 });
  expect(errorText(client, id, 399)).toContain("until 2026-11-27 09:30:00 US/Eastern.");
});

test("after Xetra has closed an order works off the floor, on the exchange that it names", async () => {
  await at("2026-11-23T18:00:00Z");
  const siemens = { symbol: "SIE", secType: "STK", currency: "EUR" };
  const waits = await placed({ lmtPrice: 100 }, { ...siemens, exchange: "IBIS" });
  expect(errorText(client, waits, 399)).toContain("until 2026-11-24 09:00:00 MET.");
  const works = await placed({ lmtPrice: 100 }, { ...siemens, exchange: "GETTEX" });
  expect(last(works)).toBe("3 Submitted");
  await pass(3.5 * 60 * MINUTE);
  expect(story(client, works)).toContain("3 Cancelled");
});

test("after a restart held orders are as they were: trailing stop, bracket, condition, close, GTC", async () => {
  covers("order/restart");
  const dataDir = mkdtempSync(join(tmpdir(), "tws-simulator-"));
  await at("2026-11-23T20:50:00Z", { dataDir });
  const trail = await placed({ orderType: "TRAIL", action: "SELL", auxPrice: 0.5, tif: "GTC" });
  await simulator.pin(AAPL.conId, "21");
  await simulator.pin(AAPL.conId, "20.80");
  const close = await placed({ orderType: "MOC" });
  const parent = client.place(AAPL, { lmtPrice: 19, tif: "GTC" as never, transmit: false });
  const child = await placed({ action: "SELL", lmtPrice: 22, parentId: parent, tif: "GTC" });
  const condition = { type: 3, conjunctionConnection: "a", isMore: true, strValue: "20261123 15:55:00 US/Eastern" };
  const conditional = await placed({ lmtPrice: 19, tif: "GTC", conditions: [condition] });
  simulator.stop();
  const nowMs = clock.nowMs();
  await at(new Date(nowMs).toISOString(), { dataDir }, "20.80");
  const open = client.of(EventName.openOrder).map(({ args }) => args[0]);
  expect(open).toEqual([trail, close, parent, child, conditional]);
  expect(client.of(EventName.openOrder)[0]?.args[2]).toMatchObject({ trailStopPrice: 20.5 });
  expect(story(client, child)).toEqual(["5 PreSubmitted", "3 PreSubmitted child"]);
  await simulator.pin(AAPL.conId, "20.50");
  await pass(0);
  expect(last(trail)).toBe("59");
  await pass(5 * MINUTE);
  expect(last(conditional)).toBe("3 Submitted");
  await pass(5 * MINUTE);
  expect(last(close)).toBe("59");
  rmSync(dataDir, { recursive: true });
});
