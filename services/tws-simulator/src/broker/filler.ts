import type { Clock, Timer } from "@countersign/clock/clock";
import {
  add,
  compare,
  type Decimal,
  decimal,
  divideRoundingHalfEven,
  multiply,
  subtract,
  toText,
} from "@countersign/money/decimal";
import type { Instrument } from "../market/instrument.ts";
import type { Market } from "../market/market.ts";
import type { BrokerState } from "./broker-state.ts";
import { commissionOf } from "./commission.ts";
import type { BrokerListener } from "./events.ts";
import type { How } from "./fill-price.ts";
import { applyFill, multiplierOf } from "./ledger.ts";
import type { Execution, Order, Side } from "./model.ts";
import { averagePrice } from "./order-views.ts";
import { signedRatio, type Tradable } from "./tradables.ts";
import type { Valuer } from "./valuation.ts";

const LIQUIDITY_ADDED = 1;
const LIQUIDITY_REMOVED = 2;
/** An order that became a market order is reported as filled this long before its execution. */
const LATE_EXECUTION_MS = 100;
const LEG_PRICE_DECIMALS = 8;

export interface FillerDeps {
  readonly clock: Clock;
  readonly market: Market;
  readonly state: BrokerState;
  readonly valuer: Valuer;
  readonly emit: BrokerListener;
}

/** One fill of an order. */
export interface Fill {
  readonly tradable: Tradable;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly how: How;
}

/** One instrument's part of a fill: all of it, or one leg of a combination. */
interface Part {
  readonly instrument: Instrument;
  readonly side: Side;
  readonly price: Decimal;
  readonly quantity: Decimal;
  /** Filled of this instrument by the order before. */
  readonly before: Decimal;
}

/** Books fills into accounts and executions and tells them in the order of TWS. */
export class Filler {
  readonly #deps: FillerDeps;
  readonly #late = new Set<Timer>();

  constructor(deps: FillerDeps) {
    this.#deps = deps;
  }

  fill(order: Order, fill: Fill): void {
    const { state } = this.#deps;
    const fillId = state.takeFillId();
    const parts = this.#parts(order, fill);
    order.filledValue = toText(add(decimal(order.filledValue), multiply(fill.price, fill.quantity)));
    order.filled = toText(add(decimal(order.filled), fill.quantity));
    order.lastFillPrice = toText(fill.price);
    order.fills += 1;
    const isCombo = fill.tradable.legs.length > 0;
    const whole = isCombo ? [this.#wholeOf(order, fill, `${fillId}.01.01`)] : [];
    const first = isCombo ? 2 : 1;
    const booked = parts.map((part, index) => this.#book(order, fill, part, `${fillId}.0${first + index}.01`));
    for (const execution of [...whole, ...booked]) state.addExecution(execution);
    state.touch(state.account(order.terms.account));
    this.#tell(order, [...whole, ...booked]);
  }

  stop(): void {
    for (const timer of this.#late) timer.cancel();
    this.#late.clear();
  }

  #parts(order: Order, fill: Fill): Part[] {
    const { action } = order.terms;
    const filled = decimal(order.filled);
    const { instrument, legs } = fill.tradable;
    if (legs.length === 0) {
      return [{ instrument, side: action, price: fill.price, quantity: fill.quantity, before: filled }];
    }
    let rest = fill.price;
    const priced = legs.map((leg) => {
      const side: Side = (leg.side === "BUY") === (action === "BUY") ? "BUY" : "SELL";
      const { bid, ask } = this.#deps.market.quote(leg.instrument);
      const price = side === "BUY" ? ask : bid;
      rest = subtract(rest, multiply(signedRatio(leg), price));
      return { leg, side, price };
    });
    return priced.map(({ leg, side, price }, index) => ({
      instrument: leg.instrument,
      side,
      // What the combination's price differs from the sum of its legs goes to the first one.
      price: index > 0 ? price : add(price, divideRoundingHalfEven(rest, signedRatio(leg), LEG_PRICE_DECIMALS)),
      quantity: multiply(fill.quantity, leg.ratio),
      before: multiply(filled, leg.ratio),
    }));
  }

  #book(order: Order, fill: Fill, part: Part, execId: string): Execution {
    const { state, valuer } = this.#deps;
    const { instrument, price, quantity } = part;
    const side = part.side === "BUY" ? "BOT" : "SLD";
    const isCombo = fill.tradable.legs.length > 0;
    const cumQty = add(part.before, quantity);
    const value = isCombo ? multiply(cumQty, price) : decimal(order.filledValue);
    const valueBefore = isCombo ? multiply(part.before, price) : subtract(value, multiply(price, quantity));
    const scale = multiplierOf(instrument);
    const commission = commissionOf(instrument, {
      before: { quantity: part.before, value: multiply(valueBefore, scale) },
      after: { quantity: cumQty, value: multiply(value, scale) },
      usdRate: valuer.rate(instrument.currency),
    });
    const account = state.account(order.terms.account);
    const realized = applyFill(account, { instrument, side, quantity, price, commission: decimal(commission) });
    return {
      ...this.#common(order, fill, execId),
      conId: instrument.conId,
      exchange: instrument.fillVenue,
      side,
      shares: toText(quantity),
      price: toText(price),
      cumQty: toText(cumQty),
      avgPrice: averagePrice(toText(value), toText(cumQty)),
      commission,
      commissionCurrency: instrument.currency,
      realizedPnl: realized === undefined ? undefined : toText(realized),
    };
  }

  /** The execution of a combination as a whole; its commission is that of its legs. */
  #wholeOf(order: Order, fill: Fill, execId: string): Execution {
    const { instrument } = fill.tradable;
    return {
      ...this.#common(order, fill, execId),
      conId: instrument.conId,
      combo: order.terms.combo,
      exchange: instrument.fillVenue,
      side: order.terms.action === "BUY" ? "BOT" : "SLD",
      shares: toText(fill.quantity),
      price: toText(fill.price),
      cumQty: order.filled,
      avgPrice: averagePrice(order.filledValue, order.filled),
      commission: "0",
      commissionCurrency: instrument.currency,
      realizedPnl: undefined,
    };
  }

  #common(order: Order, fill: Fill, execId: string) {
    const { orderId, clientId, permId, terms } = order;
    const lastLiquidity = fill.how === "resting" ? LIQUIDITY_ADDED : LIQUIDITY_REMOVED;
    const { account, orderRef } = terms;
    return { execId, orderId, clientId, permId, account, orderRef, timeMs: this.#deps.clock.nowMs(), lastLiquidity };
  }

  #tell(order: Order, executions: readonly Execution[]): void {
    const { state, emit, clock } = this.#deps;
    const done = compare(decimal(order.filled), decimal(order.terms.quantity)) >= 0;
    order.status = done ? "Filled" : "Submitted";
    order.whyHeld = "";
    if (done) {
      order.completedMs = clock.nowMs();
      order.completedStatus = `Filled Size: ${order.filled}`;
    }
    state.touch(order);
    const late = done && order.becameMarket;
    if (!late) for (const execution of executions) emit({ kind: "execution", execution });
    emit({ kind: "openOrder", order });
    emit({ kind: "orderStatus", order });
    const paid = executions.filter((execution) => execution.combo === undefined);
    for (const { commission } of paid)
      order.commission = toText(add(decimal(order.commission ?? "0"), decimal(commission)));
    state.touch(order);
    if (late) this.#tellLate(executions);
    else {
      emit({ kind: "openOrder", order });
      if (!done || order.fills > 1) emit({ kind: "orderStatus", order });
      for (const execution of paid) emit({ kind: "commission", execution });
    }
    for (const { conId } of paid) emit({ kind: "accountChanged", account: order.terms.account, conId });
  }

  #tellLate(executions: readonly Execution[]): void {
    const { emit, clock } = this.#deps;
    const timer = clock.setTimeout(() => {
      this.#late.delete(timer);
      for (const execution of executions) emit({ kind: "execution", execution });
      for (const execution of executions) if (execution.combo === undefined) emit({ kind: "commission", execution });
    }, LATE_EXECUTION_MS);
    this.#late.add(timer);
  }
}
