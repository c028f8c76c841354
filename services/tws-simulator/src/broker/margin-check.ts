import {
  absolute,
  add,
  compare,
  type Decimal,
  decimal,
  multiply,
  roundHalfEven,
  subtract,
  toText,
  ZERO,
} from "@countersign/money/decimal";
import type { MarginView } from "../codec/order-view.ts";
import type { Instrument } from "../market/instrument.ts";
import type { Market, Quote } from "../market/market.ts";
import { commissionOf } from "./commission.ts";
import { applyFill, multiplierOf } from "./ledger.ts";
import type { Account, OrderTerms, Side } from "./model.ts";
import { kindOf } from "./order-kinds.ts";
import type { Reject } from "./reject.ts";
import type { Tradable, Tradables } from "./tradables.ts";
import { BASE_CURRENCY, type Valuation, type Valuer } from "./valuation.ts";

export interface Projection {
  readonly before: Valuation;
  readonly after: Valuation;
  readonly commission: string;
}

export interface Planned {
  readonly terms: OrderTerms;
  readonly tradable: Tradable;
  readonly filled: Decimal;
}

interface ProjectDeps {
  readonly market: Market;
  readonly tradables: Tradables;
  readonly valuer: Valuer;
}

/** What would be traded, leg by leg; of a combination each leg at its far side. */
function parts(deps: ProjectDeps, { terms, tradable, filled }: Planned): Part[] {
  const quantity = absolute(subtract(decimal(terms.quantity), filled));
  if (tradable.legs.length === 0) {
    const price = projectedPrice(terms, deps.tradables.quote(tradable));
    return [{ instrument: tradable.instrument, side: terms.action, quantity, price }];
  }
  return tradable.legs.map(({ instrument, ratio, side: legSide }) => {
    const side = (legSide === "BUY") === (terms.action === "BUY") ? "BUY" : "SELL";
    const { bid, ask } = deps.market.quote(instrument);
    return { instrument, side, quantity: multiply(quantity, ratio), price: side === "BUY" ? ask : bid };
  });
}

interface Part {
  readonly instrument: Instrument;
  readonly side: Side;
  readonly quantity: Decimal;
  readonly price: Decimal;
}

/** The account as it would be if the order filled now, at the far side of the quote. */
export function project(deps: ProjectDeps, account: Account, planned: Planned): Projection {
  const imagined = structuredClone(account);
  let total = ZERO;
  for (const { instrument, side, quantity, price } of parts(deps, planned)) {
    const value = multiply(multiply(quantity, price), multiplierOf(instrument));
    const commission = commissionOf(instrument, {
      before: { quantity: ZERO, value: ZERO },
      after: { quantity, value },
      usdRate: deps.valuer.rate(instrument.currency),
    });
    total = add(total, decimal(commission));
    const booked = side === "BUY" ? "BOT" : "SLD";
    applyFill(imagined, { instrument, side: booked, quantity, price, commission: decimal(commission) });
  }
  return { before: deps.valuer.value(account), after: deps.valuer.value(imagined), commission: toText(total) };
}

/** Where the market stands, so that a limit that rests is no profit beforehand; a stop fills where it stands. */
function projectedPrice(terms: OrderTerms, quote: Quote): Decimal {
  const isStop = kindOf(terms.orderType).aux === "stop" && terms.auxPrice !== undefined;
  if (isStop) return decimal(terms.auxPrice);
  return terms.action === "BUY" ? quote.ask : quote.bid;
}

/** What is paid at most: the limit where there is one, else the market. */
function dearestPrice(terms: OrderTerms, quote: Quote): Decimal {
  return terms.lmtPrice === undefined ? projectedPrice(terms, quote) : decimal(terms.lmtPrice);
}

const LEVERAGE: Reject = {
  code: 201,
  text: "Order rejected - reason:FX trade would expose account to currency leverage.",
};

/** A currency trade pays with what the account has of the currency that it gives away. */
export function leverageReject(account: Account, planned: Planned, quote: Quote): Reject | undefined {
  const { instrument } = planned.tradable;
  if (instrument.secType !== "CASH") return undefined;
  const { terms } = planned;
  const quantity = subtract(decimal(terms.quantity), planned.filled);
  const buys = terms.action === "BUY";
  const paid = buys ? multiply(quantity, dearestPrice(terms, quote)) : quantity;
  const held = decimal(account.cash[buys ? instrument.currency : instrument.symbol] ?? "0");
  return compare(paid, held) > 0 ? LEVERAGE : undefined;
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
