import type { OrderTerms } from "@countersign/contracts/order";
import type { Verdict } from "@countersign/contracts/verdict";
import { allCarried } from "./facts/carried.ts";
import type { Facts } from "./facts/fact.ts";
import { partsOf } from "./facts/parts.ts";
import { inputsHash } from "./inputs.ts";
import { limitsFor, type OrderScope } from "./policy/overrides.ts";
import type { PolicyInForce } from "./policy.ts";
import { confirmations } from "./rules/confirmations.ts";
import { RULES } from "./rules/registry.ts";
import { type Rule, resultOf } from "./rules/rule.ts";

/** Judges terms by facts and policy. Pure: the same three give the same bytes, today and in ten years. */
export function judge(
  terms: OrderTerms,
  given: Facts,
  inForce: PolicyInForce,
  rules: readonly Rule[] = RULES,
): Verdict {
  const { policy } = inForce;
  const { facts, hash } = named(terms, given);
  const limits = limitsOf(terms, facts, inForce);
  const found = rules.map((rule) => resultOf(rule, { terms, facts, policy, limits: limits[rule.name] ?? null }));
  const results = [...found, confirmations(found)];
  return {
    type: "countersign.verdict/2",
    outcome: results.some((result) => result.outcome === "deny") ? "deny" : "pass",
    rules: results,
    policyHash: inForce.hash,
    inputsHash: hash,
    judgedAt: facts.at,
  };
}

/** What is judged by, and its hash: a fact that has none is missing. Nearly always there is no such fact, and no copy is made. */
function named(terms: OrderTerms, facts: Facts): { facts: Facts; hash: string } {
  try {
    return { facts, hash: inputsHash(terms, facts) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Terms without a hash throw once more: there is no order to deny.
    const rest = allCarried(facts);
    return { facts: rest, hash: inputsHash(terms, rest) };
  }
}

/** The limits of every rule for this order: those of the policy, and what its overrides make stricter. */
export function limitsOf(
  terms: OrderTerms,
  facts: Facts,
  { policy }: PolicyInForce,
): Readonly<Record<string, unknown>> {
  return limitsFor(policy, () => scopeOf(terms, facts));
}

function scopeOf(terms: OrderTerms, facts: Facts): OrderScope {
  const parts = partsOf(terms, facts);
  return {
    mode: facts.mode,
    account: terms.account,
    agent: facts.agent,
    conids: parts.map(({ conid }) => conid),
    secTypes: parts.flatMap(({ instrument }) => (instrument.state === "known" ? [instrument.value.secType] : [])),
  };
}

/** The failing rules in one line, for a log, a denial or a person. */
export function reasonsOf(verdict: Verdict): string {
  const failed = verdict.rules.filter((rule) => rule.outcome === "deny");
  return failed.map((rule) => `${rule.code} (${rule.message})`).join("; ");
}
