import type { DenialCode } from "@countersign/contracts/codes";
import type { OrderTerms } from "@countersign/contracts/order";
import type { RuleResult } from "@countersign/contracts/verdict";
import type { Facts } from "../facts/fact.ts";
import type { RiskPolicy } from "../policy.ts";

export interface RuleInput {
  readonly terms: OrderTerms;
  readonly facts: Facts;
  readonly policy: RiskPolicy;
}

/** One control: a pure function of its input, with the limit that it holds. */
export interface Rule {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  /** The limit as the policy has it; null for a rule without a number. */
  readonly limit: (policy: RiskPolicy) => string | null;
  readonly judge: (input: RuleInput) => Finding;
}

/** What a rule found; who reads it adds the rule's name, unit and limit. */
export type Finding =
  | {
      readonly outcome: "pass";
      readonly value: string | null;
      readonly headroom?: string | null;
      readonly message: string;
    }
  | {
      readonly outcome: "deny";
      readonly code: DenialCode;
      readonly value: string | null;
      readonly headroom?: string | null;
      readonly message: string;
    };

export function pass(value: string | null, message: string, headroom: string | null = null): Finding {
  return { outcome: "pass", value, headroom, message };
}

export function deny(code: DenialCode, value: string | null, message: string, headroom: string | null = null): Finding {
  return { outcome: "deny", code, value, headroom, message };
}

export function resultOf(rule: Rule, input: RuleInput): RuleResult {
  const finding = rule.judge(input);
  return {
    rule: rule.name,
    outcome: finding.outcome,
    code: finding.outcome === "deny" ? finding.code : null,
    limit: cut(rule.limit(input.policy)),
    value: cut(finding.value),
    headroom: cut(finding.headroom ?? null),
    unit: rule.unit,
    message: finding.message.slice(0, 500),
  };
}

const cut = (text: string | null) => (text === null ? null : text.slice(0, 200));
