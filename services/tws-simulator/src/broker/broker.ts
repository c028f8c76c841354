import type { Clock } from "@countersign/clock/clock";
import type { ContractQuery } from "../codec/contract-fields.ts";
import type { Combo } from "../codec/order-legs.ts";
import type { PlaceOrder } from "../codec/place-order.ts";
import type { Calendar } from "../market/calendar.ts";
import { type Found, findOne } from "../market/find-instrument.ts";
import type { Instrument } from "../market/instrument.ts";
import type { Market } from "../market/market.ts";
import { zonedTime } from "../market/zoned-time.ts";
import type { BrokerState } from "./broker-state.ts";
import { cancel, cancelAll } from "./cancel.ts";
import { Corrections } from "./corrections.ts";
import type { BrokerEvent, BrokerListener } from "./events.ts";
import type { BrokerHooks } from "./hooks.ts";
import { Intake } from "./intake.ts";
import { isOpen, type Order } from "./model.ts";
import { OrderFlow } from "./order-flow.ts";
import type { Placement } from "./placement.ts";
import { idRefused } from "./refusals.ts";
import type { Reject } from "./reject.ts";
import { Staging } from "./staging.ts";
import { BY_TRADER, Teller } from "./teller.ts";
import { DAY_ZONE } from "./timing.ts";
import { Tradables } from "./tradables.ts";
import { validateOrder } from "./validate-order.ts";
import { Valuer } from "./valuation.ts";
import { answerWhatIf } from "./what-if.ts";

export interface BrokerDeps {
  readonly clock: Clock;
  readonly market: Market;
  readonly calendar: Calendar;
  readonly book: ReadonlyMap<number, Instrument>;
  readonly state: BrokerState;
  readonly listener: BrokerListener;
  readonly hooks: BrokerHooks;
}

const MISSING_PARENT: Reject = { code: 10006, text: "Missing parent order" };
/** The order id of an order that was placed by hand, and the client that it belongs to. */
const BY_HAND = 0;
const BY_HAND_CLIENT = 0;

/** Takes orders, changes and cancels of all clients; tells what happens through one listener. */
export class Broker {
  readonly valuer: Valuer;
  readonly #deps: BrokerDeps;
  readonly #tradables: Tradables;
  readonly #teller: Teller;
  readonly #flow: OrderFlow;
  readonly #intake: Intake;
  readonly #staging = new Staging();
  readonly #corrections: Corrections;

  constructor(deps: BrokerDeps) {
    this.#deps = deps;
    this.valuer = new Valuer(deps.market, deps.book);
    this.#tradables = new Tradables(deps.book, deps.market);
    this.#corrections = new Corrections({ ...deps, valuer: this.valuer });
    this.#teller = new Teller({ clock: deps.clock, state: deps.state, emit: (event) => this.#emit(event) });
    const inner = { ...deps, valuer: this.valuer, tradables: this.#tradables, teller: this.#teller };
    this.#flow = new OrderFlow(inner);
    this.#intake = new Intake({ ...inner, flow: this.#flow });
  }

  find(query: ContractQuery): Found {
    return findOne(this.#deps.book, query);
  }

  /** What an order or an execution shows as its contract: an instrument of the book, or a combination. */
  instrumentOf(what: { readonly conId: number; readonly combo?: Combo | undefined }): Instrument {
    return this.#tradables.of(what).instrument;
  }

  /** One placeOrder message: a new order, a change of an open one, or a what-if. */
  place(clientId: number, request: PlaceOrder): void {
    this.#place(clientId, request);
    this.#deps.state.save();
  }

  cancel(clientId: number, orderId: number): void {
    cancel(this.#cancelWorld(), clientId, orderId);
    this.#deps.state.save();
  }

  /** Cancels every open order of every client. */
  cancelAll(): void {
    cancelAll(this.#cancelWorld());
    this.#deps.state.save();
  }

  /** Called at each move of the market: activates, triggers, fills and expires. */
  step(): void {
    this.#deps.state.rollDay(zonedTime(this.#deps.clock.nowMs(), DAY_ZONE).date);
    this.#flow.step();
  }

  /** An order that the user placed in TWS itself. `bound` = client 0 takes it over at once. */
  placeByHand(request: PlaceOrder, bound: boolean): { readonly order: Order } | { readonly reject: Reject } {
    const checked = this.#validate(BY_HAND_CLIENT, request);
    if (!checked.ok) return checked;
    const { state } = this.#deps;
    const { terms, tradable } = checked;
    const orderId = bound ? state.takeBoundId() : BY_HAND;
    const placement = { clientId: BY_HAND_CLIENT, orderId, terms, tradable };
    const order = this.#intake.add(placement);
    this.#intake.submit(order, placement);
    state.save();
    return { order };
  }

  /** The user cancels an order in TWS itself. False when there is no open one with this id. */
  cancelByHand(permId: number): boolean {
    const order = this.#deps.state.openOrders().find((candidate) => candidate.permId === permId);
    if (order === undefined) return false;
    this.#flow.end(order, { completed: BY_TRADER });
    this.#deps.state.save();
    return true;
  }

  stop(): void {
    this.#flow.stop();
    this.#deps.state.close();
  }

  #emit(event: BrokerEvent): void {
    this.#deps.listener(event);
    if (event.kind === "commission") this.#corrections.after(event.execution);
  }

  #cancelWorld() {
    const [tradables, teller, flow, staging] = [this.#tradables, this.#teller, this.#flow, this.#staging];
    return { ...this.#deps, tradables, teller, flow, staging };
  }

  #place(clientId: number, request: PlaceOrder): void {
    const { state } = this.#deps;
    const { orderId } = request;
    const existing = state.order(clientId, orderId);
    const used = orderId <= state.highestOrderId(clientId) && !this.#staging.has(clientId, orderId);
    const refusedId = idRefused(existing, used, this.#deps.clock.nowMs());
    if (refusedId !== undefined) {
      this.#teller.error({ clientId, orderId }, refusedId);
      return;
    }
    const checked = this.#validate(clientId, request);
    if (!checked.ok) {
      this.#teller.error({ clientId, orderId }, checked.reject);
      return;
    }
    state.raiseHighestOrderId(clientId, orderId);
    const placement = { clientId, orderId, terms: checked.terms, tradable: checked.tradable };
    if (request.whatIf) {
      const means = { ...this.#deps, valuer: this.valuer, tradables: this.#tradables };
      const refused = answerWhatIf(means, placement);
      if (refused !== undefined) this.#teller.error(placement, refused);
    } else if (existing !== undefined) this.#intake.change(existing, placement);
    else if (request.transmit) this.#transmit(placement);
    else this.#staging.put(placement);
  }

  #validate(clientId: number, request: PlaceOrder) {
    const { state, book } = this.#deps;
    const checked = validateOrder(request, {
      accounts: state.accountIds,
      find: (query) => this.find(query),
      knows: (conId) => book.has(conId),
      tradables: this.#tradables,
    });
    if (!checked.ok || request.parentId === 0) return checked;
    const staged = this.#staging.has(clientId, request.parentId);
    const existing = state.order(clientId, request.orderId);
    const known = existing?.terms.parentId === request.parentId || this.#openParent(clientId, request.parentId);
    return staged || known ? checked : ({ ok: false, reject: MISSING_PARENT } as const);
  }

  #openParent(clientId: number, parentId: number): Order | undefined {
    const parent = this.#deps.state.order(clientId, parentId);
    return parent !== undefined && isOpen(parent) ? parent : undefined;
  }

  /** Sends an order out with all that was staged with it, parents first. */
  #transmit(placement: Placement): void {
    this.#staging.take(placement.clientId, placement.orderId);
    for (const member of [...this.#staging.takeFamily(placement), placement]) this.#accept(member);
  }

  #accept(placement: Placement): void {
    const { clientId, terms } = placement;
    const parent = terms.parentId === 0 ? undefined : this.#openParent(clientId, terms.parentId);
    if (terms.parentId !== 0 && parent === undefined) {
      this.#teller.error(placement, MISSING_PARENT);
      return;
    }
    this.#intake.submit(this.#intake.add(placement, parent), placement);
  }
}
