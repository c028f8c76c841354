import { covers } from "@countersign/testing/covers";
import { Encoder } from "@stoqey/ib/dist/core/io/encoder.js";
import { describe, expect, test } from "vitest";
import { decodeRequest } from "./decode-request.ts";
import type { PlaceOrder } from "./place-order.ts";

/** The tokens of placeOrder as the unmodified library writes them. */
function written(contract: object, order: object, serverVersion = 193): string[] {
  let sent: unknown[] = [];
  const callback = {
    serverVersion,
    sendMsg: (tokens: unknown[]) => {
      sent = tokens.flat(3);
    },
    emitError: (message: string) => {
      throw new Error(message);
    },
  };
  const plain = { action: "BUY", orderType: "MKT", totalQuantity: 10, tif: "DAY", transmit: true };
  new Encoder(callback as never).placeOrder(5, contract as never, { ...plain, ...order } as never);
  return sent.map((token) => (token === true ? "1" : token === false ? "0" : String(token ?? "")));
}

function read(tokens: readonly string[], serverVersion = 193): PlaceOrder {
  const decoded = decodeRequest(serverVersion, tokens);
  if (decoded.kind !== "request") throw new Error(JSON.stringify(decoded));
  return decoded.request as PlaceOrder;
}

const AAPL = { conId: 265598, exchange: "SMART" };

describe("placeOrder", () => {
  test("a plain order has 118 tokens at 193; the type, the time in force and the flags are where TWS reads them", () => {
    covers("request/placeOrder");
    const tokens = written(AAPL, { orderType: "LMT", lmtPrice: 10.5, outsideRth: true, parentId: 4, transmit: false });
    expect(tokens).toHaveLength(118);
    expect(tokens.slice(0, 3)).toEqual(["3", "5", "265598"]);
    expect(tokens[28]).toBe("4");
    expect(read(tokens)).toMatchObject({
      lmtPrice: "10.5",
      outsideRth: true,
      parentId: 4,
      transmit: false,
      tif: "DAY",
    });
  });

  test.each([
    ["MKT", {}, {}],
    ["LMT", { lmtPrice: 10 }, { lmtPrice: "10" }],
    ["STP", { auxPrice: 9 }, { auxPrice: "9" }],
    ["STP LMT", { lmtPrice: 8, auxPrice: 9 }, { lmtPrice: "8", auxPrice: "9" }],
    ["MIT", { auxPrice: 9 }, { auxPrice: "9" }],
    ["LIT", { lmtPrice: 8, auxPrice: 9 }, { lmtPrice: "8", auxPrice: "9" }],
    ["TRAIL", { auxPrice: 0.5 }, { auxPrice: "0.5", trailingPercent: undefined }],
    ["TRAIL", { trailingPercent: 2.5, trailStopPrice: 9 }, { trailingPercent: "2.5", trailStopPrice: "9" }],
    [
      "TRAIL LIMIT",
      { auxPrice: 0.5, trailStopPrice: 9, lmtPriceOffset: 0.1 },
      { auxPrice: "0.5", trailStopPrice: "9", lmtPriceOffset: "0.1" },
    ],
    ["REL", { auxPrice: 0.01, lmtPrice: 12 }, { auxPrice: "0.01", lmtPrice: "12" }],
    ["MIDPRICE", { lmtPrice: 12 }, { lmtPrice: "12" }],
    ["MOC", {}, {}],
    ["LOC", { lmtPrice: 12 }, { lmtPrice: "12" }],
    ["MKT", { tif: "OPG" }, { tif: "OPG" }],
    ["LMT", { lmtPrice: 12, tif: "GTD", goodTillDate: "20270104 15:00:00 US/Eastern" }, { tif: "GTD" }],
  ])("%s %j -> each price in its own field", (orderType, given, expected) => {
    covers("request/placeOrder-prices");
    expect(read(written(AAPL, { orderType, ...given }))).toMatchObject({ orderType, ...expected });
  });

  test("a combination -> legs, leg prices and routing parameters", () => {
    covers("request/placeOrder-combo");
    const leg = { exchange: "SMART", openClose: 0, shortSaleSlot: 0, designatedLocation: "", exemptCode: -1 };
    const legs = [
      { ...leg, conId: 11, ratio: 1, action: "BUY" },
      { ...leg, conId: 12, ratio: 2, action: "SELL" },
    ];
    const contract = { symbol: "AAPL", secType: "BAG", exchange: "SMART", currency: "USD", comboLegs: legs };
    const order = {
      orderComboLegs: [{ price: 1.5 }, {}],
      smartComboRoutingParams: [{ tag: "NonGuaranteed", value: "1" }],
    };
    const { combo } = read(written(contract, order));
    expect(combo.legs).toMatchObject([
      { conId: 11, ratio: 1, action: "BUY" },
      { conId: 12, ratio: 2, action: "SELL" },
    ]);
    expect(combo.legPrices).toEqual(["1.5", undefined]);
    expect(combo.smartParameters).toEqual([["NonGuaranteed", "1"]]);
  });

  test("each of the six conditions is read as what it is", () => {
    covers("request/placeOrder-conditions");
    const watched = { isMore: true, conId: 7, exchange: "SMART" };
    const conditions = [
      { type: 1, conjunctionConnection: "a", ...watched, strValue: "5", triggerMethod: 2 },
      { type: 3, conjunctionConnection: "o", isMore: false, strValue: "20270104 15:00:00 US/Eastern" },
      { type: 4, conjunctionConnection: "a", isMore: false, strValue: "30" },
      { type: 5, conjunctionConnection: "a", secType: "STK", exchange: "SMART", symbol: "AAPL" },
      { type: 6, conjunctionConnection: "a", ...watched, strValue: "100" },
      { type: 7, conjunctionConnection: "o", ...watched, strValue: "2" },
    ];
    const order = { conditions, conditionsIgnoreRth: true, conditionsCancelOrder: true };
    expect(read(written(AAPL, order)).conditions).toEqual({
      list: [
        { kind: "price", conjunction: "a", isMore: true, value: "5", conId: 7, exchange: "SMART", triggerMethod: 2 },
        { kind: "time", conjunction: "o", isMore: false, value: "20270104 15:00:00 US/Eastern" },
        { kind: "margin", conjunction: "a", isMore: false, value: "30" },
        { kind: "execution", conjunction: "a", secType: "STK", exchange: "SMART", symbol: "AAPL" },
        { kind: "volume", conjunction: "a", isMore: true, value: "100", conId: 7, exchange: "SMART" },
        { kind: "percentChange", conjunction: "o", isMore: true, value: "2", conId: 7, exchange: "SMART" },
      ],
      ignoreRth: true,
      cancelOrder: true,
    });
  });

  test.each([
    ["delta neutral", { orderType: "VOL", deltaNeutralOrderType: "LMT", deltaNeutralAuxPrice: 1 }, 8],
    ["scale", { scaleInitLevelSize: 1, scalePriceIncrement: 0.1 }, 7],
    ["hedge", { hedgeType: "D", hedgeParam: "1" }, 1],
    ["algo", { algoStrategy: "Adaptive", algoParams: [{ tag: "adaptivePriority", value: "Normal" }] }, 3],
    ["pegged to a benchmark", { orderType: "PEG BENCH" }, 5],
    ["pegged to the best", { orderType: "PEG BEST" }, 2],
    ["pegged to the middle", { orderType: "PEG MID" }, 2],
  ])("%s -> its block is read, and what follows stands where it belongs", (_name, order, tokens) => {
    covers("request/placeOrder-blocks");
    const all = written(AAPL, { ...order, whatIf: true, cashQty: 9 });
    expect(all.length).toBe(118 + tokens);
    expect(read(all)).toMatchObject({ orderId: 5, whatIf: true, cashQty: "9" });
  });

  test.each([
    ["33 legs", 35, "33"],
    ["a negative number of legs", 35, "-1"],
  ])("%s -> malformed", (_name, index, count) => {
    const contract = { symbol: "AAPL", secType: "BAG", exchange: "SMART", currency: "USD" };
    const tokens = written(contract, {}).with(index, count);
    expect(decodeRequest(193, tokens)).toMatchObject({ kind: "malformed" });
  });

  test("an unknown condition type and 65 conditions -> malformed", () => {
    const tokens = written(AAPL, {});
    expect(decodeRequest(193, tokens.with(89, "65"))).toMatchObject({ kind: "malformed" });
    expect(decodeRequest(193, tokens.toSpliced(89, 1, "1", "2", "a", "", ""))).toMatchObject({ kind: "malformed" });
  });
});
