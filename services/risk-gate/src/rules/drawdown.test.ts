import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { withFact } from "../test-facts.ts";
import { holding, withBook, working } from "../testing/book-facts.ts";
import { COMBO, heldLegs, SPREAD } from "../testing/combo-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { drawdown } from "./drawdown.ts";

/** Its highest value was 100000; from 5 % on only what reduces passes. */
const { passes, denies, boundary, missingDenies, property } = ruleTests(drawdown, {
  ...{ unit: "% of value", tightens: { percentMax: ["5", "4.99"] } },
  finds: { limit: "5", value: "0", headroom: "5", says: "0 % below its highest value" },
});
const worth = (amount: string) => withFact("summary", { netLiquidation: { amount, currency: "USD" } });
const began = (highWaterMark: string) => ({ loss: withFact("loss", { highWaterMark }).loss });
const lost = worth("95000");
const LOST = { value: "5", headroom: "0", says: "5 % below its highest value; from 5 % on only what reduces" };
const REDUCES = { value: "5", headroom: null, says: "the order only reduces" };
const selling = (quantity: string) => ({ side: "SELL", quantity });
const unknown = (says: string) => ({ value: null, headroom: null, says });

boundary("a cent above the limit, and exactly there", "DRAWDOWN", {
  inside: { facts: worth("95000.01"), finds: { value: "5", headroom: "0" } },
  outside: { facts: lost, finds: LOST },
});
passes("a loss of 1 %", { facts: worth("99000"), finds: { value: "1", headroom: "4" } });
passes("a loss of 5 % of 6 %", {
  facts: lost,
  limits: { percentMax: "6" },
  finds: { limit: "6", value: "5", headroom: "1" },
});
passes("a gain of half a per cent", { facts: worth("100500"), finds: { value: "-0.5", headroom: "5.5" } });
denies("a loss of 6 %", "DRAWDOWN", { facts: worth("94000"), finds: { value: "6", headroom: "-1" } });
denies("a purchase of what is not held", "DRAWDOWN", { facts: lost, finds: LOST });
denies("selling short with a loss", "DRAWDOWN", { terms: selling("10"), facts: lost, finds: LOST });
denies("selling more than is held", "DRAWDOWN", {
  terms: selling("11"),
  facts: { ...lost, ...withBook([holding({ quantity: "10" })]) },
  finds: LOST,
});
denies("selling what other working orders sell already", "DRAWDOWN", {
  terms: selling("6"),
  facts: { ...lost, ...withBook([holding({ quantity: "10" })], [working({ side: "SELL", remaining: "5" })]) },
  finds: LOST,
});
denies("buying a thousand against a short position of ten", "DRAWDOWN", {
  terms: { quantity: "1000" },
  facts: { ...lost, ...withBook([holding({ quantity: "-10" })]) },
  finds: LOST,
});
passes("selling what is held", {
  terms: selling("10"),
  facts: { ...lost, ...withBook([holding({ quantity: "10" })]) },
  finds: REDUCES,
});
passes("buying back a short position", {
  facts: { ...lost, ...withBook([holding({ quantity: "-10" })]) },
  finds: REDUCES,
});
const closing = (long: string, short: string) => ({
  terms: { ...SPREAD, side: "SELL" },
  facts: { ...COMBO, summary: lost.summary, ...heldLegs(long, short) },
});
boundary("every leg of a combination must reduce", "DRAWDOWN", {
  inside: { ...closing("2", "-2"), finds: REDUCES },
  outside: { ...closing("2", "0"), finds: LOST },
});
for (const start of ["0", "0.00", "-5"])
  denies(`an account that was never worth more than ${start} has lost everything, whatever there is now`, "DRAWDOWN", {
    facts: { ...worth("100"), ...began(start) },
    finds: { value: "100", headroom: "-95" },
  });
passes("an account that was never worth more than a cent and is worth more", {
  facts: { ...worth("100"), ...began("0.01") },
  finds: { value: "-999900", headroom: "999905" },
});
missingDenies("no marks", "LOSS_UNKNOWN", { facts: { loss: missing("no answer") }, finds: unknown("no answer") });
missingDenies("no summary", "LOSS_UNKNOWN", {
  facts: { summary: missing("no answer") },
  finds: unknown("the account's value: no answer"),
});
missingDenies("marks in another currency", "LOSS_UNKNOWN", {
  facts: withFact("loss", { currency: "EUR" }),
  finds: unknown("the value is in USD"),
});
missingDenies("a loss, and a book that nobody knows", "DRAWDOWN", {
  terms: selling("10"),
  facts: { ...lost, book: missing("none") },
  finds: LOST,
});

property("denied exactly from the limit on", fc.integer({ min: 80_000, max: 110_000 }), {
  make: (value) => ({ facts: worth(String(value)) }),
  holds: ({ outcome, value: percent }, value) =>
    (outcome === "deny") === value <= 95000 && percent === String((100_000 - value) / 1_000),
});
