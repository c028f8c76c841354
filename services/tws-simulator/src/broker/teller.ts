import type { Clock } from "@countersign/clock/clock";
import type { BrokerState } from "./broker-state.ts";
import type { BrokerEvent, BrokerListener } from "./events.ts";
import { isOpen, type Order, type OrderStatus } from "./model.ts";
import { hasTrigger } from "./order-kinds.ts";
import type { Reject } from "./reject.ts";

/** Why and how an order ends before it is filled. */
export interface Ending {
  /** What completedOrder shows. */
  readonly completed: string;
  /** The reason in the notice 202; TWS often gives none. */
  readonly told?: string;
  /** The client that cancelled it, when one did. */
  readonly by?: number;
  /** `once` = the status PendingCancel comes first; `held` = with its openOrder, and the status once more. */
  readonly pending?: "once" | "held";
}

export const BY_TRADER = "Cancelled by Trader";
export const BY_SYSTEM = "Cancelled by System:\n";

/** What an order waits for, as TWS words it: empty when it waits for nothing that TWS names. */
export function whyHeld(order: Order): string {
  if (!isOpen(order)) return "";
  const reasons: string[] = [];
  if (order.heldByParent) reasons.push("child");
  if (hasTrigger(order.terms) && !order.triggered) reasons.push("trigger");
  if (order.locateUntilMs !== undefined) reasons.push("locate");
  return reasons.join(",");
}

/** Writes what happens to an order into the state and tells it, in the order of TWS. */
export class Teller {
  readonly #clock: Clock;
  readonly #state: BrokerState;
  readonly #emit: BrokerListener;

  constructor(deps: { readonly clock: Clock; readonly state: BrokerState; readonly emit: BrokerListener }) {
    this.#clock = deps.clock;
    this.#state = deps.state;
    this.#emit = deps.emit;
  }

  emit(event: BrokerEvent): void {
    this.#emit(event);
  }

  error(to: { readonly clientId: number; readonly orderId: number }, reject: Reject): void {
    const { code, text, rejectJson = "" } = reject;
    this.#emit({ kind: "orderError", clientId: to.clientId, orderId: to.orderId, code, text, rejectJson });
  }

  /** openOrder, then orderStatus. */
  tell(order: Order, status: OrderStatus, fresh = false): void {
    this.#set(order, status);
    this.#emit({ kind: "openOrder", order, fresh });
    this.#emit({ kind: "orderStatus", order });
  }

  /** A refused order is dead, not gone: a change may bring it back. */
  reject(order: Order, reject: Reject, status: "Inactive" | "Cancelled" = "Inactive"): void {
    this.dead(order, reject.text, status);
    this.error(order, reject);
  }

  /** It never reached its exchange, for a reason that completedOrder shows. */
  dead(order: Order, why: string, status: "Inactive" | "Cancelled" = "Inactive"): void {
    order.completedMs = this.#clock.nowMs();
    order.completedStatus = why;
    this.tell(order, status, true);
  }

  /** Cancels what is left: status first, the notice 202 after it. */
  end(order: Order, ending: Ending): void {
    const { by } = ending;
    const canceller = by === undefined || by === order.clientId ? undefined : by;
    const also = canceller === undefined ? {} : { canceller };
    if (ending.pending !== undefined) {
      this.#set(order, "PendingCancel");
      if (ending.pending === "held") {
        this.#emit({ kind: "openOrder", order });
        this.#emit({ kind: "orderStatus", order, ...also });
      }
      this.#emit({ kind: "orderStatus", order, ...also });
    }
    order.completedMs = this.#clock.nowMs();
    order.completedStatus = ending.completed;
    this.#set(order, "Cancelled");
    this.#emit({ kind: "orderStatus", order, ...also });
    const notice = { code: 202, text: `Order Canceled - reason:${ending.told ?? ""}` };
    this.error(order, notice);
    if (canceller !== undefined) this.error({ clientId: canceller, orderId: order.orderId }, notice);
  }

  #set(order: Order, status: OrderStatus): void {
    order.status = status;
    order.whyHeld = whyHeld(order);
    this.#state.touch(order);
  }
}
