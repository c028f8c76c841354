import { numberOf } from "@countersign/contracts/market-value";
import type { Amount } from "@countersign/contracts/money";
import type { OrderTerms } from "@countersign/contracts/order";
import type { CostEstimate, Simulation } from "@countersign/contracts/verdict";
import {
  add,
  type Decimal,
  decimal,
  divideRoundingHalfEven,
  max,
  min,
  multiply,
  negate,
  roundHalfEven,
  roundUp,
  subtract,
  toText,
} from "@countersign/money/decimal";
import { notional, positionOf } from "./facts/exposure.ts";
import type { Facts } from "./facts/fact.ts";
import { expectedPrice } from "./facts/prices.ts";

/** IBKR fixed pricing for US stocks: 0.005 a share, at least 1.00, at most 1 % of the trade's value. */
const PER_SHARE = decimal("0.005");
const PER_ORDER_MIN = decimal("1");
const SHARE_OF_VALUE_MAX = decimal("0.01");
/** Where the fixed schedule of stocks does not apply: 2 basis points, at least 2.00. */
const OTHER_RATE = decimal("0.0002");
const OTHER_MIN = decimal("2");

/** Our own estimate of what the order costs and what it changes; never mixed with the broker's figures. */
export function estimateCost(terms: OrderTerms, facts: Facts): Simulation["estimate"] {
  if (facts.instrument.state === "missing") return { missing: `instrument: ${facts.instrument.reason}` };
  if (facts.quote.state === "missing") return { missing: `quote: ${facts.quote.reason}` };
  const expected = expectedPrice(terms, facts);
  const value = notional(terms, facts);
  if (expected === undefined || value === undefined) return { missing: "no price on this side of the quote" };
  const { price, basis } = expected;
  const { currency, multiplier, secType } = facts.instrument.value;
  const gross = multiply(multiply(price, decimal(terms.quantity)), decimal(multiplier));
  const fee =
    secType === "STK" ? stockCommission(decimal(terms.quantity), gross) : max(OTHER_MIN, multiply(gross, OTHER_RATE));
  const money = (amount: Decimal): Amount => ({ amount: toText(roundHalfEven(amount, 2)), currency });
  const rate = facts.rate.state === "known" ? facts.rate.value : null;
  return {
    source: "estimate",
    asOf: facts.at,
    price: { amount: toText(price), currency },
    priceBasis: basis,
    notional: money(value),
    notionalBase: rate === null ? null : inBase(multiply(value, decimal(rate)), facts),
    fxRate: rate,
    commission: { amount: toText(roundUp(fee, 2)), currency },
    slippage: money(slippage(terms, facts, price)),
    ...positionEffect(terms, facts),
    ...cashEffect(terms, facts, { gross, fee, rate }),
  };
}

function stockCommission(quantity: Decimal, gross: Decimal): Decimal {
  return min(max(multiply(PER_SHARE, quantity), PER_ORDER_MIN), multiply(gross, SHARE_OF_VALUE_MAX));
}

/** Half the spread for the whole quantity; less, or nothing, for an order that takes a better price. What a market moves after a trigger, nobody knows. */
function slippage(terms: OrderTerms, facts: Facts, price: Decimal): Decimal {
  if (facts.quote.state === "missing" || facts.instrument.state === "missing") return decimal("0");
  const [bid, ask] = [numberOf(facts.quote.value.bid), numberOf(facts.quote.value.ask)];
  if (bid === null || ask === null) return decimal("0");
  const mid = divideRoundingHalfEven(add(decimal(bid), decimal(ask)), decimal("2"), 12);
  const spread = subtract(decimal(ask), mid);
  const distance = min(spread, terms.side === "BUY" ? subtract(price, mid) : subtract(mid, price));
  return multiply(
    max(decimal("0"), distance),
    multiply(decimal(terms.quantity), decimal(facts.instrument.value.multiplier)),
  );
}

function positionEffect(terms: OrderTerms, facts: Facts): Pick<CostEstimate, "positionBefore" | "positionAfter"> {
  const before = positionOf(terms, facts);
  if (before === undefined) return { positionBefore: null, positionAfter: null };
  const change = terms.side === "BUY" ? decimal(terms.quantity) : negate(decimal(terms.quantity));
  return { positionBefore: toText(before), positionAfter: toText(add(before, change)) };
}

/** Cash of the account in its base currency, before and after the trade and its commission. */
function cashEffect(
  terms: OrderTerms,
  facts: Facts,
  trade: { gross: Decimal; fee: Decimal; rate: string | null },
): Pick<CostEstimate, "cashBefore" | "cashAfter"> {
  if (facts.summary.state === "missing" || trade.rate === null) return { cashBefore: null, cashAfter: null };
  const before = decimal(facts.summary.value.totalCash.amount);
  const flow = terms.side === "BUY" ? negate(add(trade.gross, trade.fee)) : subtract(trade.gross, trade.fee);
  const after = add(before, multiply(flow, decimal(trade.rate)));
  return { cashBefore: inBase(before, facts), cashAfter: inBase(after, facts) };
}

function inBase(amount: Decimal, facts: Facts): Amount | null {
  if (facts.summary.state === "missing") return null;
  return { amount: toText(roundHalfEven(amount, 2)), currency: facts.summary.value.baseCurrency };
}

export function simulationOf(terms: OrderTerms, facts: Facts): Simulation {
  const whatIf = facts.whatIf.state === "known" ? facts.whatIf.value : { missing: facts.whatIf.reason };
  return { whatIf, estimate: estimateCost(terms, facts) };
}
