import { OrderTerms } from "@countersign/contracts/order";
import { expect, test } from "vitest";
import { type Smaller, smallerChangeRefusal, smallerTerms } from "./smaller-terms.ts";

const base = { account: "DU1234567", conid: 265598, quantity: "10", timeInForce: "DAY" };
const buy = OrderTerms.parse({ ...base, side: "BUY", orderType: "LMT", limitPrice: "230" });
const sell = OrderTerms.parse({ ...base, side: "SELL", orderType: "LMT", limitPrice: "230" });
const market = OrderTerms.parse({ ...base, side: "BUY", orderType: "MKT", limitPrice: null });
const stopLimit = OrderTerms.parse({ ...base, side: "BUY", orderType: "STP LMT", stopPrice: "235", limitPrice: "236" });
const midprice = OrderTerms.parse({ ...base, side: "BUY", orderType: "MIDPRICE" });
const exits = { takeProfit: { limitPrice: "240" }, stopLoss: { stopPrice: "220" }, timeInForce: "GTC" };
const bracket = OrderTerms.parse({ ...buy, exits });
const legs = [
  { conid: 1, side: "BUY", ratio: 1 },
  { conid: 2, side: "SELL", ratio: 2 },
];
const { conid: _, ...everyOrder } = base;
const credit = OrderTerms.parse({ ...everyOrder, legs, side: "BUY", orderType: "LMT", limitPrice: "-2.5" });
const creditSold = OrderTerms.parse({ ...everyOrder, legs, side: "SELL", orderType: "LMT", limitPrice: "-2.5" });

test.each<[string, OrderTerms, Smaller]>([
  ["a smaller quantity", buy, { quantity: "9" }],
  ["a lower limit of a purchase", buy, { limitPrice: "229.5" }],
  ["a higher limit of a sale", sell, { limitPrice: "230.5" }],
  ["both", buy, { quantity: "1", limitPrice: "1" }],
  ["one of both, the other as it was", buy, { quantity: "10.0", limitPrice: "229" }],
  ["a smaller market order", market, { quantity: "5" }],
  ["a lower limit behind a stop", stopLimit, { limitPrice: "235.5" }],
  ["a smaller bracket, whose exits go with it", bracket, { quantity: "4" }],
  ["a smaller combination, whose legs go with it", credit, { quantity: "3" }],
  ["a combination bought for more money in", credit, { limitPrice: "-3" }],
  ["a combination sold for less money out", creditSold, { limitPrice: "-1" }],
])("%s is the same order, only smaller", (_name, terms, smaller) => {
  expect(smallerTerms(terms, smaller)).toEqual({ outcome: "ok", value: { ...terms, ...smaller } });
});

test.each<[string, OrderTerms, Smaller, string, string?]>([
  ["a larger quantity", buy, { quantity: "10.00000001" }, "REDUCE_NOT_SMALLER", "quantity"],
  ["a higher limit of a purchase", buy, { limitPrice: "230.01" }, "REDUCE_NOT_SMALLER", "limitPrice"],
  ["a lower limit of a sale", sell, { limitPrice: "229.99" }, "REDUCE_NOT_SMALLER", "limitPrice"],
  [
    "a smaller quantity at a looser limit",
    buy,
    { quantity: "1", limitPrice: "231" },
    "REDUCE_NOT_SMALLER",
    "limitPrice",
  ],
  ["a safer limit of a larger quantity", buy, { quantity: "11", limitPrice: "1" }, "REDUCE_NOT_SMALLER", "quantity"],
  ["the same, written otherwise", buy, { quantity: "10.0", limitPrice: "230.00" }, "REDUCE_NOT_SMALLER"],
  ["the same quantity of a market order", market, { quantity: "10" }, "REDUCE_NOT_SMALLER"],
  ["nothing", buy, {}, "REDUCE_NOT_SMALLER"],
  ["a limit of a market order", market, { limitPrice: "1" }, "REDUCE_NOT_ALLOWED", "limitPrice"],
  ["a limit of an order without one", midprice, { limitPrice: "1" }, "REDUCE_NOT_ALLOWED", "limitPrice"],
  ["a limit below zero without legs", buy, { limitPrice: "-1" }, "INVALID_ARGUMENT", "limitPrice"],
  ["a limit of zero", buy, { limitPrice: "0" }, "INVALID_ARGUMENT", "limitPrice"],
  ["a quantity of zero", buy, { quantity: "0" }, "INVALID_ARGUMENT", "limitPrice"],
  ["a combination bought for less money in", credit, { limitPrice: "-2" }, "REDUCE_NOT_SMALLER", "limitPrice"],
  ["a combination sold for more money out", creditSold, { limitPrice: "-3" }, "REDUCE_NOT_SMALLER", "limitPrice"],
])("%s -> %s is no reduction", (_name, terms, smaller, code, field) => {
  const detail = field === undefined ? {} : { detail: { field } };
  expect(smallerTerms(terms, smaller)).toMatchObject({ outcome: "denied", denial: { code, ...detail } });
});

const atBroker = {
  ...{ asOf: "2026-11-23T15:00:00.000Z", status: "Submitted", quantity: "10", filledQuantity: "3" },
  ...{ limitPrice: "230", timeInForce: "DAY" },
};
const change = { proposalId: `prop_${"a".repeat(26)}`, orderRef: `cs1.${"a".repeat(20)}`, before: buy, atBroker };

test("a change that may not be asked for names its field, and one of a whole other order is no change", () => {
  const other = { ...buy, side: "SELL" } as OrderTerms;
  const refused = smallerChangeRefusal(change, other);
  expect(refused).toMatchObject({ outcome: "denied", denial: { detail: { field: "side" } } });
});

test.each<[string, object, string | undefined, string | undefined]>([
  ["of another quantity", { quantity: "8" }, undefined, undefined],
  ["of another limit", { limitPrice: "229" }, undefined, undefined],
  ["back to the terms in force", {}, undefined, "MODIFY_EMPTY"],
  ["to what the broker showed as executed", { quantity: "3" }, undefined, "ORDER_NOT_MODIFIABLE"],
  ["to what is executed by now", { quantity: "5" }, "5", "ORDER_NOT_MODIFIABLE"],
  ["to one more than is executed by now", { quantity: "6" }, "5", undefined],
])("a change made smaller, %s: %j, executed %s -> %s", (_name, terms, filled, code) => {
  expect(smallerChangeRefusal(change, { ...buy, ...terms } as OrderTerms, filled)?.denial.code).toBe(code);
});
