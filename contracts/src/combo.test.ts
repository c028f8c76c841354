import { describe, expect, test } from "vitest";
import { comboOf, conidsOf, instrumentName, legSide, namesItsTerms } from "./combo.ts";
import { OrderTerms, type OrderType, Ticket } from "./order.ts";
import { combinationRefusal } from "./order-check.ts";
import { ORDER_RULES } from "./order-rules.ts";
import { NetPriceText } from "./primitives.ts";

const leg = (conid: number, ratio = 1, side: "BUY" | "SELL" = "BUY") => ({ conid, side, ratio });
const VERTICAL = [leg(11), leg(12, 1, "SELL")];
const common = { account: "DU1234567", side: "BUY", quantity: "2", timeInForce: "DAY" } as const;
const combo = (change: object = {}) => ({
  ...{ ...common, orderType: "LMT", limitPrice: "1.25", legs: VERTICAL },
  ...change,
});
const accepts = (terms: object) => OrderTerms.safeParse(terms).success;
const refusal = (change: object) =>
  combinationRefusal({ orderType: "LMT", timeInForce: "DAY", legs: VERTICAL, ...change });

describe("the terms of a combination", () => {
  test.each(["1.25", "0", "-0.5", "-12.00000001"])("a net price of %s is a price", (limitPrice) => {
    expect(accepts(combo({ limitPrice }))).toBe(true);
  });
  test.each(["-0", "-0.00", "+1", "1e2", "01", "1.123456789", "", "-"])("%s is none", (price) => {
    expect(NetPriceText.safeParse(price).success).toBe(false);
  });
  test.each(["0", "-1"])("a single instrument still cannot be ordered at %s", (limitPrice) => {
    expect(accepts({ ...common, orderType: "LMT", limitPrice, conid: 11 })).toBe(false);
  });
  test.each<[string, object]>([
    ["legs and one instrument", { conid: 11 }],
    ["exits", { exits: { takeProfit: { limitPrice: "2" }, stopLoss: { stopPrice: "1" }, timeInForce: "DAY" } }],
    ["one leg", { legs: [leg(11)] }],
    ["five legs", { legs: [1, 2, 3, 4, 5].map((conid) => leg(conid)) }],
    ["a ratio of 0", { legs: [leg(11, 0), leg(12)] }],
    ["a stop", { orderType: "STP", stopPrice: "1" }],
    ["a leg with a field that nobody knows", { legs: [{ ...leg(11), price: "1" }, leg(12)] }],
  ])("%s -> not accepted", (_name, change) => expect(accepts(combo(change))).toBe(false));
  test("neither legs nor an instrument -> not accepted", () => {
    const { legs: _, ...none } = combo();
    expect(accepts(none)).toBe(false);
  });
});

describe("what is refused with a sentence", () => {
  test("a vertical is taken", () => expect(refusal({})).toBeUndefined());
  test.each<[string, object, string, string]>([
    ["one leg", { legs: [leg(11)] }, "COMBO_INVALID", "at least two"],
    ["no leg", { legs: [] }, "COMBO_INVALID", "at least two"],
    ["five legs", { legs: [1, 2, 3, 4, 5].map((conid) => leg(conid)) }, "COMBO_INVALID", "at most 4"],
    ["the same contract twice", { legs: [leg(11), leg(12), leg(11, 1, "SELL")] }, "COMBO_INVALID", "11 is in two"],
    ["a ratio of 0", { legs: [leg(11, 0), leg(12)] }, "COMBO_INVALID", "not 0"],
    ["a negative ratio", { legs: [leg(11, -1), leg(12)] }, "COMBO_INVALID", "not -1"],
    ["a huge ratio", { legs: [leg(11, 101), leg(12)] }, "COMBO_INVALID", "not 101"],
    ["a broken ratio", { legs: [leg(11, 1.5), leg(12)] }, "COMBO_INVALID", "not 1.5"],
    ["ratios with a divisor", { legs: [leg(11, 2), leg(12, 4)] }, "COMBO_INVALID", "multiples of 2"],
    ["exits", { exits: {} }, "BRACKET_NOT_ALLOWED", "bracket"],
    ["market outside regular hours", { orderType: "MKT", outsideRth: true }, "OUTSIDE_RTH_NOT_ALLOWED", "regular"],
  ])("%s -> %s", (_name, change, code, words) => {
    expect(refusal(change)).toMatchObject({ code, message: expect.stringContaining(words) });
  });
  test.each((Object.keys(ORDER_RULES) as OrderType[]).filter((type) => type !== "MKT" && type !== "LMT"))(
    "%s is no order for a combination",
    (orderType) => expect(refusal({ orderType })).toMatchObject({ code: "COMBO_INVALID", field: "legs" }),
  );
});

describe("what a combination trades", () => {
  test("selling it does the opposite of buying it, in every leg", () => {
    const sides = (order: "BUY" | "SELL") => VERTICAL.map((one) => legSide(order, one));
    expect([sides("BUY"), sides("SELL")]).toEqual([
      ["BUY", "SELL"],
      ["SELL", "BUY"],
    ]);
  });
  test("it is filed under the symbols of its legs, each once", () => {
    const at = { exchange: "", currency: "USD", multiplier: "100" };
    const legs = ["MCD", "IBKR", "MCD"].map((symbol) => ({ symbol, ...at }));
    expect(comboOf(legs)).toMatchObject({ symbol: "IBKR,MCD", exchange: "SMART" });
  });
  test("a name has what sets an instrument apart", () => {
    expect(instrumentName({ symbol: "AAPL", series: "20261218 C 200" })).toBe("AAPL 20261218 C 200");
    expect(instrumentName({ symbol: "AAPL" })).toBe("AAPL");
  });
});

describe("a ticket", () => {
  const one = (conid: number) => ({
    ...{ conid, symbol: "AAPL", secType: "OPT", exchange: "SMART", primaryExchange: "" },
    ...{ currency: "USD", multiplier: "100", longName: "APPLE INC" },
  });
  const bag = (...conids: number[]) => ({
    ...{ symbol: "AAPL", secType: "BAG", exchange: "SMART", currency: "USD", multiplier: "100" },
    legs: conids.map(one),
  });
  const names = (terms: object, instrument: object) =>
    namesItsTerms({ terms: OrderTerms.parse(terms), instrument: Ticket.shape.instrument.parse(instrument) });
  const single = { ...common, orderType: "MKT", limitPrice: null, conid: 11 };

  test("names the instruments of its terms, all of them and in their order", () => {
    expect(conidsOf(OrderTerms.parse(combo()))).toEqual([11, 12]);
    expect(names(combo(), bag(11, 12))).toBe(true);
    expect(names(single, one(11))).toBe(true);
  });
  test.each<[string, object, object]>([
    ["other legs", combo(), bag(11, 13)],
    ["the legs in another order", combo(), bag(12, 11)],
    ["a leg more", combo(), bag(11, 12, 13)],
    ["one instrument for a combination", combo(), one(11)],
    ["a combination for one instrument", single, bag(11, 12)],
    ["another instrument", single, one(12)],
  ])("%s -> it does not", (_name, terms, instrument) => expect(names(terms, instrument)).toBe(false));
});
