import fc from "fast-check";
import { type Facts, known } from "../facts/fact.ts";
import { AT, FACTS, withFact, withQuote } from "../test-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { soundFacts } from "./sound-facts.ts";

const { denies, boundary, missingDenies, property, passes } = ruleTests(soundFacts, { walksOverFacts: true });
const facts = (given: Partial<Facts>) => ({ facts: given });
const instrument = (change: object) => facts(withFact("instrument", change));
const amount = (name: string, text: string, currency = "USD") =>
  facts(withFact("summary", { [name]: { amount: text, currency } }));
const NOT = "FACT_INVALID" as const;

denies("a multiplier below zero makes a limit larger", NOT, instrument({ multiplier: "-100" }));
denies("an exchange rate of zero makes everything worth nothing", NOT, facts({ rate: known("0", "tws", AT) }));
denies("a session of another instrument", NOT, facts(withFact("session", { conid: 1 })));
denies(
  "a session whose own time is not its fact's",
  NOT,
  facts(withFact("session", { asOf: "2026-11-22T15:00:00.000Z" })),
);
denies("cash of the account in another currency", NOT, amount("totalCash", "1", "EUR"));
denies("margins below zero", NOT, facts(withFact("whatIf", { initialMarginAfter: "-1" })));
denies(
  "a book in another currency than the account",
  NOT,
  facts({ book: known({ baseCurrency: "EUR", holdings: [] }, "x", AT) }),
);
passes("debts: cash below zero", amount("totalCash", "-5"));

boundary("the smallest multiplier above zero, and zero", NOT, {
  inside: instrument({ multiplier: "0.00000001" }),
  outside: instrument({ multiplier: "0" }),
});
boundary("the account is worth a cent, and nothing", NOT, {
  inside: amount("netLiquidation", "0.01"),
  outside: amount("netLiquidation", "0"),
});
boundary("a volume of zero, and below", NOT, {
  inside: facts(withQuote({ volume: "0" })),
  outside: facts(withQuote({ volume: "-1" })),
});

missingDenies("a multiplier that is no number", NOT, instrument({ multiplier: "NaN" }));
missingDenies("an amount that is no number", NOT, amount("buyingPower", "1e308"));
missingDenies("an exchange rate that is no number", NOT, facts({ rate: known("Infinity", "tws", AT) }));

const NUMBERS = ["positions", "ownOrders", "book", "working"] as const;
const listed = (name: (typeof NUMBERS)[number], text: string): Partial<Facts> => {
  const row = { conid: 1, order: "p", side: "BUY", quantity: "1", remaining: "1", unitValue: "1", multiplier: "1" };
  const spoiled = { ...row, ...(name === "positions" ? { quantity: text } : { remaining: text, unitValue: text }) };
  const value = name === "book" ? { baseCurrency: "USD", holdings: [spoiled] } : [spoiled];
  return { [name]: known(value as never, "x", AT) };
};
property(
  "a list denies exactly when a number in it is none or has the wrong sign",
  fc.tuple(fc.constantFrom(...NUMBERS), fc.constantFrom("1", "0", "-1", "NaN", "1e5", "", "7.25")),
  {
    make: ([name, text]) => facts({ ...FACTS, ...listed(name, text) }),
    holds: ({ outcome }, [name, text]) =>
      (outcome === "pass") === (["1", "0", "7.25"].includes(text) || (name === "positions" && text === "-1")),
  },
);
