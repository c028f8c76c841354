import type { Clock } from "@countersign/clock/clock";
import { decimal } from "@countersign/money/decimal";
import type { Market } from "../market/market.ts";
import { bandReason, isHeld, LOCATE_MS, LOCATING, needsLocate, newOrder } from "./acceptance.ts";
import type { BrokerState } from "./broker-state.ts";
import { groupOf } from "./groups.ts";
import type { BrokerHooks } from "./hooks.ts";
import { leverageReject, marginReject, project } from "./margin-check.ts";
import type { Order } from "./model.ts";
import { becomesMarket, checkModification, movesStop } from "./modify.ts";
import type { OrderFlow } from "./order-flow.ts";
import { kindOf } from "./order-kinds.ts";
import type { Placement } from "./placement.ts";
import type { Reject } from "./reject.ts";
import { BY_SYSTEM, type Teller } from "./teller.ts";
import type { Tradables } from "./tradables.ts";
import type { Valuer } from "./valuation.ts";
import { warnings } from "./warnings.ts";

export interface IntakeDeps {
  readonly clock: Clock;
  readonly market: Market;
  readonly state: BrokerState;
  readonly valuer: Valuer;
  readonly tradables: Tradables;
  readonly teller: Teller;
  readonly flow: OrderFlow;
  readonly hooks: BrokerHooks;
}

/** From a checked message to a working order: money, price band, what holds it back, its first callbacks. */
export class Intake {
  readonly #deps: IntakeDeps;

  constructor(deps: IntakeDeps) {
    this.#deps = deps;
  }

  /** An accepted order in the books; `parent` holds it back until it is filled. */
  add(placement: Placement, parent?: Order): Order {
    const { state, clock } = this.#deps;
    const { clientId, orderId, terms } = placement;
    const order = newOrder({ clientId, orderId, terms, permId: state.takePermId(), acceptedMs: clock.nowMs() });
    order.parentPermId = parent?.permId;
    order.heldByParent = parent !== undefined;
    Object.assign(order, groupOf(terms, parent));
    state.addOrder(order);
    return order;
  }

  /** Past the checks of the message: currency leverage and margin. */
  submit(order: Order, placement: Placement): void {
    const refusal = this.#refusal(placement, order.filled);
    if (refusal !== undefined) {
      this.#deps.teller.reject(order, refusal);
      return;
    }
    const decision = this.#deps.hooks.atOrder(order);
    if (decision?.kind === "reject") {
      this.#deps.teller.reject(order, decision, decision.status);
      return;
    }
    if (decision?.kind === "warn") this.#deps.teller.error(order, decision);
    if (decision?.kind === "hold") {
      if (decision.status === "Inactive") this.#deps.teller.dead(order, "");
      else this.#deps.teller.tell(order, "PendingSubmit", true);
      this.#deps.clock.setTimeout(() => this.#revive(order, placement, decision.status), decision.delayMs);
    } else this.#work(order, placement);
  }

  /** Currency leverage and margin; undefined = the account can carry the order. */
  #refusal(placement: Placement, filled: string): Reject | undefined {
    const { tradables, state } = this.#deps;
    const account = state.account(placement.terms.account);
    const planned = { ...placement, filled: decimal(filled) };
    const leverage = leverageReject(account, planned, tradables.quote(placement.tradable));
    return leverage ?? marginReject(project(this.#deps, account, planned));
  }

  /** A held order works after all, unless something else has become of it. */
  #revive(order: Order, placement: Placement, held: Order["status"]): void {
    if (order.status !== held) return;
    this.#deps.state.reopen(order);
    this.#work(order, placement);
    this.#deps.state.save();
  }

  /** On its way to its exchange, and what holds it back there. */
  #work(order: Order, placement: Placement): void {
    const { terms, tradable } = placement;
    const { instrument } = tradable;
    if (terms.tif === "FOK") {
      this.#deps.teller.dead(order, BY_SYSTEM);
      return;
    }
    const band = bandReason(terms, instrument, this.#deps.tradables.quote(tradable));
    if (band !== undefined) {
      this.#deps.flow.end(order, { completed: BY_SYSTEM, told: band, pending: "once" });
      return;
    }
    const { openingMs } = this.#deps.flow.prepare(order, tradable);
    const zone = this.#deps.market.hours(instrument).timeZoneId;
    const opening = openingMs === undefined ? undefined : { atMs: openingMs, zone };
    for (const warning of warnings(order, instrument, opening)) this.#deps.teller.error(order, warning);
    if (needsLocate(terms, instrument, this.#deps.state.account(terms.account))) {
      order.locateUntilMs = this.#deps.clock.nowMs() + LOCATE_MS;
    }
    this.#acknowledge(order);
    if (order.locateUntilMs !== undefined) this.#deps.teller.error(order, LOCATING);
    this.#deps.flow.arrive(order);
  }

  #acknowledge(order: Order): void {
    if (isHeld(order)) {
      this.#deps.teller.tell(order, "PreSubmitted", true);
      return;
    }
    order.working = true;
    const isMarket = kindOf(order.terms.orderType).works === "market";
    const straight = isMarket && order.terms.action === "SELL";
    if (!straight) this.#deps.teller.tell(order, "PreSubmitted", true);
    if (straight || !isMarket) this.#deps.teller.tell(order, "Submitted", straight);
  }

  /** A change of an open order in place, or of a dead one, which then starts anew. */
  change(order: Order, placement: Placement): void {
    const revives = order.status === "Inactive";
    const reject =
      checkModification(order, placement.terms) ?? (revives ? undefined : this.#refusal(placement, order.filled));
    if (reject !== undefined) {
      this.#deps.teller.error(order, reject);
      return;
    }
    const old = order.terms;
    order.terms = placement.terms;
    if (revives) {
      this.#deps.state.reopen(order);
      this.submit(order, placement);
      return;
    }
    const { tradable } = placement;
    const band = bandReason(placement.terms, tradable.instrument, this.#deps.tradables.quote(tradable));
    if (band !== undefined) {
      this.#deps.flow.end(order, { completed: BY_SYSTEM, told: band, pending: "once" });
      return;
    }
    order.becameMarket ||= becomesMarket(old, placement.terms);
    this.#reschedule(order, { old, placement });
    this.#deps.teller.tell(order, order.working ? "Submitted" : "PreSubmitted");
    this.#deps.flow.arrive(order);
  }

  /** New terms, new times; a stop that was not moved stays where it has trailed to. */
  #reschedule(order: Order, change: { readonly old: Order["terms"]; readonly placement: Placement }): void {
    const { stopPrice, activeFromMs } = order;
    this.#deps.flow.prepare(order, change.placement.tradable);
    if (order.working) order.activeFromMs = activeFromMs;
    if (movesStop(change.old, change.placement.terms)) order.triggerHits = 0;
    else order.stopPrice = stopPrice;
  }
}
