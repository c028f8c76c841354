import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { withFact } from "../test-facts.ts";
import { holding, withBook, working } from "../testing/book-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { drawdown } from "./drawdown.ts";

const { passes, denies, boundary, missingDenies, property } = ruleTests(drawdown);
const worth = (amount: string) => withFact("summary", { netLiquidation: { amount, currency: "USD" } });
const lost = worth("95000");
const selling = (quantity: string) => ({ side: "SELL", quantity });

boundary("a cent above the limit, and exactly there", "DRAWDOWN", {
  inside: { facts: worth("95000.01") },
  outside: { facts: lost },
});
denies("selling short with a loss", "DRAWDOWN", { terms: selling("10"), facts: lost });
denies("selling more than is held", "DRAWDOWN", {
  terms: selling("11"),
  facts: { ...lost, ...withBook([holding({ quantity: "10" })]) },
});
denies("selling what other working orders sell already", "DRAWDOWN", {
  terms: selling("6"),
  facts: { ...lost, ...withBook([holding({ quantity: "10" })], [working({ side: "SELL", remaining: "5" })]) },
});
denies("buying a thousand against a short position of ten", "DRAWDOWN", {
  terms: { quantity: "1000" },
  facts: { ...lost, ...withBook([holding({ quantity: "-10" })]) },
});
passes("selling what is held", {
  terms: selling("10"),
  facts: { ...lost, ...withBook([holding({ quantity: "10" })]) },
});
passes("buying back a short position", { facts: { ...lost, ...withBook([holding({ quantity: "-10" })]) } });
missingDenies("no marks", "LOSS_UNKNOWN", { facts: { loss: missing("none") } });
missingDenies("no summary", "LOSS_UNKNOWN", { facts: { summary: missing("none") } });
missingDenies("marks in another currency", "LOSS_UNKNOWN", { facts: withFact("loss", { currency: "EUR" }) });
missingDenies("a loss, and a book that nobody knows", "DRAWDOWN", {
  terms: selling("10"),
  facts: { ...lost, book: missing("none") },
});

property("denied exactly from the limit on", fc.integer({ min: 80_000, max: 110_000 }), {
  make: (value) => ({ facts: worth(String(value)) }),
  holds: ({ outcome }, value) => (outcome === "deny") === value <= 95000,
});
