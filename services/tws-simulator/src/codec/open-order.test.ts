import { covers } from "@countersign/testing/covers";
import { Decoder } from "@stoqey/ib/dist/core/io/decoder.js";
import { expect, test } from "vitest";
import { APPLE, APPLE_ORDER } from "../testing/order-fixture.ts";
import { encodeCompletedOrder } from "./encode-completed-order.ts";
import { encodeOpenOrder } from "./encode-open-order.ts";
import type { OrderView } from "./order-view.ts";

const VERSIONS = Array.from({ length: 193 - 177 + 1 }, (_, index) => 177 + index);

/** Contract and order as the unmodified library reads them; a token too many or too few is an error. */
function decoded(serverVersion: number, tokens: readonly string[]): unknown[] {
  const events: unknown[][] = [];
  const callback = {
    serverVersion,
    emitEvent: (_name: string, ...args: unknown[]) => events.push(args),
    emitError: (...args: unknown[]) => {
      throw new Error(JSON.stringify(args));
    },
    emitInfo: () => {},
  };
  const decoder = new Decoder(callback as never);
  decoder.enqueueMessage([...tokens]);
  decoder.process();
  return events[0] ?? [];
}

const TRAILING: OrderView = {
  ...APPLE_ORDER,
  orderType: "TRAIL LIMIT",
  lmtPrice: "9.4",
  auxPrice: "0.5",
  trailStopPrice: "9.5",
  trailingPercent: "2",
  lmtPriceOffset: "0.1",
  triggerMethod: 4,
  whyHeld: "trigger",
};

const leg = { exchange: "SMART", openClose: 0, shortSaleSlot: 0, designatedLocation: "", exemptCode: -1 };
const COMBO: OrderView = {
  ...APPLE_ORDER,
  contract: { ...APPLE, conId: 28812380, secType: "BAG", localSymbol: "AAPL", tradingClass: "COMB" },
  combo: {
    legs: [
      { ...leg, conId: 11, ratio: 1, action: "BUY" },
      { ...leg, conId: 12, ratio: 2, action: "SELL" },
    ],
    legPrices: ["1.5", undefined],
    smartParameters: [["NonGuaranteed", "1"]],
  },
};

const joined = { conjunction: "a", isMore: true, exchange: "SMART", conId: 7 } as const;
const CONDITIONAL: OrderView = {
  ...APPLE_ORDER,
  conditions: {
    list: [
      { kind: "price", ...joined, value: "5", triggerMethod: 2 },
      { kind: "time", ...joined, value: "20270104 15:00:00 US/Eastern" },
      { kind: "margin", ...joined, value: "30" },
      { kind: "execution", conjunction: "o", secType: "STK", exchange: "SMART", symbol: "AAPL" },
      { kind: "volume", ...joined, value: "100" },
      { kind: "percentChange", ...joined, value: "2" },
    ],
    ignoreRth: true,
    cancelOrder: false,
  },
};

test.each(VERSIONS)(
  "at %i trailing terms, legs and conditions decode in the library with nothing left over",
  (version) => {
    covers("reply/openOrder", "reply/completedOrder");
    for (const encode of [encodeOpenOrder, encodeCompletedOrder]) {
      const at = encode === encodeOpenOrder ? 1 : 0;
      const trailing = decoded(version, encode(TRAILING, version).tokens)[at + 1];
      expect(trailing).toMatchObject({ trailStopPrice: 11, trailingPercent: 2, lmtPriceOffset: 0.1, triggerMethod: 4 });
      const [contract, combo] = decoded(version, encode(COMBO, version).tokens).slice(at);
      expect(contract).toMatchObject({ secType: "BAG", comboLegs: [{ conId: 11 }, { conId: 12, ratio: 2 }] });
      expect(contract).toMatchObject({ comboLegsDescription: "11|1,12|-2" });
      expect(combo).toMatchObject({ smartComboRoutingParams: [{ tag: "NonGuaranteed", value: "1" }] });
      const conditional = decoded(version, encode(CONDITIONAL, version).tokens)[at + 1] as { conditions: object[] };
      expect(conditional.conditions.map((condition) => (condition as { type: number }).type)).toEqual([
        1, 3, 4, 5, 6, 7,
      ]);
    }
  },
);
