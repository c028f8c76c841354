import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { withFact } from "../test-facts.ts";
import { holding, withBook, working } from "../testing/book-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { weeklyLoss } from "./weekly-loss.ts";

const { passes, denies, boundary, missingDenies, property } = ruleTests(weeklyLoss, {
  ...{ unit: "% of value", tightens: { percentMax: ["4", "3.9"] } },
  finds: { limit: "4", value: "0", headroom: "4" },
});
const worth = (amount: string) => withFact("summary", { netLiquidation: { amount, currency: "USD" } });
const lost = worth("96000");
const BEYOND = { value: "4", headroom: "0", says: "from 4 % on only what reduces" };
const REDUCES = { value: "4", headroom: null, says: "the order only reduces" };
const selling = (quantity: string) => ({ side: "SELL", quantity });

boundary("a cent above the limit, and exactly there", "WEEKLY_LOSS", {
  inside: { facts: worth("96000.01"), finds: { value: "4", headroom: "0" } },
  outside: { facts: lost, finds: { value: "4", headroom: "0", says: "4 % below the start of the week" } },
});
denies("selling short with a loss", "WEEKLY_LOSS", {
  terms: selling("10"),
  facts: lost,
  finds: BEYOND,
});
denies("selling more than is held", "WEEKLY_LOSS", {
  terms: selling("11"),
  finds: BEYOND,
  facts: { ...lost, ...withBook([holding({ quantity: "10" })]) },
});
denies("selling what other working orders sell already", "WEEKLY_LOSS", {
  terms: selling("6"),
  finds: BEYOND,
  facts: { ...lost, ...withBook([holding({ quantity: "10" })], [working({ side: "SELL", remaining: "5" })]) },
});
denies("buying a thousand against a short position of ten", "WEEKLY_LOSS", {
  terms: { quantity: "1000" },
  finds: BEYOND,
  facts: { ...lost, ...withBook([holding({ quantity: "-10" })]) },
});
passes("selling what is held", {
  finds: REDUCES,
  terms: selling("10"),
  facts: { ...lost, ...withBook([holding({ quantity: "10" })]) },
});
passes("buying back a short position", {
  facts: { ...lost, ...withBook([holding({ quantity: "-10" })]) },
  finds: REDUCES,
});
missingDenies("no marks", "LOSS_UNKNOWN", { facts: { loss: missing("none") } });
missingDenies("no summary", "LOSS_UNKNOWN", { facts: { summary: missing("none") } });
missingDenies("no mark of this week", "LOSS_UNKNOWN", {
  facts: withFact("loss", { week: undefined }),
  finds: { value: null, headroom: null, says: "nothing is known of the start of the week" },
});
missingDenies("marks in another currency", "LOSS_UNKNOWN", { facts: withFact("loss", { currency: "EUR" }) });
missingDenies("a loss, and a book that nobody knows", "WEEKLY_LOSS", {
  terms: selling("10"),
  facts: { ...lost, book: missing("none") },
  finds: { value: "4", headroom: "0" },
});

property("denied exactly from the limit on", fc.integer({ min: 80_000, max: 110_000 }), {
  make: (value) => ({ facts: worth(String(value)) }),
  holds: ({ outcome }, value) => (outcome === "deny") === value <= 96000,
});
