import {
  absolute,
  compare,
  type Decimal,
  decimal,
  max,
  min,
  multiply,
  roundHalfEven,
  subtract,
  toText,
  ZERO,
} from "@countersign/money/decimal";
import type { MarginView } from "../codec/order-view.ts";
import type { Instrument } from "../market/instrument.ts";
import type { Market } from "../market/market.ts";
import { commissionOf } from "./commission.ts";
import { applyFill, multiplierOf } from "./ledger.ts";
import type { Account, OrderTerms } from "./model.ts";
import type { Reject } from "./validate-order.ts";
import { BASE_CURRENCY, type Valuation, type Valuer } from "./valuation.ts";

export interface Projection {
  readonly before: Valuation;
  readonly after: Valuation;
  readonly commission: string;
}

/** The account as it would be if `terms` filled, at the far side of the quote or at its limit. */
export function project(
  deps: { readonly market: Market; readonly valuer: Valuer },
  account: Account,
  order: { readonly terms: OrderTerms; readonly instrument: Instrument; readonly filled: Decimal },
): Projection {
  const { terms, instrument } = order;
  const quote = deps.market.quote(instrument);
  const touch = terms.action === "BUY" ? quote.ask : quote.bid;
  const price = expectedPrice(terms, touch);
  const quantity = subtract(decimal(terms.quantity), order.filled);
  const value = multiply(multiply(absolute(quantity), price), multiplierOf(instrument));
  const commission = commissionOf(instrument, {
    before: { quantity: ZERO, value: ZERO },
    after: { quantity, value },
    usdRate: deps.valuer.rate(instrument.currency),
  });
  const imagined = structuredClone(account);
  const side = terms.action === "BUY" ? "BOT" : "SLD";
  applyFill(imagined, { instrument, side, quantity, price, commission: decimal(commission) });
  return { before: deps.valuer.value(account), after: deps.valuer.value(imagined), commission };
}

/** A limit beyond the market fills at the market; one that rests fills at the limit. */
function expectedPrice(terms: OrderTerms, touch: Decimal): Decimal {
  if (terms.lmtPrice === undefined) return touch;
  const limit = decimal(terms.lmtPrice);
  return terms.action === "BUY" ? min(limit, touch) : max(limit, touch);
}

/** TWS refuses an order that would leave less equity than initial margin, unless it lowers the margin. */
export function marginReject(projection: Projection): Reject | undefined {
  const { before, after } = projection;
  const enough = compare(after.equityWithLoan, after.initialMargin) >= 0;
  const lowersRisk = compare(after.initialMargin, before.initialMargin) < 0;
  if (enough || lowersRisk) return undefined;
  const equity = `${money(after.equityWithLoan)} ${BASE_CURRENCY}`;
  const margin = `${money(after.initialMargin)} ${BASE_CURRENCY}`;
  const text =
    "Order rejected - reason:YOUR ORDER IS NOT ACCEPTED. IN ORDER TO OBTAIN THE DESIRED POSITION YOUR EQUITY WITH LOAN " +
    `VALUE [${equity}] MUST EXCEED THE INITIAL MARGIN [${margin}]`;
  return { code: 201, text };
}

/** Base currency amount with two decimals, rounded half to even. */
export function money(value: Decimal): string {
  const text = toText(roundHalfEven(value, 2));
  const [whole, fraction = ""] = text.split(".");
  return `${whole}.${fraction.padEnd(2, "0")}`;
}

export function marginView(projection: Projection): MarginView {
  const { before, after } = projection;
  return {
    initBefore: money(before.initialMargin),
    maintBefore: money(before.maintenanceMargin),
    equityBefore: money(before.equityWithLoan),
    initChange: money(subtract(after.initialMargin, before.initialMargin)),
    maintChange: money(subtract(after.maintenanceMargin, before.maintenanceMargin)),
    equityChange: money(subtract(after.equityWithLoan, before.equityWithLoan)),
    initAfter: money(after.initialMargin),
    maintAfter: money(after.maintenanceMargin),
    equityAfter: money(after.equityWithLoan),
  };
}
