import type { Clock } from "@countersign/clock/clock";
import type { Market } from "../market/market.ts";
import { newOrder } from "./acceptance.ts";
import type { BrokerState } from "./broker-state.ts";
import type { BrokerHooks } from "./hooks.ts";
import { isOpen, type Order } from "./model.ts";
import type { OrderFlow } from "./order-flow.ts";
import type { Placement } from "./placement.ts";
import { cancelRefused, cancelUnknown, notCancellable } from "./refusals.ts";
import type { Staging } from "./staging.ts";
import { BY_TRADER, type Teller } from "./teller.ts";
import { isOpenFor } from "./timing.ts";
import type { Tradables } from "./tradables.ts";

export interface CancelWorld {
  readonly clock: Clock;
  readonly market: Market;
  readonly state: BrokerState;
  readonly tradables: Tradables;
  readonly teller: Teller;
  readonly flow: OrderFlow;
  readonly staging: Staging;
  readonly hooks: BrokerHooks;
}

/** A cancel of one order by any client: its own, or another's open one. */
export function cancel(world: CancelWorld, clientId: number, orderId: number): void {
  const staged = world.staging.take(clientId, orderId);
  if (staged !== undefined) {
    for (const each of [staged, ...world.staging.takeChildren(clientId, orderId)]) discard(world, each);
    return;
  }
  const { state, teller, hooks } = world;
  const order = state.order(clientId, orderId) ?? state.openOrderOfAnyClient(orderId);
  const decision = order !== undefined && isOpen(order) ? hooks.atCancel(order, clientId) : undefined;
  if (order === undefined || decision === "refuse") {
    teller.error({ clientId, orderId }, cancelUnknown(orderId));
    return;
  }
  if (decision === "race") {
    order.status = "PendingCancel";
    teller.emit({ kind: "orderStatus", order });
    world.flow.fillNow(order);
  }
  const refused = cancelRefused(order, orderId);
  if (refused !== undefined) teller.error({ clientId, orderId }, refused);
  else end(world, order, clientId);
}

/** A global cancel: every open order ends; a dead one that could come back is only named. */
export function cancelAll(world: CancelWorld): void {
  for (const order of world.state.orders()) {
    if (isOpen(order)) end(world, order, order.clientId);
    else if (order.status === "Inactive") world.teller.error(order, notCancellable(order));
  }
}

/** While the market is closed the cancel waits for it, and TWS says so. */
function end(world: CancelWorld, order: Order, by: number): void {
  const { instrument } = world.tradables.of(order.terms);
  const isOutside = isOpen(order) && !isOpenFor(world.market, order.terms, instrument);
  world.flow.end(order, { completed: BY_TRADER, by, ...(isOutside ? { pending: "held" } : {}) });
}

/** A staged order was never at the broker: it has no permanent number and ends at the API. */
function discard(world: CancelWorld, { clientId, orderId, terms }: Placement): void {
  const order = newOrder({ clientId, orderId, terms, permId: 0, acceptedMs: world.clock.nowMs() });
  order.status = "ApiCancelled";
  world.teller.emit({ kind: "orderStatus", order });
  world.teller.error(order, { code: 202, text: "Order Canceled - reason:" });
}
