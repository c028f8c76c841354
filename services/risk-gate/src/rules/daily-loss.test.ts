import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { withFact } from "../test-facts.ts";
import { holding, withBook, working } from "../testing/book-facts.ts";
import { COMBO, heldLegs, SPREAD } from "../testing/combo-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { dailyLoss } from "./daily-loss.ts";

/** The day began with 100000; from 2 % on only what reduces passes. */
const { passes, denies, boundary, missingDenies, property } = ruleTests(dailyLoss, {
  ...{ unit: "% of value", tightens: { percentMax: ["2", "1.99"] } },
  finds: { limit: "2", value: "0", headroom: "2", says: "0 % below the start of the day" },
});
const worth = (amount: string) => withFact("summary", { netLiquidation: { amount, currency: "USD" } });
const began = (dayStart: string) => ({ loss: withFact("loss", { dayStart }).loss });
const lost = worth("98000");
const LOST = { value: "2", headroom: "0", says: "2 % below the start of the day; from 2 % on only what reduces" };
const REDUCES = { value: "2", headroom: null, says: "the order only reduces" };
const selling = (quantity: string) => ({ side: "SELL", quantity });
const unknown = (says: string) => ({ value: null, headroom: null, says });

boundary("a cent above the limit, and exactly there", "DAILY_LOSS", {
  inside: { facts: worth("98000.01"), finds: { value: "2", headroom: "0" } },
  outside: { facts: lost, finds: LOST },
});
passes("a loss of 1 %", { facts: worth("99000"), finds: { value: "1", headroom: "1" } });
passes("a loss of 2 % of 3 %", {
  facts: lost,
  limits: { percentMax: "3" },
  finds: { limit: "3", value: "2", headroom: "1" },
});
passes("a gain of half a per cent", { facts: worth("100500"), finds: { value: "-0.5", headroom: "2.5" } });
denies("a loss of 3 %", "DAILY_LOSS", { facts: worth("97000"), finds: { value: "3", headroom: "-1" } });
denies("a purchase of what is not held", "DAILY_LOSS", { facts: lost, finds: LOST });
denies("selling short with a loss", "DAILY_LOSS", { terms: selling("10"), facts: lost, finds: LOST });
denies("selling more than is held", "DAILY_LOSS", {
  terms: selling("11"),
  facts: { ...lost, ...withBook([holding({ quantity: "10" })]) },
  finds: LOST,
});
denies("selling what other working orders sell already", "DAILY_LOSS", {
  terms: selling("6"),
  facts: { ...lost, ...withBook([holding({ quantity: "10" })], [working({ side: "SELL", remaining: "5" })]) },
  finds: LOST,
});
denies("buying a thousand against a short position of ten", "DAILY_LOSS", {
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
const EXITS = { timeInForce: "DAY", takeProfit: { limitPrice: "200" }, stopLoss: { stopPrice: "260" } };
denies("selling what is held in a bracket, whose exits buy it back", "DAILY_LOSS", {
  terms: { ...selling("10"), exits: EXITS },
  facts: { ...lost, ...withBook([holding({ quantity: "10" })]) },
  finds: LOST,
});
/** A sale of ten that works is changed. */
const changing = (held: string) => ({
  ...{ ...lost, replaces: { proposalId: "p1", quantity: "10", filledQuantity: "0" } },
  ...withBook([holding({ quantity: held })], [working({ order: "p1", side: "SELL", remaining: "10" })]),
});
boundary("a sale that works may get another price as long as it only reduces", "DAILY_LOSS", {
  inside: { terms: selling("10"), facts: changing("10"), finds: REDUCES },
  outside: { terms: selling("10"), facts: changing("9"), finds: LOST },
});
const closing = (long: string, short: string) => ({
  terms: { ...SPREAD, side: "SELL" },
  facts: { ...COMBO, summary: lost.summary, ...heldLegs(long, short) },
});
boundary("every leg of a combination must reduce", "DAILY_LOSS", {
  inside: { ...closing("2", "-2"), finds: REDUCES },
  outside: { ...closing("2", "0"), finds: LOST },
});
for (const start of ["0", "0.00", "-5"])
  denies(`a day that began with ${start} has lost everything, whatever there is now`, "DAILY_LOSS", {
    facts: { ...worth("100"), ...began(start) },
    finds: { value: "100", headroom: "-98" },
  });
passes("a day that began with a cent and ends with more", {
  facts: { ...worth("100"), ...began("0.01") },
  finds: { value: "-999900", headroom: "999902" },
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
missingDenies("a loss, and a book that nobody knows", "DAILY_LOSS", {
  terms: selling("10"),
  facts: { ...lost, book: missing("none") },
  finds: LOST,
});

property("denied exactly from the limit on", fc.integer({ min: 80_000, max: 110_000 }), {
  make: (value) => ({ facts: worth(String(value)) }),
  holds: ({ outcome, value: percent }, value) =>
    (outcome === "deny") === value <= 98000 && percent === String((100_000 - value) / 1_000),
});
