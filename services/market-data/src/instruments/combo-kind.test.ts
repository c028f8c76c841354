import type { ComboLeg } from "@countersign/contracts/messages/md-instruments.v1";
import { expect, test } from "vitest";
import { comboKind } from "./combo-kind.ts";

const BASE = {
  ...{ symbol: "AAPL", exchange: "SMART", primaryExchange: "", currency: "USD", localSymbol: "", longName: "" },
  ...{ tradingClass: "AAPL", multiplier: "100" },
};
let conid = 0;

/** `B1 C 230 2712`: buy one call of 230 in December 2027; S sells, STK and FUT need no strike. */
function leg(text: string): ComboLeg {
  const [order = "", right = "", strike = null, expiry = ""] = text.split(" ");
  conid += 1;
  const option = right === "C" || right === "P";
  return {
    action: order.startsWith("B") ? "BUY" : "SELL",
    ratio: Number(order.slice(1)),
    instrument: {
      ...BASE,
      ...{ conid, secType: option ? "OPT" : right, lastTradeDate: expiry },
      ...{ right: option ? right : null, strike: option ? strike : null },
    },
  };
}

test.each([
  ["vertical", ["B1 C 230 2712", "S1 C 240 2712"]],
  ["calendar", ["S1 C 230 2706", "B1 C 230 2712"]],
  ["diagonal", ["S1 C 240 2706", "B1 C 230 2712"]],
  ["straddle", ["B1 C 230 2712", "B1 P 230 2712"]],
  ["strangle", ["S1 C 250 2712", "S1 P 210 2712"]],
  ["butterfly", ["B1 C 220 2712", "S2 C 230 2712", "B1 C 240 2712"]],
  ["stock and option", ["B100 STK", "S1 C 240 2712"]],
  ["calendar", ["S1 FUT - 2706", "B1 FUT - 2712"]],
  ["other", ["B1 C 230 2712", "S2 C 240 2712"]],
  ["other", ["B1 C 230 2712", "S1 P 230 2712"]],
  ["other", ["B1 C 220 2712", "S1 C 230 2712", "B1 C 240 2712"]],
])("%s: %s", (kind, legs) => {
  expect(comboKind(legs.map(leg))).toBe(kind);
});
