import type { OrderTerms } from "@countersign/contracts/order";
import type { CostEstimate, Simulation } from "@countersign/contracts/verdict";
import { add, compare, type Decimal, decimal, max, multiply, toText } from "@countersign/money/decimal";
import { notional } from "../facts/exposure.ts";
import type { Facts } from "../facts/fact.ts";
import { instrumentsOf, partsOf } from "../facts/parts.ts";
import { expectedPrice } from "../facts/prices.ts";
import { VALUE_MAX } from "../facts/too-large.ts";
import { type Billed, bill, type Pricing, sumOf } from "./bill.ts";
import { buyingPowerEffect, cashEffect } from "./cash.ts";
import type { Found } from "./commission.ts";
import { dailyTradingOf } from "./daily-trading.ts";
import { exposureEffect, positionEffect, worstCase } from "./effect.ts";
import { impactShare } from "./impact.ts";
import { amountOf, estimated, inBase } from "./money.ts";
import { slippageOf } from "./slippage.ts";

/** The broker's own what-if, marked broker, beside our own estimate, marked estimate. */
export function simulationOf(terms: OrderTerms, facts: Facts, pricing: Pricing): Simulation {
  const whatIf = facts.whatIf.state === "known" ? facts.whatIf.value : { missing: facts.whatIf.reason };
  return { whatIf, estimate: estimateCost(terms, facts, pricing) };
}

/** Our own estimate of what the order costs and what it changes; never mixed with the broker's figures. */
export function estimateCost(terms: OrderTerms, facts: Facts, pricing: Pricing): Simulation["estimate"] {
  const parts = partsOf(terms, facts);
  const found = instrumentsOf(terms, facts);
  if ("reason" in found) return { missing: `instrument: ${found.reason}` };
  for (const { quote } of parts) if (quote.state === "missing") return { missing: `quote: ${quote.reason}` };
  const [first] = found.instruments;
  const expected = expectedPrice(terms, facts);
  const value = notional(terms, facts);
  if (first === undefined || expected === undefined || value === undefined)
    return { missing: "no price on this side of the quote" };
  const { price, basis } = expected;
  // Where the legs of a combination differ in these, the order is denied.
  const { currency, multiplier } = first;
  const rate = facts.rate.state === "known" ? facts.rate.value : null;
  if (isBeyond(value, rate)) return { missing: `it is worth more than ${toText(VALUE_MAX)}, the most to figure with` };
  const billed = bill(terms, facts, { pricing, price, rate });
  const slippage = slippageOf(terms, facts, { price, multiplier, impactShare: shareOf(terms, facts, pricing) });
  const gross = multiply(multiply(price, decimal(terms.quantity)), decimal(multiplier));
  const money = { gross, costs: billed.known, rate };
  const positions = positionEffect(terms, facts);
  const worst = worstCase(terms, facts, { costs: billed.known, currency });
  return {
    source: "estimate",
    asOf: facts.at,
    price: { amount: toText(price), currency },
    priceBasis: basis,
    notional: amountOf(value, currency),
    notionalBase: rate === null ? null : inBase(multiply(value, decimal(rate)), facts),
    fxRate: rate,
    commission: billed.commission,
    ...costs(slippage, billed, currency),
    ...positions,
    ...cashEffect(terms, facts, money),
    ...buyingPowerEffect(terms, facts, money),
    ...exposureEffect(facts, positions, price),
    ...(worst !== undefined && { worst }),
    plan: pricing.plan,
    schedule: billed.schedule,
    feesCheckedOn: pricing.table.checkedOn,
    fees: billed.fees,
  };
}

const ONE = decimal("1");

/** In its own currency or in the account's: no message would hold what is made of it. */
function isBeyond(value: Decimal, rate: string | null): boolean {
  return compare(multiply(value, max(decimal(rate ?? "1"), ONE)), VALUE_MAX) > 0;
}

type Costs = Required<Pick<CostEstimate, "slippage" | "halfSpread" | "impact" | "costs">>;

/** The sum of what is known says whether that is all. */
function costs({ halfSpread, impact }: ReturnType<typeof slippageOf>, billed: Billed, currency: string): Costs {
  const both = sumOf([halfSpread, impact]);
  const whole = [halfSpread, impact].flatMap((one) => ("missing" in one ? [] : [one.value])).reduce(add, billed.known);
  return {
    slippage: estimated(both, currency),
    halfSpread: estimated(halfSpread, currency),
    impact: estimated(impact, currency),
    costs: { known: amountOf(whole, currency), complete: billed.complete && !("missing" in both) },
  };
}

/** Of the one instrument of the order; legs that trade together have no daily volume of their own. */
function shareOf(terms: OrderTerms, facts: Facts, { table }: Pricing): Found<Decimal> {
  const [part] = partsOf(terms, facts);
  if (part === undefined || terms.legs !== undefined)
    return { missing: "a combination has no daily volume of its own" };
  return impactShare(part.quantity, dailyTradingOf(part, facts), table.impact.coefficient);
}
