import { covers } from "@countersign/testing/covers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import messages from "../../../../tests/contracts/golden/messages.json" with { type: "json" };
import { Serial } from "../serial.ts";
import { AAPL_STOCK as AAPL, PEER_ACCOUNT as ACCOUNT, peerOf, UNSET } from "../testing/answers.ts";
import { type Linked, linked } from "../testing/linked.ts";
import { ScriptedTws } from "../testing/scripted-tws.ts";
import { accountUpdates, accountValues, modelPositions, pnl, positionPnl, userInfo } from "./account-reads.ts";
import { DataTypes } from "./data-type.ts";
import { details, optionChains, smartComponents } from "./instrument-reads.ts";
import { depth, liveBars, tickByTick } from "./live-reads.ts";
import { answer } from "./question.ts";
import { SharedReads } from "./shared-reads.ts";
import { ticks } from "./ticks.ts";

/** Each read against a peer that answers with the literal frames of TWS, and with what is wrong about them. */

const MODEL = { account: ACCOUNT, modelCode: null };

let tws: ScriptedTws;
let peer: Linked;
const { answers, asked } = peerOf(() => tws);
beforeEach(async () => {
  tws = await new ScriptedTws().start();
  peer = await linked(tws.port);
});
afterEach(async () => {
  peer.stop();
  await tws.stop();
});

describe("accounts", () => {
  test("account updates: values, portfolio and time up to the end marker of this account; then unsubscribed", async () => {
    answers(
      ...(["6", 0] as const),
      ...["6|2|NetLiquidation|100000.00|USD|DU1234567", "6|2|AccountReady|true||DU1234567"],
      "7|8|265598|AAPL|STK||0.0|||NASDAQ|USD|AAPL|NMS|10|227.5|2275.0|220.1|74.0|1.7976931348623157E308|DU1234567",
      ...["8|1|09:30", "6|2|NetLiquidation|5.00|USD|DU7654321", "54|1|DU7654321", "54|1|DU1234567"],
    );
    const told = await accountUpdates({ ...peer, lane: new Serial() }, ACCOUNT);
    expect(told).toMatchObject({
      values: [
        { key: "NetLiquidation", value: "100000.00", currency: "USD" },
        { key: "AccountReady", value: "true", currency: null },
      ],
      portfolio: [{ conid: 265598, quantity: "10", marketValue: "2275", realizedPnl: null }],
      updatedAt: "09:30",
    });
    await expect.poll(() => asked("6").map((tokens) => tokens[2])).toEqual(["1", "0"]);
  });

  test("values and positions of a model end with their own marker, and an empty list is empty", async () => {
    answers("76", 2, "73|1|ID|DU1234567|Growth|CashBalance|100.00|BASE", "74|1|ID");
    const values = await accountValues(peer, { account: ACCOUNT, modelCode: "Growth" });
    expect(values).toMatchObject({ modelCode: "Growth", values: [{ key: "CashBalance", currency: "BASE" }] });
    answers("76", 2, "73|1|ID|DU1234567||CashBalance|100.00|BASE", "74|1|ID");
    const ofNone = accountValues(peer, { account: ACCOUNT, modelCode: "Growth" });
    await expect(ofNone).rejects.toMatchObject({ code: "BROKER_REFUSED" });
    answers("74", 2, "72|1|ID");
    expect(await modelPositions(peer, MODEL)).toEqual({ account: ACCOUNT, positions: [] });
    answers("74", 2, "71|1|ID|DU1234567|265598|AAPL|STK||0.0|||NASDAQ|USD|AAPL|NMS|10|220.1|", "72|1|ID");
    const held = await modelPositions(peer, MODEL);
    expect(held.positions).toMatchObject([{ quantity: "10", averageCost: "220.1", modelCode: null }]);
  });

  test("profit and loss: the largest double is no figure, and the subscription ends", async () => {
    covers("code/unset-values");
    answers("92", 1, `94|ID|12.5|${UNSET}|0.30000000000000004`);
    expect(await pnl(peer, MODEL)).toMatchObject({ daily: "12.5", unrealized: null, realized: "0.3" });
    await expect.poll(() => asked("93").length).toBe(1);
    answers("94", 1, `95|ID|10|${UNSET}|${UNSET}|${UNSET}|2275.0`);
    expect(await positionPnl(peer, { account: ACCOUNT, conid: 265598 })).toMatchObject({
      ...{ quantity: "10", daily: null, unrealized: null, realized: null, value: "2275" },
    });
  });

  test("family codes and user info: empty means none", async () => {
    const reads = new SharedReads(peer);
    answers("80", 0, "78|2|DU1234567||DU7654321|F1");
    expect((await reads.familyCodes()).rows).toEqual([
      { account: ACCOUNT, code: null },
      { account: "DU7654321", code: "F1" },
    ]);
    answers("104", 1, "107|ID|");
    expect(await userInfo(peer)).toEqual({ whiteBrandingId: null });
  });
});

describe("instruments", () => {
  const STOCK =
    "10|ID|AAPL|STK|||0||SMART|USD|AAPL|NMS|NMS|265598|0.01||LMT,MKT|SMART,NASDAQ|1|0|APPLE INC|NASDAQ||Technology|Computers|Computers|US/Eastern|20261120:0400-20261120:2000|20261120:0930-20261120:1600|||1|ISIN|US0378331005|1|||26,26||COMMON|0.0001|0.0001|100|0";
  const QUERY = messages.details.request as unknown as Parameters<typeof details>[1];

  test("a page of all that fit, with the total; a bond has its own fields", async () => {
    const bond =
      "18|ID|IBM|BOND|459200AS0|7.125|20961201|19961206|A3/A-|Corp|FIXED|0|1|0|IBM 7 1/8 12/01/96|SMART|USD|IBM|IBM|15960357|0.001|LMT|SMART|20270101|CALL|1|notes|IBM BOND|US/Eastern|20261120:0800-20261120:1700|20261120:0800-20261120:1700|||0|1|26|1000|1000|1000";
    answers("9", 2, STOCK, bond, STOCK, "52|1|ID");
    const told = await details(peer, QUERY, { offset: 0, limit: 2 });
    expect(told).toMatchObject({
      total: 3,
      instruments: [
        { conid: 265598, minTick: "0.01", marketRuleIds: [26, 26], stockType: "COMMON", bond: null, underlying: null },
        { conid: 15960357, bond: { cusip: "459200AS0", coupon: "7.125", maturity: "20961201", callable: true } },
      ],
    });
    expect(told.instruments).toHaveLength(2);
  });

  test("no contract -> UNKNOWN_INSTRUMENT", async () => {
    answers("9", 2, "4|2|ID|200|No security definition has been found for the request|");
    const told = await answer(peer, "BROKER_REFUSED", () => details(peer, QUERY, { offset: 0, limit: 1 }));
    expect(told).toMatchObject({ outcome: "denied", denial: { code: "UNKNOWN_INSTRUMENT" } });
  });

  test("option chains, letters, exchanges and rules", async () => {
    const reads = new SharedReads(peer);
    answers("78", 1, "75|ID|CBOE|265598|AAPL|100|2|20261218|20270115|2|220.0|225.5", "76|ID");
    expect(await optionChains(peer, AAPL, null)).toEqual({
      underlying: 265598,
      chains: [
        {
          ...{ exchange: "CBOE", tradingClass: "AAPL", multiplier: "100" },
          ...{ expirations: ["20261218", "20270115"], strikes: ["220", "225.5"] },
        },
      ],
    });
    answers("83", 1, "82|ID|1|0|NASDAQ|Q");
    expect((await smartComponents(peer, "a6")).components).toEqual([{ bit: 0, exchange: "NASDAQ", letter: "Q" }]);
    answers("82", 0, "80|1|ISLAND|STK||Deep2|2147483647");
    expect((await reads.depthExchanges()).exchanges).toMatchObject([{ exchange: "ISLAND", aggregationGroup: null }]);
    answers("91", 1, "93|26|2|0.0|1.0E-4|1.0|0.01");
    const steps = [
      { from: "0", step: "0.0001" },
      { from: "1", step: "0.01" },
    ];
    expect(await reads.marketRule(26)).toEqual({ ruleId: 26, steps });
  });
});

describe("market data", () => {
  const deps = () => ({ ...peer, settleMs: 300, tickAgeMsMax: 2_000, dataTypes: new DataTypes() });
  const wanted = { genericTicks: [], dataType: "delayed", snapshot: true } as const;

  test("a snapshot: each value has its label, what is not computed is absent, the end marker makes it complete", async () => {
    covers("code/unset-values", "code/10167");
    answers(
      ...(["1", 2] as const),
      ...["4|2|ID|10167|Requested market data is not subscribed. Displaying delayed market data.|", "58|1|ID|3"],
      ...["81|ID|0.01|a60001|3", "1|6|ID|66|227.4|100|0", "1|6|ID|67|-1|0|0", "1|6|ID|1|227.5|100|0"],
      ...["46|6|ID|88|1700000000", `21|ID|83|0|-1|0.52|4.1|-1|-2|0.1|-0.05|${UNSET}`, "57|1|ID"],
    );
    const told = await ticks(deps(), AAPL, wanted);
    expect(told).toMatchObject({ complete: true, minTick: "0.01", bboExchange: "a60001", notices: [{ code: 10167 }] });
    expect(told.values.map(({ tickId, field, dataType, value }) => [tickId, field, dataType, value])).toEqual([
      [66, "bid", "delayed", "227.4"],
      [69, "bidSize", "delayed", "100"],
      [70, "askSize", "delayed", "0"],
      [1, "bid", "delayed", "227.5"],
      [0, "bidSize", "delayed", "100"],
      [88, "lastTimestamp", "delayed", "1700000000"],
    ]);
    expect(told.options).toMatchObject([
      { field: "modelOption", dataType: "delayed", impliedVolatility: null, delta: "0.52", gamma: null, vega: "0.1" },
    ]);
    expect(told.values.every(({ stale, ageMs }) => !stale && ageMs < 2_000)).toBe(true);
    expect(asked("59").map((tokens) => tokens[2])).toEqual(["3"]);
  });

  test.each([
    ["1", 1, "live"],
    ["2", 1, "frozen"],
    ["3", 66, "delayed"],
    ["4", 66, "delayedFrozen"],
    ["2", 66, "delayedFrozen"],
    ["1", 66, "delayed"],
  ])("type %s and tick id %i -> %s", async (type, tickId, label) => {
    answers("1", 2, `58|1|ID|${type}`, `1|6|ID|${tickId}|10.5|1|0`, "57|1|ID");
    expect((await ticks(deps(), AAPL, wanted)).values[0]).toMatchObject({ value: "10.5", dataType: label });
  });

  test("the type is said when it changes, and only then", async () => {
    const both = deps();
    for (const dataType of ["delayed", "delayed", "live"] as const) {
      answers("1", 2, "58|1|ID|3", "1|6|ID|66|10.5|1|0", "57|1|ID");
      await ticks(both, AAPL, { ...wanted, dataType });
    }
    expect(asked("59").map((tokens) => tokens[2])).toEqual(["3", "1"]);
  });

  test("without a word about the type nothing passes for live", async () => {
    answers("1", 2, "1|6|ID|1|10.5|1|0", "57|1|ID");
    expect((await ticks(deps(), AAPL, wanted)).values[0]).toMatchObject({ dataType: "delayedFrozen" });
  });

  test("a value that is older than a price may be is labelled stale", async () => {
    answers("1", 2, "58|1|ID|1", "1|6|ID|1|10.5|1|0");
    const told = await ticks({ ...deps(), tickAgeMsMax: 100 }, AAPL, { ...wanted, snapshot: false });
    expect(told).toMatchObject({ complete: false });
    expect(told.values[0]).toMatchObject({ field: "bid", stale: true });
    await expect.poll(() => asked("2").length).toBe(1);
  });

  test("no data at all -> TIMEOUT; no permission -> MARKET_DATA_UNAVAILABLE", async () => {
    await expect(ticks(deps(), AAPL, { ...wanted, snapshot: false })).rejects.toMatchObject({ code: "TIMEOUT" });
    answers("1", 2, "4|2|ID|10168|Requested market data is not subscribed. Delayed market data is not enabled.|");
    const refused = answer(peer, "MARKET_DATA_UNAVAILABLE", () => ticks(deps(), AAPL, wanted));
    await expect(refused).rejects.toMatchObject({ code: "MARKET_DATA_UNAVAILABLE" });
  });

  test("the book: inserted, updated and deleted rows; a gap in it is a fault", async () => {
    answers(
      ...(["10", 2] as const),
      ...["13|1|ID|0|NSDQ|0|1|227.4|100|1", "13|1|ID|1|ARCA|0|1|227.3|200|1", "13|1|ID|0|NSDQ|1|1|227.45|150|1"],
      ...[
        "12|1|ID|0|0|0|227.5|300",
        "12|1|ID|1|0|0|227.6|300",
        "13|1|ID|1|ARCA|2|1|0|0|1",
        "13|1|ID|1|BATS|0|1|227.2|50|1",
      ],
    );
    const told = await depth(peer, AAPL, { rows: 2, smart: true });
    expect(told).toMatchObject({ bids: [{ price: "227.45", size: "150" }, { marketMaker: "ARCA" }] });
    await expect.poll(() => asked("11").length).toBe(1);
    answers("10", 2, "12|1|ID|3|0|1|227.4|100");
    await expect(depth(peer, AAPL, { rows: 1, smart: false })).rejects.toMatchObject({ code: "BROKER_REFUSED" });
  });

  test("tick by tick: every kind, ended after as many as were asked for", async () => {
    answers("97", 1, "99|ID|1|1700000000|227.5|100|0|ISLAND|", "99|ID|1|1700000001|227.6|50|0|ARCA|");
    const last = await tickByTick(peer, AAPL, { kind: "Last", count: 2, waitMs: 2_000 });
    expect(last.ticks).toMatchObject([{ price: "227.5", at: "2023-11-14T22:13:20.000Z" }, { exchange: "ARCA" }]);
    await expect.poll(() => asked("98").length).toBe(1);
    answers("97", 1, "99|ID|3|1700000000|227.4|227.5|100|200|0");
    const both = await tickByTick(peer, AAPL, { kind: "BidAsk", count: 1, waitMs: 2_000 });
    expect(both.ticks).toMatchObject([{ price: null, bid: "227.4", ask: "227.5", askSize: "200" }]);
    answers("97", 1, "99|ID|4|1700000000|227.45");
    const middle = await tickByTick(peer, AAPL, { kind: "MidPoint", count: 1, waitMs: 2_000 });
    expect(middle.ticks).toMatchObject([{ price: "227.45", size: null }]);
  });

  test("live bars: what is no trade has no volume", async () => {
    answers("50", 2, "50|3|ID|1700000000|1.1|1.2|1.0|1.15|-1|-1|-1");
    const told = await liveBars(peer, AAPL, { whatToShow: "MIDPOINT", regularHoursOnly: false, count: 1 });
    expect(told.bars).toMatchObject([{ high: "1.2", volume: null, averagePrice: null, trades: null }]);
  });
});
