import type { RuleResult, Verdict } from "@countersign/contracts/verdict";
import { canonicalJson, sha256Hex } from "@countersign/ids/hash";

/** Verdicts never change after they were made; what is not held any more leaves this by itself. */
const HASHES = new WeakMap<Verdict, string>();
/** By rule, what it said last and its canonical JSON: of one order most rules say what they said of the one before. */
const TOLD = new Map<string, { readonly result: RuleResult; readonly text: string }>();
/** Where the results stand in the canonical JSON of a verdict; none of its other fields can hold a quotation mark. */
const PLACE = '"rules":[]';

/** The same as `canonicalHash` of the verdict, made of the canonical JSON of its results. */
export function verdictHash(verdict: Verdict): string {
  const known = HASHES.get(verdict);
  if (known !== undefined) return known;
  const [head, tail, ...others] = canonicalJson({ ...verdict, rules: [] }).split(PLACE);
  if (tail === undefined || others.length > 0) throw new TypeError("a verdict without one place for its results");
  const hash = sha256Hex(`${head}"rules":[${verdict.rules.map(textOf).join()}]${tail}`);
  HASHES.set(verdict, hash);
  return hash;
}

function textOf(result: RuleResult): string {
  const before = TOLD.get(result.rule);
  if (before !== undefined && isSame(before.result, result)) return before.text;
  const told = { result, text: canonicalJson(result) };
  TOLD.set(result.rule, told);
  return told.text;
}

/** Of plain values, whatever they are called. */
function isSame(before: RuleResult, result: RuleResult): boolean {
  let names = 0;
  for (const name in before) {
    const field = name as keyof RuleResult;
    if (before[field] !== result[field]) return false;
    names += 1;
  }
  for (const _ in result) names -= 1;
  return names === 0;
}
