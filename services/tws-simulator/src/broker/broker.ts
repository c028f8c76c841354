import type { Clock } from "@countersign/clock/clock";
import { decimal } from "@countersign/money/decimal";
import type { ContractQuery } from "../codec/contract-fields.ts";
import type { PlaceOrder } from "../codec/place-order.ts";
import type { Calendar } from "../market/calendar.ts";
import { type Found, findOne } from "../market/find-instrument.ts";
import type { Instrument } from "../market/instrument.ts";
import type { Market } from "../market/market.ts";
import { zonedTime } from "../market/zoned-time.ts";
import type { BrokerState } from "./broker-state.ts";
import { Corrections } from "./corrections.ts";
import type { BrokerEvent, BrokerListener } from "./events.ts";
import type { BrokerHooks } from "./hooks.ts";
import { marginReject, project } from "./margin-check.ts";
import { Matcher } from "./matcher.ts";
import { isOpen, type Order, type OrderTerms } from "./model.ts";
import { checkModification } from "./modify.ts";
import { newOrder } from "./new-order.ts";
import { cancelRefused, cancelUnknown, idRefused } from "./refusals.ts";
import { type Reject, type Validation, validateOrder } from "./validate-order.ts";
import { Valuer } from "./valuation.ts";
import { sessionKind, waitsUntil, warnings } from "./warnings.ts";
import { answerWhatIf, type Placement } from "./what-if.ts";

export interface BrokerDeps {
  readonly clock: Clock;
  readonly market: Market;
  readonly calendar: Calendar;
  readonly book: ReadonlyMap<number, Instrument>;
  readonly state: BrokerState;
  readonly listener: BrokerListener;
  readonly hooks: BrokerHooks;
}

/** The order id of an order that was placed by hand, and the client that it belongs to. */
const BY_HAND = 0;
const BY_HAND_CLIENT = 0;

/** The zone whose midnight starts a new account day. */
const DAY_ZONE = "US/Eastern";

/** Takes orders, changes and cancels of all clients; tells what happens through one listener. */
export class Broker {
  readonly valuer: Valuer;
  readonly #deps: BrokerDeps;
  readonly #matcher: Matcher;
  readonly #corrections: Corrections;
  /** Orders sent with transmit=0, by client and order id: nobody hears of them until they are sent again. */
  readonly #staged = new Set<string>();

  constructor(deps: BrokerDeps) {
    this.#deps = deps;
    this.valuer = new Valuer(deps.market, deps.book);
    const { clock, market, state, hooks } = deps;
    this.#corrections = new Corrections({ ...deps, valuer: this.valuer });
    const emit = (event: BrokerEvent) => this.#emit(event);
    const cancelRest = (order: Order) => this.#end(order, { status: "", told: "" });
    this.#matcher = new Matcher({ clock, market, state, valuer: this.valuer, emit, cancelRest, hooks });
  }

  find(query: ContractQuery): Found {
    return findOne(this.#deps.book, query);
  }

  /** One placeOrder message: a new order, a change of an open one, or a what-if. */
  place(clientId: number, request: PlaceOrder): void {
    this.#place(clientId, request);
    this.#deps.state.save();
  }

  cancel(clientId: number, orderId: number): void {
    this.#cancel(clientId, orderId);
    this.#deps.state.save();
  }

  /** Cancels every open order of every client. */
  cancelAll(): void {
    for (const order of this.#deps.state.openOrders()) this.#end(order, BY_TRADER);
    this.#deps.state.save();
  }

  /** Called at each move of the market: activates, expires and fills. */
  step(): void {
    const nowMs = this.#deps.clock.nowMs();
    this.#deps.state.rollDay(zonedTime(nowMs, DAY_ZONE).date);
    for (const order of this.#deps.state.openOrders()) {
      if (order.expiresMs !== undefined && nowMs >= order.expiresMs) {
        this.#end(order, { status: "Cancelled by System:\n", told: "" });
      } else if (order.activeFromMs !== undefined && nowMs >= order.activeFromMs && order.status === "PreSubmitted") {
        order.activeFromMs = undefined;
        this.#tell(order, "Submitted");
      }
    }
    this.#matcher.step();
  }

  /** An order that the user placed in TWS itself. `bound` = client 0 takes it over at once. */
  placeByHand(request: PlaceOrder, bound: boolean): { readonly order: Order } | { readonly reject: Reject } {
    const checked = this.#validate(request);
    if (!checked.ok) return checked;
    const { state } = this.#deps;
    const { terms, instrument } = checked;
    const orderId = bound ? state.takeBoundId() : BY_HAND;
    const order = this.#accept({ clientId: BY_HAND_CLIENT, orderId, terms, instrument });
    state.save();
    return { order };
  }

  /** The user cancels an order in TWS itself. False when there is no open one with this id. */
  cancelByHand(permId: number): boolean {
    const order = this.#deps.state.openOrders().find((candidate) => candidate.permId === permId);
    if (order === undefined) return false;
    this.#end(order, BY_TRADER);
    this.#deps.state.save();
    return true;
  }

  stop(): void {
    this.#matcher.stop();
    this.#deps.state.close();
  }

  #emit(event: BrokerEvent): void {
    this.#deps.listener(event);
    if (event.kind === "commission") this.#corrections.after(event.execution);
  }

  #error(clientId: number, orderId: number, reject: Reject): void {
    const { code, text, rejectJson = "" } = reject;
    this.#emit({ kind: "orderError", clientId, orderId, code, text, rejectJson });
  }

  #place(clientId: number, request: PlaceOrder): void {
    const { state } = this.#deps;
    const existing = state.order(clientId, request.orderId);
    const staged = this.#staged.has(`${clientId}:${request.orderId}`);
    const used = request.orderId <= state.highestOrderId(clientId) && !staged;
    const refusedId = idRefused(existing, used);
    if (refusedId !== undefined) {
      this.#error(clientId, request.orderId, refusedId);
      return;
    }
    const checked = this.#validate(request);
    if (!checked.ok) {
      this.#error(clientId, request.orderId, checked.reject);
      return;
    }
    const placement = { clientId, orderId: request.orderId, terms: checked.terms, instrument: checked.instrument };
    state.raiseHighestOrderId(clientId, request.orderId);
    if (request.whatIf) {
      const refused = answerWhatIf({ ...this.#deps, valuer: this.valuer }, placement);
      if (refused !== undefined) this.#error(clientId, request.orderId, refused);
      return;
    }
    if (existing !== undefined) {
      this.#modify(existing, placement);
      return;
    }
    if (!request.transmit) {
      this.#staged.add(`${clientId}:${request.orderId}`);
      return;
    }
    this.#staged.delete(`${clientId}:${request.orderId}`);
    this.#accept(placement);
  }

  #validate(request: PlaceOrder): Validation {
    const find = (query: ContractQuery) => this.find(query);
    return validateOrder(request, { accounts: this.#deps.state.accountIds, find });
  }

  #accept(placement: Placement): Order {
    const { state, market, clock } = this.#deps;
    const { terms, instrument } = placement;
    const expiresMs = this.#expiry(terms, instrument);
    const order = newOrder(placement, { permId: state.takePermId(), acceptedMs: clock.nowMs(), expiresMs });
    state.addOrder(order);
    const account = state.account(terms.account);
    const projection = project({ market, valuer: this.valuer }, account, { terms, instrument, filled: decimal("0") });
    const reject = marginReject(projection);
    if (reject !== undefined) {
      this.#reject(order, reject);
      return order;
    }
    const decision = this.#deps.hooks.atOrder(order);
    if (decision?.kind === "reject") {
      this.#reject(order, decision, decision.status);
      return order;
    }
    if (decision?.kind === "warn") this.#error(order.clientId, order.orderId, decision);
    if (decision?.kind === "hold") {
      this.#tell(order, "Inactive", true);
      clock.setTimeout(() => this.#revive(order, instrument), decision.delayMs);
    } else this.#work(order, instrument);
    return order;
  }

  /** An inactive order works after all. */
  #revive(order: Order, instrument: Instrument): void {
    if (order.status !== "Inactive") return;
    this.#deps.state.reopen(order);
    this.#work(order, instrument);
    this.#deps.state.save();
  }

  #work(order: Order, instrument: Instrument): void {
    const { market, calendar, clock } = this.#deps;
    const { terms } = order;
    const timing = { market, calendar, nowMs: clock.nowMs() };
    order.activeFromMs = waitsUntil(timing, terms, instrument);
    for (const warning of warnings(timing, order, instrument)) this.#error(order.clientId, order.orderId, warning);
    if (order.activeFromMs !== undefined) {
      this.#tell(order, "PreSubmitted", true);
      return;
    }
    const straight = terms.orderType === "MKT" && terms.action === "SELL";
    if (!straight) this.#tell(order, "PreSubmitted", true);
    if (straight || terms.orderType === "LMT") this.#tell(order, "Submitted", straight);
    this.#matcher.arrive(order);
  }

  #reject(order: Order, reject: Reject, status: "Inactive" | "Cancelled" = "Inactive"): void {
    order.completedMs = this.#deps.clock.nowMs();
    order.completedStatus = reject.text;
    this.#tell(order, status, true);
    this.#error(order.clientId, order.orderId, reject);
  }

  #expiry(terms: OrderTerms, instrument: Instrument): number | undefined {
    if (terms.tif !== "DAY") return undefined;
    const { market, calendar, clock } = this.#deps;
    return calendar.nextCloseMs(market.hours(instrument), clock.nowMs(), sessionKind(terms, instrument));
  }

  #modify(order: Order, placement: Placement): void {
    const reject = checkModification(order, placement.terms) ?? this.#modifiedMargin(order, placement);
    if (reject !== undefined) {
      this.#error(order.clientId, order.orderId, reject);
      return;
    }
    order.terms = placement.terms;
    order.expiresMs = this.#expiry(placement.terms, placement.instrument);
    this.#tell(order, order.activeFromMs === undefined ? "Submitted" : "PreSubmitted");
    this.#matcher.arrive(order);
  }

  #modifiedMargin(order: Order, placement: Placement): Reject | undefined {
    const account = this.#deps.state.account(order.terms.account);
    const { terms, instrument } = placement;
    const filled = decimal(order.filled);
    const means = { market: this.#deps.market, valuer: this.valuer };
    return marginReject(project(means, account, { terms, instrument, filled }));
  }

  #cancel(clientId: number, orderId: number): void {
    const { state } = this.#deps;
    if (this.#staged.delete(`${clientId}:${orderId}`)) {
      this.#error(clientId, orderId, { code: 202, text: "Order Canceled - reason:" });
      return;
    }
    const own = state.order(clientId, orderId);
    const order = own ?? state.openOrderOfAnyClient(orderId);
    const decision = order !== undefined && isOpen(order) ? this.#deps.hooks.atCancel(order, clientId) : undefined;
    if (order === undefined || decision === "refuse") {
      this.#error(clientId, orderId, cancelUnknown(orderId));
      return;
    }
    if (decision === "race") {
      order.status = "PendingCancel";
      this.#emit({ kind: "orderStatus", order });
      this.#matcher.fillNow(order);
    }
    const refused = cancelRefused(order, orderId);
    if (refused !== undefined) this.#error(clientId, orderId, refused);
    else this.#end(order, { ...BY_TRADER, by: clientId });
  }

  /** Cancels what is left: status first, the notice 202 after it. */
  #end(order: Order, reason: { readonly status: string; readonly told: string; readonly by?: number }): void {
    order.status = "Cancelled";
    order.completedMs = this.#deps.clock.nowMs();
    order.completedStatus = reason.status === "" ? "Cancelled by System:\n" : reason.status;
    this.#deps.state.touch(order);
    const canceller = reason.by === undefined || reason.by === order.clientId ? undefined : reason.by;
    this.#emit({ kind: "orderStatus", order, ...(canceller === undefined ? {} : { canceller }) });
    const notice = { code: 202, text: `Order Canceled - reason:${reason.told}` };
    this.#error(order.clientId, order.orderId, notice);
    if (canceller !== undefined) this.#error(canceller, order.orderId, notice);
  }

  #tell(order: Order, status: Order["status"], fresh = false): void {
    order.status = status;
    this.#deps.state.touch(order);
    this.#emit({ kind: "openOrder", order, fresh });
    this.#emit({ kind: "orderStatus", order });
  }
}

const BY_TRADER = { status: "Cancelled by Trader", told: "" } as const;
