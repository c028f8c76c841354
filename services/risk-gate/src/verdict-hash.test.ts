import { Verdict } from "@countersign/contracts/verdict";
import { canonicalHash } from "@countersign/ids/hash";
import fc from "fast-check";
import { expect, test } from "vitest";
import { randomFacts, randomTerms, Seeded } from "./decisions/test-random.ts";
import { judge } from "./judge.ts";
import { FACTS, POLICY, TERMS } from "./test-facts.ts";
import { verdictHash } from "./verdict-hash.ts";

const IN_FORCE = { policy: POLICY, hash: canonicalHash(POLICY) };
const text = fc.oneof(fc.constantFrom("1", "2", '"rules":[]', 'a"b\\', "é\u2028"), fc.string({ unit: "grapheme" }));
const result = fc.record({
  rule: fc.constantFrom("notional", "orderSize", "valueAtRisk"),
  outcome: fc.constantFrom("pass" as const, "confirm" as const, "deny" as const),
  code: fc.constantFrom(null, "FACT_INVALID" as const, "MAX_ORDER_NOTIONAL" as const),
  ...{ limit: fc.option(text), value: fc.option(text), headroom: fc.option(text), unit: text, message: text },
});

test("one order after another: the hash is that of the whole canonical JSON", () => {
  const random = new Seeded(23);
  for (let count = 0; count < 150; count += 1) {
    const verdict = judge(randomTerms(random), randomFacts(random), IN_FORCE);
    expect(verdictHash(verdict)).toBe(canonicalHash(verdict));
    expect(canonicalHash(verdict)).toBe(canonicalHash(Verdict.parse(verdict)));
  }
});

test("whatever rules say, in any order of rules and fields, with what they said before in any field -> the same hash", () => {
  const base = judge(TERMS, FACTS, IN_FORCE);
  fc.assert(
    fc.property(fc.array(result, { maxLength: 8 }), fc.boolean(), (results, turned) => {
      const rules = results.map((one) => (turned ? Object.fromEntries(Object.entries(one).reverse()) : one));
      const verdict = { ...base, rules: rules as typeof results };
      expect(verdictHash(verdict)).toBe(canonicalHash(verdict));
    }),
  );
});

test("a field more or less than the rule said before -> the hash of what it says now", () => {
  const base = judge(TERMS, FACTS, IN_FORCE);
  const [first] = base.rules;
  if (first === undefined) throw new Error("no rule");
  const { unit, ...less } = first;
  for (const one of [first, { ...first, more: unit }, first, less, first]) {
    const verdict = { ...base, rules: [one as typeof first] };
    expect(verdictHash(verdict)).toBe(canonicalHash(verdict));
  }
});
