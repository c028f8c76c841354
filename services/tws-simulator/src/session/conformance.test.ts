import { ManualClock } from "@countersign/clock/manual-clock";
import type { Encoder } from "@stoqey/ib/dist/core/io/encoder.js";
import { afterEach, expect, test } from "vitest";
import { libraryDecodes, libraryEncodes } from "../testing/library-codec.ts";
import type { RawClient } from "../testing/raw-client.ts";
import { TestSimulator } from "../testing/test-simulator.ts";

const ACCOUNT = "DU1234567";
const APPLE = { conId: 265598, exchange: "SMART" };
const EURO = { conId: 12087792, exchange: "IDEALPRO" };
const CALL = { symbol: "AAPL", secType: "OPT", exchange: "SMART", strike: 230, right: "C", currency: "USD" };
const ORDER = { action: "BUY", totalQuantity: 1, tif: "DAY", account: ACCOUNT, transmit: true };
const SCAN = { numberOfRows: 5, instrument: "STK", locationCode: "STK.US", scanCode: 0 };
const KINDS = ["STK", "CASH", "FUT", "OPT", "FOP", "IND", "BOND", "CRYPTO", "FUND"];
const SYMBOLS = ["AAPL", "EUR", "MES", "AAPL", "MES", "SPX", "US-T", "BTC", "VFIAX"];

type Call = (encoder: Encoder) => void;

const ORDERS: readonly Call[] = [
  (each) => each.placeOrder(1, APPLE, { ...ORDER, orderType: "MKT" } as never),
  (each) => each.placeOrder(2, APPLE, { ...ORDER, orderType: "LMT", lmtPrice: 190, tif: "GTC" } as never),
  (each) => each.placeOrder(3, APPLE, { ...ORDER, orderType: "LMT", lmtPrice: 190, whatIf: true } as never),
  (each) => each.placeOrder(4, APPLE, { ...ORDER, orderType: "LMT", lmtPrice: 190.001 } as never),
  (each) => each.placeOrder(5, EURO, { ...ORDER, orderType: "MKT", totalQuantity: 25_000 } as never),
];

const AFTER_FILLS: readonly Call[] = [
  (each) => each.reqOpenOrders(),
  (each) => each.reqAllOpenOrders(),
  (each) => each.reqExecutions(101, {}),
  (each) => each.cancelOrder(2, {}),
  (each) => each.reqCompletedOrders(false),
  (each) => each.reqPositions(),
  (each) => each.reqPositionsMulti(102, ACCOUNT, ""),
  (each) => each.reqAccountUpdates(true, ACCOUNT),
  (each) => each.reqAccountUpdatesMulti(103, ACCOUNT, "", false),
  (each) => each.reqAccountSummary(104, "All", "NetLiquidation,$LEDGER:ALL"),
  (each) => each.reqPnL(105, ACCOUNT, ""),
  (each) => each.reqPnLSingle(106, ACCOUNT, "", APPLE.conId),
];

const READS: readonly Call[] = [
  ...KINDS.map((secType, index) => (each: Encoder) => {
    each.reqContractDetails(200 + index, { symbol: SYMBOLS[index], secType } as never);
  }),
  (each) => each.reqMatchingSymbols(211, "A"),
  (each) => each.reqMarketRule(26),
  (each) => each.reqSecDefOptParams(212, "AAPL", "", "STK" as never, APPLE.conId),
  (each) => each.reqSmartComponents(213, "9c0001"),
  (each) => each.reqMktDepthExchanges(),
  (each) => each.reqFamilyCodes(),
  (each) => each.reqUserInfo(214),
  (each) => each.reqManagedAccts(),
  (each) => each.reqIds(1),
  (each) => each.reqScannerParameters(),
  (each) => each.reqNewsProviders(),
  (each) => each.reqHistoricalNews(215, APPLE.conId, "BRFG+BRFUPDN+DJ-N", "", "", 5, [] as never),
  (each) => each.reqHistoricalData(216, APPLE, "", "1 D", "1 hour" as never, "TRADES" as never, 1, 1, false),
  (each) => each.reqHistoricalData(217, APPLE, "", "5 D", "1 day" as never, "SCHEDULE" as never, 1, 1, false),
  (each) => each.reqHeadTimestamp(218, APPLE, "TRADES" as never, true, 1),
  (each) => each.reqHistogramData(219, APPLE, true, "1 week"),
  (each) => each.reqHistoricalTicks(220, APPLE, "20270104 09:00:00", "", 5, "TRADES" as never, 0, false),
  (each) => each.reqHistoricalTicks(221, APPLE, "20270104 09:00:00", "", 5, "BID_ASK" as never, 0, false),
  (each) => each.reqHistoricalTicks(222, APPLE, "20270104 09:00:00", "", 5, "MIDPOINT" as never, 0, false),
  (each) => each.calculateOptionPrice(223, CALL as never, 0.3, 230, [] as never),
];

const STREAMS: readonly Call[] = [
  (each) => each.reqMktData(301, APPLE, "100,165,233,236,292", false, false),
  (each) => each.reqMktData(302, CALL as never, "", true, false),
  (each) => each.reqTickByTickData(303, APPLE, "AllLast" as never, 3, false),
  (each) => each.reqTickByTickData(304, APPLE, "BidAsk" as never, 3, false),
  (each) => each.reqTickByTickData(305, APPLE, "MidPoint" as never, 3, false),
  (each) => each.reqMktDepth(306, APPLE, 3, true, [] as never),
  (each) => each.reqMktDepth(307, EURO, 3, false, [] as never),
  (each) => each.reqRealTimeBars(308, APPLE, 5, "TRADES" as never, false, [] as never),
  (each) => each.reqHistoricalData(309, APPLE, "", "3600 S", "5 secs" as never, "TRADES" as never, 0, 1, true),
  (each) => each.reqScannerSubscription(310, SCAN as never, [] as never, [] as never),
  (each) => each.reqNewsBulletins(true),
];

/** Every message that these calls bring, by id; the article of the news and the bound order have their own tests. */
const ANSWERS = [
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 45, 46, 49, 50, 52, 53, 54, 55, 57, 58],
  ...[59, 61, 62, 63, 64, 71, 72, 73, 74, 75, 76, 78, 79, 80, 81, 82, 85, 86, 87, 88, 89, 90, 93, 94, 95, 96, 97, 98],
  ...[99, 101, 102, 106, 107],
];

let simulator: TestSimulator;
afterEach(() => simulator.stop());

async function play(client: RawClient, serverVersion: number, calls: readonly Call[]): Promise<void> {
  for (const call of calls) client.send(...libraryEncodes(serverVersion, call));
  const before = client.of("49").length;
  client.send(49, 1);
  await client.waitFor(() => client.of("49").length > before);
}

test.each([
  ["v157..178", 178],
  ["v187..187", 187],
  ["v100..193", 193],
])(
  "%s: every request is understood, and every answer is decoded by the library with nothing left over",
  async (versions, serverVersion) => {
    const clock = new ManualClock(Date.UTC(2027, 0, 4, 15, 0, 0));
    simulator = await TestSimulator.start({ clock, advance: (ms) => clock.advance(ms) });
    await simulator.pin(APPLE.conId, "200");
    const client = simulator.raw();
    await client.start(versions, 7);
    await play(client, serverVersion, ORDERS);
    await clock.advance(2_000);
    await simulator.pin(APPLE.conId, null);
    await play(client, serverVersion, AFTER_FILLS);
    await play(client, serverVersion, READS);
    await play(client, serverVersion, STREAMS);
    for (let step = 0; step < 4; step += 1) {
      await clock.advance(10_000);
      await play(client, serverVersion, []);
    }
    const frames = client.frames.slice(1);
    const failed = frames.filter((frame) => libraryDecodes(serverVersion, frame).errors.length > 0);
    expect(failed.map((frame) => frame.join("|"))).toEqual([]);
    const seen = new Set(frames.map(([id]) => Number(id)));
    expect(ANSWERS.filter((id) => !seen.has(id))).toEqual([]);
    const { unknown, malformed } = await simulator.frames();
    expect([unknown, malformed]).toEqual([undefined, undefined]);
  },
);
