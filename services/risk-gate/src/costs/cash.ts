import type { EstimatedAmount } from "@countersign/contracts/costs";
import type { Amount } from "@countersign/contracts/money";
import type { OrderTerms } from "@countersign/contracts/order";
import {
  add,
  compare,
  type Decimal,
  decimal,
  divideRoundingHalfEven,
  multiply,
  negate,
  subtract,
  ZERO,
} from "@countersign/money/decimal";
import { isPaid } from "../facts/book/spending.ts";
import { positionOf } from "../facts/exposure.ts";
import type { Facts } from "../facts/fact.ts";
import { type Part, partsOf } from "../facts/parts.ts";
import { changeOf } from "./change.ts";
import { inBase, inBaseOrMissing } from "./money.ts";

export interface TradeMoney {
  /** Price x quantity x multiplier, in the instrument's currency; of a combination it may be negative. */
  readonly gross: Decimal;
  /** Commission and fees that are known. */
  readonly costs: Decimal;
  /** Units of the base currency for one of the instrument's; null: not known. */
  readonly rate: string | null;
}

/** What of the price of the order changes hands; undefined: its legs differ in that, or one is not known. */
export function paidShare(parts: readonly Part[]): 0 | 1 | undefined {
  const shares = new Set(
    parts.map(({ instrument }) => (instrument.state === "known" ? isPaid(instrument.value.secType) : undefined)),
  );
  const [only, ...others] = shares;
  return only === undefined || others.length > 0 ? undefined : only ? 1 : 0;
}

/** Cash of the account in its base currency, before and after the trade, its commission and the fees that are known. */
export function cashEffect(
  terms: OrderTerms,
  facts: Facts,
  { gross, costs, rate }: TradeMoney,
): { cashBefore: Amount | null; cashAfter: Amount | null } {
  if (facts.summary.state === "missing") return { cashBefore: null, cashAfter: null };
  const before = decimal(facts.summary.value.totalCash.amount);
  const share = paidShare(partsOf(terms, facts));
  const cashBefore = inBase(before, facts);
  if (rate === null || share === undefined) return { cashBefore, cashAfter: null };
  const paid = share === 1 ? gross : ZERO;
  const flow = subtract(terms.side === "BUY" ? negate(paid) : paid, costs);
  return { cashBefore, cashAfter: inBase(add(before, multiply(flow, decimal(rate))), facts) };
}

/**
 * Buying power after: less what a stock order opens, more what it closes; of a long option its premium, multiplied as the
 * broker multiplies the available funds of this account. What other instruments bind is the broker's own margin, which
 * only its what-if knows.
 */
export function buyingPowerEffect(
  terms: OrderTerms,
  facts: Facts,
  money: TradeMoney,
): { buyingPowerBefore: Amount | null; buyingPowerAfter: EstimatedAmount } {
  const buyingPowerBefore =
    facts.summary.state === "missing" ? null : inBase(decimal(facts.summary.value.buyingPower.amount), facts);
  const found = buyingPowerAfter(terms, facts, money);
  return {
    buyingPowerBefore,
    buyingPowerAfter: typeof found === "string" ? { missing: found } : inBaseOrMissing(found, facts),
  };
}

function buyingPowerAfter(terms: OrderTerms, facts: Facts, money: TradeMoney): Decimal | string {
  const { summary, instrument } = facts;
  if (terms.legs !== undefined) return "of a combination only the broker's what-if knows it";
  if (summary.state === "missing") return `account: ${summary.reason}`;
  if (instrument.state === "missing") return `instrument: ${instrument.reason}`;
  if (money.rate === null) return "no exchange rate is known";
  const [part] = partsOf(terms, facts);
  const before = part === undefined ? undefined : positionOf(part, facts);
  if (part === undefined || before === undefined) return "positions are not known";
  const rate = decimal(money.rate);
  const power = decimal(summary.value.buyingPower.amount);
  const funds = decimal(summary.value.availableFunds.amount);
  if (compare(funds, ZERO) <= 0) return "the account has no available funds";
  const leverage = divideRoundingHalfEven(power, funds, 12);
  const costs = multiply(multiply(money.costs, rate), leverage);
  const { opened, closed } = changeOf(before, part.side, part.quantity);
  const share = (units: Decimal) =>
    multiply(divideRoundingHalfEven(units, part.quantity, 12), multiply(money.gross, rate));
  const { secType } = instrument.value;
  if (secType === "STK") return subtract(add(power, subtract(share(closed), share(opened))), costs);
  const isLong = compare(before, ZERO) >= 0 && (part.side === "BUY" || compare(opened, ZERO) === 0);
  if (secType !== "OPT" || !isLong) return `the margin of ${secType} is the broker's own; its what-if tells it`;
  const premium = multiply(multiply(money.gross, rate), leverage);
  return subtract(part.side === "BUY" ? subtract(power, premium) : add(power, premium), costs);
}
