import fc from "fast-check";
import { known, missing } from "../facts/fact.ts";
import { AT, FACTS, withFact } from "../test-facts.ts";
import { holding, msft, withBook, working } from "../testing/book-facts.ts";
import { COMBO, SPREAD } from "../testing/combo-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { cash } from "./cash.ts";

const usd = (amount: string) => ({ amount, currency: "USD" });
const eur = (amount: string) => ({ amount, currency: "EUR" });

/** Of 100000 in cash and a buying power of 400000 nothing must be left; the order takes 10 x 230.02. */
const { passes, denies, boundary, missingDenies, property } = ruleTests(cash, {
  unit: "base currency",
  tightens: { cashMin: [usd("0"), usd("1")], buyingPowerMin: [usd("0"), usd("1")] },
  finds: { limit: "0 / 0", value: "97699.8", headroom: "97699.8", says: "of cash left" },
});
const money = (totalCash: string, buyingPower = "400000") =>
  withFact("summary", { totalCash: usd(totalCash), buyingPower: usd(buyingPower) });
const withOrders = (...orders: Parameters<typeof withBook>) => ({ ...FACTS, ...withBook(...orders) });

boundary("exactly 10 x 230.02, and a cent less", "CASH_INSUFFICIENT", {
  inside: { facts: money("2300.20"), finds: { value: "0", headroom: "0" } },
  outside: {
    facts: money("2300.19"),
    finds: { value: "-0.01", headroom: "-0.01", says: "-0.01 USD of cash would be left; at least 0" },
  },
});
boundary("the same of buying power", "BUYING_POWER_INSUFFICIENT", {
  inside: { facts: money("100000", "2300.20"), finds: { value: "97699.8", headroom: "97699.8" } },
  outside: {
    facts: money("100000", "2300.19"),
    finds: { value: "-0.01", headroom: "-0.01", says: "buying power of -0.01 would be left; at least 0" },
  },
});
boundary("so much cash must be left: 97699.8, and a cent more", "CASH_INSUFFICIENT", {
  inside: {
    limits: { cashMin: usd("97699.8") },
    finds: { limit: "97699.8 / 0", value: "97699.8", headroom: "0" },
  },
  outside: {
    limits: { cashMin: usd("97699.81") },
    finds: { limit: "97699.81 / 0", value: "97699.8", headroom: "-0.01" },
  },
});
boundary("so much buying power must be left: 397699.8, and a cent more", "BUYING_POWER_INSUFFICIENT", {
  inside: {
    limits: { buyingPowerMin: usd("397699.8") },
    finds: { limit: "0 / 397699.8", value: "97699.8", headroom: "97699.8" },
  },
  outside: {
    limits: { buyingPowerMin: usd("397699.81") },
    finds: { limit: "0 / 397699.81", value: "397699.8", headroom: "-0.01" },
  },
});
boundary("a fraction of a cent counts as a whole one: 2300.2 x 1.00001 takes 2300.23", "CASH_INSUFFICIENT", {
  inside: {
    facts: { ...money("2300.23"), rate: known("1.00001", "tws", AT) },
    finds: { value: "0", headroom: "0" },
  },
  outside: {
    facts: { ...money("2300.2299"), rate: known("1.00001", "tws", AT) },
    finds: { value: "-0.0001", headroom: "-0.0001" },
  },
});
denies("other purchases that work take their cash first: 425 x 230", "CASH_INSUFFICIENT", {
  facts: withOrders([holding({ quantity: "0", unitValue: null })], [working({ remaining: "425" })]),
  finds: { value: "-50.2", headroom: "-50.2" },
});
denies("sales that work bring nothing before they are filled", "CASH_INSUFFICIENT", {
  facts: { ...money("2000"), ...withBook([holding({ quantity: "50" })], [working({ side: "SELL", remaining: "50" })]) },
  finds: { value: "-300.2", headroom: "-300.2" },
});
passes("of a combination only the leg that is bought takes cash: 8.05 x 2 x 100", {
  terms: SPREAD,
  facts: COMBO,
  finds: { value: "98390", headroom: "98390" },
});
passes("a sale takes no cash, also where there is none", {
  terms: { side: "SELL" },
  facts: money("-500"),
  finds: { value: "-500", headroom: "-500", says: "takes no cash" },
});
const shortBy = (quantity: string) => withBook([holding({ quantity: `-${quantity}` })]);
boundary("what was sold short is bought back, whatever it takes, and not one more", "CASH_INSUFFICIENT", {
  inside: {
    facts: { ...money("2000"), ...shortBy("10") },
    finds: { value: "-300.2", headroom: null, says: "the order only reduces" },
  },
  outside: { facts: { ...money("2000"), ...shortBy("9") }, finds: { value: "-300.2", headroom: "-300.2" } },
});
boundary("the same where buying power is gone, as in a margin call", "BUYING_POWER_INSUFFICIENT", {
  inside: {
    facts: { ...money("100000", "0"), ...shortBy("10") },
    finds: { value: "97699.8", headroom: null, says: "the order only reduces" },
  },
  outside: { facts: { ...money("100000", "0"), ...shortBy("9") }, finds: { value: "-2300.2", headroom: "-2300.2" } },
});
denies("buying back what another working order buys back already", "CASH_INSUFFICIENT", {
  facts: { ...money("2000"), ...withBook([holding({ quantity: "-10" })], [working({ remaining: "1" })]) },
  finds: { value: "-530.2", headroom: "-530.2" },
});
passes("a future is not paid for", {
  facts: { ...money("0"), ...withFact("instrument", { secType: "FUT" }), summary: money("0").summary },
  finds: { value: "0", headroom: "0", says: "takes no cash" },
});
for (const secType of ["FOP", "CRYPTO"])
  denies(`the price of ${secType} leaves the account`, "CASH_INSUFFICIENT", {
    facts: {
      ...money("2300"),
      ...withFact("instrument", { secType, right: "C", strike: "100" }),
      summary: money("2300").summary,
    },
    finds: { value: "-0.2", headroom: "-0.2" },
  });
denies("purchases of options on futures that work take their price first: 425 x 230", "CASH_INSUFFICIENT", {
  facts: withOrders(
    [msft({ quantity: "0", unitValue: null, secType: "FOP" })],
    [working({ conid: 272093, remaining: "425" })],
  ),
  finds: { value: "-50.2", headroom: "-50.2" },
});
passes("working orders in futures take none", {
  facts: withOrders(
    [msft({ quantity: "0", unitValue: null, secType: "FUT" })],
    [working({ conid: 272093, remaining: "9999" })],
  ),
  finds: { value: "97699.8", headroom: "97699.8" },
});
missingDenies("no summary", "CASH_UNKNOWN", { facts: { summary: missing("none") } });
missingDenies("no working orders", "CASH_UNKNOWN", {
  facts: { working: missing("no answer") },
  finds: { value: null, headroom: null, says: "working orders: no answer" },
});
missingDenies("cash in another currency", "CASH_UNKNOWN", {
  facts: withFact("summary", { totalCash: eur("100000") }),
  finds: { value: null, headroom: null, says: "in EUR, USD" },
});
missingDenies("buying power in another currency", "CASH_UNKNOWN", {
  facts: withFact("summary", { buyingPower: eur("400000") }),
});
denies("limits in another currency", "CASH_UNKNOWN", {
  limits: { cashMin: eur("0") },
  finds: { value: null, headroom: null },
});
denies("a limit of buying power in another currency", "CASH_UNKNOWN", {
  limits: { buyingPowerMin: eur("0") },
  finds: { value: null, headroom: null },
});

property(
  "denied exactly when everything together takes more than there is",
  fc.tuple(fc.nat(100), fc.integer({ min: 1, max: 100 })),
  {
    make: ([others, quantity]) => ({
      terms: { quantity: String(quantity) },
      facts: {
        ...money("20000"),
        ...withBook(
          [holding({ quantity: "0", unitValue: null })],
          [working({ remaining: String(others), unitValue: "230.02" })],
        ),
      },
    }),
    holds: ({ outcome, value }, [others, quantity]) =>
      (outcome === "deny") === (others + quantity) * 23_002 > 2_000_000 &&
      Math.round(Number(value) * 100) === 2_000_000 - (others + quantity) * 23_002,
  },
);
