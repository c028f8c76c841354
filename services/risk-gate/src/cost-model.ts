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
  ZERO,
} from "@countersign/money/decimal";
import { notional, positionOf } from "./facts/exposure.ts";
import type { Facts } from "./facts/fact.ts";
import { instrumentsOf, type Part, partsOf } from "./facts/parts.ts";
import { expectedPrice, farTouch, nearTouch, touchOf } from "./facts/prices.ts";

/** IBKR fixed pricing for US stocks: 0.005 a share, at least 1.00, at most 1 % of the trade's value. */
const PER_SHARE = decimal("0.005");
const PER_ORDER_MIN = decimal("1");
const SHARE_OF_VALUE_MAX = decimal("0.01");
/** Where the fixed schedule of stocks does not apply: 2 basis points, at least 2.00. */
const OTHER_RATE = decimal("0.0002");
const OTHER_MIN = decimal("2");

/** Our own estimate of what the order costs and what it changes; never mixed with the broker's figures. */
export function estimateCost(terms: OrderTerms, facts: Facts): Simulation["estimate"] {
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
  const gross = multiply(multiply(price, decimal(terms.quantity)), decimal(multiplier));
  const fee = parts.map((part) => commissionOf(part, terms.legs === undefined ? price : undefined)).reduce(add, ZERO);
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
    slippage: money(slippage(terms, facts, { price, multiplier })),
    ...positionEffect(terms, facts),
    ...cashEffect(terms, facts, { gross, fee, rate }),
  };
}

/** Of one instrument at this price, or at the far touch: nobody knows how a combination's price falls to its legs. */
function commissionOf(part: Part, price = touchOf(part, part.side)): Decimal {
  if (part.instrument.state === "missing" || price === undefined) return ZERO;
  const { secType, multiplier } = part.instrument.value;
  const gross = multiply(multiply(price, part.quantity), decimal(multiplier));
  return secType === "STK" ? stockCommission(part.quantity, gross) : max(OTHER_MIN, multiply(gross, OTHER_RATE));
}

function stockCommission(quantity: Decimal, gross: Decimal): Decimal {
  return min(max(multiply(PER_SHARE, quantity), PER_ORDER_MIN), multiply(gross, SHARE_OF_VALUE_MAX));
}

/** Half the spread for the whole quantity; less, or nothing, for an order that takes a better price. What a market moves after a trigger, nobody knows. */
function slippage(terms: OrderTerms, facts: Facts, at: { price: Decimal; multiplier: string }): Decimal {
  const [far, near] = [farTouch(terms, facts), nearTouch(terms, facts)];
  if (far === undefined || near === undefined) return ZERO;
  const mid = divideRoundingHalfEven(add(far, near), decimal("2"), 12);
  const worse = (price: Decimal) => (terms.side === "BUY" ? subtract(price, mid) : subtract(mid, price));
  const distance = min(worse(far), worse(at.price));
  return multiply(max(ZERO, distance), multiply(decimal(terms.quantity), decimal(at.multiplier)));
}

type PositionEffect = Pick<CostEstimate, "positionBefore" | "positionAfter" | "legs">;

function positionEffect(terms: OrderTerms, facts: Facts): PositionEffect {
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
