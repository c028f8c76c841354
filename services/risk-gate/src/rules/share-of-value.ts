import type { DenialCode } from "@countersign/contracts/codes";
import { compare, type Decimal, decimal, isNegative, isZero, subtract, toText } from "@countersign/money/decimal";
import type { Change } from "../facts/book/exposures.ts";
import type { Facts } from "../facts/fact.ts";
import { deny, type Finding, pass } from "./finding.ts";
import { againstPercent } from "./percent.ts";

/** Net liquidation in this currency and above zero, or why there is none to compare with. */
export function accountValue({ summary }: Facts, currency: string): Decimal | { readonly missing: string } {
  if (summary.state === "missing") return { missing: `the account's value: ${summary.reason}` };
  const { netLiquidation } = summary.value;
  if (netLiquidation.currency !== currency) return { missing: `the account's value is in ${netLiquidation.currency}` };
  const value = decimal(netLiquidation.amount);
  if (isZero(value) || isNegative(value)) return { missing: `the account is worth ${netLiquidation.amount}` };
  return value;
}

export interface Share {
  /** What it is a share of the account's value of, as a message begins. */
  readonly what: string;
  readonly change: Change;
  readonly percentMax: string;
  readonly value: Decimal;
  readonly code: DenialCode;
}

/** Above the limit, and more than before: what makes an account that is beyond a limit no worse is not held up by it. A new position behind one that is turned is worse. */
export function judgeShare({ what, change, percentMax, value, code }: Share): Finding {
  const { share, exceeds } = againstPercent(change.after, value, percentMax);
  const percent = toText(share);
  const headroom = toText(subtract(decimal(percentMax), share));
  if (!exceeds) return pass(percent, `${what} would be ${percent} % of the account's value`, headroom);
  if (compare(change.after, change.before) <= 0 && change.grows !== true)
    return pass(percent, `${what} is above the limit, and gets no larger`);
  return deny(code, percent, `${what} would be ${percent} % of the account's value; at most ${percentMax} %`, headroom);
}

/** Of several findings the denial, else what asks for a confirmation, else the one with the least room. */
export function tightest(findings: readonly [Finding, ...Finding[]]): Finding;
export function tightest(findings: readonly Finding[]): Finding | undefined;
export function tightest(findings: readonly Finding[]): Finding | undefined {
  if (findings.length === 1) return findings[0];
  const of = (wanted: Finding["outcome"]) => findings.find(({ outcome }) => outcome === wanted);
  const room = (finding: Finding) => decimal(finding.headroom ?? "0");
  return of("deny") ?? of("confirm") ?? findings.toSorted((a, b) => compare(room(a), room(b)))[0];
}
