import type { OpenOrder } from "@countersign/contracts/account";
import { describe, expect, test } from "vitest";
import { foreignWorking } from "./foreign-working.ts";
import type { Knowledge } from "./holdings.ts";

const AAPL = 265598;
const ORDER: OpenOrder = {
  ...{ account: "DU1234567", permId: "77", orderId: 0, clientId: 0, orderRef: "", ownership: "foreign" },
  ...{ proposalId: null, conid: AAPL, symbol: "AAPL", side: "BUY", quantity: "5", filledQuantity: "2" },
  ...{ orderType: "TRAIL", limitPrice: null, timeInForce: "DAY", status: "PreSubmitted" },
};
const DESCRIBED = {
  ...{ symbol: "AAPL", secType: "STK", currency: "EUR", multiplier: "10", industry: "", category: "" },
};
/** Nothing is held; it is quoted at 230 euros, a euro is 1.1. */
function knowing(change: Partial<Knowledge> = {}): Knowledge {
  return {
    price: () => undefined,
    worth: () => undefined,
    quoted: () => ({ price: "230" }),
    described: () => DESCRIBED,
    rate: (currency) => (currency === "EUR" ? "1.1" : undefined),
    ...change,
  };
}
const working = (order: Partial<OpenOrder> = {}, knowledge = knowing()) =>
  foreignWorking([{ ...ORDER, ...order }], { isOurs: (id) => id === "ours", knowledge });
const row = { order: "foreign 77", conid: AAPL, side: "BUY", remaining: "3" };

describe("an order that a person gave by hand", () => {
  test.each<[string, Partial<OpenOrder>, Partial<Knowledge>, string]>([
    ["without a limit, in what is not held, counts at its quote x multiplier x rate", {}, {}, "2530"],
    ["without a limit, in what is held, counts at the price of that", {}, { price: () => "200" }, "2200"],
    [
      "with a limit above the price of what is held counts at the limit",
      { limitPrice: "240" },
      { price: () => "200" },
      "2640",
    ],
    ["with a limit below it counts at that price", { limitPrice: "190" }, { price: () => "200" }, "2200"],
    [
      "that waits above the market for a stop counts at the stop",
      { orderType: "STP", stopPrice: "300" },
      { price: () => "200" },
      "3300",
    ],
    ["that waits for a stop in what is not held counts at the stop too", { stopPrice: "300" }, {}, "3300"],
    ["that waits for a stop below the market counts at the quote", { stopPrice: "100" }, {}, "2530"],
    [
      "in what the broker sums up at more than its price counts at that",
      { limitPrice: "240" },
      { price: () => "2.4", worth: () => "2500" },
      "2750",
    ],
    ["with a limit needs no quote", { limitPrice: "240" }, { quoted: () => "none" }, "2640"],
  ])("%s", (_, order, knowledge, unitValue) => {
    expect(working(order, knowing(knowledge))).toEqual([{ ...row, unitValue }]);
  });

  test("of which all is filled, or that our log knows, counts for nothing here", () => {
    expect(working({ filledQuantity: "5" })).toEqual([]);
    expect(working({ filledQuantity: "6" })).toEqual([]);
    expect(working({ proposalId: "ours" })).toEqual([]);
  });

  test.each<[string, Partial<Knowledge>, string]>([
    ["its quote cannot be had", { quoted: () => "NOT_SUBSCRIBED: no data" }, "NOT_SUBSCRIBED: no data"],
    ["no rate leads to the base currency", { rate: () => undefined }, "no rate of EUR"],
    ["it is not described", { described: () => undefined }, `instrument ${AAPL} is not described`],
  ])("%s: nothing of the exposure is known, and the reason names the order", (_, knowledge, why) => {
    expect(working({}, knowing(knowledge))).toBe(
      `nothing says what foreign order 77 (TRAIL BUY 5 AAPL) is worth: ${why}`,
    );
  });

  test("in a bond that is not held: nothing of the exposure is known; in one that is held it counts as that", () => {
    const bond = { described: () => ({ ...DESCRIBED, secType: "BOND", multiplier: "1" }) };
    expect(working({ limitPrice: "98" }, knowing(bond))).toContain("in per cent of nobody knows what");
    expect(working({ limitPrice: "98" }, knowing({ ...bond, price: () => "98" }))).toContain("in per cent");
    const held = knowing({ ...bond, price: () => "98", worth: () => "980" });
    expect(working({ limitPrice: "99" }, held)).toEqual([{ ...row, unitValue: "1078" }]);
  });

  test("a combination counts with each leg at its quote, and one without legs is not known", () => {
    const comboLegs = [
      { conid: AAPL, side: "BUY" as const, ratio: 1 },
      { conid: 272093, side: "SELL" as const, ratio: 2 },
    ];
    expect(working({ comboLegs, limitPrice: "-1" })).toEqual([
      { ...row, unitValue: "2530" },
      { ...row, conid: 272093, side: "SELL", remaining: "6", unitValue: "2530" },
    ]);
    expect(working({ comboLegs: [] })).toBe("the broker does not say what order 77 trades");
  });
});
