import { toText } from "@countersign/money/decimal";
import { describe, expect, test } from "vitest";
import { holding, working } from "../../testing/book-facts.ts";
import type { Described, Holding } from "./book.ts";
import { HoldingsBuilder } from "./holdings.ts";
import { totalsOf } from "./totals.ts";

const OPTION = 9;
/** At 8 a piece of 100, with a strike of 30: 800 each, and 3000 owed by who wrote it. */
const option = (quantity: string, right: "C" | "P" = "C") =>
  holding({
    ...{ conid: OPTION, secType: "OPT", multiplier: "100", quantity, unitValue: "800", obligation: "3000" },
    option: { right, strike: "30", underlyingConid: 1 },
  });
const totals = (holdings: readonly Holding[], orders: Parameters<typeof totalsOf>[1] = []) => {
  const { gross, netLong, netShort, exposures } = totalsOf({ baseCurrency: "USD", holdings }, orders);
  const { long, short, worst } = exposures.get(OPTION) ?? {};
  const text = { gross, netLong, netShort, long, short, worst };
  return Object.fromEntries(Object.entries(text).map(([name, value]) => [name, value && toText(value)]));
};

describe("what options count", () => {
  test("held ones with their price, written ones with strike and price", () => {
    expect(totals([option("2")])).toMatchObject({ gross: "1600", long: "1600", short: "1600" });
    expect(totals([option("-2")])).toMatchObject({ gross: "7600", long: "-7600", short: "-7600" });
  });
  test("what sells more than is held writes the rest", () => {
    const sells = working({ conid: OPTION, side: "SELL", remaining: "3", unitValue: "900" });
    // 2 are closed, 1 is written at the worst price: 900 + 3000.
    expect(totals([option("2")], [sells])).toMatchObject({ long: "1600", short: "-3900", worst: "3900" });
  });
  test("what buys back less than was written leaves the rest owed", () => {
    const buys = working({ conid: OPTION, side: "BUY", remaining: "2", unitValue: "700" });
    expect(totals([option("-3")], [buys])).toMatchObject({ long: "-3800", short: "-11400", worst: "11400" });
  });
  test.each<[string, string, "C" | "P", string, string]>([
    ["a call that is held is long", "2", "C", "1600", "0"],
    ["a written call is short", "-2", "C", "0", "-7600"],
    ["a put that is held is short", "2", "P", "0", "-1600"],
    ["a written put is long: its writer may have to buy", "-2", "P", "7600", "0"],
  ])("net, %s, and never a hedge of the other side", (_, quantity, right, netLong, netShort) => {
    expect(totals([option(quantity, right)])).toMatchObject({ netLong, netShort });
  });
});

const described: Described = {
  ...{ symbol: "SX5E", secType: "OPT", currency: "EUR", multiplier: "10", industry: "", category: "" },
  option: { right: "P", strike: "4900.5", underlyingConid: 4 },
};
const build = (quantity: string, instrument: Described) => {
  const row = {
    account: "DU1234567",
    conid: OPTION,
    symbol: "SX5E",
    secType: "OPT",
    currency: "EUR",
    averageCost: "1",
  };
  const knowledge = {
    price: () => "20",
    worth: () => undefined,
    quoted: () => "none",
    described: () => instrument,
    rate: () => "1.1",
  };
  return new HoldingsBuilder().build("USD", [{ ...row, quantity }], { alsoOf: [], knowledge });
};

describe("the row of an option in the book", () => {
  test("says what a written one obliges to in the base currency: 4900.5 x 10 x 1.1", () => {
    expect(build("-1", described)).toMatchObject({ book: { holdings: [{ unitValue: "220", obligation: "53905.5" }] } });
  });
  test("without a strike leaves the whole book unknown, also of one that is held: it may be sold twice", () => {
    const { option: _, ...bare } = described;
    expect(build("1", bare)).toEqual({ missing: "SX5E (9): the broker gives no strike of it" });
  });
});
