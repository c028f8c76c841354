import type { DenialCode } from "@countersign/contracts/codes";
import { CurrencyCode, PositiveDecimalText } from "@countersign/contracts/primitives";
import {
  compare,
  type Decimal,
  decimal,
  isNegative,
  roundUp,
  subtract,
  toNumber,
  toText,
  ZERO,
} from "@countersign/money/decimal";
import * as z from "zod";
import type { OrderCounts } from "../counters/counts.ts";
import { notionalBase } from "../facts/exposure.ts";
import { perOrder } from "../facts/per-order.ts";
import { deny, type Finding, pass } from "./finding.ts";
import type { RuleInput } from "./rule.ts";

/** One thing that is counted, with this order, and how much of it there may be. */
export interface Count {
  /** For people: "agent, 1 min". */
  readonly what: string;
  readonly value: Decimal;
  readonly max: Decimal;
}

/** Passes with the count that is nearest to its limit; denies with the first that is beyond. */
export function within(code: DenialCode, counts: readonly Count[], unit: string): Finding {
  const beyond = counts.find(({ value, max }) => compare(value, max) > 0);
  let [nearest, share] = [beyond ?? NONE, 0];
  for (const one of beyond === undefined ? counts : []) {
    const part = used(one);
    if (part >= share) [nearest, share] = [one, part];
  }
  const { what, value, max } = nearest;
  const headroom = toText(subtract(max, value));
  const message = `${what}: ${toText(value)} of ${toText(max)} ${unit}, with this order`;
  if (beyond !== undefined) return deny(code, toText(value), `${message}; wait or ask for less`, headroom);
  return pass(toText(value), message, headroom);
}

const NONE: Count = { what: "nothing", value: ZERO, max: ZERO };
/** Only to choose which count is shown: a number will do. */
const used = ({ value, max }: Count) => toNumber(value) / roughLimit(max);

/** Limits are the same objects with every order. */
const roughLimits = new WeakMap<Decimal, number>();

function roughLimit(max: Decimal): number {
  const known = roughLimits.get(max);
  if (known !== undefined) return known;
  const number = toNumber(max);
  roughLimits.set(max, number);
  return number;
}

/** The counters, or why they cannot be used. */
export function countersOf({ facts, terms }: Pick<RuleInput, "facts" | "terms">): OrderCounts | Finding {
  if (facts.counters.state === "missing") return deny("COUNTERS_UNKNOWN", null, `counters: ${facts.counters.reason}`);
  const { value } = facts.counters;
  const conids = terms.legs?.map(({ conid }) => conid) ?? [terms.conid];
  const same =
    value.instruments.length === conids.length && value.instruments.every(({ conid }, at) => conid === conids[at]);
  return same ? value : deny("COUNTERS_UNKNOWN", null, "the counters are of other instruments");
}

/** What the order adds, in the currency of the limits, rounded up to cents; of a change what it has more than before. */
export function addedNotional(
  { terms, facts }: Pick<RuleInput, "facts" | "terms">,
  currency: string,
  counts: OrderCounts,
): Decimal | Finding {
  if (facts.summary.state === "missing")
    return deny("NOTIONAL_UNKNOWN", null, `base currency: ${facts.summary.reason}`);
  const base = facts.summary.value.baseCurrency;
  if (base !== currency) return deny("NOTIONAL_UNKNOWN", null, `the limit is in ${currency}, the account in ${base}`);
  const notional = roundedNotional(terms, facts);
  if (notional === undefined) return deny("NOTIONAL_UNKNOWN", null, "price, multiplier or rate is not known");
  if (counts.replaced === undefined || counts.replaced === null) return notional;
  const added = subtract(notional, decimal(counts.replaced));
  return isNegative(added) ? ZERO : added;
}

const roundedNotional = perOrder((terms, facts): Decimal | undefined => {
  const notional = notionalBase(terms, facts);
  return notional && roundUp(notional, 2);
});

export function isFinding(found: OrderCounts | Decimal | Finding): found is Finding {
  return "outcome" in found;
}

/** Limits of one scope for notional, with their currency. */
export const notionalTable = z.strictObject({
  minute: PositiveDecimalText,
  hour: PositiveDecimalText,
  day: PositiveDecimalText,
  currency: CurrencyCode,
});
