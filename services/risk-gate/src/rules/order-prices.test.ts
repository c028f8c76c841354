import { OrderTerms, type Side } from "@countersign/contracts/order";
import { decimal, toText } from "@countersign/money/decimal";
import { describe, expect, test } from "vitest";
import { missing } from "../facts/fact.ts";
import { FACTS, TERMS } from "../test-facts.ts";
import { measuredPrices, stopsOf } from "./order-prices.ts";

const { limitPrice: _limitPrice, ...BASE } = TERMS as typeof TERMS & { limitPrice: string };
const order = (fields: object) => OrderTerms.parse({ ...BASE, ...fields });
/** Bid 99, ask 101. */
const touch = (side: Side) => decimal(side === "BUY" ? "101" : "99");
/** Each price as "what side price : reference", with a star where it waits. */
const measured = (fields: object, entry?: string) =>
  measuredPrices(order(fields), touch, entry === undefined ? undefined : decimal(entry)).map(
    ({ what, side, price, reference, waits }) =>
      `${what} ${side} ${toText(price)} : ${toText(reference)}${waits ? " *" : ""}`,
  );
const trail = { by: "amount", amount: "2" };
const exits = (change: object = {}) => ({
  exits: { takeProfit: { limitPrice: "120" }, stopLoss: { stopPrice: "90", ...change }, timeInForce: "GTC" },
});

describe("against what each price of an order is measured (bid 99, ask 101)", () => {
  test.each([
    ["a market order has none", { orderType: "MKT", limitPrice: null }, []],
    ["a limit against the far touch", { orderType: "LMT", limitPrice: "100" }, ["limit price BUY 100 : 101"]],
    ["of a sale that is the bid", { side: "SELL", orderType: "LMT", limitPrice: "9" }, ["limit price SELL 9 : 99"]],
    ["a stop against the far touch; it waits", { orderType: "STP", stopPrice: "105" }, ["stop price BUY 105 : 101 *"]],
    [
      "the limit of a stop against the stop",
      { orderType: "STP LMT", stopPrice: "105", limitPrice: "106" },
      ["stop price BUY 105 : 101 *", "limit price BUY 106 : 105"],
    ],
    [
      "the limit of a trail with a first stop against that",
      { orderType: "TRAIL LIMIT", trail, stopPrice: "105", limitOffset: "3" },
      ["stop price BUY 105 : 101 *", "limit price BUY 108 : 105"],
    ],
    [
      "of a sale it lies below",
      { side: "SELL", orderType: "TRAIL LIMIT", trail, stopPrice: "95", limitOffset: "3" },
      ["stop price SELL 95 : 99 *", "limit price SELL 92 : 95"],
    ],
    [
      "a pegged order without a limit where its offset takes it from the near touch",
      { orderType: "REL", offset: "5" },
      ["pegged price BUY 104 : 101"],
    ],
    ["of a sale that is below the ask", { side: "SELL", orderType: "REL", offset: "5" }, ["pegged price SELL 96 : 99"]],
    [
      "a pegged order with a limit goes no further than that",
      { orderType: "REL", offset: "5", limitPrice: "100" },
      ["limit price BUY 100 : 101"],
    ],
    ["a trigger against the far touch", { orderType: "MIT", triggerPrice: "95" }, ["trigger price BUY 95 : 101 *"]],
    [
      "the limit of a trigger against the trigger",
      { side: "SELL", orderType: "LIT", triggerPrice: "110", limitPrice: "108" },
      ["trigger price SELL 110 : 99 *", "limit price SELL 108 : 110"],
    ],
    [
      "the exits of a purchase against the bid, where they sell",
      { orderType: "LMT", limitPrice: "100", ...exits() },
      ["limit price BUY 100 : 101", "take profit SELL 120 : 99", "stop loss SELL 90 : 99 *"],
    ],
    [
      "the exits of a sale against the ask, and the limit of a stop loss against its stop",
      { side: "SELL", orderType: "LMT", limitPrice: "100", ...exits({ limitPrice: "89" }) },
      [
        "limit price SELL 100 : 99",
        "take profit BUY 120 : 101",
        "stop loss BUY 90 : 101 *",
        "limit of the stop loss BUY 89 : 90",
      ],
    ],
  ])("%s", (_, fields, expected) => {
    expect(measured(fields)).toEqual(expected);
  });
  test("the exits of an entry that waits against its price", () => {
    expect(measured({ orderType: "LMT", limitPrice: "80", ...exits() }, "80").slice(1)).toEqual([
      "take profit SELL 120 : 80",
      "stop loss SELL 90 : 80 *",
    ]);
  });
});

describe("where the stops of an order are (last price 230)", () => {
  const stops = (fields: object, facts = FACTS) =>
    stopsOf(order(fields), facts).map(
      ({ what, side, stop, entry }) =>
        `${what} ${side} ${stop && toText(stop)}${entry === undefined ? "" : ` from ${toText(entry)}`}`,
    );
  test.each([
    ["an order without one", { orderType: "LMT", limitPrice: "230" }, []],
    ["a stop of its own", { orderType: "STP", stopPrice: "235" }, ["stop BUY 235"]],
    ["a trail begins at the market", { orderType: "TRAIL", trail }, ["stop BUY 232"]],
    ["a trail that sells begins below it", { side: "SELL", orderType: "TRAIL", trail }, ["stop SELL 228"]],
    ["a trail with its first stop", { orderType: "TRAIL", trail, stopPrice: "240" }, ["stop BUY 240"]],
    [
      "the stop loss of a purchase sells",
      { orderType: "LMT", limitPrice: "230", ...exits() },
      ["stop loss SELL 90 from 230"],
    ],
    ["of a purchase at once it begins now", { orderType: "MKT", limitPrice: null, ...exits() }, ["stop loss SELL 90"]],
    ["of one that reaches the ask too", { orderType: "LMT", limitPrice: "231", ...exits() }, ["stop loss SELL 90"]],
    [
      "the stop loss of a sale buys, beside the stop of the order",
      { side: "SELL", orderType: "STP", stopPrice: "225", ...exits() },
      ["stop SELL 225", "stop loss BUY 90 from 225"],
    ],
  ])("%s", (_, fields, expected) => {
    expect(stops(fields)).toEqual(expected);
  });
  test("a trail without a market begins nowhere, and is still a stop", () => {
    expect(stops({ orderType: "TRAIL", trail }, { ...FACTS, quote: missing("none") })).toEqual(["stop BUY undefined"]);
  });
  test("the stop loss of a market order without a quote has no entry to wait for, and is still a stop", () => {
    const atMarket = { orderType: "MKT", limitPrice: null, ...exits() };
    expect(stops(atMarket, { ...FACTS, quote: missing("none") })).toEqual(["stop loss SELL 90"]);
  });
});
