import type { UsedEntry } from "@countersign/contracts/facts/policy-facts.v1";
import { add, compare, type Decimal, decimal, subtract, toText, ZERO } from "@countersign/money/decimal";
import { type Finding, fail, holds, missing, type WithPolicy, withPolicy } from "../check.ts";
import { repeatsOf, usedInDay } from "../ledger.ts";

/** How much it may be, by itself and together with what was approved before. */

/** In the currency of the policy; or why it is not known. */
export function notionalOf({ policy, facts }: Pick<WithPolicy, "policy" | "facts">): Decimal | { missing: string } {
  if (facts.baseCurrency.state === "missing") return { missing: facts.baseCurrency.reason };
  const base = facts.baseCurrency.value;
  if (base !== policy.baseCurrency)
    return { missing: `the account is in ${base}, the policy in ${policy.baseCurrency}` };
  if (facts.notional.state === "missing") return { missing: facts.notional.reason };
  const notional = decimal(facts.notional.value);
  return compare(notional, ZERO) > 0 ? notional : { missing: `a notional of ${facts.notional.value}` };
}

function atMost(sum: Decimal, limit: string, what: string): Finding {
  const numbers = { value: toText(sum), limit };
  return compare(sum, decimal(limit)) <= 0
    ? holds(`${what} is small enough`, numbers)
    : fail(`${what} is too much`, numbers);
}

export const orderNotional = withPolicy("orderNotional", (input) => {
  const notional = notionalOf(input);
  if ("missing" in notional) return missing(notional.missing);
  return atMost(notional, input.policy.limits.orderNotionalMax, "the order");
});

/** Whatever was approved before counts, however it ended, and whichever policy approved it. */
function daySum(input: WithPolicy, counts: (use: UsedEntry) => boolean): Decimal | { missing: string } {
  const notional = notionalOf(input);
  if ("missing" in notional) return notional;
  const uses = usedInDay(input.ledger.uses, input.nowMs).filter(({ mode }) => mode === input.ledger.mode);
  const counted = uses.filter(counts);
  const foreign = counted.find((use) => use.notional.currency !== input.policy.baseCurrency);
  if (foreign !== undefined) return { missing: `what was approved before is in ${foreign.notional.currency}` };
  return counted.reduce((sum, use) => add(sum, decimal(use.notional.amount)), notional);
}

export const dayNotionalAgent = withPolicy("dayNotionalAgent", (input) => {
  const sum = daySum(input, ({ agent }) => agent === input.ticket.agent);
  if ("missing" in sum) return missing(sum.missing);
  return atMost(sum, input.policy.limits.dayNotionalMax.agent, "the sum of 24 hours");
});

export const dayNotionalAccount = withPolicy("dayNotionalAccount", (input) => {
  const sum = daySum(input, ({ account }) => account === input.ticket.terms.account);
  if ("missing" in sum) return missing(sum.missing);
  return atMost(sum, input.policy.limits.dayNotionalMax.account, "the sum of 24 hours");
});

export const repeats = withPolicy("repeats", ({ ledger, ticket, throttle, nowMs }) => {
  const { conid, side } = ticket.terms;
  if (conid === undefined || ledger.mode === "off") return missing("not an order by itself, or it is off");
  const same = { agent: ticket.agent, conid, side, mode: ledger.mode };
  const count = repeatsOf(ledger, same, nowMs - throttle.windowSeconds * 1_000).length;
  const numbers = { value: String(count + 1), limit: `${throttle.max} in ${throttle.windowSeconds} s` };
  return count < throttle.max ? holds("not too often", numbers) : fail("too often", numbers);
});

/** The order with all that works on its side, as a change of the position. */
export function positionAfter({
  facts,
  ticket,
  approvedUnsent,
}: WithPolicy): { before: Decimal; after: Decimal; reduces: boolean; unitValue: Decimal } | { missing: string } {
  if (facts.position.state === "missing") return { missing: facts.position.reason };
  const { before, working, unitValue } = facts.position.value;
  const change = [working, approvedUnsent, ticket.terms.quantity].map(decimal).reduce(add, ZERO);
  const position = decimal(before);
  const after = ticket.terms.side === "BUY" ? add(position, change) : subtract(position, change);
  const long = compare(position, ZERO) > 0 && ticket.terms.side === "SELL" && compare(after, ZERO) >= 0;
  const short = compare(position, ZERO) < 0 && ticket.terms.side === "BUY" && compare(after, ZERO) <= 0;
  return { before: position, after, reduces: long || short, unitValue: decimal(unitValue) };
}
