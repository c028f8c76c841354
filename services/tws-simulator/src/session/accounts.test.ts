import { ManualClock } from "@countersign/clock/manual-clock";
import { covers } from "@countersign/testing/covers";
import { EventName } from "@stoqey/ib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LibraryClient, SeenEvent } from "../testing/library-client.ts";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";

const [FIRST, SECOND] = ["DU1234567", "DU7654321"] as const;
const clock = new ManualClock(Date.UTC(2027, 0, 4, 15, 0, 0));
let simulator: TestSimulator;
let client: LibraryClient;
beforeAll(async () => {
  simulator = await TestSimulator.start({ clock, accounts: [FIRST, SECOND], advance: (ms) => clock.advance(ms) });
  client = await simulator.library();
  await simulator.pin(AAPL.conId, "200");
});
afterAll(() => {
  expect(client.protocolErrors()).toEqual([]);
  simulator.stop();
});

function about(name: string, reqId: number): SeenEvent[] {
  return client.of(name).filter(({ args }) => args[0] === reqId);
}

async function settled(): Promise<void> {
  const before = client.of(EventName.currentTime).length;
  client.api.reqCurrentTime();
  await client.waitFor(EventName.currentTime, () => true, before + 1);
}

/** Buys one share and waits until it is filled. */
async function buy(account: string = SECOND): Promise<void> {
  const before = client.of(EventName.commissionReport).length;
  const id = client.place(AAPL, { orderType: "MKT" as never, totalQuantity: 1, account });
  await client.waitFor(EventName.orderStatus, (args) => args[0] === id);
  await clock.advance(1_000);
  await client.waitFor(EventName.commissionReport, () => true, before + 1);
  await settled();
}

test("values of one account, then what a fill changes in it, and nothing after the cancel", async () => {
  covers("request/reqAccountUpdatesMulti", "request/cancelAccountUpdatesMulti", "reply/accountUpdateMulti");
  client.api.reqAccountUpdatesMulti(1, SECOND, "", false);
  client.api.reqAccountUpdatesMulti(2, FIRST, "", true);
  await client.waitFor(EventName.accountUpdateMultiEnd, () => true, 2);
  const cash = (reqId: number) =>
    about(EventName.accountUpdateMulti, reqId).filter(({ args }) => args[3] === "CashBalance");
  expect(cash(1)[0]?.args).toEqual([1, SECOND, "", "CashBalance", "100000.00", "BASE"]);
  const keys = new Set(about(EventName.accountUpdateMulti, 2).map(({ args }) => args[3]));
  expect(keys).toContain("NetLiquidation");
  expect(keys).not.toContain("BuyingPower");
  const before = [cash(1).length, cash(2).length];
  await buy();
  expect(cash(1).length).toBeGreaterThan(before[0] ?? 0);
  expect(cash(2)).toHaveLength(before[1] ?? -1);
  client.api.cancelAccountUpdatesMulti(1);
  const seen = about(EventName.accountUpdateMulti, 1).length;
  await buy();
  expect(about(EventName.accountUpdateMulti, 1)).toHaveLength(seen);
});

test("positions of all accounts and of one, kept up to date until they are cancelled", async () => {
  covers("request/reqPositions", "request/cancelPositions", "request/reqPositionsMulti");
  covers("request/cancelPositionsMulti", "reply/position", "reply/positionMulti", "reply/positionEnd");
  client.api.reqPositions();
  client.api.reqPositionsMulti(3, SECOND, "");
  client.api.reqPositionsMulti(4, FIRST, "");
  await client.waitFor(EventName.positionEnd);
  await client.waitFor(EventName.positionMultiEnd, () => true, 2);
  await buy();
  await client.waitFor(EventName.position, (args) => args[0] === SECOND && args[2] === 3);
  expect(about(EventName.positionMulti, 3).at(-1)?.args.slice(1, 3)).toEqual([SECOND, ""]);
  expect(about(EventName.positionMulti, 4)).toEqual([]);
  client.api.cancelPositions();
  client.api.cancelPositionsMulti(3);
  const seen = [client.of(EventName.position).length, client.of(EventName.positionMulti).length];
  await buy();
  expect([client.of(EventName.position).length, client.of(EventName.positionMulti).length]).toEqual(seen);
});

test("profit and loss about once a second, in decimals, unset for what nobody holds, none after the cancel", async () => {
  covers("request/reqPnL", "request/cancelPnL", "request/reqPnLSingle", "request/cancelPnLSingle", "reply/pnlSingle");
  client.api.reqPnL(5, SECOND, "");
  client.api.reqPnLSingle(6, SECOND, "", AAPL.conId);
  client.api.reqPnLSingle(7, SECOND, "", 272093);
  await settled();
  expect(about(EventName.pnlSingle, 7)[0]?.args).toEqual([7, 0, undefined, undefined, undefined, undefined]);
  await simulator.pin(AAPL.conId, "210");
  await clock.advance(2_000);
  await settled();
  const [, position, , unrealized, , value] = (about(EventName.pnlSingle, 6).at(-1)?.args ?? []) as number[];
  expect(position).toBe(4);
  expect(value).toBeCloseTo(4 * 209.99, 5);
  expect(unrealized).toBeGreaterThan(30);
  expect(about(EventName.pnl, 5).at(-1)?.args[2]).toBe(unrealized);
  client.api.cancelPnL(5);
  client.api.cancelPnLSingle(6);
  client.api.cancelPnLSingle(7);
  await settled();
  const seen = client.of(EventName.pnl).length + client.of(EventName.pnlSingle).length;
  await clock.advance(3_000);
  await settled();
  expect(client.of(EventName.pnl).length + client.of(EventName.pnlSingle).length).toBe(seen);
});

test("one account at a time: another one moves the subscription, with 2100; its end stops it", async () => {
  covers("request/reqAccountUpdates", "error/2100", "reply/accountDownloadEnd", "reply/updatePortfolio");
  client.api.reqAccountUpdates(true, FIRST);
  client.api.reqAccountUpdates(true, SECOND);
  await client.waitFor(EventName.accountDownloadEnd, ([account]) => account === SECOND);
  expect(client.of(EventName.info).map(({ args }) => args[1])).toContain(2100);
  const before = client.of(EventName.updateAccountValue).length;
  await buy(FIRST);
  expect(client.of(EventName.updateAccountValue)).toHaveLength(before);
  await buy();
  expect(client.of(EventName.updateAccountValue).length).toBeGreaterThan(before);
  expect(client.of(EventName.updateAccountTime).at(-1)?.args[0]).toMatch(/^\d{2}:\d{2}$/);
  client.api.reqAccountUpdates(false, SECOND);
  const seen = client.of(EventName.updatePortfolio).length;
  await buy();
  expect(client.of(EventName.updatePortfolio)).toHaveLength(seen);
});

test("a summary is renewed every three minutes with what changed, until it is cancelled", async () => {
  covers("request/reqAccountSummary", "request/cancelAccountSummary", "reply/accountSummary");
  client.api.reqAccountSummary(8, SECOND, "TotalCashValue,NetLiquidation,Cushion");
  await client.waitFor(EventName.accountSummaryEnd, ([id]) => id === 8);
  expect(about(EventName.accountSummary, 8).map(({ args }) => args[2])).toEqual([
    ...["Cushion", "NetLiquidation", "TotalCashValue"],
  ]);
  await buy();
  await clock.advance(180_000);
  await settled();
  const seen = about(EventName.accountSummary, 8).length;
  expect(seen).toBeGreaterThan(3);
  client.api.cancelAccountSummary(8);
  await buy();
  await clock.advance(180_000);
  await settled();
  expect(about(EventName.accountSummary, 8)).toHaveLength(seen);
});

test("five hundred subscriptions of a kind; one more -> 322; one that is there may be renewed", async () => {
  for (let reqId = 5000; reqId <= 5500; reqId += 1) client.api.reqPnLSingle(reqId, FIRST, "", AAPL.conId);
  client.api.reqPnLSingle(5000, FIRST, "", AAPL.conId);
  await client.waitFor(EventName.error, (args) => args[1] === 322);
  await settled();
  expect(client.of(EventName.error).map(({ args }) => args.slice(1, 3))).toEqual([[322, 5500]]);
  for (let reqId = 5000; reqId < 5500; reqId += 1) client.api.cancelPnLSingle(reqId);
});

test("an account of somebody else -> 321 on every request that names one", async () => {
  client.api.reqAccountSummary(11, "DU9", "NetLiquidation");
  client.api.reqPositionsMulti(12, "DU9", "");
  client.api.reqAccountUpdatesMulti(13, "DU9", "", false);
  client.api.reqPnL(14, "DU9", "");
  client.api.reqPnLSingle(15, "DU9", "", 1);
  for (const reqId of [11, 12, 13, 14, 15]) {
    await client.waitFor(EventName.error, (args) => args[1] === 321 && args[2] === reqId);
  }
});

test("figures of a model -> 321: there is none here, and those of the account are not its own", async () => {
  client.api.reqAccountUpdatesMulti(21, FIRST, "core", false);
  client.api.reqPositionsMulti(22, FIRST, "core");
  client.api.reqPnL(23, FIRST, "core");
  client.api.reqPnLSingle(24, FIRST, "core", AAPL.conId);
  const is = (reqId: number) => (args: readonly unknown[]) => args[2] === reqId && args[1] === 321;
  for (const reqId of [21, 22, 23, 24]) await client.waitFor(EventName.error, is(reqId));
  expect([about(EventName.accountUpdateMulti, 21), about(EventName.positionMulti, 22)]).toEqual([[], []]);
  expect([about(EventName.pnl, 23), about(EventName.pnlSingle, 24)]).toEqual([[], []]);
});
