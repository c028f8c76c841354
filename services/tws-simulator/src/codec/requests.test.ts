import { covers } from "@countersign/testing/covers";
import type { Encoder } from "@stoqey/ib/dist/core/io/encoder.js";
import { describe, expect, test } from "vitest";
import { libraryEncodes } from "../testing/library-codec.ts";
import { decodeRequest } from "./decode-request.ts";

const APPLE = { conId: 265598, symbol: "AAPL", secType: "STK", exchange: "SMART", currency: "USD" } as never;
const CONTRACT = { conId: 265598, symbol: "AAPL", secType: "STK", exchange: "SMART", currency: "USD" };
const SPREAD = {
  ...{ symbol: "AAPL", secType: "BAG", exchange: "SMART", currency: "USD" },
  comboLegs: [
    { conId: 11, ratio: 1, action: "BUY", exchange: "CBOE" },
    { conId: 12, ratio: 2, action: "SELL", exchange: "CBOE" },
  ],
};
const SCAN = { numberOfRows: 5, instrument: "STK", locationCode: "STK.US", scanCode: 0, abovePrice: 3 };

type Row = readonly [call: (encoder: Encoder) => void, line: string, read: object];

/** Each row: the library's call, its tokens at 193, what is read from them. Also read at 178, and never off by a token. */
function expectRead(rows: readonly Row[]): void {
  for (const [call, line, read] of rows) {
    expect(libraryEncodes(193, call).join("|")).toBe(line);
    for (const serverVersion of [178, 193]) {
      const tokens = libraryEncodes(serverVersion, call);
      expect(decodeRequest(serverVersion, tokens)).toMatchObject({ kind: "request", request: read });
      expect(decodeRequest(serverVersion, [...tokens, ""])).toMatchObject({ kind: "malformed" });
      if (tokens.length > 1) {
        expect(decodeRequest(serverVersion, tokens.slice(0, -1))).toMatchObject({ kind: "malformed" });
      }
    }
  }
}

describe("requests of the client library are read to their last token", () => {
  test("session", () => {
    covers("request/startApi", "request/reqIds", "request/reqCurrentTime", "request/reqManagedAccts");
    covers("request/setServerLogLevel", "request/reqUserInfo", "request/reqFamilyCodes");
    expectRead([
      [(each) => each.reqIds(1), "8|1|1", { kind: "reqIds" }],
      [(each) => each.reqCurrentTime(), "49|1", { kind: "reqCurrentTime" }],
      [(each) => each.reqManagedAccts(), "17|1", { kind: "reqManagedAccts" }],
      [(each) => each.setServerLogLevel(5), "14|1|5", { kind: "setServerLogLevel" }],
      [(each) => each.reqUserInfo(3), "104|3", { kind: "reqUserInfo", reqId: 3 }],
      [(each) => each.reqFamilyCodes(), "80", { kind: "reqFamilyCodes" }],
    ]);
    expect(decodeRequest(193, ["71", "2", "7", ""])).toMatchObject({ request: { kind: "startApi", clientId: 7 } });
  });

  test("accounts and positions", () => {
    covers("request/reqAccountSummary", "request/cancelAccountSummary", "request/reqAccountUpdates");
    covers("request/reqPositions", "request/cancelPositions", "request/reqPositionsMulti");
    covers("request/cancelPositionsMulti", "request/reqAccountUpdatesMulti", "request/cancelAccountUpdatesMulti");
    covers("request/reqPnL", "request/cancelPnL", "request/reqPnLSingle", "request/cancelPnLSingle");
    expectRead([
      [(each) => each.reqAccountSummary(3, "All", "A,B"), "62|1|3|All|A,B", { group: "All", tags: "A,B" }],
      [(each) => each.cancelAccountSummary(3), "63|1|3", { kind: "cancelAccountSummary", reqId: 3 }],
      [(each) => each.reqAccountUpdates(true, "DU1"), "6|2|1|DU1", { subscribe: true, account: "DU1" }],
      [(each) => each.reqAccountUpdates(false, "DU1"), "6|2|0|DU1", { subscribe: false, account: "DU1" }],
      [(each) => each.reqPositions(), "61|1", { kind: "reqPositions" }],
      [(each) => each.cancelPositions(), "64|1", { kind: "cancelPositions" }],
      [(each) => each.reqPositionsMulti(3, "DU1", "core"), "74|1|3|DU1|core", { account: "DU1", model: "core" }],
      [(each) => each.cancelPositionsMulti(3), "75|1|3", { kind: "cancelPositionsMulti", reqId: 3 }],
      [(each) => each.reqAccountUpdatesMulti(3, "DU1", "", true), "76|2|3|DU1||1", { account: "DU1", model: "" }],
      [(each) => each.cancelAccountUpdatesMulti(3), "77|2|3", { kind: "cancelAccountUpdatesMulti", reqId: 3 }],
      [(each) => each.reqPnL(3, "DU1", "core"), "92|3|DU1|core", { kind: "reqPnL", account: "DU1", model: "core" }],
      [(each) => each.cancelPnL(3), "93|3", { kind: "cancelPnL", reqId: 3 }],
      [(each) => each.reqPnLSingle(3, "DU1", "", 7), "94|3|DU1||7", { account: "DU1", model: "", conId: 7 }],
      [(each) => each.cancelPnLSingle(3), "95|3", { kind: "cancelPnLSingle", reqId: 3 }],
    ]);
  });

  test("contracts", () => {
    covers("request/reqContractDetails", "request/reqMatchingSymbols", "request/reqMarketRule");
    covers("request/reqSecDefOptParams", "request/reqSmartComponents", "request/reqMktDepthExchanges");
    const byIsin = { secIdType: "ISIN", secId: "US0378331005" };
    expectRead([
      [
        (each) => each.reqContractDetails(3, { ...CONTRACT, ...byIsin } as never),
        "9|8|3|265598|AAPL|STK|||||SMART||USD||||ISIN|US0378331005|",
        { reqId: 3, contract: { conId: 265598, strike: undefined }, securityId: "US0378331005" },
      ],
      [(each) => each.reqMatchingSymbols(3, "apple"), "81|3|apple", { reqId: 3, pattern: "apple" }],
      [(each) => each.reqMarketRule(26), "91|26", { kind: "reqMarketRule", ruleId: 26 }],
      [
        (each) => each.reqSecDefOptParams(3, "MES", "CME", "FUT" as never, 9),
        "78|3|MES|CME|FUT|9",
        { symbol: "MES", exchange: "CME", underlyingConId: 9 },
      ],
      [(each) => each.reqSmartComponents(3, "9c0001"), "83|3|9c0001", { reqId: 3, bboExchange: "9c0001" }],
      [(each) => each.reqMktDepthExchanges(), "82", { kind: "reqMktDepthExchanges" }],
    ]);
  });

  test("market data and streams", () => {
    covers("request/reqMktData", "request/cancelMktData", "request/reqMarketDataType", "request/reqRealTimeBars");
    covers("request/cancelRealTimeBars", "request/reqTickByTickData", "request/cancelTickByTickData");
    covers("request/reqMktDepth", "request/cancelMktDepth");
    expectRead([
      [
        (each) => each.reqMktData(3, APPLE, "233,236", false, false),
        "1|11|3|265598|AAPL|STK|||||SMART||USD|||0|233,236|0|0|",
        { reqId: 3, genericTicks: "233,236", snapshot: false, regulatorySnapshot: false },
      ],
      [
        (each) => each.reqMktData(3, SPREAD as never, "", false, false),
        "1|11|3||AAPL|BAG|||||SMART||USD|||2|11|1|BUY|CBOE|12|2|SELL|CBOE|0||0|0|",
        {
          legs: [
            { conId: 11, ratio: 1, action: "BUY" },
            { conId: 12, ratio: 2, action: "SELL" },
          ],
        },
      ],
      [(each) => each.cancelMktData(3), "2|1|3", { kind: "cancelMktData", reqId: 3 }],
      [(each) => each.reqMarketDataType(4), "59|1|4", { kind: "reqMarketDataType", type: 4 }],
      [
        (each) => each.reqRealTimeBars(3, APPLE, 5, "TRADES" as never, true, [] as never),
        "50|3|3|265598|AAPL|STK|||||SMART||USD|||5|TRADES|1|",
        { reqId: 3, barSize: 5, whatToShow: "TRADES", useRth: true },
      ],
      [(each) => each.cancelRealTimeBars(3), "51|1|3", { kind: "cancelRealTimeBars", reqId: 3 }],
      [
        (each) => each.reqTickByTickData(3, APPLE, "BidAsk" as never, 10, true),
        "97|3|265598|AAPL|STK|||||SMART||USD|||BidAsk|10|1",
        { reqId: 3, tickType: "BidAsk", count: 10, ignoreSize: true },
      ],
      [(each) => each.cancelTickByTickData(3), "98|3", { kind: "cancelTickByTickData", reqId: 3 }],
      [
        (each) => each.reqMktDepth(3, APPLE, 4, true, [] as never),
        "10|5|3|265598|AAPL|STK|||||SMART||USD|||4|1|",
        { reqId: 3, rows: 4, smart: true },
      ],
      [(each) => each.cancelMktDepth(3, true), "11|1|3|1", { kind: "cancelMktDepth", reqId: 3, smart: true }],
    ]);
  });

  test("option computations", () => {
    covers("request/calculateImpliedVolatility", "request/calculateOptionPrice");
    covers("request/cancelCalculateImpliedVolatility", "request/cancelCalculateOptionPrice");
    expectRead([
      [
        (each) => each.calculateImpliedVolatility(3, APPLE, 12.5, 230, [] as never),
        "54|2|3|265598|AAPL|STK|||||SMART||USD|||12.5|230|",
        { reqId: 3, optionPrice: "12.5", underlyingPrice: "230" },
      ],
      [
        (each) => each.calculateOptionPrice(3, APPLE, 0.3, 230, [] as never),
        "55|2|3|265598|AAPL|STK|||||SMART||USD|||0.3|230|",
        { reqId: 3, volatility: "0.3", underlyingPrice: "230" },
      ],
      [(each) => each.cancelCalculateImpliedVolatility(3), "56|1|3", { reqId: 3 }],
      [(each) => each.cancelCalculateOptionPrice(3), "57|1|3", { reqId: 3 }],
    ]);
  });

  test("history", () => {
    covers("request/reqHistoricalData", "request/cancelHistoricalData", "request/reqHeadTimestamp");
    covers("request/cancelHeadTimestamp", "request/reqHistoricalTicks", "request/reqHistogramData");
    covers("request/cancelHistogramData");
    expectRead([
      [
        (each) => each.reqHistoricalData(3, APPLE, "", "1 D", "1 min" as never, "TRADES" as never, 1, 2, true),
        "20|3|265598|AAPL|STK|||||SMART||USD|||0||1 min|1 D|1|TRADES|2|1|",
        { barSize: "1 min", duration: "1 D", useRth: true, formatDate: 2, keepUpToDate: true },
      ],
      [(each) => each.cancelHistoricalData(3), "25|1|3", { kind: "cancelHistoricalData", reqId: 3 }],
      [
        (each) => each.reqHeadTimestamp(3, APPLE, "TRADES" as never, true, 2),
        "87|3|265598|AAPL|STK|||||SMART||USD|||0|1|TRADES|2",
        { reqId: 3, whatToShow: "TRADES", formatDate: 2 },
      ],
      [(each) => each.cancelHeadTimestamp(3), "90|3", { kind: "cancelHeadTimestamp", reqId: 3 }],
      [
        (each) => each.reqHistoricalTicks(3, APPLE, "20261120 10:00:00", "", 9, "BID_ASK" as never, 1, true),
        "96|3|265598|AAPL|STK|||||SMART||USD|||0|20261120 10:00:00||9|BID_ASK|1|1|",
        { start: "20261120 10:00:00", end: "", count: 9, whatToShow: "BID_ASK", useRth: true, ignoreSize: true },
      ],
      [
        (each) => each.reqHistogramData(3, APPLE, true, "3 days"),
        "88|3|265598|AAPL|STK|||||SMART||USD|||0|1|3 days",
        { reqId: 3, useRth: true, period: "3 days" },
      ],
      [(each) => each.cancelHistogramData(3), "89|3", { kind: "cancelHistogramData", reqId: 3 }],
    ]);
  });

  test("scanner and news", () => {
    covers("request/reqScannerParameters", "request/reqScannerSubscription", "request/cancelScannerSubscription");
    covers("request/reqNewsProviders", "request/reqHistoricalNews", "request/reqNewsArticle");
    covers("request/reqNewsBulletins", "request/cancelNewsBulletins");
    const filters = [{ tag: "volumeAbove", value: "1000" }];
    expectRead([
      [(each) => each.reqScannerParameters(), "24|1", { kind: "reqScannerParameters" }],
      [
        (each) => each.reqScannerSubscription(3, SCAN as never, [] as never, filters as never),
        "22|3|5|STK|STK.US|TOP_PERC_GAIN|3|||||||||||||||||volumeAbove=1000;|",
        { rows: 5, instrument: "STK", location: "STK.US", abovePrice: "3", filters: "volumeAbove=1000;" },
      ],
      [(each) => each.cancelScannerSubscription(3), "23|1|3", { kind: "cancelScannerSubscription", reqId: 3 }],
      [(each) => each.reqNewsProviders(), "85", { kind: "reqNewsProviders" }],
      [
        (each) => each.reqHistoricalNews(3, 265598, "BRFG+DJ-N", "", "", 9, [] as never),
        "86|3|265598|BRFG+DJ-N|||9|",
        { conId: 265598, providers: "BRFG+DJ-N", count: 9 },
      ],
      [
        (each) => each.reqNewsArticle(3, "BRFG", "BRFG$1", [] as never),
        "84|3|BRFG|BRFG$1|",
        { provider: "BRFG", articleId: "BRFG$1" },
      ],
      [(each) => each.reqNewsBulletins(true), "12|1|1", { kind: "reqNewsBulletins", all: true }],
      [(each) => each.cancelNewsBulletins(), "13|1", { kind: "cancelNewsBulletins" }],
    ]);
  });

  test("orders, open and over, and executions", () => {
    covers("request/reqOpenOrders", "request/reqAllOpenOrders", "request/reqAutoOpenOrders");
    covers("request/reqCompletedOrders", "request/reqExecutions");
    const filter = { clientId: 7, acctCode: "DU1", time: "", symbol: "AAPL", secType: "STK", side: "BUY" };
    expectRead([
      [(each) => each.reqOpenOrders(), "5|1", { kind: "reqOpenOrders" }],
      [(each) => each.reqAllOpenOrders(), "16|1", { kind: "reqAllOpenOrders" }],
      [(each) => each.reqAutoOpenOrders(true), "15|1|1", { kind: "reqAutoOpenOrders", autoBind: true }],
      [(each) => each.reqCompletedOrders(true), "99|1", { kind: "reqCompletedOrders", apiOnly: true }],
      [
        (each) => each.reqExecutions(3, filter as never),
        "7|3|3|7|DU1||AAPL|STK||BUY",
        { clientId: 7, account: "DU1", symbol: "AAPL", side: "BUY" },
      ],
    ]);
  });
});
