import type { Clock, Timer } from "@countersign/clock/clock";
import { add, type Decimal, decimal, min, subtract } from "@countersign/money/decimal";
import type { Calendar } from "../market/calendar.ts";
import type { Market } from "../market/market.ts";
import type { BrokerState } from "./broker-state.ts";
import { areMet } from "./conditions.ts";
import { bindingCap, fillPrice, type How } from "./fill-price.ts";
import { Filler } from "./filler.ts";
import { Groups } from "./groups.ts";
import type { BrokerHooks } from "./hooks.ts";
import { isOpen, type Order } from "./model.ts";
import { auctionOf, hasTrigger } from "./order-kinds.ts";
import { BY_SYSTEM, type Ending, type Teller } from "./teller.ts";
import { expiryMs, isOpenFor, waiting } from "./timing.ts";
import type { Tradable, Tradables } from "./tradables.ts";
import { firstStop, watchTrigger } from "./triggers.ts";
import type { Valuer } from "./valuation.ts";

/** Time between two parts of one large order. */
const PART_INTERVAL_MS = 3;

export interface FlowDeps {
  readonly clock: Clock;
  readonly market: Market;
  readonly calendar: Calendar;
  readonly state: BrokerState;
  readonly valuer: Valuer;
  readonly tradables: Tradables;
  readonly teller: Teller;
  readonly hooks: BrokerHooks;
}

/** Moves each accepted order on: what it waits for, its trigger, its fills, its end. */
export class OrderFlow {
  readonly groups: Groups;
  readonly #deps: FlowDeps;
  readonly #filler: Filler;
  readonly #timers = new Map<number, Timer>();

  constructor(deps: FlowDeps) {
    this.#deps = deps;
    const { teller, tradables } = deps;
    this.#filler = new Filler({ ...deps, emit: (event) => teller.emit(event) });
    this.groups = new Groups(deps.state, {
      end: (order, ending) => this.end(order, ending),
      activate: (order) => this.#activate(order),
      resized: (order) => teller.tell(order, order.status),
      sizeStep: (terms) => decimal(tradables.of(terms).instrument.sizeIncrement),
    });
  }

  /** A new or changed order: looked at in the next turn, after its acknowledgement has left. */
  arrive(order: Order): void {
    this.#schedule(order, "arriving", 0);
  }

  /** The market or the clock moved. */
  step(): void {
    for (const order of this.#deps.state.openOrders()) {
      if (!this.#timers.has(order.permId)) this.#advance(order, "resting");
    }
    this.#deps.state.save();
  }

  /** All that is left fills at the touch, whatever its price. */
  fillNow(order: Order): void {
    this.#drop(order);
    const tradable = this.#deps.tradables.of(order.terms);
    const { bid, ask } = this.#deps.tradables.quote(tradable);
    const price = order.terms.action === "BUY" ? ask : bid;
    this.#fill(order, tradable, { price, quantity: this.#left(order), how: "arriving" });
  }

  /** Ends what is left of an order, and what depends on it. */
  end(order: Order, ending: Ending): void {
    this.#drop(order);
    this.#deps.teller.end(order, ending);
    this.groups.afterEnd(order);
  }

  /** Sets when an order that is not at its exchange yet starts and ends, and where its stop stands. */
  prepare(order: Order, tradable: Tradable): { readonly openingMs: number | undefined } {
    const { clock, market, calendar, tradables } = this.#deps;
    const timing = { market, calendar, nowMs: clock.nowMs() };
    const { openingMs, activeFromMs } = waiting(timing, order.terms, tradable.instrument);
    order.activeFromMs = activeFromMs;
    order.expiresMs = expiryMs(timing, order.terms, tradable.instrument);
    order.stopPrice = firstStop(order.terms, tradable.instrument, tradables.quote(tradable));
    return { openingMs };
  }

  stop(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    this.#filler.stop();
  }

  #drop(order: Order): void {
    this.#timers.get(order.permId)?.cancel();
    this.#timers.delete(order.permId);
  }

  #schedule(order: Order, how: How, delayMs: number): void {
    this.#timers.get(order.permId)?.cancel();
    const task = () => {
      this.#timers.delete(order.permId);
      this.#advance(order, how);
      this.#deps.state.save();
    };
    this.#timers.set(order.permId, this.#deps.clock.setTimeout(task, delayMs));
  }

  #activate(child: Order): void {
    this.prepare(child, this.#deps.tradables.of(child.terms));
    this.#deps.teller.tell(child, "PreSubmitted");
    this.arrive(child);
  }

  #advance(order: Order, how: How): void {
    if (!isOpen(order) || order.status === "PendingSubmit") return;
    const nowMs = this.#deps.clock.nowMs();
    if (order.expiresMs !== undefined && nowMs >= order.expiresMs) {
      this.end(order, { completed: BY_SYSTEM });
      return;
    }
    const isDue = order.activeFromMs !== undefined && nowMs >= order.activeFromMs;
    if (!this.#isReleased(order, nowMs)) return;
    const tradable = this.#deps.tradables.of(order.terms);
    if (auctionOf(order.terms) !== undefined) {
      if (isDue) this.#auction(order, tradable);
      return;
    }
    if (!isOpenFor(this.#deps.market, order.terms, tradable.instrument)) return;
    if (!this.#meetsConditions(order, tradable) || !this.#isTriggered(order, tradable)) return;
    this.#match(order, tradable, this.#starts(order) ? "arriving" : how);
  }

  /** False while a parent, a time or a locate holds it. */
  #isReleased(order: Order, nowMs: number): boolean {
    if (order.heldByParent) return false;
    if (order.activeFromMs !== undefined) {
      if (nowMs < order.activeFromMs) return false;
      order.activeFromMs = undefined;
      this.#deps.state.touch(order);
    }
    if (order.locateUntilMs !== undefined) {
      if (nowMs < order.locateUntilMs) return false;
      order.locateUntilMs = undefined;
    }
    return true;
  }

  /** True when it reaches its exchange now; that is told. */
  #starts(order: Order): boolean {
    if (order.working) return false;
    order.working = true;
    this.#deps.teller.tell(order, "Submitted");
    return true;
  }

  #meetsConditions(order: Order, tradable: Tradable): boolean {
    const { list, ignoreRth, cancelOrder } = order.terms.conditions;
    if (list.length === 0 || order.conditionsMet) return true;
    const { market, state, valuer, clock } = this.#deps;
    const isLookedAt = ignoreRth || market.isOpen(tradable.instrument, "liquid");
    const met = isLookedAt && areMet({ market, state, valuer, nowMs: clock.nowMs() }, order);
    if (!met) return cancelOrder;
    if (cancelOrder) {
      this.end(order, { completed: BY_SYSTEM });
      return false;
    }
    order.conditionsMet = true;
    state.touch(order);
    return true;
  }

  #isTriggered(order: Order, tradable: Tradable): boolean {
    if (!hasTrigger(order.terms) || order.triggered) return true;
    const before = order.stopPrice;
    const triggered = watchTrigger(order, tradable.instrument, this.#deps.tradables.quote(tradable));
    if (triggered || order.stopPrice !== before) this.#deps.state.touch(order);
    return triggered;
  }

  #auction(order: Order, tradable: Tradable): void {
    const price = fillPrice(order, this.#deps.tradables.quote(tradable), "auction");
    if (price === undefined) {
      this.end(order, { completed: BY_SYSTEM });
      return;
    }
    this.#fill(order, tradable, { price, quantity: this.#left(order), how: "auction" });
  }

  #match(order: Order, tradable: Tradable, how: How): void {
    if (this.groups.isBlocked(order, (other) => other.fills > 0 && this.#timers.has(other.permId))) return;
    const quote = this.#deps.tradables.quote(tradable);
    this.#cap(order, bindingCap(order.terms, quote));
    const price = fillPrice(order, quote, how);
    const decision = price === undefined ? undefined : this.#deps.hooks.atFill(order);
    if (price !== undefined) {
      const left = this.#left(order);
      const shown = decimal(decision?.quantity ?? String(tradable.instrument.displayedSize));
      const quantity = order.terms.allOrNone ? left : min(left, shown);
      this.#fill(order, tradable, { price: better(order, price, decision?.improvement ?? "0"), quantity, how });
    }
    if (!isOpen(order)) return;
    if (order.terms.tif === "IOC") this.end(order, { completed: BY_SYSTEM, pending: "once" });
    else if (price !== undefined) this.#schedule(order, how, decision?.everyMs ?? PART_INTERVAL_MS);
  }

  /** Being held to the cap, or free of it, is told once. */
  #cap(order: Order, capPrice: string | undefined): void {
    if (order.capPrice === capPrice) return;
    order.capPrice = capPrice;
    this.#deps.state.touch(order);
    this.#deps.teller.emit({ kind: "orderStatus", order });
  }

  #fill(order: Order, tradable: Tradable, fill: Omit<Parameters<Filler["fill"]>[1], "tradable">): void {
    this.#filler.fill(order, { tradable, ...fill });
    this.groups.afterFill(order, fill.quantity);
  }

  #left(order: Order) {
    return subtract(decimal(order.terms.quantity), decimal(order.filled));
  }
}

function better(order: Order, price: Decimal, improvement: string): Decimal {
  return order.terms.action === "BUY" ? subtract(price, decimal(improvement)) : add(price, decimal(improvement));
}
