import type { OrderTerms } from "@countersign/contracts/order";
import type { Verdict } from "@countersign/contracts/verdict";
import { compare, decimal } from "@countersign/money/decimal";
import type { Twin } from "../counters/siblings.ts";
import { type Facts, missing } from "../facts/fact.ts";
import { limitsOf } from "../judge.ts";
import type { PolicyInForce } from "../policy.ts";
import { confirmations } from "../rules/confirmations.ts";
import { RULES } from "../rules/registry.ts";
import { type Rule, resultOf } from "../rules/rule.ts";

/** Says of other terms whether the same rules would let them pass, by the same facts. */
export interface Probe {
  readonly passes: (terms: OrderTerms) => boolean;
  /** The rules that deny these terms. */
  readonly denying: (terms: OrderTerms) => readonly string[];
  /** Whether rules were left out because the broker's what-if is known for the asked order only. */
  readonly subjectToWhatIf: boolean;
}

/** The orders like one with these terms. A twin has the same quantity, so each quantity has its own. */
export type TwinsOf = (terms: OrderTerms) => readonly Twin[];

interface Denied {
  readonly inForce: PolicyInForce;
  readonly verdict: Verdict;
  readonly twinsOf: TwinsOf;
}

/**
 * The rules that denied come first, because they are likely to deny again. What the what-if says counts for nothing: it was
 * asked for another order, and scaling it would be a guess. A rule that needs it is left out; one that looks at every fact
 * looks at the others. What the proposer said it is worth is of another order too.
 */
export function probeOf(asked: OrderTerms, { claim: _, ...facts }: Facts, denied: Denied): Probe {
  const { inForce, verdict, twinsOf } = denied;
  const known: Facts = { ...facts, whatIf: missing("it was asked for another order") };
  const failed = new Set(verdict.rules.flatMap(({ rule, outcome }) => (outcome === "deny" ? [rule] : [])));
  const judged = RULES.filter(({ codes }) => !codes.includes("WHAT_IF_MISSING"));
  const rules = [...judged.filter(({ name }) => failed.has(name)), ...judged.filter(({ name }) => !failed.has(name))];
  const { policy } = inForce;
  const factsFor = (terms: OrderTerms): Facts => {
    const { siblings } = known;
    if (siblings.state === "missing" || compare(decimal(terms.quantity), decimal(asked.quantity)) === 0) return known;
    return { ...known, siblings: { ...siblings, value: { ...siblings.value, twins: twinsOf(terms) } } };
  };
  const judging = (terms: OrderTerms) => {
    const facts = factsFor(terms);
    const limits = limitsOf(terms, facts, inForce);
    return (rule: Rule) => resultOf(rule, { terms, facts, policy, limits: limits[rule.name] ?? null });
  };
  return {
    passes: (terms) => {
      const judge = judging(terms);
      const results = [];
      for (const rule of rules) {
        const result = judge(rule);
        if (result.outcome === "deny") return false;
        results.push(result);
      }
      return confirmations(results).outcome !== "deny";
    },
    denying: (terms) => {
      const results = rules.map(judging(terms));
      return [...results, confirmations(results)].flatMap(({ rule, outcome }) => (outcome === "deny" ? [rule] : []));
    },
    subjectToWhatIf: judged.length < RULES.length,
  };
}
