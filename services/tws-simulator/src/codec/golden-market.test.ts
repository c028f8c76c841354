import { covers } from "@countersign/testing/covers";
import { describe, expect, test } from "vitest";
import { expectGolden } from "../testing/golden.ts";
import { encodeDepthExchanges, encodeMarketDepth, encodeMarketDepthL2, encodeSmartComponents } from "./encode-depth.ts";
import {
  encodeMarketDataType,
  encodeTickGeneric,
  encodeTickPrice,
  encodeTickReqParams,
  encodeTickSize,
  encodeTickSnapshotEnd,
  encodeTickString,
} from "./encode-market.ts";
import {
  encodeOptionComputation,
  encodeRealTimeBar,
  encodeTickByTickMidpoint,
  encodeTickByTickQuote,
  encodeTickByTickTrade,
  encodeTickNews,
} from "./encode-ticks.ts";

describe("ticks", () => {
  test("an ask brings its size with it, live and delayed", () => {
    covers("reply/tickPrice", "reply/tickSize");
    const ask = { reqId: 5, price: "222.48", size: "1100", auto: true };
    const live = expectGolden(() => encodeTickPrice({ ...ask, type: 2 }), "1|6|5|2|222.48|1100|1");
    expect(live.map(({ name, args }) => [name, args[1]])).toEqual([
      ["tickPrice", 2],
      ["tickSize", 3],
    ]);
    const delayed = expectGolden(() => encodeTickPrice({ ...ask, type: 67 }), "1|6|5|67|222.48|1100|1");
    expect(delayed[1]?.args).toEqual([5, 70, 1100]);
    expect(expectGolden(() => encodeTickSize(5, 8, "12"), "2|6|5|8|12")[0]?.args).toEqual([5, 8, 12]);
  });

  test("numbers, texts, parameters, type and end", () => {
    covers("reply/tickGeneric", "reply/tickString", "reply/tickReqParams", "reply/tickSnapshotEnd");
    covers("reply/marketDataType");
    expect(expectGolden(() => encodeTickGeneric(5, 49, "0"), "45|6|5|49|0")[0]?.args).toEqual([5, 49, 0]);
    expect(expectGolden(() => encodeTickString(5, 45, "1795"), "46|6|5|45|1795")[0]?.args).toEqual([5, 45, "1795"]);
    const [parameters] = expectGolden(
      () => encodeTickReqParams(5, { minTick: "1", bboExchange: "9c0001" }),
      "81|5|1|9c0001|3",
    );
    expect(parameters?.args).toEqual([5, 1, "9c0001", 3]);
    expect(expectGolden(() => encodeMarketDataType(5, 3), "58|1|5|3")[0]?.args).toEqual([5, 3]);
    expect(expectGolden(() => encodeTickSnapshotEnd(5), "57|1|5")[0]?.args).toEqual([5]);
  });

  test("the numbers of an option; what is not computed is -1 or -2", () => {
    covers("reply/tickOptionComputation");
    const none = {
      ...{ impliedVolatility: undefined, delta: undefined, optionPrice: undefined, presentValueOfDividends: undefined },
      ...{ gamma: undefined, vega: undefined, theta: undefined, underlyingPrice: undefined },
    };
    const [empty] = expectGolden(
      () => encodeOptionComputation(5, { ...none, type: 10 }),
      "21|5|10|1|-1|-2|-1|-1|-2|-2|-2|-1",
    );
    expect(empty?.args).toEqual([5, 10, 1, ...Array.from({ length: 8 }, () => undefined)]);
    const full = { impliedVolatility: "0.28", delta: "0.5", optionPrice: "12.3", presentValueOfDividends: "0" };
    const greeks = { gamma: "0.01", vega: "0.6", theta: "-0.05", underlyingPrice: "231.4" };
    const [model] = expectGolden(
      () => encodeOptionComputation(5, { ...full, ...greeks, type: 13 }),
      "21|5|13|1|0.28|0.5|12.3|0|0.01|0.6|-0.05|231.4",
    );
    expect(model?.args).toEqual([5, 13, 1, 0.28, 0.5, 12.3, 0, 0.01, 0.6, -0.05, 231.4]);
  });

  test("a headline between the ticks", () => {
    covers("reply/tickNews");
    const news = { timeMs: 1795000000000, provider: "BRFG", articleId: "BRFG$1", headline: "Zürich: H" };
    const [event] = expectGolden(() => encodeTickNews(5, news), "84|5|1795000000000|BRFG|BRFG$1|Z\\u00fcrich: H|");
    expect(event?.args.slice(2, 4)).toEqual(["BRFG", "BRFG$1"]);
  });
});

test("single ticks: a trade, a quote, a mid-point", () => {
  covers("reply/tickByTick");
  const trade = { time: 1795000000, price: "222.5", size: "100", exchange: "ISLAND", conditions: "" };
  const [last] = expectGolden(() => encodeTickByTickTrade(5, 1, trade), "99|5|1|1795000000|222.5|100|0|ISLAND|");
  expect(last).toMatchObject({ name: "tickByTickAllLast", args: [5, 1, "1795000000", 222.5, 100, {}, "ISLAND", ""] });
  expectGolden(() => encodeTickByTickTrade(5, 2, trade), "99|5|2|1795000000|222.5|100|0|ISLAND|");
  const quote = { time: 1795000000, bid: "222.4", ask: "222.5", bidSize: "100", askSize: "200" };
  const [both] = expectGolden(() => encodeTickByTickQuote(5, quote), "99|5|3|1795000000|222.4|222.5|100|200|0");
  expect(both).toMatchObject({ name: "tickByTickBidAsk", args: [5, "1795000000", 222.4, 222.5, 100, 200, {}] });
  const [middle] = expectGolden(
    () => encodeTickByTickMidpoint(5, { time: 1795000000, price: "222.45" }),
    "99|5|4|1795000000|222.45",
  );
  expect(middle).toEqual({ name: "tickByTickMidPoint", args: [5, "1795000000", 222.45] });
});

test("a book of one exchange, one with its makers, and who offers books", () => {
  covers("reply/marketDepth", "reply/marketDepthL2", "reply/mktDepthExchanges", "reply/smartComponents");
  const change = { position: 2, operation: 0, side: "bid", price: "222.4", size: "300" } as const;
  const [plain] = expectGolden(() => encodeMarketDepth(5, change), "12|1|5|2|0|1|222.4|300");
  expect(plain?.args).toEqual([5, 2, 0, 1, 222.4, 300]);
  const row = { maker: "ARCA", smart: true, change: { ...change, operation: 2, side: "ask" } } as const;
  const [named] = expectGolden(() => encodeMarketDepthL2(5, row), "13|1|5|2|ARCA|2|0|222.4|300|1");
  expect(named?.args).toEqual([5, 2, "ARCA", 2, 0, 222.4, 300, true]);
  const exchange = { exchange: "ARCA", secType: "STK", listingExchange: "", service: "Deep2", aggGroup: 1 } as const;
  expect(expectGolden(() => encodeDepthExchanges([exchange]), "80|1|ARCA|STK||Deep2|1")[0]?.name).toBe(
    "mktDepthExchanges",
  );
  const components = [
    { bit: 0, exchange: "ARCA", letter: "P" },
    { bit: 1, exchange: "BATS", letter: "Z" },
  ];
  const [map] = expectGolden(() => encodeSmartComponents(5, components), "82|5|2|0|ARCA|P|1|BATS|Z");
  const letters = new Map([
    [0, ["ARCA", "P"]],
    [1, ["BATS", "Z"]],
  ]);
  expect(map?.args[1]).toEqual(letters);
});

test("a five-second bar", () => {
  covers("reply/realtimeBar");
  const bar = { time: 1795000000, open: "1", high: "4", low: "0.5", close: "2", volume: "9", wap: "1.5", count: 3 };
  const [event] = expectGolden(() => encodeRealTimeBar(5, bar), "50|3|5|1795000000|1|4|0.5|2|9|1.5|3");
  expect(event?.args).toEqual([5, 1795000000, 1, 4, 0.5, 2, 9, 1.5, 3]);
});
