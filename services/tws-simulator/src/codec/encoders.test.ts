import { describe, expect, test } from "vitest";
import { APPLE, APPLE_ORDER } from "../testing/order-fixture.ts";
import {
  encodeAccountSummary,
  encodeAccountTime,
  encodeAccountValue,
  encodePnl,
  encodePortfolio,
  encodePosition,
} from "./encode-account.ts";
import { encodeCompletedOrder } from "./encode-completed-order.ts";
import { encodeMarketRule, encodeSymbolSamples } from "./encode-contract.ts";
import { encodeCommission, encodeExecution, encodeOrderStatus } from "./encode-execution.ts";
import { encodeHistoricalData, encodeHistoricalDataUpdate } from "./encode-history.ts";
import { encodeTickPrice } from "./encode-market.ts";
import { encodeOpenOrder } from "./encode-open-order.ts";
import { encodeError, encodeManagedAccounts, encodeNextValidId } from "./encode-session.ts";
import type { Reply } from "./literals.ts";

const U = "1.7976931348623157E308";
const I = "2147483647";

function line(reply: Reply): string {
  return reply.tokens.join("|");
}

describe("golden frames at 193", () => {
  test("openOrder has 141 tokens with the literals of TWS for everything unset", () => {
    const reply = encodeOpenOrder(APPLE_ORDER, 193);
    expect(reply.tokens).toHaveLength(141);
    expect(line(reply)).toBe(
      [
        "5|5|265598|AAPL|STK||0|?||SMART|USD|AAPL|NMS|BUY|10|LMT|10|0.0|DAY||DU1234567||0|cs1.abc|7|1200000001|0|0|0||",
        "1200000001.0/DU1234567/100|||||||||0||-1|0||||||",
        `${I}|0|0|0||3|0|0||0|0||0|None||0||||?|0|0||0|0||||||0|0|0|${I}|${I}|||0||IB|0|0||0|`,
        `0|Submitted|${Array.from({ length: 9 }, () => U).join("|")}||||||0|0|0|None|${U}|11|${U}|${U}|${U}|${U}|0||||`,
        "0|1|0|0|0|||0||100|0.02||||0||0||0",
      ].join(""),
    );
  });

  test("a later openOrder drops the two defaults of the first and shows the commission", () => {
    const { tokens } = encodeOpenOrder({ ...APPLE_ORDER, fresh: false, commission: "1.0003" }, 193);
    expect(tokens.slice(-12)).toEqual(["0", "", "", "0.02", "", "", "", "0", "", "0", "", I]);
    expect(tokens).toContain("1.0003");
  });

  test("completedOrder has 102 tokens", () => {
    const order = { ...APPLE_ORDER, status: "Filled", filled: "10", completedTime: "20261121 10:00:00 US/Eastern" };
    const reply = encodeCompletedOrder({ ...order, completedStatus: "Filled Size: 10" }, 193);
    expect(reply.tokens).toHaveLength(102);
    expect(line(reply)).toBe(
      [
        "101|265598|AAPL|STK||0|?||SMART|USD|AAPL|NMS|BUY|10|LMT|10|0.0|DAY||DU1234567||0|cs1.abc|1200000001|0|0|0||",
        `||||||||0||-1||||||${I}|0|0||3|0||0|None||0|0|0||0|0||||0|0|0|${I}|${I}||||IB|0|0||0|`,
        `Filled|0|0|0|11|${U}|0|1|0||10|${I}|0|Not an insider or substantial shareholder|0|0|9223372036854775807|`,
        "20261121 10:00:00 US/Eastern|Filled Size: 10|||||||0",
      ].join(""),
    );
  });

  test("orderStatus has no version and zeros as 0", () => {
    expect(line(encodeOrderStatus(APPLE_ORDER))).toBe("3|5|Submitted|0|10|0|1200000001|0|0|7||0");
  });

  test("execDetails shows strike 0.0 and the venue of the fill", () => {
    const reply = encodeExecution(
      -1,
      {
        ...{ orderId: 5, contract: APPLE, execId: "0000e007.00000001.01.01", time: "20261121 10:00:00 US/Eastern" },
        ...{
          account: "DU1234567",
          exchange: "ISLAND",
          side: "BOT",
          shares: "10",
          price: "222.5",
          permId: 9,
          clientId: 7,
        },
        ...{ cumQty: "10", avgPrice: "222.5", orderRef: "cs1.abc", lastLiquidity: 2 },
      },
      193,
    );
    expect(line(reply)).toBe(
      "11|-1|5|265598|AAPL|STK||0.0|||ISLAND|USD|AAPL|NMS|0000e007.00000001.01.01|20261121 10:00:00 US/Eastern|" +
        "DU1234567|ISLAND|BOT|10|222.5|9|7|0|10|222.5|cs1.abc||||2|0",
    );
  });

  test("commissionReport of an opening fill has unset profit and yield", () => {
    const reply = encodeCommission({
      execId: "a.b.01.01",
      commission: "1.00003",
      currency: "USD",
      realizedPnl: undefined,
    });
    expect(line(reply)).toBe(`59|1|a.b.01.01|1.00003|USD|${U}|${U}|`);
  });

  test("account, position, market and session messages", () => {
    const position = {
      ...{ account: "DU1", contract: APPLE, quantity: "10", averageCost: "222.6", marketPrice: "222.48" },
      ...{ marketValue: "2224.80", unrealizedPnl: "-1.20", realizedPnl: "0.00" },
    };
    const row = { account: "DU1", key: "NetLiquidation", value: "100000.00", currency: "USD" };
    const pnl = { daily: "1.5", unrealized: undefined, realized: "0" };
    expect(
      [
        encodePosition(position),
        encodePosition({ ...position, contract: { ...APPLE, secType: "FUT", primaryExchange: "CME" } }),
        encodePortfolio(position),
        encodeAccountSummary(4, row),
        encodeAccountValue(row),
        encodeAccountTime("09:30"),
        encodePnl(3, pnl),
        encodeError({ id: -1, code: 2104, text: "Market data farm connection is OK:usfarm" }),
        encodeError({ id: 5, code: 201, text: "Zürich\0", rejectJson: "{}" }),
        encodeNextValidId(294),
        encodeManagedAccounts(["DU1", "DU2"]),
        encodeTickPrice({ reqId: 5, type: 1, price: "222.48", size: "1100", auto: true }),
        encodeMarketRule(26, [{ lowEdge: "0", increment: "0.01" }]),
        encodeSymbolSamples(3, [
          {
            ...{ conId: 1, symbol: "A", secType: "STK", primaryExchange: "NYSE", currency: "USD" },
            ...{ derivatives: ["OPT"], description: "A CO" },
          },
        ]),
      ].map(line),
    ).toEqual([
      "61|3|DU1|265598|AAPL|STK||0.0|||NASDAQ|USD|AAPL|NMS|10|222.6",
      "61|3|DU1|265598|AAPL|FUT||0.0||||USD|AAPL|NMS|10|222.6",
      "7|8|265598|AAPL|STK||0|0||NASDAQ|USD|AAPL|NMS|10|222.48|2224.80|222.6|-1.20|0.00|DU1",
      "63|1|4|DU1|NetLiquidation|100000.00|USD",
      "6|2|NetLiquidation|100000.00|USD|DU1",
      "8|1|09:30",
      `94|3|1.5|${U}|0`,
      "4|2|-1|2104|Market data farm connection is OK:usfarm|",
      "4|2|5|201|Z\\u00fcrich|{}",
      "9|1|294",
      "15|1|DU1,DU2",
      "1|6|5|1|222.48|1100|1",
      "93|26|1|0|0.01",
      "79|3|1|1|A|STK|NYSE|USD|1|OPT|A CO|",
    ]);
  });

  test("a bar is open, high, low, close in the history and open, close, high, low in its updates", () => {
    const bar = { date: "20261121", open: "1", high: "4", low: "0.5", close: "2", volume: "9", wap: "1.5", count: 3 };
    expect(line(encodeHistoricalData(7, { start: "a", end: "b", bars: [bar] }))).toBe(
      "17|7|a|b|1|20261121|1|4|0.5|2|9|1.5|3",
    );
    expect(line(encodeHistoricalDataUpdate(7, bar))).toBe("90|7|3|20261121|1|2|4|0.5|1.5|9");
  });
});
