import type { EstimatedAmount, WorstCase } from "@countersign/contracts/costs";
import type { OrderTerms } from "@countersign/contracts/order";
import type { CostEstimate } from "@countersign/contracts/verdict";
import {
  absolute,
  add,
  type Decimal,
  decimal,
  multiply,
  negate,
  subtract,
  toText,
  ZERO,
} from "@countersign/money/decimal";
import { leftOf, positionOf, workingSameSide } from "../facts/exposure.ts";
import type { Facts } from "../facts/fact.ts";
import { partsOf } from "../facts/parts.ts";
import { limitOf, worstPrice } from "../facts/prices.ts";
import { paidShare } from "./cash.ts";
import { inBaseOrMissing } from "./money.ts";

type PositionEffect = Pick<CostEstimate, "positionBefore" | "positionAfter" | "legs">;

/** The positions in what the order trades, before it and when all of it is filled. */
export function positionEffect(terms: OrderTerms, facts: Facts): PositionEffect {
  const effects = partsOf(terms, facts).map((part) => {
    const before = positionOf(part, facts);
    if (before === undefined) return { conid: part.conid, positionBefore: null, positionAfter: null };
    const after = add(before, part.side === "BUY" ? part.quantity : negate(part.quantity));
    return { conid: part.conid, positionBefore: toText(before), positionAfter: toText(after) };
  });
  const none = { positionBefore: null, positionAfter: null };
  if (terms.legs !== undefined) return { ...none, legs: effects };
  const { positionBefore, positionAfter } = effects[0] ?? none;
  return { positionBefore, positionAfter };
}

/** What the broker's gross position value adds up. */
const IN_GROSS: readonly string[] = ["STK", "OPT"];

type ExposureEffect = Required<Pick<CostEstimate, "exposureBefore" | "exposureAfter" | "grossBefore" | "grossAfter">>;

/** Of the position at this price, and of all positions as the broker sums them. */
export function exposureEffect(
  facts: Facts,
  { positionBefore, positionAfter }: PositionEffect,
  price: Decimal,
): ExposureEffect {
  const unit = unitValue(facts, price);
  const why = { missing: typeof unit === "string" ? unit : "positions are not known" };
  const { summary, instrument } = facts;
  const gross = summary.state === "known" ? decimal(summary.value.grossPositionValue.amount) : undefined;
  const grossBefore = gross === undefined ? { missing: "the account is not known" } : inBaseOrMissing(gross, facts);
  if (typeof unit === "string" || positionBefore === null || positionAfter === null)
    return { exposureBefore: why, exposureAfter: why, grossBefore, grossAfter: why };
  const exposure = (position: string) => multiply(absolute(decimal(position)), unit);
  const [before, after] = [exposure(positionBefore), exposure(positionAfter)];
  const summed = instrument.state === "known" && IN_GROSS.includes(instrument.value.secType);
  const grossAfter: EstimatedAmount =
    gross === undefined
      ? grossBefore
      : summed
        ? inBaseOrMissing(add(gross, subtract(after, before)), facts)
        : { missing: "the broker does not count instruments of this kind into it" };
  return {
    exposureBefore: inBaseOrMissing(before, facts),
    exposureAfter: inBaseOrMissing(after, facts),
    grossBefore,
    grossAfter,
  };
}

/** Of one unit in the base currency, or why not. */
function unitValue({ rate, instrument, legs }: Facts, price: Decimal): Decimal | string {
  if (legs !== undefined) return "a combination has no position of its own";
  if (rate.state === "missing") return `exchange rate: ${rate.reason}`;
  if (instrument.state === "missing") return `instrument: ${instrument.reason}`;
  return multiply(multiply(absolute(price), decimal(instrument.value.multiplier)), decimal(rate.value));
}

/** Everything that works on this side of the instrument, and this order, filled at the worst price that bounds it. */
export function worstCase(
  terms: OrderTerms,
  facts: Facts,
  money: { costs: Decimal; currency: string },
): WorstCase | undefined {
  const price = worstPrice(terms, facts);
  if (price === undefined) return undefined;
  const position = terms.legs === undefined ? worstPosition(terms, facts) : undefined;
  const unit = unitValue(facts, price);
  const exposure: EstimatedAmount =
    typeof unit === "string"
      ? { missing: unit }
      : position === undefined
        ? { missing: "positions or open orders are not known" }
        : inBaseOrMissing(multiply(absolute(position), unit), facts);
  const cash = worstCash(terms, facts, money.costs);
  return {
    price: { amount: toText(price), currency: money.currency },
    position: position === undefined ? null : toText(position),
    exposure,
    cash: typeof cash === "string" ? { missing: cash } : inBaseOrMissing(cash, facts),
  };
}

function worstPosition(terms: OrderTerms, facts: Facts): Decimal | undefined {
  const [part] = partsOf(terms, facts);
  if (part === undefined) return undefined;
  const [before, working] = [positionOf(part, facts), workingSameSide(part, facts)];
  if (before === undefined || working === undefined) return undefined;
  const units = add(leftOf(part, facts), working);
  return add(before, part.side === "BUY" ? units : negate(units));
}

/** Of this order alone: at its limit. What other orders cost stands in their own estimates. */
function worstCash(terms: OrderTerms, facts: Facts, costs: Decimal): Decimal | string {
  const { summary, rate } = facts;
  if (summary.state === "missing") return `account: ${summary.reason}`;
  if (rate.state === "missing") return `exchange rate: ${rate.reason}`;
  const parts = partsOf(terms, facts);
  const share = paidShare(parts);
  const [instrument] = parts.flatMap((part) => (part.instrument.state === "known" ? [part.instrument.value] : []));
  if (share === undefined || instrument === undefined) return "its legs are not paid for alike";
  const limit = limitOf(terms, facts);
  if (limit === undefined && share === 1) return "nothing bounds the price of this order";
  const gross = multiply(multiply(limit ?? ZERO, decimal(terms.quantity)), decimal(instrument.multiplier));
  const paid = share === 1 ? gross : ZERO;
  const flow = subtract(terms.side === "BUY" ? negate(paid) : paid, costs);
  return add(decimal(summary.value.totalCash.amount), multiply(flow, decimal(rate.value)));
}
