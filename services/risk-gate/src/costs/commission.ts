import type { PricingPlan } from "@countersign/contracts/costs";
import type { Instrument } from "@countersign/contracts/instrument";
import {
  compare,
  type Decimal,
  decimal,
  divideRoundingUp,
  isZero,
  max,
  min,
  multiply,
} from "@countersign/money/decimal";
import type { Commission, FeeTable, Schedule } from "./fee-table.ts";
import { scheduleOf } from "./schedule.ts";

/** One instrument of an order, at the price at which it is taken to trade. */
export interface Trade {
  readonly instrument: Instrument;
  readonly quantity: Decimal;
  /** Of one unit. */
  readonly price: Decimal;
  /** Price x quantity x multiplier; never negative. */
  readonly value: Decimal;
}

/** What a trade is billed by. */
export interface Billing {
  readonly table: FeeTable;
  /** null: the policy names none for the account. */
  readonly plan: PricingPlan | null;
  /** Units of the account's base currency for one of the instrument's; null: not known. */
  readonly rate: string | null;
  readonly baseCurrency: string | null;
}

export type Found<T> = { readonly value: T } | { readonly missing: string };

/** The schedule of a trade, or why there is none. */
export function billedBy({ instrument }: Trade, { table, plan }: Billing): Found<Schedule> {
  if (plan === null) return { missing: "the policy does not say by which plan the account is billed" };
  const { secType, currency, exchange, primaryExchange } = instrument;
  const found = scheduleOf(table, instrument, plan);
  if (found !== undefined) return { value: found };
  const place = primaryExchange || exchange;
  const where = place === "" ? "" : ` on ${place}`;
  return { missing: `the table of fees has no ${plan} schedule for ${secType} in ${currency}${where}` };
}

/**
 * The broker's own commission, in the currency of the instrument. IBKR bills at least the minimum, and of what costs
 * little no more than its share of the value, also where that is less than the minimum.
 */
export function commissionOf(trade: Trade, schedule: Schedule, billing: Billing): Found<Decimal> {
  const { commission } = schedule;
  const own = perUse(commission, trade);
  const bounds = inOwnCurrency(commission, trade, billing);
  if ("missing" in bounds) return bounds;
  const { least, most } = bounds.value;
  let due = least === undefined ? own : max(own, least);
  if (most !== undefined) due = min(due, most);
  const { maxShareOfValue } = commission;
  if (maxShareOfValue !== undefined) due = min(due, multiply(trade.value, decimal(maxShareOfValue)));
  return { value: due };
}

function perUse({ perUnit, perValue, byPremium }: Commission, { quantity, price, value }: Trade): Decimal {
  if (perUnit !== undefined) return multiply(decimal(perUnit), quantity);
  if (perValue !== undefined) return multiply(decimal(perValue), value);
  const band = byPremium?.find(({ below }) => below === null || compare(price, decimal(below)) < 0);
  if (band === undefined) throw new TypeError("a commission without a rate");
  return multiply(decimal(band.perUnit), quantity);
}

type Bounds = { least: Decimal | undefined; most: Decimal | undefined };

/** The bounds of a schedule are in its own currency; only the base currency of the account can be converted here. */
function inOwnCurrency(commission: Commission, { instrument }: Trade, billing: Billing): Found<Bounds> {
  const { min: least, max: most, currency = instrument.currency } = commission;
  const read = (text: string | undefined) => (text === undefined ? undefined : decimal(text));
  if (currency === instrument.currency) return { value: { least: read(least), most: read(most) } };
  const { rate, baseCurrency } = billing;
  if (rate === null || baseCurrency !== currency || isZero(decimal(rate)))
    return { missing: `the minimum is in ${currency}, and no rate from ${instrument.currency} is known` };
  const convert = (text: string | undefined) =>
    text === undefined ? undefined : divideRoundingUp(decimal(text), decimal(rate), 8);
  return { value: { least: convert(least), most: convert(most) } };
}
