import { OrderTerms } from "@countersign/contracts/order";
import { decimal, multiply, toText } from "@countersign/money/decimal";
import { describe, expect, test } from "vitest";
import { simulationOf } from "../costs/estimate.ts";
import { type Facts, known, missing } from "../facts/fact.ts";
import { worstPrice } from "../facts/prices.ts";
import { judge } from "../judge.ts";
import { AT, FACTS, IN_FORCE, PRICING, withFact, withQuote } from "../test-facts.ts";
import { policyWith } from "../test-policy.ts";

/** Bid 229.98, ask 230.02, last 230. */
function terms(change: object): OrderTerms {
  const base = { account: "DU1234567", conid: 265598, side: "BUY", quantity: "10", timeInForce: "DAY" };
  return OrderTerms.parse({ ...base, ...change });
}
function codes(change: object, facts: Facts = FACTS, policy: Record<string, object> = {}): (string | null)[] {
  const { rules } = judge(terms(change), facts, { ...IN_FORCE, policy: policyWith(policy) });
  return rules.flatMap(({ rule, outcome, code }) => (outcome === "deny" && rule !== "stopDistance" ? [code] : []));
}

const amount = (text: string) => ({ by: "amount", amount: text });
const percent = (text: string) => ({ by: "percent", percent: text });
const SELL = { side: "SELL" };
const [STP, STP_LMT] = [{ orderType: "STP" }, { orderType: "STP LMT" }];
const EXITS = { takeProfit: { limitPrice: "240" }, stopLoss: { stopPrice: "220" }, timeInForce: "GTC" };
const LMT = { orderType: "LMT", limitPrice: "230" };

describe("the worst price counts against the limits, the expected one is the estimate's", () => {
  const cases: [string, object, string, string, string][] = [
    ["MKT", { orderType: "MKT", limitPrice: null }, "230.02", "230.02", "farTouch"],
    ["LMT below the ask", LMT, "230.02", "230", "limit"],
    ["LMT above the ask", { orderType: "LMT", limitPrice: "231" }, "231", "230.02", "farTouch"],
    ["STP", { ...STP, stopPrice: "235" }, "235", "235", "stop"],
    ["STP SELL", { ...STP, ...SELL, stopPrice: "220" }, "229.98", "220", "stop"],
    ["STP LMT", { ...STP_LMT, stopPrice: "235", limitPrice: "236" }, "236", "235", "stop"],
    ["MIT", { orderType: "MIT", triggerPrice: "225" }, "230.02", "225", "trigger"],
    ["LIT", { orderType: "LIT", triggerPrice: "225", limitPrice: "224" }, "230.02", "224", "limit"],
    ["TRAIL by amount", { orderType: "TRAIL", trail: amount("5") }, "235", "235", "stop"],
    ["TRAIL by percent", { orderType: "TRAIL", trail: percent("1.5") }, "233.45", "233.45", "stop"],
    ["TRAIL from a stop", { orderType: "TRAIL", trail: amount("5"), stopPrice: "240" }, "240", "240", "stop"],
    [
      "TRAIL LIMIT",
      { orderType: "TRAIL LIMIT", trail: amount("5"), stopPrice: "235", limitOffset: "1" },
      "236",
      "235",
      "stop",
    ],
    ["MOC", { orderType: "MOC" }, "230.02", "230.02", "farTouch"],
    ["LOC", { orderType: "LOC", limitPrice: "232" }, "232", "230.02", "farTouch"],
    ["MIDPRICE", { orderType: "MIDPRICE" }, "230.02", "230.02", "farTouch"],
    ["REL", { orderType: "REL", offset: "0.01", limitPrice: "229.5" }, "230.02", "229.5", "limit"],
    ["the exits of a bracket", { ...LMT, exits: EXITS }, "240", "230", "limit"],
  ];
  test.each(cases)("%s: worst and expected", (_name, change, worst, expected, basis) => {
    const price = worstPrice(terms(change), FACTS);
    expect(price === undefined ? undefined : toText(price)).toBe(worst);
    const { estimate } = simulationOf(terms(change), FACTS, PRICING);
    expect(estimate).toMatchObject({ price: { amount: expected }, priceBasis: basis });
    const notional = toText(multiply(decimal(worst), decimal("10")));
    expect(estimate).toMatchObject({ notional: { amount: notional } });
  });

  test("an auction counts with the last price where that is worse", () => {
    const facts = withQuote({ last: "231" });
    expect(simulationOf(terms({ orderType: "MOC" }), facts, PRICING).estimate).toMatchObject({
      price: { amount: "231" },
      priceBasis: "auction",
    });
  });

  test.each([
    { orderType: "MOC" },
    { ...STP, stopPrice: "235" },
    { orderType: "TRAIL", trail: percent("2") },
    { orderType: "MIDPRICE", limitPrice: "231" },
  ])("$orderType without a quote -> NOTIONAL_UNKNOWN", (change) => {
    expect(codes(change, { ...FACTS, quote: missing("none") })).toContain("NOTIONAL_UNKNOWN");
  });
});

describe("orders that are in order pass every rule", () => {
  test.each([
    { ...STP, stopPrice: "235" },
    { ...STP, ...SELL, stopPrice: "220" },
    { ...STP_LMT, stopPrice: "235", limitPrice: "235" },
    { orderType: "TRAIL", trail: percent("1.5") },
    { orderType: "TRAIL LIMIT", trail: amount("5"), stopPrice: "235", limitOffset: "0.5" },
    { orderType: "MIT", triggerPrice: "225" },
    { orderType: "LIT", triggerPrice: "225", limitPrice: "225.5" },
    { orderType: "LOC", limitPrice: "230" },
    { orderType: "REL", offset: "0.01" },
    { ...LMT, exits: EXITS },
    { ...LMT, timeInForce: "GTD", goodTill: "2026-11-23T15:00:00.001Z" },
  ])("%o", (change) => expect(codes(change)).toEqual([]));
});

describe("priceSides", () => {
  test.each([
    ["a buy stop at the last price", { ...STP, stopPrice: "230" }],
    ["a buy stop below the market", { ...STP, stopPrice: "225" }],
    ["a sell stop above the market", { ...STP, ...SELL, stopPrice: "235" }],
    ["a buy trigger above the market", { orderType: "MIT", triggerPrice: "235" }],
    ["a sell trigger below the market", { ...SELL, orderType: "LIT", triggerPrice: "225", limitPrice: "225" }],
    ["a first stop on the wrong side", { orderType: "TRAIL", trail: amount("5"), stopPrice: "225" }],
    ["a limit short of its stop", { ...STP_LMT, stopPrice: "235", limitPrice: "234.99" }],
    ["a take profit below the entry", { ...LMT, exits: { ...EXITS, takeProfit: { limitPrice: "229" } } }],
    ["a take profit at the entry", { ...LMT, exits: { ...EXITS, takeProfit: { limitPrice: "230" } } }],
    ["a stop loss above the entry", { ...LMT, exits: { ...EXITS, stopLoss: { stopPrice: "231" } } }],
    [
      "a stop loss whose limit lies above it",
      { ...LMT, exits: { ...EXITS, stopLoss: { stopPrice: "220", limitPrice: "221" } } },
    ],
  ])("%s -> PRICE_ON_WRONG_SIDE", (_name, change) => expect(codes(change)).toEqual(["PRICE_ON_WRONG_SIDE"]));

  test("without a last price the far touch is compared: a buy stop must be above the ask", () => {
    const facts = withQuote({ last: null });
    expect(codes({ ...STP, stopPrice: "230.02" }, facts)).toEqual(["PRICE_ON_WRONG_SIDE"]);
    expect(codes({ ...STP, stopPrice: "230.03" }, facts)).toEqual([]);
  });
});

describe("priceTick", () => {
  test.each([
    ["stop", { ...STP, stopPrice: "235.005" }],
    ["trigger", { orderType: "MIT", triggerPrice: "225.001" }],
    ["trailing amount", { orderType: "TRAIL", trail: amount("5.005") }],
    ["limit offset", { orderType: "TRAIL LIMIT", trail: amount("5"), stopPrice: "235", limitOffset: "0.001" }],
    ["offset", { orderType: "REL", offset: "0.005" }],
    ["take profit", { ...LMT, exits: { ...EXITS, takeProfit: { limitPrice: "240.001" } } }],
    ["stop loss", { ...LMT, exits: { ...EXITS, stopLoss: { stopPrice: "220.001" } } }],
  ])("a %s off the tick -> PRICE_OFF_TICK", (_name, change) => expect(codes(change)).toEqual(["PRICE_OFF_TICK"]));
});

describe("orderForm", () => {
  test("a type that the policy does not name -> ORDER_TYPE_NOT_PERMITTED", () => {
    expect(codes({ ...STP, stopPrice: "235" }, FACTS, { orderForm: { orderTypes: ["MKT", "LMT"] } })).toEqual([
      "ORDER_TYPE_NOT_PERMITTED",
    ]);
  });
  test("an end that is over when it is judged -> GOOD_TILL_INVALID", () => {
    expect(codes({ ...LMT, timeInForce: "GTD", goodTill: AT })).toEqual(["GOOD_TILL_INVALID"]);
  });
  test("outside regular hours only under a policy that allows it", () => {
    expect(codes({ ...LMT, outsideRth: true })).toEqual(["OUTSIDE_RTH_NOT_ALLOWED"]);
    expect(codes({ ...LMT, outsideRth: true }, FACTS, { orderForm: { outsideRth: true } })).toEqual([]);
  });
  test("a market order now or never around a bracket -> BRACKET_NOT_ALLOWED", () => {
    expect(codes({ ...LMT, timeInForce: "IOC", exits: EXITS })).toEqual(["BRACKET_NOT_ALLOWED"]);
  });
});

describe("the opening auction", () => {
  const moo = { orderType: "MOO", timeInForce: "OPG" };
  test("is over in regular hours -> TIME_IN_FORCE_NOT_ALLOWED", () => {
    expect(codes(moo)).toEqual(["TIME_IN_FORCE_NOT_ALLOWED"]);
  });
  test.each([
    ["closed", "none"],
    ["open", "extended"],
  ])("%s (%s) -> pass", (state, session) => {
    const nextLiquidOpen = "2026-11-24T14:30:00.000Z";
    expect(codes(moo, withFact("session", { state, session, nextLiquidOpen }))).toEqual([]);
  });
});

test("REDUCE_ONLY: the exits of a bracket would open the position again -> denied", () => {
  const facts = {
    ...withFact("kill", { level: "REDUCE_ONLY", reason: "test" }),
    positions: known([{ conid: 265598, quantity: "-10" }], "tws", AT),
  } as Facts;
  expect(codes(LMT, facts)).toEqual([]);
  expect(codes({ ...LMT, exits: EXITS }, facts)).toEqual(["KILL_SWITCH_REDUCE_ONLY"]);
});
