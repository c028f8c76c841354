import { covers } from "@countersign/testing/covers";
import { describe, expect, test } from "vitest";
import { expectGolden } from "../testing/golden.ts";
import { APPLE } from "../testing/order-fixture.ts";
import {
  encodeHeadTimestamp,
  encodeHistoricalData,
  encodeHistoricalDataUpdate,
  encodeHistoricalSchedule,
} from "./encode-history.ts";
import {
  encodeHistoricalNews,
  encodeHistoricalNewsEnd,
  encodeNewsArticle,
  encodeNewsBulletin,
  encodeNewsProviders,
} from "./encode-news.ts";
import { encodeScannerData, encodeScannerParameters } from "./encode-scanner.ts";
import {
  encodeHistogram,
  encodeHistoricalMidpoints,
  encodeHistoricalQuotes,
  encodeHistoricalTrades,
} from "./encode-ticks.ts";

const BAR = { date: "20261121", open: "1", high: "4", low: "0.5", close: "2", volume: "9", wap: "1.5", count: 3 };

test("a bar is open, high, low, close in the history and open, close, high, low in its updates", () => {
  covers("reply/historicalData", "reply/historicalDataUpdate", "reply/headTimestamp");
  const bars = expectGolden(
    () => encodeHistoricalData(7, { start: "a", end: "b", bars: [BAR] }),
    "17|7|a|b|1|20261121|1|4|0.5|2|9|1.5|3",
  );
  expect(bars[0]?.args.slice(0, 7)).toEqual([7, "20261121", 1, 4, 0.5, 2, 9]);
  expect(bars[1]?.args[1]).toBe("finished-a-b");
  const [update] = expectGolden(() => encodeHistoricalDataUpdate(7, BAR), "90|7|3|20261121|1|2|4|0.5|1.5|9");
  expect(update?.args.slice(0, 6)).toEqual([7, "20261121", 1, 4, 0.5, 2]);
  const [head] = expectGolden(() => encodeHeadTimestamp(7, "20100104-14:30:00"), "88|7|20100104-14:30:00");
  expect(head?.args).toEqual([7, "20100104-14:30:00"]);
});

test("a schedule names each session with its trading day", () => {
  covers("reply/historicalSchedule");
  const sessions = [{ open: "20261120-09:30:00", close: "20261120-16:00:00", refDate: "20261120" }];
  const [event] = expectGolden(
    () => encodeHistoricalSchedule(7, { start: "a", end: "b", timeZone: "US/Eastern", sessions }),
    "106|7|a|b|US/Eastern|1|20261120-09:30:00|20261120-16:00:00|20261120",
  );
  expect(event?.args[4]).toMatchObject([{ refDate: "20261120" }]);
});

describe("past ticks", () => {
  test("mid-points, quotes and trades", () => {
    covers("reply/historicalTicks", "reply/historicalTicksBidAsk", "reply/historicalTicksLast");
    const [middle] = expectGolden(
      () => encodeHistoricalMidpoints(7, [{ time: 1795000000, price: "2.5" }], true),
      "96|7|1|1795000000|0|2.5|0|1",
    );
    expect(middle?.args.slice(1)).toEqual([[{ time: 1795000000, price: 2.5, size: 0 }], true]);
    const quote = { time: 1795000000, bid: "2.4", ask: "2.6", bidSize: "10", askSize: "20" };
    const [quotes] = expectGolden(
      () => encodeHistoricalQuotes(7, [quote, quote], false),
      "97|7|2|1795000000|0|2.4|2.6|10|20|1795000000|0|2.4|2.6|10|20|0",
    );
    expect(quotes?.args[2]).toBe(false);
    const trade = { time: 1795000000, price: "2.5", size: "100", exchange: "ARCA", conditions: "T" };
    const [trades] = expectGolden(
      () => encodeHistoricalTrades(7, [trade], true),
      "98|7|1|1795000000|0|2.5|100|ARCA|T|1",
    );
    expect(trades?.args[1]).toMatchObject([{ price: 2.5, size: 100, exchange: "ARCA", specialConditions: "T" }]);
  });

  test("a histogram, and none for an empty period", () => {
    covers("reply/histogramData");
    const rows = [
      { price: "2.5", size: "300" },
      { price: "2.6", size: "120" },
    ];
    const [event] = expectGolden(() => encodeHistogram(7, rows), "89|7|2|2.5|300|2.6|120");
    expect(event?.args[1]).toEqual([
      { price: 2.5, size: 300 },
      { price: 2.6, size: 120 },
    ]);
    expectGolden(() => encodeHistogram(7, []), "89|7|0");
  });
});

test("what can be scanned is one token, three megabytes of XML included; rows come in one message", () => {
  covers("reply/scannerParameters", "reply/scannerData");
  const xml = '<?xml version="1.0" encoding="UTF-8"?>\n<ScanParameterResponse/>';
  expect(expectGolden(() => encodeScannerParameters(xml), `19|1|${xml}`)[0]?.args).toEqual([xml]);
  const long = "x".repeat(3_000_000);
  expect(expectGolden(() => encodeScannerParameters(long), `19|1|${long}`)[0]?.args[0]).toHaveLength(3_000_000);
  const events = expectGolden(
    () => encodeScannerData(7, [{ rank: 0, contract: APPLE, marketName: "NMS" }]),
    "20|3|7|1|0|265598|AAPL|STK||0||SMART|USD|AAPL|NMS|NMS||||",
  );
  expect(events.map(({ name }) => name)).toEqual(["scannerData", "scannerDataEnd"]);
  expect(expectGolden(() => encodeScannerData(7, []), "20|3|7|0")[0]?.name).toBe("scannerDataEnd");
});

test("news: providers, headlines with their end, an article, a bulletin", () => {
  covers("reply/newsProviders", "reply/historicalNews", "reply/historicalNewsEnd", "reply/newsArticle");
  covers("reply/newsBulletins");
  const providers = [{ code: "BRFG", name: "Briefing.com General Market Columns" }];
  const [named] = expectGolden(() => encodeNewsProviders(providers), "85|1|BRFG|Briefing.com General Market Columns");
  expect(named?.args[0]).toMatchObject([{ providerCode: "BRFG" }]);
  const news = { time: "2026-11-21 10:00:00.0", provider: "BRFG", articleId: "BRFG$1", headline: "Bonds rise" };
  const [headline] = expectGolden(
    () => encodeHistoricalNews(7, news),
    "86|7|2026-11-21 10:00:00.0|BRFG|BRFG$1|Bonds rise",
  );
  expect(headline?.args).toEqual([7, news.time, "BRFG", "BRFG$1", "Bonds rise"]);
  expect(expectGolden(() => encodeHistoricalNewsEnd(7, true), "87|7|1")[0]?.args).toEqual([7, true]);
  const [article] = expectGolden(() => encodeNewsArticle(7, { type: 0, text: "<p>a\nb</p>" }), "83|7|0|<p>a\nb</p>");
  expect(article?.args).toEqual([7, 0, "<p>a\nb</p>"]);
  const bulletin = { id: 9, type: 2, text: "Exchange down", exchange: "ARCA" } as const;
  expect(expectGolden(() => encodeNewsBulletin(bulletin), "14|1|9|2|Exchange down|ARCA")[0]?.args).toEqual([
    9,
    2,
    "Exchange down",
    "ARCA",
  ]);
});
