import { OrderType } from "@stoqey/ib";
import { describe, expect, test } from "vitest";
import { libraryDecodes, libraryEncodes } from "../testing/library-codec.ts";
import { APPLE, APPLE_ORDER } from "../testing/order-fixture.ts";
import { decodeRequest } from "./decode-request.ts";
import { encodeCompletedOrder } from "./encode-completed-order.ts";
import { encodeExecution } from "./encode-execution.ts";
import { encodeOpenOrder } from "./encode-open-order.ts";
import type { PlaceOrder } from "./place-order.ts";

const VERSIONS = Array.from({ length: 193 - 177 + 1 }, (_, index) => 177 + index);

describe.each(VERSIONS)("server version %i", (serverVersion) => {
  test("openOrder, completedOrder and execDetails decode in the library with nothing left over", () => {
    const order = libraryDecodes(serverVersion, encodeOpenOrder(APPLE_ORDER, serverVersion).tokens);
    expect(order.errors).toEqual([]);
    expect(order.events[0]?.args[2]).toMatchObject({ orderRef: "cs1.abc", permId: 1200000001, lmtPrice: 10 });
    const done = libraryDecodes(serverVersion, encodeCompletedOrder(APPLE_ORDER, serverVersion).tokens);
    expect(done.errors).toEqual([]);
    expect(done.events).toHaveLength(1);
    const execution = {
      ...{
        orderId: 5,
        contract: APPLE,
        execId: "e",
        time: "t",
        account: "DU1",
        exchange: "ISLAND",
        side: "BOT" as const,
      },
      ...{
        shares: "10",
        price: "1",
        permId: 9,
        clientId: 7,
        cumQty: "10",
        avgPrice: "1",
        orderRef: "r",
        lastLiquidity: 2,
      },
    };
    expect(libraryDecodes(serverVersion, encodeExecution(-1, execution, serverVersion).tokens).errors).toEqual([]);
  });

  test("placeOrder, cancelOrder and reqGlobalCancel of the library parse with nothing left over", () => {
    const order = { action: "BUY", orderType: "LMT", totalQuantity: 10, lmtPrice: 1e-7, transmit: true, orderRef: "r" };
    const tokens = libraryEncodes(serverVersion, (encoder) =>
      encoder.placeOrder(5, { conId: 1, exchange: "SMART" }, order as never),
    );
    const parsed = decodeRequest(serverVersion, tokens);
    expect(parsed).toMatchObject({ kind: "request", request: { orderId: 5, lmtPrice: "0.0000001", transmit: true } });
    const cancel = libraryEncodes(serverVersion, (encoder) => encoder.cancelOrder(5, {}));
    expect(decodeRequest(serverVersion, cancel)).toMatchObject({ kind: "request", request: { orderId: 5 } });
    const all = libraryEncodes(serverVersion, (encoder) => encoder.reqGlobalCancel({}));
    expect(decodeRequest(serverVersion, all)).toMatchObject({ kind: "request" });
  });
});

const CONDITIONS = [
  { type: 1, conjunctionConnection: "a", isMore: true, strValue: "5", conId: 1, exchange: "SMART", triggerMethod: 0 },
  { type: 3, conjunctionConnection: "o", isMore: true, strValue: "20270101 10:00:00" },
  { type: 4, conjunctionConnection: "a", isMore: false, strValue: "30" },
  { type: 5, conjunctionConnection: "a", secType: "STK", exchange: "SMART", symbol: "AAPL" },
  { type: 6, conjunctionConnection: "a", isMore: true, strValue: "100", conId: 1, exchange: "SMART" },
  { type: 7, conjunctionConnection: "a", isMore: true, strValue: "2", conId: 1, exchange: "SMART" },
];

test.each([
  ["conditions", { conditions: CONDITIONS }],
  ["delta neutral", { deltaNeutralOrderType: "LMT", deltaNeutralAuxPrice: 1 }],
  ["scale", { scalePriceIncrement: 0.1, scaleInitLevelSize: 1 }],
  ["hedge", { hedgeType: "D", hedgeParam: "1" }],
  ["algo", { algoStrategy: "Adaptive", algoParams: [{ tag: "adaptivePriority", value: "Normal" }] }],
  ["pegged to benchmark", { orderType: OrderType.PEG_BENCH }],
  ["pegged to mid", { orderType: "PEG MID" }],
])("an order with %s parses with nothing left over", (_name, more) => {
  const order = { action: "BUY", orderType: "LMT", totalQuantity: 10, lmtPrice: 1, transmit: true, ...more };
  const tokens = libraryEncodes(193, (encoder) =>
    encoder.placeOrder(5, { conId: 1, exchange: "SMART" }, order as never),
  );
  expect(decodeRequest(193, tokens)).toMatchObject({ kind: "request", name: "placeOrder" });
});

test("a combination order parses with nothing left over", () => {
  const leg = { conId: 1, ratio: 1, action: "BUY", exchange: "SMART", openClose: 0, shortSaleSlot: 0 };
  const contract = { symbol: "AAPL", secType: "BAG", exchange: "SMART", currency: "USD", comboLegs: [leg, leg] };
  const order = {
    action: "BUY",
    orderType: "MKT",
    totalQuantity: 1,
    transmit: true,
    orderComboLegs: [{ price: 1 }, {}],
  };
  const tokens = libraryEncodes(193, (encoder) => encoder.placeOrder(5, contract as never, order as never));
  expect(decodeRequest(193, tokens)).toMatchObject({ kind: "request", name: "placeOrder" });
});

test("what other clients send for unset numbers is unset", () => {
  const order = { action: "BUY", orderType: "MKT", totalQuantity: 10, transmit: true };
  const tokens = libraryEncodes(193, (encoder) =>
    encoder.placeOrder(5, { conId: 1, exchange: "SMART" }, order as never),
  );
  const unset = "1.7976931348623157E308";
  for (const [index, token] of [
    [19, unset],
    [20, unset],
    [31, "2147483647"],
    [50, "2147483647"],
    [100, unset],
  ] as const) {
    tokens[index] = token;
  }
  const parsed = decodeRequest(193, tokens);
  const request = parsed.kind === "request" ? (parsed.request as PlaceOrder) : undefined;
  expect(request).toMatchObject({
    lmtPrice: undefined,
    auxPrice: undefined,
    displaySize: undefined,
    cashQty: undefined,
  });
});

test.each([
  ["one surplus token", (tokens: string[]) => [...tokens, "0"]],
  ["one missing token", (tokens: string[]) => tokens.slice(0, -1)],
  ["a quantity that is no number", (tokens: string[]) => tokens.with(17, "NaN")],
])("%s -> malformed", (_name, change) => {
  const order = { action: "BUY", orderType: "MKT", totalQuantity: 10, transmit: true };
  const tokens = libraryEncodes(193, (encoder) =>
    encoder.placeOrder(5, { conId: 1, exchange: "SMART" }, order as never),
  );
  expect(tokens).toHaveLength(118);
  expect(decodeRequest(193, change(tokens))).toMatchObject({ kind: "malformed", name: "placeOrder" });
});
