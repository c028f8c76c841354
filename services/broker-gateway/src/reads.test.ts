import { numberOf } from "@countersign/contracts/market-value";
import { RPCS } from "@countersign/contracts/subjects";
import { newNonce } from "@countersign/ids/ids";
import { PATIENCE_MS } from "@countersign/testing/patience";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { AAPL, ACCOUNT, World } from "./test-support.ts";

let world: World;
const TERMS = { account: ACCOUNT, conid: AAPL, side: "BUY", quantity: "10", timeInForce: "DAY" } as const;
const NOBODY = "DU9999999";

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
});
afterAll(() => world?.close());

/** The bus of whoever may ask this. */
function asker(what: keyof typeof RPCS) {
  return (RPCS[what].callers as readonly string[]).includes("risk-gate") ? world.risk : world.admin;
}

describe("what the broker says", () => {
  test("status and accounts", async () => {
    const status = await world.risk.request(RPCS.brokerStatus, {});
    expect(status).toMatchObject({ outcome: "ok", value: { link: "up", serverVersion: 193, accounts: [ACCOUNT] } });
    const accounts = await world.risk.request(RPCS.accounts, {});
    expect(accounts).toMatchObject({ outcome: "ok", value: { mode: "simulator", accounts: [ACCOUNT] } });
  });

  test("a summary has every figure with its currency", async () => {
    const summary = await world.risk.request(RPCS.summary, { account: ACCOUNT });
    expect(summary).toMatchObject({
      outcome: "ok",
      value: { baseCurrency: "USD", netLiquidation: { amount: "100000", currency: "USD" }, source: "tws" },
    });
    if (summary.outcome === "ok")
      expect(summary.value.cashByCurrency).toContainEqual({ amount: "100000", currency: "USD" });
  });

  test("a position is there as soon as its fill is, and what was open before is flat as an empty list", async () => {
    expect(await world.risk.request(RPCS.positions, { account: ACCOUNT })).toMatchObject({ value: { positions: [] } });
    const { approval, proposal } = await world.approved();
    await world.submit(approval);
    await world.execLogWith(proposal, "filled/1");
    const after = await world.risk.request(RPCS.positions, { account: ACCOUNT });
    expect(after).toMatchObject({ value: { positions: [{ conid: AAPL, quantity: "10", currency: "USD" }] } });
  });

  test("a fill whose position TWS does not push is seen all the same", async () => {
    await world.simulator.control("POST", "/faults", { action: "dropReply", message: "position" });
    const { approval, proposal } = await world.approved();
    await world.submit(approval);
    await world.execLogWith(proposal, "filled/1");
    const after = await world.risk.request(RPCS.positions, { account: ACCOUNT });
    expect(after).toMatchObject({ value: { positions: [{ conid: AAPL, quantity: "20" }] } });
    await world.simulator.control("DELETE", "/faults");
  });

  test("open orders and executions say which are ours", async () => {
    const { approval, proposal } = await world.approved({ terms: { orderType: "LMT", limitPrice: "1.00" } });
    await world.submit(approval);
    await world.execLogWith(proposal, "acknowledged/1");
    const open = await world.risk.request(RPCS.openOrders, { account: ACCOUNT });
    expect(open).toMatchObject({
      value: { orders: [{ ownership: "ours", proposalId: proposal, limitPrice: "1", timeInForce: "DAY" }] },
    });
    const executions = await world.risk.request(RPCS.executions, { account: ACCOUNT });
    if (executions.outcome !== "ok") throw new Error("denied");
    expect(executions.value.executions).toHaveLength(2);
    for (const execution of executions.value.executions) {
      expect(execution).toMatchObject({ ownership: "ours", conid: AAPL, commission: { currency: "USD" } });
    }
  });

  test("a what-if has the broker's margins and commission, and places nothing", async () => {
    const before = await world.ordersAtBroker();
    const terms = { ...TERMS, orderType: "LMT", limitPrice: "10.00" } as const;
    const reply = await world.risk.request(RPCS.whatIf, { terms });
    expect(reply).toMatchObject({ value: { source: "broker", currency: "USD", commission: { currency: "USD" } } });
    expect(await world.ordersAtBroker()).toBe(before);
  });

  test("a what-if without an answer -> TIMEOUT", async () => {
    await world.simulator.control("POST", "/faults", { action: "dropReply", message: "openOrder", times: 1 });
    const terms = { ...TERMS, orderType: "MKT", limitPrice: null } as const;
    await expect(world.risk.request(RPCS.whatIf, { terms })).rejects.toMatchObject({ code: "TIMEOUT" });
    await world.simulator.control("DELETE", "/faults");
  });

  test("a what-if that TWS refuses -> BROKER_REFUSED with its words", async () => {
    const terms = { ...TERMS, orderType: "LMT", limitPrice: "10.001" } as const;
    await expect(world.risk.request(RPCS.whatIf, { terms })).rejects.toMatchObject({ code: "BROKER_REFUSED" });
  });

  test("an account that TWS does not manage -> ACCOUNT_NOT_PERMITTED", async () => {
    for (const what of ["summary", "positions", "openOrders", "executions"] as const) {
      const reply = await asker(what).request(RPCS[what], { account: NOBODY });
      expect(reply).toMatchObject({ outcome: "denied", denial: { code: "ACCOUNT_NOT_PERMITTED" } });
    }
  });

  test("positions that the gate holds are told as unchanged, with a new time; of another process or before a trade, whole", async () => {
    const terms = { ...TERMS, orderType: "MKT", limitPrice: null } as const;
    const told = async (positionsHeld: string | null) => {
      const ask = { whatIf: false, openOrders: false, positionsHeld };
      const reply = await world.risk.request(RPCS.brokerFacts, { terms, ask });
      if (reply.outcome !== "ok" || reply.value.positions.outcome !== "ok") throw new Error(JSON.stringify(reply));
      return reply.value.positions.value;
    };
    const first = await told(null);
    expect(first.positions).toMatchObject([{ conid: AAPL, quantity: "20" }]);
    await vi.waitFor(async () => {
      // TWS speaks, and so still stands by its positions.
      await world.risk.request(RPCS.openOrders, { account: ACCOUNT });
      const again = await told(first.version);
      expect(again).toMatchObject({ version: first.version, positions: null });
      expect(again.asOf > first.asOf).toBe(true);
    }, PATIENCE_MS);
    const [, changes] = first.version.split(".");
    expect((await told(`${newNonce()}.${changes}`)).positions).toEqual(first.positions);
    const order = { conid: AAPL, side: "SELL", quantity: "1", orderType: "MKT" };
    await world.simulator.control("POST", "/faults", { action: "orderByHand", account: ACCOUNT, ...order });
    const after = await vi.waitFor(async () => {
      const found = await told(first.version);
      expect(found.version).not.toBe(first.version);
      return found;
    }, PATIENCE_MS);
    expect(after.positions).toMatchObject([{ conid: AAPL, quantity: "19" }]);
  });
});

describe("market data", () => {
  test("a quote is live, complete and young, and the next one costs no message", async () => {
    const reply = await world.market.request(RPCS.brokerQuote, { conid: AAPL });
    expect(reply).toMatchObject({
      value: { conid: AAPL, currency: "USD", dataType: "live", source: "tws", flags: [] },
    });
    if (reply.outcome !== "ok") throw new Error("denied");
    const { bid, ask, last, bidSize, askSize, ageMs } = reply.value;
    for (const value of [bid, ask, last, bidSize, askSize]) expect(Number(numberOf(value))).toBeGreaterThan(0);
    expect(ageMs).toBeLessThan(2_000);
    const before = (await world.simulator.frames()).reqMktData;
    await world.market.request(RPCS.brokerQuote, { conid: AAPL });
    expect((await world.simulator.frames()).reqMktData).toBe(before);
  });

  test("an instrument by its conId; none -> UNKNOWN_INSTRUMENT", async () => {
    const reply = await world.market.request(RPCS.brokerContract, { conid: AAPL });
    expect(reply).toMatchObject({
      value: { instrument: { conid: AAPL, symbol: "AAPL", secType: "STK", exchange: "SMART", minTick: "0.01" } },
    });
    for (const what of [RPCS.brokerContract, RPCS.brokerQuote]) {
      const none = await world.market.request(what, { conid: 999_999_999 });
      expect(none).toMatchObject({ outcome: "denied", denial: { code: "UNKNOWN_INSTRUMENT" } });
    }
  });

  test("currencies, futures and options have quotes and details too", async () => {
    const pair = await search("EUR.USD", "CASH");
    expect(pair).toMatchObject([{ conid: 12087792, secType: "CASH", currency: "USD" }]);
    const conids = [12087792, ...(await search("MES", "FUT")).map(({ conid }) => conid)];
    expect(conids.length).toBeGreaterThan(1);
    for (const conid of conids) {
      expect(await world.market.request(RPCS.brokerContract, { conid })).toMatchObject({ outcome: "ok" });
      expect(await world.market.request(RPCS.brokerQuote, { conid })).toMatchObject({ outcome: "ok" });
    }
  });

  test("a search by symbol finds the stock first; nothing fits -> an empty list", async () => {
    expect((await search("AAPL", null))[0]).toMatchObject({ conid: AAPL, symbol: "AAPL" });
    expect(await search("NOSUCHSYMBOL", null)).toEqual([]);
  });

  test("bars in a day carry their instant, daily bars their date; no data -> NO_DATA", async () => {
    const range = { end: null, from: null, until: null };
    const ask = { conid: AAPL, duration: "1 D", whatToShow: "TRADES", regularHoursOnly: true, ...range } as const;
    // Two days, because the first of them is minutes old just after midnight in New York.
    const minutes = await world.market.request(RPCS.brokerBars, { ...ask, duration: "2 D", barSize: "5 mins" });
    if (minutes.outcome !== "ok") throw new Error("denied");
    expect(minutes.value.rows.length).toBeGreaterThan(10);
    const days = await world.market.request(RPCS.brokerBars, { ...ask, duration: "5 D", barSize: "1 day" });
    if (days.outcome !== "ok") throw new Error("denied");
    expect(days.value.rows[0]?.[0]).toMatch(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/);
    const none = await world.market.request(RPCS.brokerBars, { ...ask, conid: 12087792, barSize: "1 hour" });
    expect(none).toMatchObject({ outcome: "denied", denial: { code: "NO_DATA" } });
  });

  async function search(query: string, secType: "CASH" | "STK" | "FUT" | "IND" | null) {
    const request = { query, secType, currency: null, exchange: null, limit: 20 };
    const reply = await world.market.request(RPCS.brokerSearch, request);
    if (reply.outcome !== "ok") throw new Error("denied");
    return reply.value.candidates;
  }
});

test("without a link every read is a fault, and the status says why", async () => {
  await world.simulator.control("POST", "/faults", { action: "refuseConnections" });
  world.gateway?.link.drop("test");
  for (const what of ["summary", "positions", "openOrders", "executions"] as const) {
    const reply = world.risk.request(RPCS[what], { account: ACCOUNT });
    await expect(reply).rejects.toMatchObject({ code: "BROKER_UNAVAILABLE" });
  }
  for (const what of [RPCS.brokerQuote, RPCS.brokerContract]) {
    await expect(world.market.request(what, { conid: 76792991 })).rejects.toMatchObject({ code: "BROKER_UNAVAILABLE" });
  }
  const status = await world.risk.request(RPCS.brokerStatus, {});
  expect(status.outcome === "ok" && status.value.link).not.toBe("up");
});
