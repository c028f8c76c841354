import type { RuleResult } from "@countersign/contracts/verdict";
import { describe, expect, test } from "vitest";
import { type Facts, known, missing } from "../facts/fact.ts";
import { judge } from "../judge.ts";
import { AT, FACTS, IN_FORCE, TERMS, withFact, withQuote } from "../test-facts.ts";
import { policyWith } from "../test-policy.ts";

const verdict = (terms: object = {}, facts: Facts = FACTS, policy: Record<string, object> = {}) =>
  judge({ ...TERMS, ...terms }, facts, { ...IN_FORCE, policy: policyWith(policy) });
const result = (rule: string, ...args: Parameters<typeof verdict>): RuleResult => {
  const found = verdict(...args).rules.find((one) => one.rule === rule);
  if (found === undefined) throw new Error(`no rule ${rule}`);
  return found;
};
const code = (rule: string, ...args: Parameters<typeof verdict>) => result(rule, ...args).code;

test("facts without a fault -> every rule passes", () => {
  expect(verdict().rules.filter((rule) => rule.outcome === "deny")).toEqual([]);
  expect(verdict().outcome).toBe("pass");
});

describe("maxOrderQuantity", () => {
  test.each([
    ["at the limit", "100", null],
    ["one share above", "101", "MAX_ORDER_QUANTITY"],
    ["a fraction above", "100.00000001", "MAX_ORDER_QUANTITY"],
  ])("%s -> %s %s", (_name, quantity, expected) => expect(code("maxOrderQuantity", { quantity })).toBe(expected));
});

describe("maxOrderNotional", () => {
  const notional = (amount: string) => ({ maxOrderNotional: { max: { amount, currency: "USD" } } });
  test("the worse of limit and far touch counts: 10 x 230.02", () =>
    expect(result("maxOrderNotional").value).toBe("2300.2"));
  test("exactly at the limit -> pass", () =>
    expect(code("maxOrderNotional", {}, FACTS, notional("2300.20"))).toBeNull());
  test("one cent above the limit -> deny", () => {
    expect(code("maxOrderNotional", {}, FACTS, notional("2300.19"))).toBe("MAX_ORDER_NOTIONAL");
  });
  test("the multiplier counts: a hundred times the notional", () => {
    expect(code("maxOrderNotional", {}, withFact("instrument", { multiplier: "100" }))).toBe("MAX_ORDER_NOTIONAL");
  });
  test("the exchange rate counts", () => {
    const facts = { ...FACTS, rate: known("1.1", "tws", AT) };
    expect(result("maxOrderNotional", {}, facts).value).toBe("2530.22");
  });
  test("no rate -> NOTIONAL_UNKNOWN", () => {
    expect(code("maxOrderNotional", {}, { ...FACTS, rate: missing("none") })).toBe("NOTIONAL_UNKNOWN");
  });
  test("a limit in another currency than the account's -> NOTIONAL_UNKNOWN, never compared", () => {
    expect(code("maxOrderNotional", {}, withFact("summary", { baseCurrency: "EUR" }))).toBe("NOTIONAL_UNKNOWN");
  });
});

describe("knownPrice", () => {
  test.each([
    ["as old as the limit", { asOf: "2026-11-23T14:59:55.000Z" }, null],
    ["one ms older", { asOf: "2026-11-23T14:59:54.999Z" }, "QUOTE_STALE"],
    ["from the future", { asOf: "2026-11-23T15:00:02.000Z" }, "QUOTE_STALE"],
    ["delayed", { dataType: "delayed" }, "QUOTE_NOT_LIVE"],
    ["frozen", { dataType: "frozen" }, "QUOTE_NOT_LIVE"],
    ["crossed", { bid: "230.05", ask: "230.01" }, "QUOTE_IMPLAUSIBLE"],
    ["locked", { bid: "230", ask: "230" }, "QUOTE_IMPLAUSIBLE"],
    ["one-sided", { ask: null }, "QUOTE_IMPLAUSIBLE"],
    ["zero", { bid: "0", ask: "0.01" }, "QUOTE_IMPLAUSIBLE"],
    ["negative", { bid: "-1", ask: "1" }, "QUOTE_IMPLAUSIBLE"],
    ["halted", { flags: ["halted"] }, "QUOTE_IMPLAUSIBLE"],
    ["of another instrument", { conid: 1 }, "QUOTE_MISSING"],
    ["in another currency", { currency: "EUR" }, "QUOTE_IMPLAUSIBLE"],
  ] as const)("%s -> %s", (_name, changes, expected) =>
    expect(code("knownPrice", {}, withQuote(changes as Parameters<typeof withQuote>[0]))).toBe(expected),
  );
});

describe("account rules", () => {
  test("not on the allowlist -> ACCOUNT_NOT_PERMITTED", () => {
    expect(code("accountAllowlist", { account: "DU7654321" })).toBe("ACCOUNT_NOT_PERMITTED");
  });
  test("not managed by the broker -> ACCOUNT_NOT_PERMITTED", () => {
    expect(code("accountAllowlist", {}, { ...FACTS, accounts: known(["DU7654321"], "broker", AT) })).toBe(
      "ACCOUNT_NOT_PERMITTED",
    );
  });
  test.each([
    ["simulator", "U1234567", "ACCOUNT_NOT_PAPER"],
    ["paper", "U1234567", "ACCOUNT_NOT_PAPER"],
    ["paper", "DU1234567", null],
    ["paper", "DF1234567", null],
    ["live", "DU1234567", "ACCOUNT_NOT_PAPER"],
    ["live", "U1234567", null],
  ] as const)("mode %s with %s -> %s", (mode, account, expected) => {
    expect(code("paperAccount", { account }, { ...FACTS, mode })).toBe(expected);
  });
});

describe("permittedInstruments", () => {
  const lists = (changes: object) => ({ permittedInstruments: changes });
  test.each([
    ["another type", { secTypes: ["FUT"] }],
    ["another currency", { currencies: ["EUR"] }],
    ["not on the only-list", { conidsOnly: [1] }],
    ["denied, although on the only-list", { conidsOnly: [265598], conidsNever: [265598] }],
  ])("%s -> INSTRUMENT_NOT_PERMITTED", (_name, changes) => {
    expect(code("permittedInstruments", {}, FACTS, lists(changes))).toBe("INSTRUMENT_NOT_PERMITTED");
  });
  test("on the only-list -> pass", () =>
    expect(code("permittedInstruments", {}, FACTS, lists({ conidsOnly: [265598] }))).toBeNull());
});

describe("killSwitch", () => {
  const at = (level: string, position: string, working: object[] = []) =>
    ({
      ...withFact("kill", { level, reason: "test" }),
      positions: known([{ conid: 265598, quantity: position }], "tws", AT),
      openOrders: known(working, "broker", AT),
    }) as Facts;
  test("HALTED denies even what reduces", () => {
    expect(code("killSwitch", { side: "SELL" }, at("HALTED", "10"))).toBe("KILL_SWITCH_HALTED");
  });
  test.each([
    ["sell 10 of 10", "SELL", "10", null],
    ["sell 10 of 9: would turn the position", "SELL", "9", "KILL_SWITCH_REDUCE_ONLY"],
    ["buy 10 while long", "BUY", "10", "KILL_SWITCH_REDUCE_ONLY"],
    ["buy 10 while short 10", "BUY", "-10", null],
    ["buy 10 while short 9", "BUY", "-9", "KILL_SWITCH_REDUCE_ONLY"],
    ["sell while flat", "SELL", "0", "KILL_SWITCH_REDUCE_ONLY"],
  ])("REDUCE_ONLY: %s", (_name, side, position, expected) => {
    expect(code("killSwitch", { side }, at("REDUCE_ONLY", position))).toBe(expected);
  });
  test("REDUCE_ONLY counts working orders as filled", () => {
    const working = [{ conid: 265598, side: "SELL", quantity: "5", filledQuantity: "0" }];
    expect(code("killSwitch", { side: "SELL" }, at("REDUCE_ONLY", "14", working))).toBe("KILL_SWITCH_REDUCE_ONLY");
    expect(code("killSwitch", { side: "SELL" }, at("REDUCE_ONLY", "15", working))).toBeNull();
  });
});

describe("marketOpen", () => {
  test.each([
    ["closed", { state: "closed", session: "none" }, {}, "MARKET_CLOSED"],
    ["unknown", { state: "unknown", session: "none" }, {}, "MARKET_HOURS_UNKNOWN"],
    ["extended, not allowed", { session: "extended" }, {}, "MARKET_CLOSED"],
    ["extended, allowed", { session: "extended" }, { marketOpen: { extendedHours: true } }, null],
    ["overnight, not allowed", { session: "overnight" }, {}, "MARKET_CLOSED"],
    ["overnight, allowed", { session: "overnight" }, { marketOpen: { extendedHours: true } }, null],
    ["open by the table of exchanges only", { source: "fallback-table" }, {}, "MARKET_HOURS_UNKNOWN"],
    ["closed by the table only", { state: "closed", source: "fallback-table" }, {}, "MARKET_HOURS_UNKNOWN"],
  ])("%s -> %s", (_name, session, policy, expected) => {
    expect(code("marketOpen", {}, withFact("session", session), policy)).toBe(expected);
  });
});

describe("form", () => {
  test("a price between two ticks -> PRICE_OFF_TICK, with the prices next to it", () => {
    const found = result("priceTick", { limitPrice: "230.005" });
    expect(found).toMatchObject({ code: "PRICE_OFF_TICK", value: "230.005" });
    expect(found.message).toContain("nearest: 230 and 230.01");
  });
  test("half a share -> QUANTITY_OFF_STEP", () =>
    expect(code("quantityStep", { quantity: "10.5" })).toBe("QUANTITY_OFF_STEP"));
});

describe("margin", () => {
  test("exactly the least excess liquidity -> pass; a cent less -> MARGIN_INSUFFICIENT", () => {
    expect(code("margin", {}, withFact("whatIf", { equityWithLoanAfter: "1575" }))).toBeNull();
    expect(code("margin", {}, withFact("whatIf", { equityWithLoanAfter: "1574.99" }))).toBe("MARGIN_INSUFFICIENT");
  });
});
