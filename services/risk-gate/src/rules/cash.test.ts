import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { FACTS, withFact } from "../test-facts.ts";
import { holding, msft, withBook, working } from "../testing/book-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { cash } from "./cash.ts";

const { passes, denies, boundary, missingDenies, property } = ruleTests(cash);
const usd = (amount: string) => ({ amount, currency: "USD" });
const money = (totalCash: string, buyingPower = "400000") =>
  withFact("summary", { totalCash: usd(totalCash), buyingPower: usd(buyingPower) });
const withOrders = (...orders: Parameters<typeof withBook>) => ({ ...FACTS, ...withBook(...orders) });

boundary("exactly 10 x 230.02, and a cent less", "CASH_INSUFFICIENT", {
  inside: { facts: money("2300.20") },
  outside: { facts: money("2300.19") },
});
boundary("the same of buying power", "BUYING_POWER_INSUFFICIENT", {
  inside: { facts: money("100000", "2300.20") },
  outside: { facts: money("100000", "2300.19") },
});
denies("other purchases that work take their cash first", "CASH_INSUFFICIENT", {
  facts: withOrders([holding({ quantity: "0", unitValue: null })], [working({ remaining: "425" })]),
});
denies("sales that work bring nothing before they are filled", "CASH_INSUFFICIENT", {
  facts: { ...money("2000"), ...withBook([holding({ quantity: "50" })], [working({ side: "SELL", remaining: "50" })]) },
});
passes("a sale takes no cash, also where there is none", { terms: { side: "SELL" }, facts: money("-500") });
passes("a future is not paid for", {
  facts: { ...money("0"), ...withFact("instrument", { secType: "FUT" }), summary: money("0").summary },
});
passes("working orders in futures take none", {
  facts: withOrders(
    [msft({ quantity: "0", unitValue: null, secType: "FUT" })],
    [working({ conid: 272093, remaining: "9999" })],
  ),
});
missingDenies("no summary", "CASH_UNKNOWN", { facts: { summary: missing("none") } });
missingDenies("no working orders", "CASH_UNKNOWN", { facts: { working: missing("none") } });
missingDenies("cash in another currency", "CASH_UNKNOWN", {
  facts: withFact("summary", { totalCash: { amount: "100000", currency: "EUR" } }),
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
    holds: ({ outcome }, [others, quantity]) => (outcome === "deny") === (others + quantity) * 23_002 > 2_000_000,
  },
);
