import type { RuleResult, Verdict } from "@countersign/contracts/verdict";
import { expect, test } from "vitest";
import { SharedResults } from "./shared-results.ts";

const result = (changes: Partial<RuleResult> = {}): RuleResult => ({
  rule: "orderQuantity",
  outcome: "pass",
  code: null,
  limit: "100",
  value: "10",
  headroom: "90",
  unit: "shares",
  message: "within the limit",
  ...changes,
});

const verdictOf = (...rules: RuleResult[]): Verdict => ({
  type: "countersign.verdict/2",
  outcome: "pass",
  rules,
  policyHash: "0".repeat(64),
  inputsHash: "0".repeat(64),
  judgedAt: "2026-01-05T15:00:00.000Z",
});

test("equal results of two verdicts are one, and say what they said", () => {
  const shared = new SharedResults();
  const [first, second] = [verdictOf(result()), verdictOf(result())];
  shared.share(first);
  shared.share(second);
  expect(second.rules[0]).toBe(first.rules[0]);
  expect(second.rules).toEqual([result()]);
});

test("a result that differs in any field stays itself", () => {
  const changes: Partial<RuleResult>[] = [
    { rule: "orderNotional" },
    { outcome: "confirm" },
    { code: "KILL_SWITCH_HALTED" },
    { limit: "101" },
    { value: null },
    { headroom: null },
    { unit: "lots" },
    { message: "allowed" },
  ];
  expect(changes.map((change) => Object.keys(change)[0]).sort()).toEqual(Object.keys(result()).sort());
  const shared = new SharedResults();
  shared.share(verdictOf(result()));
  const verdict = verdictOf(...changes.map(result));
  shared.share(verdict);
  expect(verdict.rules).toEqual(changes.map(result));
});

test("what was said long ago is forgotten, and what is said then is still true", () => {
  const shared = new SharedResults();
  const [first, last] = [verdictOf(result({ value: "0" })), verdictOf(result({ value: "0" }))];
  shared.share(first);
  for (let value = 1; value <= 16; value += 1) shared.share(verdictOf(result({ value: String(value) })));
  shared.share(last);
  expect(last.rules[0]).not.toBe(first.rules[0]);
  expect(last.rules).toEqual(first.rules);
});
