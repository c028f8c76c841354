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
import type { BrokerEvent, BrokerListener } from "./events.ts";
import { marginReject, marginView, project } from "./margin-check.ts";
import { Matcher } from "./matcher.ts";
import { isOpen, type Order, type OrderTerms } from "./model.ts";
import { checkModification } from "./modify.ts";
import { whatIfView } from "./order-views.ts";
import { type Reject, type Validation, validateOrder } from "./validate-order.ts";
import { Valuer } from "./valuation.ts";
import { sessionKind, waitsUntil, warnings } from "./warnings.ts";

export interface BrokerDeps {
  readonly clock: Clock;
  readonly market: Market;
  readonly calendar: Calendar;
  readonly book: ReadonlyMap<number, Instrument>;
  readonly state: BrokerState;
  readonly listener: BrokerListener;
}

interface Placement {
  readonly clientId: number;
  readonly orderId: number;
  readonly terms: OrderTerms;
  readonly instrument: Instrument;
}

/** The zone whose midnight starts a new account day. */
const DAY_ZONE = "US/Eastern";

/** Takes orders, changes and cancels of all clients; tells what happens through one listener. */
export class Broker {
  readonly valuer: Valuer;
  readonly #deps: BrokerDeps;
  readonly #matcher: Matcher;
  /** Orders sent with transmit=0, by client and order id: nobody hears of them until they are sent again. */
  readonly #staged = new Set<string>();

  constructor(deps: BrokerDeps) {
    this.#deps = deps;
    this.valuer = new Valuer(deps.market, deps.book);
    const { clock, market, state } = deps;
    const cancelRest = (order: Order) => this.#end(order, { status: "", told: "" });
    this.#matcher = new Matcher({ clock, market, state, valuer: this.valuer, emit: deps.listener, cancelRest });
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
    for (const order of this.#deps.state.openOrders()) this.#end(order, { status: "Cancelled by Trader", told: "" });
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

  stop(): void {
    this.#matcher.stop();
    this.#deps.state.close();
  }

  #emit(event: BrokerEvent): void {
    this.#deps.listener(event);
  }

  #error(clientId: number, orderId: number, reject: Reject): void {
    this.#emit({ kind: "orderError", clientId, orderId, ...reject });
  }

  #place(clientId: number, request: PlaceOrder): void {
    const { state } = this.#deps;
    const existing = state.order(clientId, request.orderId);
    const staged = this.#staged.has(`${clientId}:${request.orderId}`);
    const used = request.orderId <= state.highestOrderId(clientId) && !staged;
    if (existing === undefined && used) {
      this.#error(clientId, request.orderId, DUPLICATE);
      return;
    }
    if (existing !== undefined && !isOpen(existing)) {
      this.#error(clientId, request.orderId, existing.status === "Filled" ? FILLED : DUPLICATE);
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
      this.#whatIf(placement);
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

  #whatIf(placement: Placement): void {
    const { clientId, orderId, terms, instrument } = placement;
    const account = this.#deps.state.account(terms.account);
    const projection = project({ market: this.#deps.market, valuer: this.valuer }, account, {
      terms,
      instrument,
      filled: decimal("0"),
    });
    const reject = marginReject(projection);
    if (reject !== undefined) {
      this.#error(clientId, orderId, reject);
      return;
    }
    const result = { margin: marginView(projection), commission: projection.commission, warningText: "" };
    const permId = this.#deps.state.takePermId();
    this.#emit({ kind: "whatIf", view: whatIfView({ clientId, orderId, permId, terms, instrument }, result) });
  }

  #accept(placement: Placement): void {
    const { state, market, calendar, clock } = this.#deps;
    const { terms, instrument } = placement;
    const order: Order = {
      orderId: placement.orderId,
      clientId: placement.clientId,
      permId: state.takePermId(),
      acceptedMs: clock.nowMs(),
      terms,
      status: "PreSubmitted",
      whyHeld: "",
      filled: "0",
      filledValue: "0",
      lastFillPrice: "0",
      commission: undefined,
      expiresMs: this.#expiry(terms, instrument),
      activeFromMs: undefined,
      completedMs: undefined,
      completedStatus: "",
    };
    state.addOrder(order);
    const account = state.account(terms.account);
    const projection = project({ market, valuer: this.valuer }, account, { terms, instrument, filled: decimal("0") });
    const reject = marginReject(projection);
    if (reject !== undefined) {
      this.#reject(order, reject);
      return;
    }
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

  #reject(order: Order, reject: Reject): void {
    order.completedMs = this.#deps.clock.nowMs();
    order.completedStatus = reject.text;
    this.#tell(order, "Inactive", true);
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
    return marginReject(
      project({ market: this.#deps.market, valuer: this.valuer }, account, { terms, instrument, filled }),
    );
  }

  #cancel(clientId: number, orderId: number): void {
    const { state } = this.#deps;
    if (this.#staged.delete(`${clientId}:${orderId}`)) {
      this.#error(clientId, orderId, { code: 202, text: "Order Canceled - reason:" });
      return;
    }
    const own = state.order(clientId, orderId);
    const order = own ?? state.openOrderOfAnyClient(orderId);
    if (order === undefined) {
      const text = `OrderId ${orderId} that needs to be cancelled is not found.`;
      this.#error(clientId, orderId, { code: 10147, text });
      return;
    }
    if (!isOpen(order)) {
      const text = `OrderId ${orderId} that needs to be cancelled can not be cancelled, state: ${order.status}.`;
      this.#error(clientId, orderId, { code: 10148, text });
      return;
    }
    this.#end(order, { status: "Cancelled by Trader", told: "", by: clientId });
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

const DUPLICATE: Reject = { code: 103, text: "Duplicate order id" };
const FILLED: Reject = { code: 104, text: "Cannot modify a filled order." };
