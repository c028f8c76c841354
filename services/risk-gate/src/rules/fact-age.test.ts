import { utcText } from "@countersign/clock/clock";
import fc from "fast-check";
import { type Facts, known } from "../facts/fact.ts";
import { AT, FACTS } from "../test-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { factAge } from "./fact-age.ts";

/** Of the account 300 s, the what-if 30 s, the contract a day, everything else 60 s. */
const { denies, boundary, missingDenies, property, passes } = ruleTests(factAge, { walksOverFacts: true });
const NOW_MS = Date.parse(AT);
const aged = (name: keyof Facts, ageMs: number) => {
  const fact = FACTS[name] as object;
  return { facts: { [name]: { ...fact, asOf: utcText(NOW_MS - ageMs) } } };
};

denies("positions of an hour ago", "FACT_STALE", aged("positions", 3_600_000));
denies("a session from the future", "FACT_STALE", aged("session", -1_001));
denies("a leg's contract of last week", "FACT_STALE", {
  facts: { legs: [{ ...FACTS, instrument: known({} as never, "tws", utcText(NOW_MS - 7 * 86_400_000)) }] },
});
passes("a clock that is a second ahead", aged("session", -1_000));
boundary("a what-if of 30 s", "FACT_STALE", { inside: aged("whatIf", 30_000), outside: aged("whatIf", 30_001) });
boundary("a summary of 300 s", "FACT_STALE", { inside: aged("summary", 300_000), outside: aged("summary", 300_001) });
boundary("a contract of a day", "FACT_STALE", {
  inside: aged("instrument", 86_400_000),
  outside: aged("instrument", 86_400_001),
});
boundary("any other fact of 60 s", "FACT_STALE", { inside: aged("rate", 60_000), outside: aged("rate", 60_001) });
missingDenies("a time that is none", "FACT_STALE", { facts: { kill: { ...FACTS.kill, asOf: "yesterday" } as never } });
property(
  "denied exactly when a fact is older than its kind may be, whichever it is",
  fc.tuple(fc.constantFrom<keyof Facts>("accounts", "positions", "kill", "book", "working"), fc.nat(120_000)),
  {
    make: ([name, ageMs]) => aged(name, ageMs),
    holds: ({ outcome }, [, ageMs]) => (outcome === "deny") === ageMs > 60_000,
  },
);
