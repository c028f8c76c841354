import { runInContext } from "@countersign/bus/context";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Serial } from "../serial.ts";
import { AAPL_STOCK as AAPL, PEER_ACCOUNT as ACCOUNT, peerOf, UNSET } from "../testing/answers.ts";
import { line } from "../testing/frames.ts";
import { type Linked, linked } from "../testing/linked.ts";
import { ScriptedTws } from "../testing/scripted-tws.ts";
import { accountUpdates, accountValues, modelPositions } from "./account-reads.ts";
import { bars as historicalBars } from "./bars.ts";
import { Contracts } from "./contracts.ts";
import { article, headlines, headTimestamp, histogram, scan, schedule } from "./history-reads.ts";
import { optionChains } from "./instrument-reads.ts";
import { pastTicks } from "./live-reads.ts";
import { PriceBands } from "./price-bands.ts";
import { SharedReads } from "./shared-reads.ts";

/** History, scans, news, and lists whose end never comes, against a peer that answers with the literal frames of TWS. */

const STOCK_DETAILS =
  "10|ID|AAPL|STK|||0||SMART|USD|AAPL|NMS|NMS|265598|0.01||LMT|SMART|1|0|APPLE INC|NASDAQ||T|C|C|US/Eastern|a|b|||0|1|||26||COMMON|0.0001|0.0001|100|0";
const BOTH_HOURS = { whatToShow: "TRADES", regularHoursOnly: true } as const;
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

describe("the past", () => {
  test("past ticks go on until TWS says that they are done", async () => {
    answers("96", 1, "98|ID|1|1700000000|0|227.5|100|ISLAND||0", "98|ID|1|1700000001|0|227.6|50|ARCA||1");
    const window = { from: null, until: "2026-11-20T14:30:00.000Z", count: 100, regularHoursOnly: true };
    const told = await pastTicks(peer, AAPL, { kind: "TRADES", ...window });
    expect(told.ticks).toMatchObject([{ price: "227.5" }, { price: "227.6", exchange: "ARCA" }]);
    expect(asked("96")[0]?.slice(15, 18)).toEqual(["", "20261120-14:30:00", "100"]);
    answers("96", 1, "97|ID|1|1700000000|0|227.4|227.5|100|200|1");
    expect((await pastTicks(peer, AAPL, { kind: "BID_ASK", ...window })).ticks).toMatchObject([{ bid: "227.4" }]);
    answers("96", 1, "96|ID|0|1");
    expect((await pastTicks(peer, AAPL, { kind: "MIDPOINT", ...window })).ticks).toEqual([]);
  });

  test("nobody waits for the answer any more when its turn comes -> not sent, TIMEOUT", async () => {
    answers("96", 1, "98|ID|1|1700000000|0|227.5|100|ISLAND||1");
    const window = { from: null, until: "2026-11-20T14:30:00.000Z", count: 100, regularHoursOnly: true };
    const read = (deadlineMs: number) =>
      runInContext({ correlationId: "", traceparent: "", deadlineMs }, () =>
        pastTicks(peer, AAPL, { kind: "TRADES", ...window }),
      );
    await expect(read(peer.clock.nowMs())).rejects.toMatchObject({ code: "TIMEOUT" });
    expect(asked("96")).toEqual([]);
    expect((await read(peer.clock.nowMs() + 60_000)).ticks.length).toBe(1);
    expect(asked("96").length).toBe(1);
  });

  test("more bars than one message holds -> PAYLOAD_TOO_LARGE, never the end of a list", async () => {
    const bars = (count: number) => `${count}${"|1700000000|100.5|101.5|99.5|100.25|1200|100.7|14".repeat(count)}`;
    const query = {
      conid: 265598,
      barSize: "5 mins",
      duration: "1 M",
      whatToShow: "TRADES",
      regularHoursOnly: true,
      ...{ end: null, from: null, until: null },
    } as const;
    const priceBands = new PriceBands((ruleId) => new SharedReads(peer).marketRule(ruleId));
    const deps = { ...peer, contracts: new Contracts({ ...peer, cacheMs: 60_000, priceBands }) };
    const count = { now: 4_000 };
    tws.script = ([message, second, third]) => {
      if (message === "9") return [line(STOCK_DETAILS.replace("ID", third ?? "")), line(`52|1|${third}`)];
      if (message === "91") return [line(`93|${second}|1|0|0.01`)];
      return message === "20" ? [line(`17|${second}|a|b|${bars(count.now)}`)] : [];
    };
    const denial = { code: "PAYLOAD_TOO_LARGE" };
    expect(await historicalBars(deps, query)).toMatchObject({ outcome: "denied", denial });
    count.now = 1_000;
    const told = await historicalBars(deps, query);
    expect(told.outcome === "ok" && told.value.rows).toHaveLength(1_000);
  });

  test("head timestamp, histogram and schedule", async () => {
    answers("87", 1, "88|ID|345479400");
    expect(await headTimestamp(peer, AAPL, BOTH_HOURS)).toEqual({
      conid: 265598,
      earliest: "1980-12-12T14:30:00.000Z",
    });
    answers("88", 1, "89|ID|2|227.5|100|227.6|50");
    expect((await histogram(peer, AAPL, { days: 3, regularHoursOnly: true })).rows).toHaveLength(2);
    answers(
      "20",
      1,
      "106|ID|20261119-09:30:00|20261120-16:00:00|US/Eastern|1|20261120-09:30:00|20261120-16:00:00|20261120",
    );
    expect(await schedule(peer, AAPL, { days: 2, regularHoursOnly: true })).toMatchObject({
      timeZoneId: "US/Eastern",
      sessions: [{ open: "2026-11-20T09:30:00", close: "2026-11-20T16:00:00", date: "2026-11-20" }],
    });
  });

  test("a time that is none -> BROKER_REFUSED, and the link stays", async () => {
    answers("87", 1, "88|ID|soon");
    await expect(headTimestamp(peer, AAPL, BOTH_HOURS)).rejects.toMatchObject({ code: "BROKER_REFUSED" });
    expect(peer.lost).toEqual([]);
  });

  test("scans: rows in their rank, none when nothing fits, and the codes out of the XML", async () => {
    const query = { instrument: "STK", location: "STK.US.MAJOR", scan: "TOP_PERC_GAIN", rows: 5 };
    const all = { ...query, priceAbove: "5", priceBelow: null, volumeAbove: null };
    answers("22", 1, "20|3|ID|1|0|265598|AAPL|STK||0||SMART|USD|AAPL|NMS|NMS|d|b|p|");
    expect((await scan(peer, all)).rows).toMatchObject([{ rank: 0, conid: 265598, distance: "d" }]);
    expect(asked("22")[0]?.slice(2, 7)).toEqual(["5", "STK", "STK.US.MAJOR", "TOP_PERC_GAIN", "5"]);
    answers("22", 1, "20|3|ID|0");
    expect(await scan(peer, all)).toEqual({ rows: [] });
    const xml =
      '<?xml version="1.0"?><S><Instrument><name>US Stocks</name><type>STK</type></Instrument><Location><displayName>US</displayName><locationCode>STK.US</locationCode></Location><ScanType><displayName>Top &amp; best</displayName><scanCode>TOP_PERC_GAIN</scanCode></ScanType></S>';
    answers("24", 0, `19|1|${xml}`);
    expect(await new SharedReads(peer).scanParameters()).toEqual({
      instruments: [{ code: "STK", name: "US Stocks" }],
      locations: [{ code: "STK.US", name: "US" }],
      scans: [{ code: "TOP_PERC_GAIN", name: "Top & best" }],
    });
  });

  test("news: providers, headlines up to the end marker, an article without control characters", async () => {
    answers("85", 0, "85|1|BRFG|Briefing.com");
    expect((await new SharedReads(peer).newsProviders()).providers).toEqual([{ code: "BRFG", name: "Briefing.com" }]);
    answers("86", 1, "86|ID|2026-11-20 14:00:00.0|BRFG|BRFG$1|Stocks\u202eopen", "87|ID|1");
    const request = { conid: 265598, providers: ["BRFG", "DJNL"], from: null, until: null, limit: 10 };
    expect(await headlines(peer, request)).toMatchObject({
      headlines: [{ at: "2026-11-20T14:00:00.000Z", articleId: "BRFG$1", headline: "Stocks open" }],
      hasMore: true,
    });
    expect(asked("86")[0]?.slice(2, 4)).toEqual(["265598", "BRFG+DJNL"]);
    answers("84", 1, "83|ID|0|<p>Up</p>");
    const told = await article(peer, { provider: "BRFG", articleId: "BRFG$1" });
    expect(told).toEqual({ kind: "text", text: "<p>Up</p>", truncated: false });
  });
});

describe("a list that does not end", () => {
  const LISTS: readonly (readonly [string, string, number, string, () => Promise<unknown>])[] = [
    ["model positions", "74", 2, "71|1|ID|DU1234567|1|A|STK||0.0|||N|USD|A|A|10|1|", () => modelPositions(peer, MODEL)],
    ["account values", "76", 2, "73|1|ID|DU1234567||CashBalance|1|USD", () => accountValues(peer, MODEL)],
    ["option chains", "78", 1, "75|ID|CBOE|265598|AAPL|100|0|0", () => optionChains(peer, AAPL, null)],
    [
      ...(["account updates", "6", 0, "6|2|NetLiquidation|1|USD|DU1234567"] as const),
      () => accountUpdates({ ...peer, lane: new Serial() }, ACCOUNT),
    ],
  ];

  test.each(LISTS)("%s: the link drops in the middle -> BROKER_UNAVAILABLE, never a short list", async (...row) => {
    const [, messageId, at, text, read] = row;
    tws.script = (tokens) => (tokens[0] === messageId ? [line(text.replace("ID", tokens[at] ?? "")), "drop"] : []);
    await expect(read()).rejects.toMatchObject({ code: "BROKER_UNAVAILABLE" });
  });

  test("no end marker -> TIMEOUT, never a short list", async () => {
    answers("74", 2, "71|1|ID|DU1234567|1|A|STK||0.0|||N|USD|A|A|10|1|");
    await expect(modelPositions(peer, MODEL)).rejects.toMatchObject({ code: "TIMEOUT" });
  });

  test("one row that cannot be read -> the whole list is a fault", async () => {
    answers("74", 2, "71|1|ID|DU1234567|1|A|STK||0.0|||N|USD|A|A|ten|1|", "72|1|ID");
    await expect(modelPositions(peer, MODEL)).rejects.toMatchObject({ code: "BROKER_UNAVAILABLE" });
    answers("74", 2, `71|1|ID|DU1234567|1|A|STK||0.0|||N|USD|A|A|${UNSET}|1|`, "72|1|ID");
    await expect.poll(() => peer.link.state).toBe("up");
    await expect(modelPositions(peer, MODEL)).rejects.toMatchObject({ code: "BROKER_REFUSED" });
  });
});
