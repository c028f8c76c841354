import { type Denial, denied } from "@countersign/contracts/denial";
import { type ApprovalStatement, CONFIRMATIONS_MAX } from "@countersign/contracts/order";
import type { RuleResult, Verdict } from "@countersign/contracts/verdict";
import { absolute, compare, type Decimal, decimal, isZero, multiply } from "@countersign/money/decimal";

type Judged = Pick<Verdict, "rules">;

/** The rules whose soft limit the order exceeds, the most severe first: what lies furthest outside its limit, as a part of it. */
export function confirmationsOf({ rules }: Judged): RuleResult[] {
  const asking = rules.filter(({ outcome }) => outcome === "confirm");
  return asking.sort((one, other) => bySeverity(excessOf(one), excessOf(other)));
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

interface Excess {
  readonly beyond: Decimal;
  readonly limit: Decimal;
}

/** undefined: one of the two is no plain number, and nobody can say how severe it is. */
function excessOf({ headroom, limit }: RuleResult): Excess | undefined {
  const [beyond, of] = [headroom, limit].map(numberOf);
  return beyond === undefined || of === undefined || isZero(of) ? undefined : { beyond, limit: of };
}

/** What nobody can measure comes first; of two alike the order of the rules stays. */
function bySeverity(one: Excess | undefined, other: Excess | undefined): number {
  if (one === undefined || other === undefined) return Number(other === undefined) - Number(one === undefined);
  return compare(multiply(other.beyond, one.limit), multiply(one.beyond, other.limit));
}

function numberOf(text: string | null): Decimal | undefined {
  return text !== null && /^-?\d{1,18}(\.\d{1,15})?$/.test(text) ? absolute(decimal(text)) : undefined;
}
