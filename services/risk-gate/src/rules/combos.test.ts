import type { OrderTerms } from "@countersign/contracts/order";
import { describe, expect, test } from "vitest";
import { estimateCost } from "../costs/estimate.ts";
import { type Facts, type InstrumentFacts, known, missing } from "../facts/fact.ts";
import { farTouch, nearTouch } from "../facts/prices.ts";
import { roundedTerms } from "../facts/round-terms.ts";
import { judge } from "../judge.ts";
import { AT, FACTS, IN_FORCE, PRICING, withFact, withQuote } from "../test-facts.ts";
import { policyWith } from "../test-policy.ts";
import { BOUGHT, COMBO, factsOf, LONG, legFacts, SHORT, SOLD, spread } from "../testing/combo-facts.ts";

const OPTIONS = { permittedInstruments: { secTypes: ["OPT"] } };
const verdict = (terms = spread(), facts = COMBO, policy: Record<string, object> = {}) =>
  judge(terms, facts, { ...IN_FORCE, policy: policyWith({ ...OPTIONS, ...policy }) });
const denied = (...args: Parameters<typeof verdict>) =>
  verdict(...args).rules.flatMap(({ rule, code, message }) => (code === null ? [] : [`${rule} ${code}: ${message}`]));
const rule = (name: string, ...args: Parameters<typeof verdict>) =>
  verdict(...args).rules.find((one) => one.rule === name);

describe("a vertical spread", () => {
  test("whose legs are all known and permitted passes every rule", () => expect(denied()).toEqual([]));
  test("costs the far touches of its legs, and the near ones when it is patient", () => {
    expect([farTouch(spread(), COMBO), nearTouch(spread(), COMBO)].map(String)).toEqual(["2.1", "1.9"]);
    expect([farTouch(spread({ side: "SELL" }), COMBO)].map(String)).toEqual(["1.9"]);
  });
  test("legs never make each other smaller: (8.05 + 6.05) x 2 x 100", () => {
    expect(rule("maxOrderNotional")?.value).toBe("2820");
    expect(rule("maxOrderNotional", spread({ side: "SELL", limitPrice: "-50" }))?.value).toBe("10000");
  });
  test("the units of all legs count together", () => {
    expect(rule("maxOrderQuantity")?.value).toBe("4");
    expect(denied(spread(), COMBO, { maxOrderQuantity: { max: "3" } })).toHaveLength(1);
  });
});

describe("each leg is judged on its own, and the message names it", () => {
  const legs = (change: Partial<InstrumentFacts>) => factsOf([BOUGHT, { ...SOLD, ...change }]);
  test.each<[string, Facts, string]>([
    ["a quote is missing", legs({ quote: missing("none") }), "knownPrice QUOTE_MISSING: leg 2"],
    [
      "a quote is of another instrument",
      legs({ quote: BOUGHT.quote }),
      "knownPrice QUOTE_MISSING: leg 2 (C2000000072 2000000072)",
    ],
    ["a quote is delayed", legs({ quote: withQuote({ conid: SHORT, dataType: "delayed" }).quote }), "QUOTE_NOT_LIVE"],
    ["hours are unknown", legs({ session: missing("none") }), "marketOpen MARKET_HOURS_UNKNOWN: leg 2"],
    [
      "its market is closed",
      legs({ session: withFact("session", { state: "closed", session: "none" }).session }),
      "marketOpen MARKET_CLOSED: leg 2",
    ],
    ["it is a stock", factsOf([BOUGHT, legFacts(SHORT, {}, { secType: "STK" })]), "INSTRUMENT_NOT_PERMITTED: leg 2"],
    ["its currency differs", factsOf([BOUGHT, legFacts(SHORT, {}, { currency: "EUR" })]), "the currency differs"],
    ["its multiplier differs", factsOf([BOUGHT, legFacts(SHORT, {}, { multiplier: "10" })]), "the multiplier differs"],
    ["its exchange differs", factsOf([BOUGHT, legFacts(SHORT, {}, { exchange: "CBOE" })]), "the exchange differs"],
    ["it is not known", legs({ instrument: missing("none") }), "comboLegs COMBO_INVALID"],
    ["nothing was gathered about it", factsOf([BOUGHT]), "knownPrice QUOTE_MISSING: leg 2"],
    ["nothing was gathered at all", { ...FACTS }, "knownPrice QUOTE_MISSING: leg 1"],
  ])("%s -> denied", (_name, facts, words) => {
    expect(denied(spread(), facts).join("\n")).toContain(words);
  });
  test("the second leg stands on the denied list -> denied", () => {
    const permittedInstruments = { secTypes: ["OPT"], conidsNever: [SHORT] };
    expect(denied(spread(), COMBO, { permittedInstruments }).join()).toContain("INSTRUMENT_NOT_PERMITTED: leg 2");
  });
  test("a quantity that is no whole number, or too small for a leg -> denied", () => {
    expect(denied(spread({ quantity: "1.5" })).join()).toContain("whole units");
    const large = factsOf([BOUGHT, legFacts(SHORT, { bid: "5.95", ask: "6.05" }, { minSize: "5" })]);
    expect(denied(spread(), large).join()).toContain("QUANTITY_OFF_STEP: leg 2");
  });
});

describe("the net price", () => {
  const banded = legFacts(
    SHORT,
    { bid: "5.95", ask: "6.05" },
    {
      priceBands: [
        { from: "0", step: "0.05" },
        { from: "3", step: "0.1" },
      ],
    },
  );
  test.each([
    ["0", null],
    ["-0.5", null],
    ["2.005", "nearest: 2 and 2.01"],
    ["-0.005", "nearest: -0.01 and 0"],
    ["0.001", "nearest: 0 and 0.01"],
  ])("%s keeps to the finest step of all legs -> %s", (limitPrice, words) => {
    const found = rule("priceTick", spread({ limitPrice }), factsOf([BOUGHT, banded]));
    if (words === null) expect(found?.outcome).toBe("pass");
    else expect(found).toMatchObject({ code: "PRICE_OFF_TICK", message: expect.stringContaining(words) });
  });
  test("is rounded in the direction that was named, also through zero", () => {
    const instruments = [BOUGHT, SOLD].flatMap(({ instrument }) =>
      instrument.state === "known" ? [instrument.value] : [],
    );
    const rounded = (limitPrice: string, direction: "up" | "down") =>
      roundedTerms(spread({ limitPrice }), instruments, direction);
    expect(rounded("-0.005", "up")).toMatchObject({ limitPrice: "0" });
    expect(rounded("-0.005", "down")).toMatchObject({ limitPrice: "-0.01" });
  });
});

describe("REDUCE_ONLY", () => {
  const kill = known({ level: "REDUCE_ONLY" as const, reason: "test" }, "control", AT);
  const position = (conid: number, quantity: string) => ({
    ...{ account: "DU1234567", conid, symbol: "AAPL", secType: "OPT", currency: "USD" },
    ...{ quantity, averageCost: "0" },
  });
  const held = known([position(LONG, "2"), position(SHORT, "-2")], "tws", AT);
  const close = spread({ side: "SELL", limitPrice: "1.9" });
  const open = (change: object) => ({
    ...{ account: "DU1234567", permId: "1", orderId: 0, clientId: 0, orderRef: "", ownership: "foreign" as const },
    ...{ proposalId: null, conid: 28_812_380, symbol: "AAPL", side: "SELL" as const, quantity: "1" },
    ...{ filledQuantity: null, orderType: "LMT", limitPrice: "1", timeInForce: "DAY", status: "Submitted" },
    ...change,
  });
  const reduces = (terms: OrderTerms, change: Partial<Facts>) =>
    rule("killSwitch", terms, factsOf([BOUGHT, SOLD], { kill, positions: held, ...change }))?.outcome;

  test("lets a combination through that closes every leg", () => expect(reduces(close, {})).toBe("pass"));
  test("denies one that closes one leg and opens the other", () => {
    expect(reduces(close, { positions: known([position(LONG, "2")], "tws", AT) })).toBe("deny");
    expect(reduces(spread(), {})).toBe("deny");
  });
  test("counts what combinations that are open already do in each leg", () => {
    const legs = [{ conid: SHORT, side: "SELL" as const, ratio: 1 }];
    expect(reduces(close, { openOrders: known([open({ comboLegs: legs })], "broker", AT) })).toBe("deny");
    const other = [{ conid: 99, side: "SELL" as const, ratio: 1 }];
    expect(reduces(close, { openOrders: known([open({ comboLegs: other })], "broker", AT) })).toBe("pass");
  });
  test("denies while a combination is open of which nobody knows the legs", () => {
    expect(reduces(close, { openOrders: known([open({ comboLegs: [] })], "broker", AT) })).toBe("deny");
  });
});

describe("the estimate", () => {
  const estimate = (terms: OrderTerms, facts = COMBO) => {
    const found = estimateCost(terms, facts, PRICING);
    if ("missing" in found) throw new Error(found.missing);
    return found;
  };
  test("of a debit: the net price, commissions of both legs, and what becomes of each position", () => {
    const found = estimate(spread({ orderType: "MKT", limitPrice: null }));
    expect(found).toMatchObject({
      price: { amount: "2.1", currency: "USD" },
      notional: { amount: "2820" },
      commission: { amount: "2.6" },
      halfSpread: { amount: "20" },
      ...{ positionBefore: null, positionAfter: null, cashAfter: { amount: "99577.27" } },
      legs: [
        { conid: LONG, positionBefore: "0", positionAfter: "2" },
        { conid: SHORT, positionBefore: "0", positionAfter: "-2" },
      ],
    });
  });
  test("of a credit: money comes in", () => {
    const credit = {
      legs: [...(spread().legs ?? [])].map((leg) => ({ ...leg, side: leg.side === "BUY" ? "SELL" : "BUY" })),
    };
    const facts = factsOf([BOUGHT, SOLD]);
    const found = estimate(spread({ ...credit, orderType: "MKT", limitPrice: null }), facts);
    expect(found).toMatchObject({ price: { amount: "-1.9" }, cashAfter: { amount: "100377.27" } });
  });
});
