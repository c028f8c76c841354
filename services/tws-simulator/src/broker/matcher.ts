import type { Clock, Timer } from "@countersign/clock/clock";
import {
  add,
  compare,
  type Decimal,
  decimal,
  isZero,
  min,
  multiply,
  subtract,
  toText,
} from "@countersign/money/decimal";
import type { Instrument } from "../market/instrument.ts";
import type { Market } from "../market/market.ts";
import type { BrokerState } from "./broker-state.ts";
import { commissionOf } from "./commission.ts";
import type { BrokerListener } from "./events.ts";
import type { BrokerHooks } from "./hooks.ts";
import { applyFill, multiplierOf } from "./ledger.ts";
import { type Execution, isOpen, type Order } from "./model.ts";
import { averagePrice } from "./order-views.ts";
import type { Valuer } from "./valuation.ts";

/** Time between two parts of one large order. */
const PART_INTERVAL_MS = 3;
const LIQUIDITY_ADDED = 1;
const LIQUIDITY_REMOVED = 2;

export interface MatcherDeps {
  readonly clock: Clock;
  readonly market: Market;
  readonly state: BrokerState;
  readonly valuer: Valuer;
  readonly emit: BrokerListener;
  /** Ends what is left of an order that may not rest. */
  readonly cancelRest: (order: Order) => void;
  readonly hooks: BrokerHooks;
}

/** Fills open orders against the market: at once when they are marketable, later when the market touches them. */
export class Matcher {
  readonly #deps: MatcherDeps;
  readonly #timers = new Map<number, Timer>();

  constructor(deps: MatcherDeps) {
    this.#deps = deps;
  }

  /** A new or changed order: matched in the next turn, after its acknowledgement has left. */
  arrive(order: Order): void {
    this.#schedule(order, 0);
  }

  /** The market moved: every resting order that is touched fills. */
  step(): void {
    const nowMs = this.#deps.clock.nowMs();
    for (const order of this.#deps.state.openOrders()) {
      if (this.#timers.has(order.permId)) continue;
      if ((order.activeFromMs ?? 0) <= nowMs) this.#match(order, "resting");
    }
    this.#deps.state.save();
  }

  /** All that is left fills at the touch, whatever its price. */
  fillNow(order: Order): void {
    this.#timers.get(order.permId)?.cancel();
    this.#timers.delete(order.permId);
    const instrument = this.#deps.valuer.instrument(order.terms.conId);
    const { bid, ask } = this.#deps.market.quote(instrument);
    const quantity = subtract(decimal(order.terms.quantity), decimal(order.filled));
    const price = order.terms.action === "BUY" ? ask : bid;
    this.#fill(order, { instrument, price, quantity, how: "arriving" });
  }

  stop(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #schedule(order: Order, delayMs: number): void {
    this.#timers.get(order.permId)?.cancel();
    const task = () => {
      this.#timers.delete(order.permId);
      this.#match(order, "arriving");
      this.#deps.state.save();
    };
    this.#timers.set(order.permId, this.#deps.clock.setTimeout(task, delayMs));
  }

  #match(order: Order, how: "arriving" | "resting"): void {
    if (!isOpen(order) || (order.activeFromMs ?? 0) > this.#deps.clock.nowMs()) return;
    const instrument = this.#deps.valuer.instrument(order.terms.conId);
    const price = this.#fillPrice(order, instrument, how);
    const decision = price === undefined ? undefined : this.#deps.hooks.atFill(order);
    if (price !== undefined) {
      const left = subtract(decimal(order.terms.quantity), decimal(order.filled));
      const quantity = min(left, decimal(decision?.quantity ?? String(instrument.displayedSize)));
      this.#fill(order, { instrument, price: better(order, price, decision?.improvement ?? "0"), quantity, how });
    }
    if (!isOpen(order)) return;
    if (order.terms.tif === "IOC") this.#deps.cancelRest(order);
    else if (price !== undefined) this.#schedule(order, decision?.everyMs ?? PART_INTERVAL_MS);
  }

  /** The price of a fill now, or undefined when the market does not reach the order. */
  #fillPrice(order: Order, instrument: Instrument, how: "arriving" | "resting"): Decimal | undefined {
    const { bid, ask } = this.#deps.market.quote(instrument);
    const touch = order.terms.action === "BUY" ? ask : bid;
    if (order.terms.lmtPrice === undefined) return touch;
    const limit = decimal(order.terms.lmtPrice);
    const reached = order.terms.action === "BUY" ? compare(touch, limit) <= 0 : compare(touch, limit) >= 0;
    if (!reached) return undefined;
    return how === "resting" ? limit : touch;
  }

  #fill(
    order: Order,
    fill: { instrument: Instrument; price: Decimal; quantity: Decimal; how: "arriving" | "resting" },
  ): void {
    const { state, valuer } = this.#deps;
    const { instrument, price, quantity } = fill;
    const side = order.terms.action === "BUY" ? "BOT" : "SLD";
    const before = { quantity: decimal(order.filled), value: scaled(instrument, decimal(order.filledValue)) };
    const filled = add(before.quantity, quantity);
    const filledValue = add(decimal(order.filledValue), multiply(price, quantity));
    const after = { quantity: filled, value: scaled(instrument, filledValue) };
    const commission = commissionOf(instrument, { before, after, usdRate: valuer.rate(instrument.currency) });
    const account = state.account(order.terms.account);
    const realized = applyFill(account, { instrument, side, quantity, price, commission: decimal(commission) });
    order.filled = toText(filled);
    order.filledValue = toText(filledValue);
    order.lastFillPrice = toText(price);
    const done = isZero(subtract(decimal(order.terms.quantity), filled));
    const execution: Execution = {
      execId: state.takeExecId(),
      orderId: order.orderId,
      clientId: order.clientId,
      permId: order.permId,
      account: account.id,
      conId: instrument.conId,
      timeMs: this.#deps.clock.nowMs(),
      exchange: instrument.fillVenue,
      side,
      shares: toText(quantity),
      price: toText(price),
      cumQty: order.filled,
      avgPrice: averagePrice(order.filledValue, order.filled),
      orderRef: order.terms.orderRef,
      lastLiquidity: fill.how === "resting" ? LIQUIDITY_ADDED : LIQUIDITY_REMOVED,
      commission,
      commissionCurrency: instrument.currency,
      realizedPnl: realized === undefined ? undefined : toText(realized),
    };
    this.#book(order, { execution, done });
  }

  #book(order: Order, fill: { readonly execution: Execution; readonly done: boolean }): void {
    const { state, emit, clock } = this.#deps;
    const { execution, done } = fill;
    order.status = done ? "Filled" : "Submitted";
    if (done) {
      order.completedMs = clock.nowMs();
      order.completedStatus = `Filled Size: ${order.filled}`;
    }
    state.addExecution(execution);
    state.touch(state.account(order.terms.account));
    emit({ kind: "execution", execution });
    emit({ kind: "openOrder", order });
    emit({ kind: "orderStatus", order });
    order.commission = toText(add(decimal(order.commission ?? "0"), decimal(execution.commission)));
    state.touch(order);
    emit({ kind: "openOrder", order });
    if (!done) emit({ kind: "orderStatus", order });
    emit({ kind: "commission", execution });
    emit({ kind: "accountChanged", account: order.terms.account, conId: execution.conId });
  }
}

function better(order: Order, price: Decimal, improvement: string): Decimal {
  return order.terms.action === "BUY" ? subtract(price, decimal(improvement)) : add(price, decimal(improvement));
}

function scaled(instrument: Instrument, value: Decimal): Decimal {
  return multiply(value, multiplierOf(instrument));
}
