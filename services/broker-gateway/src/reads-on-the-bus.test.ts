import { BROKER_READS } from "@countersign/contracts/broker-reads";
import { RPCS } from "@countersign/contracts/subjects";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type * as z from "zod";
import messages from "../../../tests/contracts/golden/messages.json" with { type: "json" };
import { AAPL, ACCOUNT, World } from "./test-support.ts";

/** Every read of the table, over the bus, answered by the real simulator. */

type Name = keyof typeof BROKER_READS;
type Value<N extends Name> = Extract<z.output<(typeof BROKER_READS)[N]["reply"]>, { outcome: "ok" }>["value"];

let world: World;
let filled: string;
beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
  const { approval, proposal } = await world.approved();
  filled = proposal;
  await world.submit(approval);
  await world.execLogWith(proposal, "filled/1");
});
afterAll(() => world?.close());

/** With the example of the contract as the request, changed where it says. */
async function ask<N extends Name>(name: N, change: object = {}) {
  const rpc = BROKER_READS[name];
  const bus = (rpc.callers as readonly string[]).includes("admin-core") ? world.admin : world.market;
  return bus.request(rpc, { ...messages[name].request, ...change } as never) as Promise<
    z.output<(typeof BROKER_READS)[N]["reply"]>
  >;
}

async function read<N extends Name>(name: N, change: object = {}): Promise<Value<N>> {
  const reply = await ask(name, change);
  if (reply.outcome !== "ok") throw new Error(JSON.stringify(reply.denial));
  expect(reply.value).toMatchObject({ source: "tws" });
  return reply.value as Value<N>;
}

describe("accounts", () => {
  test("updates, values and positions of the account that is named", async () => {
    const updates = await read("accountUpdates");
    expect(updates.values).toContainEqual({ key: "AccountCode", value: ACCOUNT, currency: null });
    expect(updates.portfolio).toMatchObject([{ conid: AAPL, quantity: "10" }]);
    const values = await read("accountValues");
    expect(values.values.map(({ key }) => key)).toContain("NetLiquidation");
    expect((await read("modelPositions", { modelCode: null })).positions).toMatchObject([
      { conid: AAPL, quantity: "10" },
    ]);
  });

  test("profit and loss of the account and of a position", async () => {
    expect(await read("pnl")).toMatchObject({ account: ACCOUNT, realized: "0" });
    expect(await read("positionPnl")).toMatchObject({ conid: AAPL, quantity: "10", realized: "0" });
  });

  test("completed orders say whose they are and how they ended", async () => {
    const { orders } = await read("completedOrders");
    expect(orders).toMatchObject([{ proposalId: filled, ownership: "ours", status: "Filled", limitPrice: null }]);
  });

  test("family codes and user info: none is null", async () => {
    expect((await read("familyCodes")).rows).toEqual([{ account: ACCOUNT, code: null }]);
    expect(await read("userInfo")).toMatchObject({ whiteBrandingId: null });
  });

  test.each(["accountUpdates", "accountValues", "modelPositions", "pnl", "positionPnl", "completedOrders"] as const)(
    "%s of an account that TWS does not manage -> ACCOUNT_NOT_PERMITTED, and nothing is asked",
    async (name) => {
      const before = await world.simulator.frames();
      const reply = await ask(name, { account: "DU9999999" });
      expect(reply).toMatchObject({ outcome: "denied", denial: { code: "ACCOUNT_NOT_PERMITTED" } });
      const { reqCurrentTime: _before, ...asked } = before;
      const { reqCurrentTime: _after, ...now } = await world.simulator.frames();
      expect(now).toEqual(asked);
    },
  );
});

describe("instruments", () => {
  const NONE = { symbol: null, secType: null, currency: null, exchange: null, primaryExchange: null };

  test.each([
    ["STK", { symbol: "AAPL", exchange: "SMART", currency: "USD" }],
    ["STK", { securityId: { type: "ISIN", id: "US0378331005" } }],
    ["CASH", { symbol: "EUR", currency: "USD" }],
    ["FUT", { symbol: "MES" }],
    ["OPT", { symbol: "AAPL" }],
    ["FOP", { symbol: "MES" }],
    ["IND", { symbol: "SPX" }],
    ["BOND", { symbol: "US-T" }],
    ["FUND", { symbol: "VFIAX" }],
    ["CRYPTO", { symbol: "BTC", currency: "USD" }],
    ["STK", { symbol: "SPY", exchange: "SMART", currency: "USD" }],
  ])("details of %s %o", async (secType, query) => {
    const { total, instruments } = await read("details", { ...NONE, secType, ...query, limit: 3 });
    expect(total).toBeGreaterThanOrEqual(instruments.length);
    for (const one of instruments) expect(one).toMatchObject({ secType });
    expect(instruments[0]?.bond === null).toBe(secType !== "BOND");
  });

  test("nothing fits -> UNKNOWN_INSTRUMENT; nothing named -> INVALID_ARGUMENT", async () => {
    const none = await ask("details", { ...NONE, secType: "STK", symbol: "NOSUCHSYMBOL" });
    expect(none).toMatchObject({ outcome: "denied", denial: { code: "UNKNOWN_INSTRUMENT" } });
    expect(await ask("details", NONE)).toMatchObject({ outcome: "denied", denial: { code: "INVALID_ARGUMENT" } });
  });

  test("option chains, market rule, exchanges, and the letters of the quote's own exchange", async () => {
    const { chains } = await read("optionChains");
    expect(chains.length).toBeGreaterThan(0);
    expect((await read("marketRule")).steps).toEqual([{ from: "0", step: "0.01" }]);
    expect((await read("depthExchanges")).exchanges.length).toBeGreaterThan(0);
    const { bboExchange } = await read("ticks", { genericTicks: [], dataType: "live", snapshot: true });
    const { components } = await read("smartComponents", { bboExchange });
    expect(components.length).toBeGreaterThan(0);
    const unknown = await ask("smartComponents", { bboExchange: "zz9" });
    expect(unknown).toMatchObject({ outcome: "denied", denial: { code: "INVALID_ARGUMENT" } });
  });
});

describe("market data", () => {
  test("the four types of data, each value labelled", async () => {
    for (const [dataType, label] of [
      ["live", "live"],
      ["delayed", "delayed"],
    ] as const) {
      const told = await read("ticks", { genericTicks: [], dataType, snapshot: true });
      expect(told.complete).toBe(true);
      const bid = told.values.find(({ field }) => field === "bid");
      expect(bid).toMatchObject({ dataType: label, stale: false });
    }
    // The type was set back: quotes of everybody else are live.
    expect(await world.market.request(RPCS.brokerQuote, { conid: AAPL })).toMatchObject({
      value: { dataType: "live" },
    });
  });

  test("depth, single ticks, live bars", async () => {
    const [book, trades, quotes, bars] = await Promise.all([
      read("depth"),
      read("tickByTick", { count: 1 }),
      read("tickByTick", { kind: "BidAsk", count: 1, conid: 12087792 }),
      read("liveBars"),
    ]);
    expect(book.bids.length).toBeGreaterThan(0);
    expect(trades.ticks[0]?.price).not.toBeNull();
    expect(quotes.ticks[0]).toMatchObject({ price: null });
    expect(bars.bars).toHaveLength(1);
  });

  test("past ticks, head timestamp, histogram and schedule", async () => {
    const past = await read("pastTicks", { count: 20 });
    expect(past.ticks.length).toBeGreaterThan(0);
    expect((await read("headTimestamp")).earliest < "2020").toBe(true);
    expect((await read("histogram")).rows.length).toBeGreaterThan(0);
    const { sessions, timeZoneId } = await read("schedule");
    expect(timeZoneId).toBe("US/Eastern");
    expect(sessions.length).toBeGreaterThan(0);
  });

  test("a snapshot with generic ticks, past ticks without a time or of one that is none -> INVALID_ARGUMENT", async () => {
    const until = "2026-02-30T14:30:00.000Z";
    for (const reply of [
      await ask("ticks", { snapshot: true }),
      await ask("pastTicks", { until: null }),
      await ask("pastTicks", { until }),
      await ask("scan", { priceAbove: "10", priceBelow: "5" }),
      await ask("pnl", { modelCode: "Growth" }),
    ]) {
      expect(reply).toMatchObject({ outcome: "denied", denial: { code: "INVALID_ARGUMENT" } });
    }
  });
});

describe("scans and news", () => {
  test("parameters, then a scan", async () => {
    const { scans } = await read("scanParameters");
    expect(scans.map(({ code }) => code)).toContain("TOP_PERC_GAIN");
    const { rows } = await read("scan");
    expect(rows.map(({ rank }) => rank)).toEqual(rows.map((_, index) => index));
    expect((await read("scan", { priceAbove: "900000" })).rows).toEqual([]);
  });

  test("a scan that is in no catalogue, and a window of no time -> INVALID_ARGUMENT", async () => {
    const none = { outcome: "denied", denial: { code: "INVALID_ARGUMENT" } };
    expect(await ask("scan", { scan: "NO_SUCH_SCAN" })).toMatchObject(none);
    const [from, until] = ["2026-02-31T00:00:00.000Z", "2026-03-01T00:00:00.000Z"];
    expect(await ask("headlines", { from, until: null })).toMatchObject(none);
    expect(await ask("headlines", { from: until, until: "2026-02-01T00:00:00.000Z" })).toMatchObject(none);
  });

  test("providers, headlines, and the article behind one of them", async () => {
    const { providers } = await read("newsProviders");
    const { headlines } = await read("headlines", { providers: providers.map(({ code }) => code) });
    const [first] = headlines;
    if (first === undefined) throw new Error("no headline");
    expect((await read("article", { provider: first.provider, articleId: first.articleId })).text).not.toBe("");
    await expect(ask("article")).rejects.toMatchObject({ code: "BROKER_REFUSED" });
  });
});
