import fc from "fast-check";
import { expect, test } from "vitest";
import { known, missing } from "../facts/fact.ts";
import { RiskPolicy } from "../policy.ts";
import { AT, FACTS, POLICY, withFact, withQuote } from "../test-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { maxOrderNotional } from "./max-order-notional.ts";

/** 10 x 230.02, the far touch: 2300.20 USD. The account is worth 100 000 USD, a tenth of it is the limit. */
const { denies, boundary, missingDenies, property } = ruleTests(maxOrderNotional, {
  unit: "base currency",
  tightens: {
    max: [
      { amount: "10000", currency: "USD" },
      { amount: "9999", currency: "USD" },
    ],
    netLiquidationPercentMax: ["10", "9"],
  },
  finds: { limit: "10000", value: "2300.2", headroom: "7699.8", says: "in USD" },
});
const unknown = (says: string) => ({ finds: { value: null, headroom: null, says } });
const max = (amount: string) => ({ limits: { max: { amount, currency: "USD" } } });
const share = (netLiquidationPercentMax: string) => ({ limits: { netLiquidationPercentMax } });
const DENIED = "MAX_ORDER_NOTIONAL" as const;
const UNKNOWN = "NOTIONAL_UNKNOWN" as const;

denies("a multiplier of a hundred that was left out of the mind", DENIED, {
  facts: withFact("instrument", { multiplier: "100" }),
  finds: { value: "230020", headroom: "-220020", says: "230020 USD is above 10000 USD" },
});
denies("a quantity that was meant as an amount", DENIED, {
  terms: { quantity: "58000000" },
  finds: { value: "13341160000", headroom: "-13341150000" },
});
denies("the same price at another rate of exchange", DENIED, {
  facts: { rate: known("150", "tws", AT) },
  finds: { value: "345030", headroom: "-335030" },
});
boundary("2300.20, and a limit a cent less", DENIED, {
  inside: { ...max("2300.20"), finds: { limit: "2300.20", value: "2300.2", headroom: "0" } },
  outside: {
    ...max("2300.19"),
    finds: { limit: "2300.19", value: "2300.2", headroom: "-0.01", says: "2300.2 USD is above 2300.19 USD" },
  },
});
boundary("a share of the account of 2.3002 %, and the next smaller one", "ORDER_ABOVE_ACCOUNT", {
  inside: { ...share("2.3002"), finds: { value: "2300.2", headroom: "0" } },
  outside: {
    ...share("2.3001"),
    finds: {
      value: "2300.2",
      headroom: "-0.1",
      says: "2300.2 USD is above 2300.1 USD, 2.3001 % of the account's value",
    },
  },
});
/** The policy allows a million, and all of the account; that is worth no more than this. */
const worth = (amount: string) => ({
  facts: withFact("summary", { netLiquidation: { amount, currency: "USD" } }),
  limits: { ...max("1000000").limits, ...share("100").limits },
});
boundary("a limit far above what the account is worth: the whole account, and a cent more", "ORDER_ABOVE_ACCOUNT", {
  inside: { ...worth("2300.20"), finds: { limit: "1000000", value: "2300.2", headroom: "0" } },
  outside: {
    ...worth("2300.19"),
    finds: { limit: "1000000", value: "2300.2", headroom: "-0.01", says: "above 2300.19 USD, 100 % of the account" },
  },
});
denies("above both, and by the account more than by the amount", DENIED, {
  ...{ ...worth("1000"), limits: { ...max("2000").limits, ...share("100").limits } },
  finds: { limit: "2000", value: "2300.2", headroom: "-1300.2", says: "2300.2 USD is above 1000 USD" },
});
boundary("a pegged bid may pay 10 more than the best bid of 229.98, and no more than its limit", DENIED, {
  inside: {
    ...{ terms: { orderType: "REL", offset: "10", limitPrice: "235" }, ...max("2399.79") },
    finds: { limit: "2399.79", value: "2350", headroom: "49.79" },
  },
  outside: {
    ...{ terms: { orderType: "REL", offset: "10", limitPrice: undefined }, ...max("2399.79") },
    finds: { limit: "2399.79", value: "2399.8", headroom: "-0.01" },
  },
});
denies("a pegged offer within the spread is worth what it asks for: 10 x 230.01", DENIED, {
  ...{ terms: { side: "SELL", orderType: "REL", offset: "0.01", limitPrice: undefined }, ...max("2300") },
  finds: { limit: "2300", value: "2300.1", headroom: "-0.1" },
});
boundary("43 shares are within a tenth of the account, 44 are not", DENIED, {
  inside: { terms: { quantity: "43" }, finds: { value: "9890.86", headroom: "109.14" } },
  outside: { terms: { quantity: "44" }, finds: { value: "10120.88", headroom: "-120.88" } },
});
boundary("what is less than a cent counts as a cent: 10 x 230.0201", DENIED, {
  inside: {
    ...max("2300.201"),
    facts: withQuote({ ask: "230.0201" }),
    finds: { limit: "2300.201", value: "2300.21", headroom: "-0.009" },
  },
  outside: {
    ...max("2300.2009"),
    facts: withQuote({ ask: "230.0201" }),
    finds: { limit: "2300.2009", value: "2300.21", headroom: "-0.0091" },
  },
});
missingDenies("no rate", UNKNOWN, { facts: { rate: missing("no pair") }, ...unknown("cannot be computed: no pair") });
missingDenies("no quote", UNKNOWN, { facts: { quote: missing("no data") }, ...unknown("cannot be computed: no data") });
missingDenies("neither quote nor rate", UNKNOWN, {
  facts: { quote: missing("no data"), rate: missing("no pair") },
  ...unknown("cannot be computed: no data; no pair"),
});
missingDenies("a quote without an ask", UNKNOWN, {
  facts: withQuote({ ask: null }),
  ...unknown("cannot be computed: no price on this side"),
});
missingDenies("no contract, so no multiplier", UNKNOWN, { facts: { instrument: missing("none") } });
missingDenies("no value of the account", UNKNOWN, { facts: { summary: missing("none") } });
missingDenies("an account in another currency than the limit", UNKNOWN, {
  facts: withFact("summary", { baseCurrency: "EUR" }),
});
missingDenies("an account that is worth nothing", UNKNOWN, {
  facts: withFact("summary", { netLiquidation: { amount: "0", currency: "USD" } }),
});
property(
  "denied exactly above the smaller of both limits",
  fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 40_000 })),
  {
    make: ([quantity, ask, most]) => ({
      terms: { quantity: String(quantity), limitPrice: "0.01" },
      facts: { ...FACTS, quote: withQuote({ bid: "0.5", ask: String(ask), last: null }).quote },
      limits: { max: { amount: String(most), currency: "USD" } },
    }),
    holds: ({ outcome }, [quantity, ask, most]) => (outcome === "deny") === quantity * ask > Math.min(most, 10_000),
  },
);

property(
  "whatever the policy allows, no order passes that is larger than the account",
  fc.tuple(
    fc.integer({ min: 1, max: 4_000 }),
    fc.integer({ min: 1, max: 1_000_000 }),
    fc.integer({ min: 1, max: 100 }),
  ),
  {
    make: ([quantity, value, percent]) => ({
      ...worth(String(value)),
      terms: { quantity: String(quantity) },
      limits: { ...max("1000000000000").limits, ...share(String(percent)).limits },
    }),
    holds: ({ outcome }, [quantity, value, percent]) =>
      (outcome === "pass") === quantity * 2_300_200 <= value * percent * 100 &&
      (outcome === "deny" || quantity * 230.02 <= value),
  },
);

test("a share of more than the whole account is no policy, in an override neither", () => {
  const faultsOf = (policy: object) => RiskPolicy.safeParse(policy).error?.issues.map(({ path }) => path.join("."));
  const limits = (percent: string) => ({
    maxOrderNotional: { ...(POLICY.rules.maxOrderNotional as object), ...share(percent).limits },
  });
  const policy = (percent: string) => ({ ...POLICY, rules: { ...POLICY.rules, ...limits(percent) } });
  expect(faultsOf(policy("100"))).toBeUndefined();
  expect(faultsOf(policy("100.0001"))).toEqual(["rules.maxOrderNotional.netLiquidationPercentMax"]);
  const override = { when: { agent: "agent-1" }, rules: { maxOrderNotional: share("400").limits } };
  expect(faultsOf({ ...POLICY, overrides: [override] })?.join(" ")).toContain("overrides.0");
});
