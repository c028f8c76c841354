import { covers } from "@countersign/testing/covers";
import { describe, expect, test } from "vitest";
import { libraryDecodes, libraryEncodes } from "../testing/library-codec.ts";
import { APPLE, APPLE_ORDER } from "../testing/order-fixture.ts";
import { decodeRequest } from "./decode-request.ts";
import { encodeCompletedOrder } from "./encode-completed-order.ts";
import { encodeExecution } from "./encode-execution.ts";
import { encodeOpenOrder } from "./encode-open-order.ts";
import { negotiate } from "./version-gates.ts";

const VERSIONS = Array.from({ length: 193 - 177 + 1 }, (_, index) => 177 + index);
const PLAIN = { action: "BUY", orderType: "LMT", totalQuantity: 10, lmtPrice: 1, transmit: true };
const EXECUTION = {
  ...{ orderId: 5, contract: APPLE, execId: "e", time: "t", account: "DU1", exchange: "ISLAND", side: "BOT" as const },
  ...{ shares: "10", price: "1", permId: 9, clientId: 7, cumQty: "10", avgPrice: "1", orderRef: "r", lastLiquidity: 2 },
};

/** How many tokens each version has more than the one before it, for versions 178 to 193. */
function growth(count: (serverVersion: number) => number): Record<number, number> {
  const grown = VERSIONS.slice(1).map((version) => [version, count(version) - count(version - 1)] as const);
  return Object.fromEntries(grown.filter(([, tokens]) => tokens !== 0));
}

function ordered(serverVersion: number): string[] {
  return libraryEncodes(serverVersion, (encoder) =>
    encoder.placeOrder(5, { conId: 1, exchange: "SMART" }, PLAIN as never),
  );
}

test("an open order grows by customer, professional, accrued interest, overnight, operator and indicator", () => {
  covers("gate/177", "gate/183", "gate/184", "gate/185", "gate/189", "gate/193");
  const count = (serverVersion: number) => encodeOpenOrder(APPLE_ORDER, serverVersion).tokens.length;
  expect(count(177)).toBe(135);
  expect(growth(count)).toEqual({ 183: 1, 184: 1, 185: 1, 189: 1, 193: 2 });
});

test("a completed order grows by customer and professional", () => {
  covers("gate/183", "gate/184");
  const count = (serverVersion: number) => encodeCompletedOrder(APPLE_ORDER, serverVersion).tokens.length;
  expect(growth(count)).toEqual({ 183: 1, 184: 1 });
});

test("an execution grows by the flag for a price that may be revised", () => {
  covers("gate/178");
  expect(growth((serverVersion) => encodeExecution(-1, EXECUTION, serverVersion).tokens.length)).toEqual({ 178: 1 });
});

test("an order of a client grows and shrinks, and is read to its last token at every version", () => {
  covers("gate/177", "gate/183", "gate/184", "gate/187", "gate/189", "gate/192");
  expect(growth((serverVersion) => ordered(serverVersion).length)).toEqual({
    ...{ 183: 1, 184: 1, 187: 2, 189: 1, 190: -2, 192: 1 },
  });
  for (const serverVersion of VERSIONS) {
    const tokens = ordered(serverVersion);
    expect(decodeRequest(serverVersion, tokens)).toMatchObject({ kind: "request", request: { orderId: 5 } });
    expect(decodeRequest(serverVersion, [...tokens, ""])).toMatchObject({ kind: "malformed" });
    expect(decodeRequest(serverVersion, tokens.slice(0, -1))).toMatchObject({ kind: "malformed" });
  }
});

describe("cancels", () => {
  const cancel = (serverVersion: number) => libraryEncodes(serverVersion, (encoder) => encoder.cancelOrder(5, {}));
  const cancelAll = (serverVersion: number) => libraryEncodes(serverVersion, (encoder) => encoder.reqGlobalCancel({}));

  test("the layouts of 186, 187 to 189, 190 and 192 are four", () => {
    covers("gate/187", "gate/192", "request/cancelOrder", "request/reqGlobalCancel");
    expect([186, 187, 189, 190, 191, 192].map((serverVersion) => cancel(serverVersion).join("|"))).toEqual([
      ...["4|1|5|", "4|1|5||||2147483647", "4|1|5||||2147483647", "4|1|5|", "4|1|5|", "4|5|||2147483647"],
    ]);
    expect([191, 192].map((serverVersion) => cancelAll(serverVersion).join("|"))).toEqual(["58|1", "58||2147483647"]);
  });

  test.each(VERSIONS)("at %i both are read, and the layout of the other side of 192 is not", (serverVersion) => {
    covers("gate/192", "gate/cancel-without-fields");
    const other = serverVersion >= 192 ? 191 : 192;
    expect(decodeRequest(serverVersion, cancel(serverVersion))).toMatchObject({ request: { orderId: 5 } });
    expect(decodeRequest(serverVersion, cancelAll(serverVersion))).toMatchObject({ kind: "request" });
    expect(decodeRequest(serverVersion, cancel(other))).toMatchObject({ kind: "malformed" });
    expect(decodeRequest(serverVersion, cancelAll(other))).toMatchObject({ kind: "malformed" });
  });
});

test("a permanent id of 53 bits fits, and 191 changes no layout", () => {
  covers("gate/191");
  const order = { ...APPLE_ORDER, permId: Number.MAX_SAFE_INTEGER };
  expect(encodeOpenOrder(order, 190).tokens).toEqual(encodeOpenOrder(order, 191).tokens);
  const { events, errors } = libraryDecodes(191, encodeOpenOrder(order, 191).tokens);
  expect(errors).toEqual([]);
  expect(events[0]?.args[2]).toMatchObject({ permId: Number.MAX_SAFE_INTEGER });
});

test("who offers more than 193 gets 193; who offers less than 177 gets nothing", () => {
  covers("gate/177", "gate/above-193");
  expect(negotiate("v100..200")).toEqual({ kind: "agreed", serverVersion: 193 });
  expect(negotiate("v100..225")).toEqual({ kind: "agreed", serverVersion: 193 });
  expect(negotiate("v100..176")).toMatchObject({ kind: "refused" });
});
