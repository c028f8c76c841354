import { covers } from "@countersign/testing/covers";
import { describe, expect, test } from "vitest";
import { expectGolden } from "../testing/golden.ts";
import { APPLE, APPLE_ORDER } from "../testing/order-fixture.ts";
import { encodeCompletedOrder, encodeCompletedOrdersEnd } from "./encode-completed-order.ts";
import {
  type ExecutionView,
  encodeCommission,
  encodeExecution,
  encodeExecutionEnd,
  encodeOrderStatus,
} from "./encode-execution.ts";
import { encodeOpenOrder, encodeOpenOrderEnd, encodeOrderBound } from "./encode-open-order.ts";

const I = "2147483647";

describe("golden frames at 193", () => {
  test("openOrder has 141 tokens with the literals of TWS for everything unset", () => {
    covers("reply/openOrder", "reply/openOrderEnd", "reply/orderBound");
    expect(encodeOpenOrder(APPLE_ORDER, 193).tokens).toHaveLength(141);
    const [event] = expectGolden(
      (serverVersion) => encodeOpenOrder(APPLE_ORDER, serverVersion),
      [
        "5|5|265598|AAPL|STK||0|?||SMART|USD|AAPL|NMS|BUY|10|LMT|10|0.0|DAY||DU1234567||0|cs1.abc|7|1200000001|0|0|0||",
        "1200000001.0/DU1234567/100|||||||||0||-1|0||||||",
        `${I}|0|0|0||3|0|0||0|0||0|None||0||||?|0|0||0|0||||||0|0|0|${I}|${I}|||0||IB|0|0||0|`,
        `0|Submitted|${"U|".repeat(8)}U||||||0|0|0|None|U|11|U|U|U|U|0||||`,
        "0|1|0|0|0|||0||100|0.02||||0||0||0",
      ].join(""),
    );
    expect(event?.args[2]).toMatchObject({ orderRef: "cs1.abc", permId: 1200000001, lmtPrice: 10 });
    expect(expectGolden(encodeOpenOrderEnd, "53|1")[0]?.name).toBe("openOrderEnd");
    const bound = { permId: 1200000001, clientId: 0, orderId: -3 };
    expect(expectGolden(() => encodeOrderBound(bound), "100|1200000001|0|-3")[0]?.args).toEqual([1200000001, 0, -3]);
  });

  test("a later openOrder drops the two defaults of the first and shows the commission", () => {
    const { tokens } = encodeOpenOrder({ ...APPLE_ORDER, fresh: false, commission: "1.0003" }, 193);
    expect(tokens.slice(-12)).toEqual(["0", "", "", "0.02", "", "", "", "0", "", "0", "", I]);
    expect(tokens).toContain("1.0003");
  });

  test("completedOrder has 102 tokens", () => {
    const order = { ...APPLE_ORDER, status: "Filled", filled: "10", completedTime: "20261121 10:00:00 US/Eastern" };
    const encode = (serverVersion: number) =>
      encodeCompletedOrder({ ...order, completedStatus: "Filled Size: 10" }, serverVersion);
    covers("reply/completedOrder", "reply/completedOrdersEnd");
    expect(encode(193).tokens).toHaveLength(102);
    const [event] = expectGolden(
      encode,
      [
        "101|265598|AAPL|STK||0|?||SMART|USD|AAPL|NMS|BUY|10|LMT|10|0.0|DAY||DU1234567||0|cs1.abc|1200000001|0|0|0||",
        `||||||||0||-1||||||${I}|0|0||3|0||0|None||0|0|0||0|0||||0|0|0|${I}|${I}||||IB|0|0||0|`,
        `Filled|0|0|0|11|U|0|1|0||10|${I}|0|Not an insider or substantial shareholder|0|0|9223372036854775807|`,
        "20261121 10:00:00 US/Eastern|Filled Size: 10|||||||0",
      ].join(""),
    );
    expect(event?.args[2]).toMatchObject({ completedStatus: "Filled Size: 10" });
    expect(expectGolden(encodeCompletedOrdersEnd, "102")[0]?.name).toBe("completedOrdersEnd");
  });

  test("orderStatus has no version and zeros as 0", () => {
    covers("reply/orderStatus");
    const line = "3|5|Submitted|0|10|0|1200000001|0|0|7||0";
    const [event] = expectGolden(() => encodeOrderStatus(APPLE_ORDER), line);
    expect(event?.args.slice(0, 6)).toEqual([5, "Submitted", 0, 10, 0, 1200000001]);
  });

  test("execDetails shows strike 0.0 and the venue of the fill", () => {
    covers("reply/execDetails", "reply/execDetailsEnd");
    const execution: ExecutionView = {
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
    };
    const [event] = expectGolden(
      (serverVersion) => encodeExecution(-1, execution, serverVersion),
      "11|-1|5|265598|AAPL|STK||0.0|||ISLAND|USD|AAPL|NMS|0000e007.00000001.01.01|20261121 10:00:00 US/Eastern|" +
        "DU1234567|ISLAND|BOT|10|222.5|9|7|0|10|222.5|cs1.abc||||2|0",
    );
    expect(event?.args[2]).toMatchObject({
      execId: "0000e007.00000001.01.01",
      shares: 10,
      lastLiquidity: 2,
    });
    expectGolden(() => encodeExecutionEnd(3), "55|1|3");
  });

  test("commissionReport of an opening fill has unset profit and yield", () => {
    covers("reply/commissionReport");
    const reply = encodeCommission({
      execId: "a.b.01.01",
      commission: "1.00003",
      currency: "USD",
      realizedPnl: undefined,
    });
    const [event] = expectGolden(() => reply, "59|1|a.b.01.01|1.00003|USD|U|U|");
    expect(event?.args[0]).toMatchObject({ execId: "a.b.01.01", commission: 1.00003, realizedPNL: undefined });
  });
});
