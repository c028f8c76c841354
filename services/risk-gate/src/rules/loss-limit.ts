import type { DenialCode } from "@countersign/contracts/codes";
import type { AccountMarks } from "@countersign/contracts/control";
import type { OrderTerms } from "@countersign/contracts/order";
import { compare, type Decimal, decimal, subtract, toText, ZERO } from "@countersign/money/decimal";
import type { Facts } from "../facts/fact.ts";
import { hasLost } from "../watch/marks.ts";
import { deny, type Finding, pass } from "./finding.ts";
import { onlyReducesBook } from "./only-reduces-book.ts";
import { percentOf } from "./percent.ts";

export interface LossLimit {
  /** What the loss is measured from, as a message says it. */
  readonly since: string;
  readonly base: (marks: AccountMarks) => string | undefined;
  readonly percentMax: string;
  readonly code: DenialCode;
}

const HUNDRED = decimal("100");

/** A loss that has reached the limit lets through only what makes positions smaller, whatever else fills. */
export function judgeLoss(terms: OrderTerms, facts: Facts, { since, base, percentMax, code }: LossLimit): Finding {
  const { loss, summary } = facts;
  if (loss.state === "missing") return deny("LOSS_UNKNOWN", null, loss.reason);
  if (summary.state === "missing") return deny("LOSS_UNKNOWN", null, `the account's value: ${summary.reason}`);
  const { amount, currency } = summary.value.netLiquidation;
  if (currency !== loss.value.currency) return deny("LOSS_UNKNOWN", null, `the value is in ${currency}`);
  const from = base(loss.value);
  if (from === undefined) return deny("LOSS_UNKNOWN", null, `nothing is known of ${since}`);
  const lost = isNothing(from) || hasLost(from, amount, percentMax);
  const share = lossPercent(from, amount);
  const percent = toText(share);
  const headroom = toText(subtract(decimal(percentMax), share));
  if (!lost) return pass(percent, `${percent} % below ${since}`, headroom);
  if (onlyReducesBook(terms, facts)) return pass(percent, `${percent} % below ${since}; the order only reduces`);
  return deny(code, percent, `${percent} % below ${since}; from ${percentMax} % on only what reduces`, headroom);
}

function isNothing(base: string): boolean {
  return compare(decimal(base), ZERO) <= 0;
}

/** Below zero: a gain. A base of nothing has lost everything. */
function lossPercent(base: string, value: string): Decimal {
  if (isNothing(base)) return HUNDRED;
  const from = decimal(base);
  return percentOf(subtract(from, decimal(value)), from);
}
