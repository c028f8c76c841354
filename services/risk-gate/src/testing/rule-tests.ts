import type { DenialCode } from "@countersign/contracts/codes";
import { OrderTerms } from "@countersign/contracts/order";
import type { RuleResult } from "@countersign/contracts/verdict";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Facts } from "../facts/fact.ts";
import { blockSchema, type Rule, resultOf } from "../rules/rule.ts";
import { FACTS, POLICY, TERMS } from "../test-facts.ts";
import { type LimitBase, limitTests } from "./limit-tests.ts";
import { expectReads, watched } from "./watched-facts.ts";

/** What is changed of the order, the facts and the limits of the tests, under which the rule passes. */
export interface Change {
  readonly terms?: object;
  /** Changes of the order that its schema would not let through. */
  readonly unparsed?: object;
  readonly facts?: Partial<Facts>;
  readonly limits?: object;
  /** Of what the rules share. */
  readonly policy?: object;
}

/** The numbers of a finding, worked out by hand and never by the rule's own code. */
export interface Found {
  /** Absent: the one under which the tests start. */
  readonly limit?: string | null;
  readonly value: string | null;
  readonly headroom: string | null;
  /** A piece of the message. */
  readonly says?: string;
}

export interface Case extends Change {
  readonly finds: Found;
}

/** Without `finds` nothing can be measured: there is neither a value nor a headroom. */
export interface MissingCase extends Change {
  readonly finds?: Found;
}

export interface RuleBase extends LimitBase {
  /** It looks at whatever facts there are, and needs none of those that it does not name. */
  readonly walksOverFacts?: true;
  /** As every finding of the rule says it. */
  readonly unit: string;
  /** What is found without any change. */
  readonly finds: Found & { readonly limit: string | null };
  readonly terms?: OrderTerms;
  readonly facts?: Facts;
  readonly limits?: object;
}

/** A denial or a confirmation that a test expects. */
type Expected = DenialCode | { readonly confirm: DenialCode };

/**
 * The tests of one rule. The names that begin these calls are what `docs/generated/rules.md` lists, and what a rule must
 * have: `denies`, `boundary`, `missingDenies` and `property`. Each fails unless the rule was seen to do what it says, so
 * none of them can be there and show nothing.
 */
export function ruleTests(rule: Rule, base: RuleBase) {
  const result = (one: Change = {}): RuleResult => judged(rule, base, one);
  const refusal = (found: RuleResult): Expected | null => {
    if (found.outcome === "pass") return null;
    return found.outcome === "deny" ? (found.code as DenialCode) : { confirm: found.code as DenialCode };
  };
  const expects = ({ finds, ...change }: Case, expected: Expected | null) => {
    const found = result(change);
    expect(refusal(found), JSON.stringify(change)).toEqual(expected);
    expectNumbers(found, base, finds);
  };

  test(`${rule.name}: what the tests start from passes`, () => expects({ finds: base.finds }, null));
  limitTests(rule, base);

  return {
    result,
    passes: (name: string, one: Case) => test(`passes: ${name}`, () => expects(one, null)),
    denies: (name: string, code: DenialCode, one: Case) => test(`denies: ${name}`, () => expects(one, code)),
    confirms: (name: string, code: DenialCode, one: Case) =>
      test(`confirms: ${name}`, () => expects(one, { confirm: code })),
    /** The smallest step over a limit: `inside` passes (or, with `softer`, asks for a confirmation), `outside` does not. */
    boundary: (
      name: string,
      expected: Expected,
      { inside, outside, softer = null }: { inside: Case; outside: Case; softer?: Expected | null },
    ) =>
      test(`boundary: ${name}`, () => {
        expects(inside, softer);
        expects(outside, expected);
        expect(softer).not.toEqual(expected);
      }),
    /** A fact that is not there, is unusable, or is about something else: always a denial, never a confirmation. */
    missingDenies: (name: string, code: DenialCode, { finds = { value: null, headroom: null }, ...one }: MissingCase) =>
      test(`missing: ${name}`, () => {
        expect(one.facts ?? {}, "a missing fact is a change of the facts").not.toEqual({});
        expects({ ...one, finds }, code);
      }),
    /** A few hundred random cases; `holds` says what must be true of each. Passes and refusals must both come up. */
    property: <T>(
      name: string,
      cases: fc.Arbitrary<T>,
      {
        make,
        holds,
        runs = 200,
      }: { make: (drawn: T) => Change; holds: (found: RuleResult, drawn: T) => boolean; runs?: number },
    ) =>
      test(`property: ${name}`, () => {
        const seen = new Set<string>();
        const property = fc.property(cases, (drawn) => {
          const found = result(make(drawn));
          seen.add(found.outcome === "pass" ? "pass" : "refused");
          return holds(found, drawn);
        });
        fc.assert(property, { numRuns: runs, seed: 6 });
        expect([...seen].sort(), "the cases are one-sided").toEqual(["pass", "refused"]);
      }),
  };
}

function expectNumbers(found: RuleResult, base: RuleBase, { says = "", ...numbers }: Found): void {
  const { limit, value, headroom, unit, message } = found;
  const shown = { limit: base.finds.limit, ...numbers, unit: base.unit };
  expect({ limit, value, headroom, unit }, message).toEqual(shown);
  expect(message).toContain(says);
}

function judged(rule: Rule, base: RuleBase, one: Change): RuleResult {
  const terms = { ...termsWith(base.terms ?? TERMS, one.terms), ...one.unparsed } as OrderTerms;
  const read = new Set<string>();
  const facts = watched({ ...(base.facts ?? FACTS), ...one.facts }, read);
  const found = resultOf(rule, {
    terms,
    facts,
    policy: { ...POLICY, ...one.policy },
    limits: limitsWith(rule, { ...base.limits, ...one.limits }),
  });
  // A code that the rule does not name is not in its documentation.
  if (found.code !== null) expect([...rule.codes, "FACT_INVALID"]).toContain(found.code);
  if (found.outcome === "deny") expect(found.headroom ?? "-", "a denial has nothing left").toMatch(/^-|^0$/);
  expect(found.rule).toMatch(/^[a-z]\w+$/);
  expectReads(rule, read, base.walksOverFacts === true);
  return found;
}

/** A field that is undefined in the change is not there. */
function termsWith(base: OrderTerms, change: object | undefined): OrderTerms {
  if (change === undefined) return base;
  const fields = Object.entries({ ...base, ...change }).filter(([, value]) => value !== undefined);
  return OrderTerms.parse(Object.fromEntries(fields));
}

function limitsWith(rule: Rule, changed: object): unknown {
  const limits = POLICY.rules[rule.name] ?? null;
  if (Object.keys(changed).length === 0) return limits;
  return blockSchema(rule)?.parse({ ...(limits as object), ...changed });
}
