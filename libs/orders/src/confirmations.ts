import { type Denial, denied } from "@countersign/contracts/denial";
import { type ApprovalStatement, CONFIRMATIONS_MAX } from "@countersign/contracts/order";
import type { RuleResult, Verdict } from "@countersign/contracts/verdict";
import { add, compare, type Decimal, decimal, multiply, ZERO } from "@countersign/money/decimal";

type Judged = Pick<Verdict, "rules">;

/** The rules whose soft limit the order exceeds, the most severe first: what has used most of its hard limit. */
export function confirmationsOf({ rules }: Judged): RuleResult[] {
  const asking = rules.filter(({ outcome }) => outcome === "confirm");
  return asking.sort((one, other) => bySeverity(shareOf(one), shareOf(other)));
}

/**
 * Why these statements do not confirm what this verdict asks for; undefined: each of them names every rule, or none asks. A
 * standing policy confirms nothing, whatever its statement says.
 */
export function unconfirmed(
  statements: readonly Pick<ApprovalStatement, "by" | "confirmed">[],
  verdict: Judged,
): Denial | undefined {
  const asked = confirmationsOf(verdict).map(({ rule }) => rule);
  if (asked.length === 0) return undefined;
  const said = statements.map(({ by, confirmed = [] }) => (by === "policy" ? [] : confirmed));
  const missing = asked.filter((rule) => said.length === 0 || said.some((names) => !names.includes(rule)));
  if (missing.length === 0 && asked.length <= CONFIRMATIONS_MAX) return undefined;
  const why = missing.length > 0 ? `not confirmed: ${missing.join(", ")}` : "more rules ask than anybody reads";
  return denied("CONFIRMATION_REQUIRED", why, { rules: asked }).denial;
}

interface Share {
  readonly value: Decimal;
  readonly hard: Decimal;
}

/** How much of its hard limit is used: value and headroom together are that limit. undefined: they are no plain numbers. */
function shareOf({ value, headroom }: RuleResult): Share | undefined {
  const [used, left] = [value, headroom].map(numberOf);
  if (used === undefined || left === undefined) return undefined;
  const hard = add(used, left);
  return compare(hard, ZERO) > 0 ? { value: used, hard } : undefined;
}

/** What nobody can measure comes first; of two alike the order of the rules stays. */
function bySeverity(one: Share | undefined, other: Share | undefined): number {
  if (one === undefined || other === undefined) return Number(other === undefined) - Number(one === undefined);
  return compare(multiply(other.value, one.hard), multiply(one.value, other.hard));
}

function numberOf(text: string | null): Decimal | undefined {
  return text !== null && /^-?\d{1,18}(\.\d{1,15})?$/.test(text) ? decimal(text) : undefined;
}
