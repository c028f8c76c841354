import { RPCS } from "@countersign/contracts/subjects";
import { covers } from "@countersign/testing/covers";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { AAPL, ACCOUNT, World } from "./test-support.ts";
import { eventually } from "./testing/eventually.ts";

let world: World;
const EUR_USD = 12087792;
const BTC = 479624278;

beforeAll(async () => {
  world = await World.open();
  await world.startGateway();
});
afterAll(() => world?.close());
afterEach(async () => {
  await world.simulator.control("DELETE", "/faults");
  await world.linkUp();
  world.gateway?.lines.forget();
});

const fault = (rule: object) => world.simulator.control("POST", "/faults", rule);
const answer = (message: string, code: number, text: string) => fault({ action: "answerError", message, code, text });
const frames = async (name: string) => (await world.simulator.frames())[name] ?? 0;
const quote = (conid = AAPL) => world.market.request(RPCS.brokerQuote, { conid });
const bars = (change: object = {}) =>
  world.market.request(RPCS.brokerBars, {
    ...{ conid: AAPL, barSize: "1 day", duration: "5 D", whatToShow: "TRADES", regularHoursOnly: true },
    ...{ end: null, from: null, until: null },
    ...change,
  } as never);

describe("a question that TWS refuses", () => {
  test.each([
    ["Historical Market Data Service error message:Historical data request pacing violation", "BUSY"],
    [
      "Historical Market Data Service error message:No market data permissions for ISLAND STK",
      "MARKET_DATA_UNAVAILABLE",
    ],
  ])("162: %s -> %s with the words", async (text, code) => {
    covers("code/162");
    await answer("reqHistoricalData", 162, text);
    await expect(bars()).rejects.toMatchObject({ code, message: expect.stringContaining(text.slice(-20)) });
  });

  test("TWS names a pacing violation -> a bug on the record of the audit, once a minute at most, and a fault of the link", async () => {
    const text = "Historical Market Data Service error message:Historical data request pacing violation";
    const bugs = () => world.audit.filter(({ body }) => body.bug === "pacing violation");
    await answer("reqHistoricalData", 162, text);
    await expect(bars()).rejects.toMatchObject({ code: "BUSY" });
    const [bug] = await eventually(() => (bugs().length > 0 ? bugs() : undefined));
    expect(bug).toMatchObject({ kind: "broker.fault", correlationId: "link", body: { code: 162, untrusted: text } });
    await answer("reqHistoricalData", 162, text);
    await expect(bars()).rejects.toMatchObject({ code: "BUSY" });
    expect(bugs()).toHaveLength(1);
    expect(world.gateway?.link.faults.list()).toContainEqual(expect.objectContaining({ code: 162 }));
  });

  test("420: live bars asked for too often -> BUSY with the words", async () => {
    covers("code/420");
    await answer("reqRealTimeBars", 420, "Invalid Real-time Query:Historical data request pacing violation");
    const asked = world.market.request(RPCS.liveBars, {
      ...{ conid: AAPL, whatToShow: "TRADES", regularHoursOnly: true, count: 1 },
    });
    await expect(asked).rejects.toMatchObject({
      code: "BUSY",
      message: expect.stringMatching(/^TWS 420: .*pacing violation$/),
    });
  });

  test("162: no data -> NO_DATA with the words", async () => {
    covers("code/162");
    const text = "Historical Market Data Service error message:HMDS query returned no data: AAPL@SMART Trades";
    await answer("reqHistoricalData", 162, text);
    const denial = { code: "NO_DATA", message: expect.stringContaining("AAPL@SMART Trades") };
    expect(await bars()).toMatchObject({ outcome: "denied", denial });
  });

  test("200 -> UNKNOWN_INSTRUMENT; a burst of it makes nothing disappear", async () => {
    await answer("reqHistoricalData", 200, "No security definition has been found for the request");
    expect(await bars()).toMatchObject({ outcome: "denied", denial: { code: "UNKNOWN_INSTRUMENT" } });
    expect(await bars()).toMatchObject({ outcome: "ok" });
  });

  test("321 -> INVALID_ARGUMENT with the words", async () => {
    await answer("reqHistoricalData", 321, "Error validating request.-'bW' : cause - duration");
    const denial = { code: "INVALID_ARGUMENT", message: expect.stringContaining("cause - duration") };
    expect(await bars()).toMatchObject({ outcome: "denied", denial });
  });

  test("10299 is prevented: bars of crypto are asked for as aggregated trades", async () => {
    covers("code/10299");
    const reply = await bars({ conid: BTC });
    expect(reply.outcome === "ok" && reply.value.rows.length).toBeGreaterThan(0);
  });

  test("322 and 320 -> a fault for whoever asked, and nobody else", async () => {
    covers("code/322");
    const text = "Error processing request.-'bZ' : cause - Maximum number of account summary requests exceeded";
    for (const code of [322, 320]) {
      await answer("reqHistoricalData", code, text);
      await expect(bars()).rejects.toMatchObject({ code: "MARKET_DATA_UNAVAILABLE" });
    }
    expect(world.gateway?.link.state).toBe("up");
  });
});

describe("market data", () => {
  test.each([354, 10_089, 10_168, 10_186, 10_197])(
    "%i -> asked once more for delayed data, labelled so",
    async (code) => {
      covers("code/354", "code/10089", "code/10168", "code/10186", "code/10197");
      await answer("reqMktData", code, "Requested market data is not subscribed.");
      expect(await quote()).toMatchObject({ outcome: "ok", value: { dataType: "delayed" } });
    },
  );

  test("refused live and delayed -> MARKET_DATA_UNAVAILABLE, not an empty quote", async () => {
    await fault({ action: "answerError", message: "reqMktData", code: 354, text: "not subscribed", times: 2 });
    await expect(quote()).rejects.toMatchObject({ code: "MARKET_DATA_UNAVAILABLE" });
  });

  test("10197 is named as the cause while it holds, and other instruments stay live", async () => {
    await answer("reqMktData", 10_197, "No market data during competing live session");
    await quote();
    const status = await world.risk.request(RPCS.brokerStatus, {});
    expect(status).toMatchObject({
      value: { conditions: expect.arrayContaining([expect.objectContaining({ code: "COMPETING_SESSION" })]) },
    });
    expect(await quote(EUR_USD)).toMatchObject({ value: { dataType: "live" } });
  });

  test("101 -> the line that was unused longest is closed by us, and the quote still comes", async () => {
    covers("code/101");
    expect(await quote(EUR_USD)).toMatchObject({ outcome: "ok" });
    const closed = await frames("cancelMktData");
    await answer("reqMktData", 101, "Max number of tickers has been reached");
    expect(await quote()).toMatchObject({ outcome: "ok" });
    await eventually(async () => ((await frames("cancelMktData")) > closed ? true : undefined));
  });

  test.each([10_182, 10_189])("%i -> asked for again after a moment", async (code) => {
    covers("code/10182", "code/10189");
    const asked = await frames("reqMktData");
    await answer("reqMktData", code, "Failed to request live updates (disconnected).");
    expect(await quote()).toMatchObject({ outcome: "ok", value: { dataType: "live" } });
    expect(await frames("reqMktData")).toBe(asked + 2);
  });

  test.each([10_090, 10_167, 2_109])("%i is a note: the same line goes on", async (code) => {
    covers("code/10090", "code/10167");
    await world.market.request(RPCS.brokerContract, { conid: AAPL });
    const asked = await frames("reqMktData");
    await fault({ action: "delayReply", message: "tickPrice", delayMs: 150, keepOrder: false, times: 0 });
    const id = (world.gateway?.requests.newId() ?? 0) + 1;
    const waiting = quote();
    await eventually(async () => ((await frames("reqMktData")) > asked ? true : undefined));
    await fault({ action: "notice", id, code, text: "Part of requested market data is not subscribed." });
    expect(await waiting).toMatchObject({ outcome: "ok" });
    expect(await frames("reqMktData")).toBe(asked + 1);
  });

  test("what names a question that nobody asked is dropped", async () => {
    for (const code of [300, 366, 165]) await fault({ action: "notice", id: 2_100_000_000, code, text: "nobody" });
    expect(await world.risk.request(RPCS.accounts, {})).toMatchObject({ value: { accounts: [ACCOUNT] } });
    expect(world.gateway?.link.state).toBe("up");
  });
});
