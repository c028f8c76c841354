import { add, compare, decimal, isNegative, negate, subtract, toText, ZERO } from "@countersign/money/decimal";
import { budgetsOf } from "./agent-budget.ts";
import { deny, type Finding, pass } from "./finding.ts";
import { onlyReducesBook } from "./only-reduces-book.ts";
import { defineRule } from "./rule.ts";

/** An agent that has lost its budget of the day only makes positions smaller until the next session. */
export const agentLoss = defineRule({
  name: "agentLoss",
  source: "control 14; agents",
  description: "Loss that the agent's own executions have realised in the session, commissions included",
  formula:
    "- sum of realised profit and loss of the agent's executions of the session, in the account's currency by the rates of their orders, each in the session in which it was first heard of, < budgets.loss, or the order only reduces",
  inputs: ["agent", "agentUse", "summary", "book", "working", "instrument", "quote", "rate"],
  unit: "base currency",
  limits: null,
  stricter: null,
  codes: ["AGENT_WITHOUT_PASSPORT", "BUDGET_UNKNOWN", "AGENT_BUDGET_EXCEEDED"],
  limit: (_limits, { passports }) =>
    passports.anyAgent === null ? null : `${passports.anyAgent.budgets.loss} where none is named`,
  judge: (input) => {
    const known = budgetsOf(input);
    if ("outcome" in known) return known;
    const { budgets, use } = known;
    const foreign = use.realised.find(({ currency }) => currency !== budgets.currency);
    if (foreign !== undefined) return unknownIn(foreign.currency, onlyReducesBook(input.terms, input.facts));
    const sum = use.realised.map(({ amount }) => decimal(amount)).reduce(add, ZERO);
    const lost = isNegative(sum) ? negate(sum) : ZERO;
    const headroom = toText(subtract(decimal(budgets.loss), lost));
    if (compare(lost, decimal(budgets.loss)) < 0)
      return pass(toText(lost), `of ${budgets.loss} in this session`, headroom);
    if (onlyReducesBook(input.terms, input.facts))
      return pass(toText(lost), "the budget is used up; the order only reduces");
    return deny(
      "AGENT_BUDGET_EXCEEDED",
      toText(lost),
      `${toText(lost)} of ${budgets.loss} lost; only what reduces until the next session`,
      headroom,
    );
  },
});

/** Whoever must not take more risk may still end what there is. */
function unknownIn(currency: string, onlyReduces: boolean): Finding {
  const message = `a part of it is in ${currency}`;
  return onlyReduces ? pass(null, `${message}; the order only reduces`) : deny("BUDGET_UNKNOWN", null, message);
}
