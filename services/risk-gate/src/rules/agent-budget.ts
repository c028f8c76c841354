import { add, compare, type Decimal, decimal, isNegative, roundUp, subtract, toText } from "@countersign/money/decimal";
import type { SessionCounts } from "../counters/counts.ts";
import type { AgentUse } from "../facts/agent-use.ts";
import { notionalBase } from "../facts/exposure.ts";
import { deny, type Finding, pass } from "./finding.ts";
import { type Passport, passportOf } from "./passports.ts";
import { defineRule, type Rule, type RuleInput } from "./rule.ts";

export type Budgets = Passport["budgets"];

interface BudgetRule {
  readonly name: string;
  readonly description: string;
  readonly formula: string;
  readonly unit: string;
  readonly budget: (budgets: Budgets) => string;
  /** What it was before the order; null: not known. */
  readonly used: (input: RuleInput, use: AgentUse) => string | null;
  /** What the order adds; undefined: it cannot be said. */
  readonly adds: (input: RuleInput, use: AgentUse) => Decimal | undefined;
}

/** One budget of the agent's passport: what was used before and this order together are within it. */
export function budgetRule({ budget, used, adds, ...named }: BudgetRule): Rule {
  return defineRule({
    ...named,
    source: "agents",
    inputs: ["agent", "agentUse", "counters", "summary", "quote", "instrument", "rate"],
    limits: null,
    stricter: null,
    codes: ["AGENT_WITHOUT_PASSPORT", "BUDGET_UNKNOWN", "AGENT_BUDGET_EXCEEDED"],
    limit: (_limits, { passports }) =>
      passports.anyAgent === null ? null : `${budget(passports.anyAgent.budgets)} where none is named`,
    judge: (input) => {
      const known = budgetsOf(input);
      if ("outcome" in known) return known;
      const before = used(input, known.use);
      const more = adds(input, known.use);
      if (before === null || more === undefined)
        return deny("BUDGET_UNKNOWN", null, "what it uses, or used before, is not known");
      if (isNegative(decimal(before))) return deny("BUDGET_UNKNOWN", null, `used before: ${before}`);
      const [limit, value] = [decimal(budget(known.budgets)), add(decimal(before), more)];
      const headroom = toText(subtract(limit, value));
      const message = `${before} of ${toText(limit)} used before, ${toText(more)} with this order`;
      return compare(value, limit) > 0
        ? deny("AGENT_BUDGET_EXCEEDED", toText(value), message, headroom)
        : pass(toText(value), message, headroom);
    },
  });
}

/** The agent's budgets and what it has used, in one currency; or why they cannot be held against each other. */
export function budgetsOf({
  facts,
  policy,
}: Pick<RuleInput, "facts" | "policy">): { budgets: Budgets; use: AgentUse } | Finding {
  const passport = passportOf(policy, facts);
  if (passport === undefined) return deny("AGENT_WITHOUT_PASSPORT", null, `${facts.agent} has none`);
  const { budgets } = passport;
  if (facts.agentUse.state === "missing") return deny("BUDGET_UNKNOWN", null, facts.agentUse.reason);
  if (facts.summary.state === "missing") return deny("BUDGET_UNKNOWN", null, `base currency: ${facts.summary.reason}`);
  const { baseCurrency } = facts.summary.value;
  if (baseCurrency !== budgets.currency)
    return deny("BUDGET_UNKNOWN", null, `the budgets are in ${budgets.currency}, the account in ${baseCurrency}`);
  return { budgets, use: facts.agentUse.value };
}

/** What the agent has sent in this session; null: not known. */
export function sessionOf({ facts }: RuleInput): SessionCounts | null {
  return facts.counters.state === "known" ? facts.counters.value.agent.session : null;
}

/** In the account's base currency, rounded up to cents. */
export function addedNotional({ terms, facts }: RuleInput): Decimal | undefined {
  const notional = notionalBase(terms, facts);
  return notional === undefined ? undefined : roundUp(notional, 2);
}
