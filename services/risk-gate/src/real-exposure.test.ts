import { OrderTerms } from "@countersign/contracts/order";
import type { Verdict } from "@countersign/contracts/verdict";
import { describe, expect, test } from "vitest";
import type { Holding, WorkingOrder } from "./facts/book/book.ts";
import { type Facts, known } from "./facts/fact.ts";
import { judge } from "./judge.ts";
import { AT, FACTS, IN_FORCE, TERMS, withFact, withQuote } from "./test-facts.ts";
import { policyWith } from "./test-policy.ts";
import { holding, withBook, working } from "./testing/book-facts.ts";

/** Orders as a stranger would give them, each by the whole gate: what decides is what the account could come to hold. */
const order = (change: object) => {
  const fields = Object.entries({ ...TERMS, ...change }).filter(([, value]) => value !== undefined);
  return OrderTerms.parse(Object.fromEntries(fields));
};
const verdict = (change: object, facts: Partial<Facts>, rules: Record<string, object> = {}): Verdict =>
  judge(order(change), { ...FACTS, ...facts }, { ...IN_FORCE, policy: policyWith(rules) });
const rule = (name: string, ...args: Parameters<typeof verdict>) => {
  const found = verdict(...args).rules.find((one) => one.rule === name);
  return found && { outcome: found.outcome, value: found.value };
};
const held = (quantity: string, orders: readonly WorkingOrder[] = []) => withBook([holding({ quantity })], orders);
const instrument = (change: object) => ({ instrument: withFact("instrument", change).instrument });
const quote = (bid: string, ask: string, currency = "USD") => ({
  quote: withQuote({ bid, ask, last: null, close: null, currency }).quote,
});
const row = (change: Partial<Holding>) => holding({ quantity: "0", unitValue: null, ...change });

describe("what sells", () => {
  const noShorts = { shortSale: { allowed: false } };
  const selling = [working({ side: "SELL", remaining: "30" }), working({ order: "p2", side: "SELL", remaining: "20" })];

  test("100 with 60 held and 50 working sells is 90 short; a working purchase helps nobody", () => {
    const buys = working({ order: "p3", side: "BUY", remaining: "500" });
    expect(rule("shortSale", { side: "SELL", quantity: "100" }, held("60", [...selling, buys]), noShorts)).toEqual({
      outcome: "deny",
      value: "-90",
    });
    expect(rule("shortSale", { side: "SELL", quantity: "10" }, held("60", selling), noShorts)?.outcome).toBe("pass");
  });

  test("under REDUCE_ONLY nothing turns: 10 short with 6 being bought takes 4 more and not 5", () => {
    const facts: Partial<Facts> = {
      ...held("-10"),
      positions: known([{ ...POSITION, quantity: "-10" }], "tws", AT),
      ownOrders: known([{ proposalId: "p1", conid: 265598, state: "UNKNOWN", side: "BUY", remaining: "6" }], "log", AT),
      kill: known({ level: "REDUCE_ONLY", reason: "a loss" }, "control", AT),
    };
    expect(rule("killSwitch", { quantity: "1000" }, facts)?.outcome).toBe("deny");
    expect(rule("killSwitch", { quantity: "5" }, facts)?.outcome).toBe("deny");
    expect(rule("killSwitch", { quantity: "4" }, facts)?.outcome).toBe("pass");
  });
});

const POSITION = {
  ...{ account: "DU1234567", conid: 265598, symbol: "AAPL", secType: "STK", currency: "USD", averageCost: "200" },
};

describe("what may fill", () => {
  test("an UNKNOWN order counts both ways: 50 bought or 50 sold, with either order of 60", () => {
    const unknown = [
      working({ order: "p1", side: "BUY", remaining: "50" }),
      working({ order: "p2", side: "SELL", remaining: "50" }),
    ];
    expect(rule("maxPosition", { quantity: "60" }, held("0", unknown))).toEqual({ outcome: "deny", value: "110" });
    expect(rule("maxPosition", { side: "SELL", quantity: "60" }, held("0", unknown))).toEqual({
      outcome: "deny",
      value: "110",
    });
    expect(rule("maxPosition", { quantity: "50" }, held("0", unknown))).toEqual({ outcome: "pass", value: "100" });
  });

  test("a fill between the log and the positions counts twice for a moment, and never not at all", () => {
    // 40 of the working 50 are in the position already; the log has not heard of it.
    const late = held("40", [working({ order: "p1", side: "BUY", remaining: "50" })]);
    expect(rule("maxPosition", { quantity: "10" }, late)).toEqual({ outcome: "pass", value: "100" });
    expect(rule("maxPosition", { quantity: "11" }, late)).toEqual({ outcome: "deny", value: "101" });
  });

  test("the exits of a new bracket are neither a second position nor a short one", () => {
    const exits = { takeProfit: { limitPrice: "240" }, stopLoss: { stopPrice: "220" }, timeInForce: "GTC" };
    const narrow = { netExposure: { shortPercentMax: "0" } };
    expect(rule("netExposure", { exits }, held("0"), narrow)?.outcome).toBe("pass");
    // The take-profit is the worst price of a unit: 240.
    expect(rule("maxPosition", { exits }, held("0"))).toEqual({ outcome: "pass", value: "10" });
    expect(rule("grossExposure", { exits }, held("0"))).toEqual({ outcome: "pass", value: "2.4" });
    expect(rule("maxPosition", { exits, side: "BUY" }, held("-95"))).toEqual({ outcome: "pass", value: "95" });
  });
});

describe("multipliers and rates", () => {
  const anything = {
    permittedInstruments: { secTypes: ["STK", "OPT", "FUT", "CASH"], currencies: ["USD", "EUR", "JPY"] },
  };

  test("three options of 100 in euros at 2.5: 3 x 2.5 x 100 x 1.1", () => {
    const facts = {
      ...instrument({ secType: "OPT", multiplier: "100", currency: "EUR", strike: "50", right: "P" }),
      ...{ ...quote("2.4", "2.5", "EUR"), rate: known("1.1", "fx", AT) },
    };
    const buy = { quantity: "3", limitPrice: "2.5" };
    expect(rule("maxOrderNotional", buy, facts, anything)?.value).toBe("825");
    expect(rule("grossExposure", buy, facts)?.value).toBe("0.825");
    // Written, they may oblige to buy for 50: 825 + 3 x 50 x 100 x 1.1. Their put stands for a long position.
    expect(rule("grossExposure", { ...buy, side: "SELL" }, facts)?.value).toBe("17.325");
    const narrow = { netExposure: { longPercentMax: "17", shortPercentMax: "0" } };
    expect(rule("netExposure", { ...buy, side: "SELL" }, facts, narrow)).toEqual({ outcome: "deny", value: "17.325" });
  });

  test("an inverted pair: 10,000 USD.JPY are 10,000 dollars and not 1.5 million", () => {
    const facts = {
      ...instrument({ secType: "CASH", symbol: "USD", currency: "JPY", minTick: "0.005" }),
      ...{ ...quote("149.99", "150", "JPY"), rate: known("0.0066666667", "fx", AT) },
    };
    const buy = { quantity: "10000", limitPrice: "150" };
    expect(rule("maxOrderNotional", buy, facts)).toEqual({ outcome: "deny", value: "10000.01" });
    expect(rule("maxOrderNotional", { ...buy, quantity: "9999" }, facts)?.outcome).toBe("pass");
  });

  test("a future of 50 a point is its whole value, and takes no cash", () => {
    const facts = { ...instrument({ secType: "FUT", multiplier: "50" }), ...quote("5000", "5000.25") };
    const buy = { quantity: "2", limitPrice: "5000.25" };
    expect(rule("grossExposure", buy, facts)).toEqual({ outcome: "deny", value: "500.025" });
    expect(rule("cash", buy, facts)).toEqual({ outcome: "pass", value: "100000" });
  });

  test("an option on an index that is settled in cash is written like any other: what it obliges to is paid", () => {
    const facts = {
      ...instrument({ secType: "OPT", multiplier: "10", strike: "4900", right: "C", underlyingConid: 4 }),
      ...{ ...quote("19.9", "20"), ...withBook([row({ secType: "OPT" })]) },
    };
    const sell = { side: "SELL", quantity: "1", limitPrice: "20" };
    expect(rule("concentration", sell, facts)).toEqual({ outcome: "deny", value: "49.2" });
    expect(rule("valueAtRisk", sell, facts)?.outcome).toBe("deny");
  });
});

describe("fractions and lots", () => {
  test("half a share passes where the contract's step is one, and is never sold twice", () => {
    const facts = { ...instrument({ minSize: "0.0001", sizeIncrement: "0.0001" }), ...held("0.5") };
    const noShorts = { shortSale: { allowed: false } };
    expect(rule("quantityStep", { quantity: "0.3" }, facts)?.outcome).toBe("pass");
    expect(rule("shortSale", { side: "SELL", quantity: "0.5" }, facts, noShorts)?.outcome).toBe("pass");
    expect(rule("shortSale", { side: "SELL", quantity: "0.5001" }, facts, noShorts)?.outcome).toBe("deny");
    expect(rule("quantityStep", { quantity: "0.5" }, held("0.5"))?.outcome).toBe("deny");
    expect(rule("maxOrderNotional", { quantity: "0.3" }, facts)?.value).toBe("69.01");
  });

  test("150 in Tokyo are no order where a lot is 100, and 200 are counted in yen", () => {
    const facts = {
      ...instrument({ currency: "JPY", minSize: "100", sizeIncrement: "100", minTick: "1" }),
      ...{ ...quote("2999", "3000", "JPY"), rate: known("0.0066666667", "fx", AT) },
    };
    const buy = { quantity: "200", limitPrice: "3000" };
    expect(rule("quantityStep", { ...buy, quantity: "150" }, facts)?.outcome).toBe("deny");
    expect(rule("quantityStep", buy, facts)?.outcome).toBe("pass");
    expect(rule("maxOrderNotional", buy, facts)?.value).toBe("4000.01");
  });
});
