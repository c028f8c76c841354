import fc from "fast-check";
import { type Facts, known, missing } from "../facts/fact.ts";
import { AT, withFact } from "../test-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { shortSale } from "./short-sale.ts";

const { denies, boundary, missingDenies, property, passes } = ruleTests(shortSale, {
  limits: { allowed: false },
});
const AAPL = {
  conid: 265598,
  symbol: "AAPL",
  secType: "STK",
  currency: "USD",
  multiplier: "1",
  industry: "",
  category: "",
};
const order = (side: string, remaining: string, id = "p1") => ({
  order: id,
  conid: 265598,
  side,
  remaining,
  unitValue: "230",
});
const holding = (quantity: string, working: object[] = []): Partial<Facts> => ({
  book: known({ baseCurrency: "USD", holdings: [{ ...AAPL, quantity, unitValue: "230" }] }, "broker", AT),
  working: known(working as never, "orders", AT),
});
const sell = (quantity: string, facts: Partial<Facts>) => ({ terms: { side: "SELL", quantity }, facts });

denies("a sale of what is not held", "SHORT_SALE", sell("1", holding("0")));
denies("a sale while short", "SHORT_SALE", sell("1", holding("-5")));
denies(
  "a second sale of the same shares, the first still working",
  "SHORT_SALE",
  sell("10", holding("10", [order("SELL", "1")])),
);
denies("a working buy is not held yet", "SHORT_SALE", sell("10", holding("0", [order("BUY", "10")])));
passes("a purchase while short", { facts: holding("-5") });
passes("a short where the policy allows it", { ...sell("10", holding("0")), limits: { allowed: true } });
passes("a currency, which nobody borrows", {
  ...sell("10", { ...holding("0"), instrument: withFact("instrument", { secType: "CASH" }).instrument }),
});
passes("a change of the sale that works already", {
  ...sell("10", {
    ...holding("10", [order("SELL", "10", "p1")]),
    replaces: { proposalId: "p1", quantity: "10", filledQuantity: "0" },
  }),
});
passes("a change of a sale that is partly filled counts what is left of it", {
  ...sell("10", {
    ...holding("6", [order("SELL", "6", "p1")]),
    replaces: { proposalId: "p1", quantity: "10", filledQuantity: "4" },
  }),
});
boundary("what is held less what is being sold, and one share more", "SHORT_SALE", {
  inside: sell("6", holding("10", [order("SELL", "4")])),
  outside: sell("7", holding("10", [order("SELL", "4")])),
});
missingDenies("no positions", "EXPOSURE_UNKNOWN", sell("1", { ...holding("10"), book: missing("none") }));
missingDenies("no working orders", "EXPOSURE_UNKNOWN", sell("1", { ...holding("10"), working: missing("none") }));
missingDenies("no contract", "EXPOSURE_UNKNOWN", sell("1", { ...holding("10"), instrument: missing("none") }));
property(
  "whatever works and fills, what passes never leaves the account short",
  fc.tuple(
    fc.integer({ min: -20, max: 60 }),
    fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 9 })), { maxLength: 6 }),
    fc.integer({ min: 1, max: 40 }),
  ),
  {
    make: ([held, working, quantity]) =>
      sell(
        String(quantity),
        holding(
          String(held),
          working.map(([buys, left], at) => order(buys ? "BUY" : "SELL", String(left), `p${at}`)),
        ),
      ),
    holds: ({ outcome }, [held, working, quantity]) => {
      const sold = working.reduce((sum, [buys, left]) => sum + (buys ? 0 : left), 0);
      return (outcome === "pass") === held - sold - quantity >= 0;
    },
    runs: 300,
  },
);
