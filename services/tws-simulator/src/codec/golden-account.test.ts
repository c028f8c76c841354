import { covers } from "@countersign/testing/covers";
import { describe, expect, test } from "vitest";
import { expectGolden } from "../testing/golden.ts";
import { APPLE } from "../testing/order-fixture.ts";
import {
  encodeAccountDownloadEnd,
  encodeAccountSummary,
  encodeAccountSummaryEnd,
  encodeAccountTime,
  encodeAccountUpdateMulti,
  encodeAccountUpdateMultiEnd,
  encodeAccountValue,
  encodePnl,
  encodePnlSingle,
  encodePortfolio,
  encodePosition,
  encodePositionEnd,
  encodePositionMulti,
  encodePositionMultiEnd,
} from "./encode-account.ts";

const ROW = { account: "DU1", key: "NetLiquidation", value: "100000.00", currency: "USD" };
const POSITION = {
  ...{ account: "DU1", contract: APPLE, quantity: "10", averageCost: "222.6", marketPrice: "222.48" },
  ...{ marketValue: "2224.80", unrealizedPnl: "-1.20", realizedPnl: "0.00" },
};
const FUTURE = { ...APPLE, secType: "FUT", expiry: "20271217", multiplier: "5", primaryExchange: "CME" };
const OPTION = { ...APPLE, secType: "OPT", expiry: "20271217", strike: "230", right: "C", multiplier: "100" };

describe("summary and account values", () => {
  test("rows and ends", () => {
    covers("reply/accountSummary", "reply/accountSummaryEnd", "reply/updateAccountValue", "reply/updateAccountTime");
    const [summary] = expectGolden(() => encodeAccountSummary(4, ROW), "63|1|4|DU1|NetLiquidation|100000.00|USD");
    expect(summary).toEqual({ name: "accountSummary", args: [4, "DU1", "NetLiquidation", "100000.00", "USD"] });
    expect(expectGolden(() => encodeAccountSummaryEnd(4), "64|1|4")[0]?.name).toBe("accountSummaryEnd");
    const [value] = expectGolden(() => encodeAccountValue(ROW), "6|2|NetLiquidation|100000.00|USD|DU1");
    expect(value?.args).toEqual(["NetLiquidation", "100000.00", "USD", "DU1"]);
    expect(expectGolden(() => encodeAccountTime("09:30"), "8|1|09:30")[0]?.args).toEqual(["09:30"]);
  });

  test("several accounts and the end of a download", () => {
    covers("reply/accountDownloadEnd", "reply/accountUpdateMulti", "reply/accountUpdateMultiEnd");
    expect(expectGolden(() => encodeAccountDownloadEnd("DU1"), "54|1|DU1")[0]?.args).toEqual(["DU1"]);
    const line = "73|1|4|DU1|core|NetLiquidation|100000.00|USD";
    const [multi] = expectGolden(() => encodeAccountUpdateMulti(4, ROW, "core"), line);
    expect(multi?.args).toEqual([4, "DU1", "core", "NetLiquidation", "100000.00", "USD"]);
    expect(expectGolden(() => encodeAccountUpdateMultiEnd(4), "74|1|4")[0]?.name).toBe("accountUpdateMultiEnd");
  });
});

describe("positions", () => {
  test("a share, a future without its exchange, an option", () => {
    covers("reply/position", "reply/positionEnd");
    const [share] = expectGolden(
      () => encodePosition(POSITION),
      "61|3|DU1|265598|AAPL|STK||0.0|||NASDAQ|USD|AAPL|NMS|10|222.6",
    );
    expect(share?.args.slice(2)).toEqual([10, 222.6]);
    expectGolden(
      () => encodePosition({ ...POSITION, contract: FUTURE }),
      "61|3|DU1|265598|AAPL|FUT|20271217|0.0||5||USD|AAPL|NMS|10|222.6",
    );
    expectGolden(
      () => encodePosition({ ...POSITION, contract: OPTION }),
      "61|3|DU1|265598|AAPL|OPT|20271217|230|C|100|NASDAQ|USD|AAPL|NMS|10|222.6",
    );
    expect(expectGolden(encodePositionEnd, "62|1")[0]?.name).toBe("positionEnd");
  });

  test("of one account or model, with its end, and with market value", () => {
    covers("reply/positionMulti", "reply/positionMultiEnd", "reply/updatePortfolio");
    const [multi] = expectGolden(
      () => encodePositionMulti(6, POSITION, "core"),
      "71|1|6|DU1|265598|AAPL|STK||0.0|||NASDAQ|USD|AAPL|NMS|10|222.6|core",
    );
    expect(multi?.args.slice(0, 3)).toEqual([6, "DU1", "core"]);
    expect(expectGolden(() => encodePositionMultiEnd(6), "72|1|6")[0]?.name).toBe("positionMultiEnd");
    const [portfolio] = expectGolden(
      () => encodePortfolio(POSITION),
      "7|8|265598|AAPL|STK||0|0||NASDAQ|USD|AAPL|NMS|10|222.48|2224.80|222.6|-1.20|0.00|DU1",
    );
    expect(portfolio?.args.slice(1)).toEqual([10, 222.48, 2224.8, 222.6, -1.2, 0, "DU1"]);
  });
});

test("profit and loss: what is not known is the unset double", () => {
  covers("reply/pnl", "reply/pnlSingle");
  const pnl = { daily: "1.5", unrealized: undefined, realized: "0" };
  expect(expectGolden(() => encodePnl(3, pnl), "94|3|1.5|U|0")[0]?.args.slice(0, 2)).toEqual([3, 1.5]);
  const single = { quantity: "10", pnl, value: "2224.8" };
  const [event] = expectGolden(() => encodePnlSingle(3, single), "95|3|10|1.5|U|0|2224.8");
  expect(event?.args).toEqual([3, 10, 1.5, undefined, 0, 2224.8]);
});
