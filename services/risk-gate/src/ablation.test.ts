import { describe, expect, test } from "vitest";
import { judge } from "./judge.ts";
import { RULES } from "./rules/registry.ts";
import { IN_FORCE, TERMS } from "./test-facts.ts";
import { type Ablation, ablations } from "./testing/ablation.ts";
import { EXCUSED } from "./testing/ablation-excused.ts";
import { FULL_FACTS } from "./testing/ablation-facts.ts";

const cases = ablations(FULL_FACTS);
const excuseFor = ({ path, how }: Ablation) =>
  EXCUSED.find((one) => one.path.test(path) && (one.how === "all" || one.how.includes(how)));
const deniedBy = (found: Ablation) => {
  const { outcome, rules } = judge(TERMS, found.facts, IN_FORCE);
  expect(rules).toHaveLength(RULES.length + 1);
  const codes = rules.filter((rule) => rule.outcome === "deny").map(({ code }) => code);
  expect(outcome === "deny").toBe(codes.length > 0);
  expect(codes).not.toContain(null);
  return codes;
};

test("the facts to start from let the order pass, and none of them is missing", () => {
  const verdict = judge(TERMS, FULL_FACTS, IN_FORCE);
  expect(verdict.rules.filter(({ outcome }) => outcome !== "pass")).toEqual([]);
});

describe("ablation: every fact, and every number, currency, time and instrument in one, made useless in turn", () => {
  test("denies with a code, unless the list says why it does not matter", () => {
    const passed = cases.filter((one) => deniedBy(one).length === 0 && excuseFor(one) === undefined);
    expect(passed.map(({ path, how }) => `${path}: ${how}`)).toEqual([]);
  });
  test("every excuse is needed", () => {
    const needed = new Set(cases.filter((one) => deniedBy(one).length === 0).map(excuseFor));
    expect(EXCUSED.filter((one) => !needed.has(one)).map(({ path }) => String(path))).toEqual([]);
  });
  test("every fact is among the cases, missing and stale", () => {
    expect(cases.length).toBeGreaterThan(150);
    const names = Object.keys(FULL_FACTS).filter((name) => !["mode", "agent", "at"].includes(name));
    for (const how of ["missing", "stale"] as const)
      expect(cases.filter((one) => one.how === how && !one.path.includes(".")).map(({ path }) => path)).toEqual(names);
  });
});
