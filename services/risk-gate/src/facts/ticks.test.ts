import { Instrument } from "@countersign/contracts/instrument";
import { OrderTerms } from "@countersign/contracts/order";
import { describe, expect, test } from "vitest";
import { judge } from "../judge.ts";
import { FACTS, IN_FORCE, withFact } from "../test-facts.ts";
import { roundedTerms } from "./round-terms.ts";

const BANDS = [
  { from: "0", step: "0.0001" },
  { from: "1", step: "0.01" },
  { from: "500", step: "0.05" },
];
const facts = withFact("instrument", { priceBands: BANDS });
const instrument = Instrument.parse(facts.instrument.state === "known" ? facts.instrument.value : undefined);

function terms(change: object): OrderTerms {
  const base = { account: "DU1234567", conid: 265598, side: "BUY", quantity: "10", timeInForce: "DAY" };
  return OrderTerms.parse({ ...base, ...change });
}
const limit = (limitPrice: string) => terms({ orderType: "LMT", limitPrice });

describe("priceTick with the bands of a market rule", () => {
  const tick = (order: OrderTerms) => judge(order, facts, IN_FORCE).rules.find(({ rule }) => rule === "priceTick");
  test.each([
    ["0.9999", null, ""],
    ["0.99991", "PRICE_OFF_TICK", "0.9999 and 1"],
    ["1.01", null, ""],
    ["1.001", "PRICE_OFF_TICK", "1 and 1.01"],
    ["499.99", null, ""],
    ["500.01", "PRICE_OFF_TICK", "500 and 500.05"],
    ["500.05", null, ""],
    ["0.00001", "PRICE_OFF_TICK", "nearest: 0.0001"],
  ])("a limit of %s -> %s %s", (price, code, nearest) => {
    const found = tick(limit(price));
    expect(found?.code).toBe(code);
    if (code !== null) expect(found?.message).toContain(nearest);
  });
  test("a distance keeps to the finest step, whatever the price", () => {
    const trail = (amount: string) => terms({ orderType: "TRAIL", trail: { by: "amount", amount } });
    expect(tick(trail("0.0001"))?.code).toBeNull();
    expect(tick(trail("0.00001"))?.code).toBe("PRICE_OFF_TICK");
  });
  test("bands that begin above the price -> denied, because no step is known", () => {
    const late = withFact("instrument", { priceBands: [{ from: "10", step: "0.01" }] });
    const found = judge(limit("9"), late, IN_FORCE).rules.find(({ rule }) => rule === "priceTick");
    expect(found).toMatchObject({ code: "PRICE_OFF_TICK", message: "the tick size is not known" });
  });
});

describe("rounding in the direction that was named", () => {
  test.each([
    ["up", "230.005", "230.01"],
    ["down", "230.005", "230"],
    ["up", "500.001", "500.05"],
    ["down", "500.04", "500"],
    ["up", "0.99991", "1"],
    ["down", "230.01", "230.01"],
    ["down", "0.00001", "0.00001"],
  ] as const)("%s: %s -> %s", (direction, from, to) => {
    expect(roundedTerms(limit(from), [instrument], direction)).toEqual(limit(to));
  });

  test("every price and distance of the order goes the same way, and nothing else changes", () => {
    const exits = (profit: string, stop: string, end: string) => ({
      takeProfit: { limitPrice: profit },
      stopLoss: { stopPrice: stop, limitPrice: end },
      timeInForce: "GTC",
    });
    const bracket = { orderType: "STP LMT", timeInForce: "GTC", outsideRth: true };
    const before = terms({
      ...bracket,
      ...{ stopPrice: "235.001", limitPrice: "236.001", exits: exits("260.001", "220.001", "219.001") },
    });
    const after = terms({
      ...bracket,
      ...{ stopPrice: "235.01", limitPrice: "236.01", exits: exits("260.01", "220.01", "219.01") },
    });
    expect(roundedTerms(before, [instrument], "up")).toEqual(after);
    const trail = (amount: string) => ({ orderType: "TRAIL LIMIT", trail: { by: "amount", amount } });
    expect(
      roundedTerms(terms({ ...trail("5.00001"), stopPrice: "235.001", limitOffset: "0.00011" }), [instrument], "down"),
    ).toEqual(terms({ ...trail("5"), stopPrice: "235", limitOffset: "0.0001" }));
  });

  test("what is rounded passes the rule", () => {
    const rounded = roundedTerms(limit("230.005"), [instrument], "down");
    expect(judge(rounded, { ...FACTS, instrument: facts.instrument }, IN_FORCE).outcome).toBe("pass");
  });
});
