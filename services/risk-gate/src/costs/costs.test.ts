import { Position } from "@countersign/contracts/account";
import { OrderTerms } from "@countersign/contracts/order";
import type { CostEstimate } from "@countersign/contracts/verdict";
import { add, decimal, toText } from "@countersign/money/decimal";
import { describe, expect, test } from "vitest";
import { type Facts, known, missing } from "../facts/fact.ts";
import { AT, FACTS, PRICING, TERMS, withFact, withQuote } from "../test-facts.ts";
import { partHistory, withHistory } from "../testing/book-facts.ts";
import type { Pricing } from "./bill.ts";
import { estimateCost } from "./estimate.ts";
import { impactShare } from "./impact.ts";

const CONID = 265598;
const order = (change: object) => OrderTerms.parse({ ...TERMS, ...change });
const market = { orderType: "MKT", limitPrice: null };
const tiered: Pricing = { ...PRICING, plan: "tiered" };

function estimate(change: object, facts: Facts = FACTS, pricing: Pricing = PRICING): CostEstimate {
  const found = estimateCost(order(change), facts, pricing);
  if ("missing" in found) throw new Error(found.missing);
  return found;
}
const fee = ({ fees = [] }: CostEstimate, name: string) => fees.find((one) => one.name === name)?.amount;
const held = (quantity: string): Facts => ({
  ...FACTS,
  positions: known(
    [
      Position.parse({
        account: TERMS.account,
        conid: CONID,
        symbol: "AAPL",
        secType: "STK",
        currency: "USD",
        quantity,
        averageCost: "200",
      }),
    ],
    "tws",
    AT,
  ),
});
const instrument = (change: object, quote: object = {}): Facts => ({
  ...FACTS,
  instrument: withFact("instrument", change).instrument,
  quote: withQuote(quote).quote,
});

describe("commission", () => {
  test.each([
    ["fixed, the minimum", { quantity: "100" }, PRICING, "1"],
    ["fixed, per share", { quantity: "1000" }, PRICING, "5"],
    ["tiered, the minimum", { quantity: "10" }, tiered, "0.35"],
    ["tiered, per share", { quantity: "1000" }, tiered, "3.5"],
  ])("US stocks %s", (_name, change, pricing, amount) =>
    expect(estimate(change, FACTS, pricing).commission).toEqual({ amount, currency: "USD" }),
  );
  test("of what costs next to nothing no more than 1 %, also below the minimum", () => {
    const penny = withQuote({ bid: "0.19", ask: "0.2" });
    expect(estimate({ quantity: "10", limitPrice: "0.2" }, penny).commission).toMatchObject({ amount: "0.02" });
  });
  test.each([
    ["a premium of 2", "2", "1.3"],
    ["a premium of 0.07", "0.07", "1"],
    ["a premium of 0.03", "0.03", "1"],
  ])("two US options at %s", (_name, price, amount) => {
    const facts = instrument({ secType: "OPT", multiplier: "100" }, { bid: "0.02", ask: "10" });
    expect(estimate({ quantity: "2", limitPrice: price }, facts).commission).toMatchObject({ amount });
  });
  test("a micro future and one of its elders", () => {
    const future = (symbol: string) => instrument({ secType: "FUT", symbol, multiplier: "5", exchange: "CME" });
    expect(estimate({ quantity: "2" }, future("MES")).commission).toMatchObject({ amount: "0.5" });
    expect(estimate({ quantity: "2" }, future("ES")).commission).toMatchObject({ amount: "1.7" });
  });
  test("forex: 0.2 basis points, at least 2 USD, also where the price is in another currency", () => {
    const pair = (change: object, quote: object, rate: string) => ({
      ...instrument({ secType: "CASH", ...change }, quote),
      rate: known(rate, "md", AT),
    });
    const euro = pair({ currency: "USD" }, { bid: "1.0999", ask: "1.1" }, "1");
    expect(estimate({ ...market, quantity: "20000" }, euro).commission).toEqual({ amount: "2", currency: "USD" });
    expect(estimate({ ...market, quantity: "1000000" }, euro).commission).toMatchObject({ amount: "22" });
    const yen = pair({ currency: "JPY" }, { bid: "149.9", ask: "150" }, "0.00666667");
    expect(estimate({ ...market, quantity: "1000" }, yen).commission).toEqual({ amount: "300", currency: "JPY" });
  });
  test("a European stock in EUR by its exchange, and one of which no schedule is known -> missing, with the reason", () => {
    const rate = { rate: known("1.1", "md", AT) };
    const xetra = { ...instrument({ currency: "EUR", primaryExchange: "IBIS" }), ...rate };
    expect(estimate({ quantity: "10" }, xetra).commission).toEqual({ amount: "3", currency: "EUR" });
    expect(estimate({ quantity: "1000" }, xetra, tiered).commission).toMatchObject({ amount: "29" });
    const tokyo = { ...instrument({ currency: "JPY", primaryExchange: "TSEJ" }), ...rate };
    const found = estimate({ quantity: "10" }, tokyo);
    expect(found.commission).toEqual({ missing: "the table of fees has no fixed schedule for STK in JPY on TSEJ" });
    expect(found.costs?.complete).toBe(false);
  });
  test.each(["fixed", "tiered"] as const)("a stock in USD that is listed elsewhere -> no US schedule, %s", (plan) => {
    const london = instrument({ primaryExchange: "LSEETF" });
    const missing = `the table of fees has no ${plan} schedule for STK in USD on LSEETF`;
    expect(estimate({ quantity: "10" }, london, { ...PRICING, plan }).commission).toEqual({ missing });
    const listed = (primaryExchange: string) => estimate({}, instrument({ primaryExchange }), { ...PRICING, plan });
    for (const one of ["NYSE", "ARCA", "AMEX", "BATS"]) expect(listed(one).commission).toHaveProperty("amount");
  });
  test.each([
    ["FUT", "CN", "SGX"],
    ["FUT", "MES", "SGX"],
    ["FOP", "COIL", "IPE"],
    ["OPT", "AAPL", "EUREX"],
  ])(
    "%s %s in USD on %s -> no US schedule; where the United States trade it there is one",
    (secType, symbol, exchange) => {
      const at = (one: string) =>
        estimate({ quantity: "10" }, instrument({ secType, symbol, exchange: one, primaryExchange: "" })).commission;
      const missing = `the table of fees has no fixed schedule for ${secType} in USD on ${exchange}`;
      expect(at(exchange)).toEqual({ missing });
      for (const one of secType === "OPT" ? ["SMART", "CBOE"] : ["CME", "CBOT"])
        expect(at(one)).toHaveProperty("amount");
    },
  );
  test("a stock of Paris -> the tax on purchases is missing with its reason, and the sum is no whole; one of Xetra has none", () => {
    const at = (primaryExchange: string) =>
      estimate({ ...market }, { ...instrument({ currency: "EUR", primaryExchange }), rate: known("1.1", "md", AT) });
    const [paris, xetra] = [at("SBF"), at("IBIS")];
    expect(paris.commission).toEqual(xetra.commission);
    expect(fee(paris, "transactionTaxFrance")).toHaveProperty("missing");
    expect([paris.costs?.complete, xetra.costs?.complete]).toEqual([false, true]);
  });
  test("without a plan in the policy -> missing, never the cheaper one", () => {
    expect(estimate({}, FACTS, { ...PRICING, plan: null }).commission).toHaveProperty("missing");
  });
});

describe("fees of others", () => {
  const sell = { side: "SELL", quantity: "1000", limitPrice: "229.98" };
  const at = (day: string): Facts => ({ ...FACTS, at: `${day}T15:00:00.000Z` });
  test.each([
    ["2026-04-03", "0"],
    ["2026-04-04", "4.7376"],
  ])("the SEC's of a sale on %s -> %s", (day, amount) =>
    expect(fee(estimate(sell, at(day)), "sec")).toEqual({ amount, currency: "USD" }),
  );
  test.each([
    ["2025-12-31", "0.166"],
    ["2026-09-30", "0.195"],
    ["2026-10-01", "0"],
    ["2027-01-01", "0.232"],
  ])("FINRA's of a sale on %s -> %s", (day, amount) =>
    expect(fee(estimate(sell, at(day)), "tafStock")).toMatchObject({ amount }),
  );
  test("FINRA's is bounded for one order", () =>
    expect(fee(estimate({ ...sell, quantity: "1000000" }, at("2026-09-30")), "tafStock")).toMatchObject({
      amount: "9.79",
    }));
  test("a purchase pays neither", () => {
    const bought = estimate({ quantity: "1000" }, at("2026-09-30"));
    expect([fee(bought, "sec"), fee(bought, "tafStock")]).toEqual([undefined, undefined]);
  });
  test("before the table begins -> missing, not free", () =>
    expect(fee(estimate(sell, at("2020-01-01")), "sec")).toHaveProperty("missing"));
  test.each([
    ["takes from the book", { limitPrice: "231" }, "3"],
    ["waits in it", { limitPrice: "229" }, "-2.1"],
    ["trades in the opening auction", { limitPrice: "231", timeInForce: "OPG" }, "1.5"],
    ["trades in the closing auction", { orderType: "MOC" }, "1.6"],
  ])("the exchange, of one thousand that %s -> %s", (_name, change, amount) => {
    const { limitPrice: _, ...rest } = TERMS as { limitPrice: string } & typeof TERMS;
    const terms = OrderTerms.parse({ ...rest, quantity: "1000", ...change });
    const found = estimateCost(terms, FACTS, tiered);
    if ("missing" in found) throw new Error(found.missing);
    expect(fee(found, "exchangeUsStock")).toMatchObject({ amount });
  });
  test("an exchange's fee for options is not known -> said, and the sum is no whole", () => {
    const found = estimate({ quantity: "1" }, instrument({ secType: "OPT", multiplier: "100" }));
    expect(fee(found, "exchangeUsOption")).toHaveProperty("missing");
    expect(found.costs?.complete).toBe(false);
  });
});

describe("slippage", () => {
  const trading = { value: { adv20: decimal("1000000"), volatility: decimal("0.02") } };
  test("impact is the coefficient x volatility x the root of the share of a day's volume", () => {
    const share = (quantity: string, coefficient = "1") => {
      const found = impactShare(decimal(quantity), trading, coefficient);
      return "missing" in found ? found.missing : toText(found.value);
    };
    expect(share("10000")).toBe("0.002");
    expect(share("40000")).toBe("0.004");
    expect(share("10000", "0.5")).toBe("0.001");
  });
  test("no volume -> missing with its reason, not zero", () => {
    expect(impactShare(decimal("10"), { missing: "no bars" }, "1")).toEqual({ missing: "no bars" });
    const none = { value: { ...trading.value, adv20: decimal("0") } };
    expect(impactShare(decimal("10"), none, "1")).toHaveProperty("missing");
  });
  test("both together, and no more than the limit leaves room for", () => {
    const moving = {
      ...FACTS,
      ...withHistory({
        parts: [partHistory(Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? 20_000 : -20_000)))],
      }),
    };
    const free = estimate({ ...market, quantity: "100" }, moving);
    const { impact } = free;
    if (impact === undefined || "missing" in impact) throw new Error("no impact");
    expect(Number(impact.amount)).toBeGreaterThan(1);
    expect(free.slippage).toEqual({ amount: toText(add(decimal(impact.amount), decimal("2"))), currency: "USD" });
    expect(estimate({ quantity: "100", limitPrice: "230.03" }, moving)).toMatchObject({
      ...{ halfSpread: { amount: "2" }, impact: { amount: "1" }, costs: { complete: true } },
    });
  });
  test("too short a past, or none -> the impact is missing, and with it the whole", () => {
    const short = { ...FACTS, ...withHistory({ parts: [partHistory([10_000, -10_000])] }) };
    expect(estimate({ ...market, quantity: "100" }, short).impact).toHaveProperty("missing");
    const none = estimate({ ...market, quantity: "100" }, { ...FACTS, history: missing("no bars") });
    expect([none.impact, none.slippage]).toEqual([{ missing: "no bars" }, { missing: "no bars" }]);
  });
  test("of a market order half the spread; of one that waits nothing", () => {
    expect(estimate({ ...market, quantity: "100" }).halfSpread).toMatchObject({ amount: "2" });
    expect(estimate({ quantity: "100", limitPrice: "229" }).halfSpread).toMatchObject({ amount: "0" });
  });
});

describe("what the order changes", () => {
  test("a flip from long to short closes what was there and opens the rest", () => {
    const found = estimate({ side: "SELL", quantity: "30", ...market }, held("10"));
    expect(found).toMatchObject({ positionBefore: "10", positionAfter: "-20" });
    expect(found).toMatchObject({ exposureBefore: { amount: "2299.8" }, exposureAfter: { amount: "4599.6" } });
    expect(found).toMatchObject({ grossAfter: { amount: "2299.8" } });
  });
  test("buying power: less what is opened, more what is closed, costs with the leverage of the account", () => {
    const opened = estimate({ ...market, quantity: "10" });
    expect(opened.buyingPowerAfter).toEqual({ amount: "397695.8", currency: "USD" });
    const closed = estimate({ side: "SELL", quantity: "10", ...market }, held("10"));
    expect(
      Number("amount" in (closed.buyingPowerAfter ?? {}) ? (closed.buyingPowerAfter as { amount: string }).amount : 0),
    ).toBeGreaterThan(400_000);
  });
  test("of a future the margin is the broker's -> missing, and no cash leaves but the costs", () => {
    const found = estimate(
      { quantity: "1", limitPrice: "230" },
      instrument({ secType: "FUT", symbol: "ES", multiplier: "50", exchange: "CME" }),
    );
    expect(found.buyingPowerAfter).toHaveProperty("missing");
    expect(found.cashAfter).toEqual({ amount: "99999.15", currency: "USD" });
  });
  test.each(["CRYPTO", "FOP", "IOPT"])("%s is paid for: its price leaves the account", (secType) => {
    const found = estimate({ quantity: "10", limitPrice: "230" }, instrument({ secType }));
    expect(Number(found.cashAfter?.amount)).toBeLessThanOrEqual(97_700);
  });
  test("in another currency everything is converted, and without a rate it is missing", () => {
    const facts = { ...instrument({ currency: "EUR", primaryExchange: "IBIS" }), rate: known("1.1", "md", AT) };
    const found = estimate({ quantity: "10" }, facts);
    expect(found).toMatchObject({ fxRate: "1.1", exposureAfter: { amount: "2530", currency: "USD" } });
    const none = estimate({ quantity: "10" }, { ...facts, rate: missing("no rate") });
    expect(none).toMatchObject({ cashAfter: null, exposureAfter: { missing: "exchange rate: no rate" } });
  });
  test("the worst case counts what works already, at the order's own limit; a market order has no bound", () => {
    const working = known(
      [{ proposalId: "p", conid: CONID, state: "WORKING" as const, side: "BUY" as const, remaining: "5" }],
      "orders",
      AT,
    );
    const found = estimate({ quantity: "10", limitPrice: "231" }, { ...held("7"), ownOrders: working });
    expect(found.worst).toMatchObject({ position: "22", price: { amount: "231" }, exposure: { amount: "5082" } });
    expect(found.worst?.cash).toMatchObject({ amount: "97689" });
    expect(estimate({ ...market, quantity: "10" }).worst?.cash).toHaveProperty("missing");
  });
});
