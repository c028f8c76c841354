import { canonicalJson } from "@countersign/ids/hash";
import { PATIENCE_MS } from "@countersign/testing/patience";
import { beforeAll, describe, expect, test } from "vitest";
import { type Facts, missing } from "./facts/fact.ts";
import { judge, reasonsOf } from "./judge.ts";
import { RULES } from "./rules/registry.ts";
import { type Ablation, ablations, WAYS, withNumber } from "./testing/ablation.ts";
import { EXCUSED } from "./testing/ablation-excused.ts";
import { ABLATION_BASES, type AblationBase, FULL_FACTS } from "./testing/ablation-facts.ts";

/** Thousands of verdicts, on whatever machine. */
const SETUP_MS = 10 * PATIENCE_MS;

type Judged = Ablation & { readonly base: AblationBase; readonly codes: readonly (string | null)[] };
const excuseFor = ({ path, how }: Ablation) =>
  EXCUSED.find((one) => one.path.test(path) && (one.how === "all" || one.how.includes(how)));
const deniedBy = ({ terms, inForce }: AblationBase, facts: Ablation["facts"]) => {
  const { outcome, rules } = judge(terms, facts, inForce);
  expect(rules).toHaveLength(RULES.length + 1);
  const codes = rules.filter((rule) => rule.outcome === "deny").map(({ code }) => code);
  expect(outcome === "deny").toBe(codes.length > 0);
  expect(codes).not.toContain(null);
  return codes;
};
const factOf = ({ path }: Ablation) => path.split(".")[0] ?? path;
/** Each judged once: the two lists are about the same verdicts. */
let judged: Judged[] = [];
beforeAll(() => {
  judged = ABLATION_BASES.flatMap((base) =>
    ablations(base.facts)
      .filter((one) => base.reads(factOf(one)))
      .map((one) => ({ ...one, base, codes: deniedBy(base, one.facts) })),
  );
}, SETUP_MS);

test.each(ABLATION_BASES)("the facts to start from let $name pass, and none of them is missing", (base) => {
  const verdict = judge(base.terms, base.facts, base.inForce);
  expect(verdict.rules.filter(({ outcome }) => outcome !== "pass")).toEqual([]);
});

describe("ablation: every fact, and every number, currency, time and instrument in one, made useless in turn", () => {
  test("denies with a code, unless the list says why it does not matter", () => {
    const passed = judged.filter((one) => one.codes.length === 0 && excuseFor(one) === undefined);
    expect(passed.map(({ path, how }) => `${path}: ${how}`)).toEqual([]);
  });
  test("every excuse is needed", () => {
    const needed = new Set(judged.filter(({ codes }) => codes.length === 0).map(excuseFor));
    expect(EXCUSED.filter((one) => !needed.has(one)).map(({ path }) => String(path))).toEqual([]);
  });
  test("every fact is among the cases, missing and stale", () => {
    expect(judged.length).toBeGreaterThan(2_000);
    const names = Object.keys(FULL_FACTS).filter((name) => !["mode", "agent", "at"].includes(name));
    for (const how of ["missing", "stale"] as const) {
      const whole = judged.filter((one) => one.how === how && !one.path.includes(".")).map(({ path }) => path);
      expect(whole.toSorted()).toEqual(names.toSorted());
    }
  });
  test("every way to be useless is among the cases", () => {
    expect([...new Set(judged.map(({ how }) => how))].toSorted()).toEqual(WAYS.toSorted());
  });
});

describe("numbers that JSON writes otherwise", () => {
  const { terms, inForce } = ABLATION_BASES[0] as AblationBase;
  /** The same facts with this number in every place of one, where a number stands, in turn. */
  const withEach = (number: number) =>
    Object.entries(FULL_FACTS).flatMap(([name, fact]: [string, Facts[keyof Facts]]) => {
      if (typeof fact !== "object" || !("state" in fact) || fact.state !== "known") return [];
      return withNumber(fact.value, number).map((value) => ({ ...FULL_FACTS, [name]: { ...fact, value } }) as Facts);
    });
  test("-0 is written 0, and is judged as 0: the record gives the same bytes", () => {
    const verdicts = (number: number) => withEach(number).map((facts) => canonicalJson(judge(terms, facts, inForce)));
    expect(verdicts(-0).length).toBeGreaterThan(50);
    expect(verdicts(-0)).toEqual(verdicts(0));
  });
  test("NaN in a quote -> judged as if there were no quote, and the reason names the place", () => {
    const [facts] = withEach(Number.NaN).filter(({ quote }) => quote !== FULL_FACTS.quote);
    const missed = missing("no record can hold its value: $.conid is not a finite number");
    const verdict = judge(terms, facts as Facts, inForce);
    expect(verdict).toEqual(judge(terms, { ...FULL_FACTS, quote: missed }, inForce));
    expect(reasonsOf(verdict)).toContain(missed.reason);
  });
  test("NaN in the terms -> thrown: nobody knows what the order is", () => {
    expect(() => judge({ ...terms, quantity: Number.NaN as never }, FULL_FACTS, inForce)).toThrow(TypeError);
  });
});
