import { RPCS } from "@countersign/contracts/subjects";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MarketWorld } from "../testing/market-world.ts";

let world: MarketWorld;
beforeAll(async () => {
  world = await MarketWorld.open();
});
afterAll(() => world?.close());

const AAPL = 265598;
const EUR_USD = 12087792;
const asker = "agent-1";
const asked = { asker, maxAgeMs: 3_600_000 };

/** How often the broker was asked while the task ran. */
async function costOf(kind: string, task: () => Promise<unknown>): Promise<number> {
  const before = (await world.simulator.frames())[kind] ?? 0;
  await task();
  return ((await world.simulator.frames())[kind] ?? 0) - before;
}

describe("what else is read of the market", () => {
  test("the order book has rows on both sides, best first", async () => {
    const reply = await world.edge.request(RPCS.marketDepth, { conid: AAPL, rows: 3, smart: true, asker, maxAgeMs: 0 });
    if (reply.outcome === "denied") throw new Error(reply.denial.message);
    const { bids, asks, currency } = reply.value;
    expect(currency).toBe("USD");
    expect(bids.length).toBeGreaterThan(0);
    const prices = (rows: { price: string }[]) => rows.map(({ price }) => Number(price));
    expect(prices(bids)).toEqual(prices(bids).toSorted((a, b) => b - a));
    expect(prices(asks)).toEqual(prices(asks).toSorted((a, b) => a - b));
    expect(Number(bids[0]?.price)).toBeLessThan(Number(asks[0]?.price));
  });

  test("a histogram, the catalogue of scans and a scan, each from the broker once", async () => {
    const scan = { instrument: "STK", location: "STK.US.MAJOR", scan: "TOP_PERC_GAIN", rows: 5 };
    const question = { ...scan, priceAbove: null, priceBelow: null, volumeAbove: null, ...asked };
    const histogram = { conid: AAPL, days: 3, regularHoursOnly: true, ...asked };
    const both = async () => {
      const [rows, found, catalogue] = await Promise.all([
        world.edge.request(RPCS.marketHistogram, histogram),
        world.edge.request(RPCS.marketScan, question),
        world.edge.request(RPCS.scanCatalogue, asked),
      ]);
      expect([rows, found, catalogue]).toMatchObject([{ outcome: "ok" }, { outcome: "ok" }, { outcome: "ok" }]);
      return catalogue;
    };
    expect(await costOf("reqHistogramData", both)).toBe(1);
    expect(await costOf("reqHistogramData", both)).toBe(0);
    expect(await costOf("reqScannerSubscription", both)).toBe(0);
    const catalogue = await both();
    if (catalogue.outcome === "denied") throw new Error("denied");
    expect(catalogue.value.scans.length).toBeGreaterThan(0);
  });

  test("headlines lead to their article", async () => {
    const sources = await world.edge.request(RPCS.newsSources, asked);
    if (sources.outcome === "denied") throw new Error("denied");
    const providers = sources.value.providers.map(({ code }) => code);
    const question = { conid: AAPL, providers, from: null, until: null, limit: 5, ...asked };
    const found = await world.edge.request(RPCS.newsHeadlines, question);
    if (found.outcome === "denied") throw new Error("denied");
    const [newest] = found.value.headlines;
    if (newest === undefined) throw new Error("no headline");
    const { provider, articleId } = newest;
    const article = await world.edge.request(RPCS.newsArticle, { provider, articleId, ...asked });
    expect(article).toMatchObject({ outcome: "ok", value: { kind: "text", truncated: false } });
  });

  test("the details of a pair carry the price steps of its exchange", async () => {
    const reply = await world.edge.request(RPCS.instrumentDetails, { conid: EUR_USD, ...asked });
    if (reply.outcome === "denied") throw new Error(reply.denial.message);
    const { instrument, marketRules } = reply.value;
    expect(instrument).toMatchObject({ symbol: "EUR", secType: "CASH", currency: "USD" });
    expect(marketRules.map(({ exchange }) => exchange)).toEqual(instrument.validExchanges);
    expect(marketRules[0]?.bands[0]?.from).toBe("0");
  });
});

describe("what is not there", () => {
  test("an unknown instrument -> UNKNOWN_INSTRUMENT", async () => {
    const reply = await world.edge.request(RPCS.instrumentDetails, { conid: 999_999_999, ...asked });
    expect(reply).toMatchObject({ outcome: "denied", denial: { code: "UNKNOWN_INSTRUMENT" } });
  });
  test("an unknown article -> an error, never an empty text", async () => {
    const asking = world.edge.request(RPCS.newsArticle, { provider: "BRFG", articleId: "BRFG$nothing", ...asked });
    const outcome = await asking.then(
      (reply) => reply.outcome,
      () => "fault",
    );
    expect(["denied", "fault"]).toContain(outcome);
  });
  test("a scan that the broker does not have -> INVALID_ARGUMENT or a fault with its word", async () => {
    const scan = { instrument: "STK", location: "STK.US.MAJOR", scan: "NO_SUCH_SCAN", rows: 5 };
    const asking = world.edge.request(RPCS.marketScan, {
      ...{ ...scan, priceAbove: null, priceBelow: null, volumeAbove: null },
      ...asked,
    });
    const outcome = await asking.then(
      (reply) => reply.outcome,
      () => "fault",
    );
    expect(["denied", "fault"]).toContain(outcome);
  });
});
