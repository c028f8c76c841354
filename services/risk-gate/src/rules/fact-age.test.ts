import { utcText } from "@countersign/clock/clock";
import fc from "fast-check";
import { type Facts, known, missing } from "../facts/fact.ts";
import { AT, FACTS } from "../test-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { factAge } from "./fact-age.ts";

/** Of the account 300 s, the what-if 30 s, the contract a day, daily closes half a day, everything else 60 s. The quote is half a second old. */
const { denies, boundary, missingDenies, property, passes } = ruleTests(factAge, {
  walksOverFacts: true,
  unit: "s",
  tightens: { instrument: [60, 59], summary: [60, 59], whatIf: [60, 59], history: [60, 59], others: [60, 59] },
  finds: { limit: "60", value: "0", headroom: "30", says: "the oldest for its kind: whatIf" },
});
const NOW_MS = Date.parse(AT);
const aged = (name: keyof Facts, ageMs: number) => {
  const fact = FACTS[name] as object;
  return { facts: { [name]: { ...fact, asOf: utcText(NOW_MS - ageMs) } } };
};
const leg = (ageMs: number) => known({} as never, "tws", utcText(NOW_MS - ageMs));
const NEVER = { value: null, headroom: null };

denies("positions of an hour ago", "FACT_STALE", {
  ...aged("positions", 3_600_000),
  finds: { value: "3600", headroom: "-3540", says: "positions is 3600 s old; at most 60 s" },
});
denies("the fact that is furthest beyond its limit is named, not the oldest one", "FACT_STALE", {
  facts: { ...aged("instrument", 86_401_000).facts, ...aged("whatIf", 40_000).facts },
  finds: { value: "40", headroom: "-10", says: "whatIf is 40 s old; at most 30 s" },
});
denies("a leg's contract of last week", "FACT_STALE", {
  facts: { legs: [FACTS, { ...FACTS, instrument: leg(7 * 86_400_000) }] },
  finds: { value: "604800", headroom: "-518400", says: "instrument is 604800 s old; at most 86400 s" },
});
passes("the limits of their kinds hold for the facts of a leg as well", {
  facts: { legs: [{ ...FACTS, instrument: leg(86_399_000) }] },
  finds: { value: "86399", headroom: "1", says: "instrument" },
});
passes("of two that are as near to their limit the first one is named", {
  facts: { ...aged("summary", 290_000).facts, ...aged("whatIf", 20_000).facts },
  finds: { value: "290", headroom: "10", says: "the oldest for its kind: summary" },
});
passes("where nothing is known there is nothing to be old", {
  facts: Object.fromEntries(
    Object.entries(FACTS).flatMap(([name, fact]) => (typeof fact === "object" ? [[name, missing("none")]] : [])),
  ),
  finds: { value: "0", headroom: null, says: "the oldest for its kind: none" },
});
passes("what is known and has no time is no fact of the outside", {
  facts: { claim: { state: "known" } as never },
  finds: { value: "0", headroom: "30" },
});
boundary("a clock that is a second ahead, and a millisecond more", "FACT_STALE", {
  inside: { ...aged("session", -1_000), finds: { value: "0", headroom: "30" } },
  outside: {
    ...aged("session", -1_001),
    finds: { ...NEVER, says: "session is not from now: 2026-11-23T15:00:01.001Z" },
  },
});
boundary("a what-if of 30 s", "FACT_STALE", {
  inside: { ...aged("whatIf", 30_000), finds: { value: "30", headroom: "0" } },
  outside: { ...aged("whatIf", 30_001), finds: { value: "30.001", headroom: "-0.001" } },
});
boundary("a summary of 300 s", "FACT_STALE", {
  inside: { ...aged("summary", 300_000), finds: { value: "300", headroom: "0" } },
  outside: { ...aged("summary", 300_001), finds: { value: "300.001", headroom: "-0.001" } },
});
boundary("a contract of a day", "FACT_STALE", {
  inside: { ...aged("instrument", 86_400_000), finds: { value: "86400", headroom: "0" } },
  outside: { ...aged("instrument", 86_400_001), finds: { value: "86400.001", headroom: "-0.001" } },
});
boundary("daily closes of half a day", "FACT_STALE", {
  inside: { ...aged("history", 43_200_000), finds: { value: "43200", headroom: "0" } },
  outside: { ...aged("history", 43_200_001), finds: { value: "43200.001", headroom: "-0.001" } },
});
boundary("any other fact of 60 s", "FACT_STALE", {
  inside: { ...aged("rate", 60_000), finds: { value: "60", headroom: "0" } },
  outside: { ...aged("rate", 60_001), finds: { value: "60.001", headroom: "-0.001" } },
});
boundary("another limit for any other fact: 90 s", "FACT_STALE", {
  inside: { ...aged("rate", 90_000), limits: { others: 90 }, finds: { limit: "90", value: "90", headroom: "0" } },
  outside: {
    ...aged("rate", 90_001),
    limits: { others: 90 },
    finds: { limit: "90", value: "90.001", headroom: "-0.001" },
  },
});
missingDenies("a day without a time", "FACT_STALE", {
  facts: { kill: { ...FACTS.kill, asOf: "2026-11-23" } as never },
  finds: { ...NEVER, says: "kill is not from now: 2026-11-23" },
});
missingDenies("a time that is none", "FACT_STALE", {
  facts: { kill: { ...FACTS.kill, asOf: "yesterday" } as never },
  finds: { ...NEVER, says: "kill is not from now: yesterday" },
});
property(
  "denied exactly when a fact is older than its kind may be, whichever it is",
  fc.tuple(fc.constantFrom<keyof Facts>("accounts", "positions", "kill", "book", "working"), fc.nat(120_000)),
  {
    make: ([name, ageMs]) => aged(name, ageMs),
    holds: ({ outcome }, [, ageMs]) => (outcome === "deny") === ageMs > 60_000,
  },
);
