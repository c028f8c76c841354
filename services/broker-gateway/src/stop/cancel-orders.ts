import type { ControlView } from "@countersign/bus/control-view";
import type { KillLatch } from "@countersign/config/kill-latch";
import { type CancelOrders, KillScope } from "@countersign/contracts/control";
import type { Actor } from "@countersign/contracts/order";
import { SELF } from "../audit/audit-trail.ts";
import type { OrderActor } from "../orders/order-actor.ts";

/** A stop that asks for the cancel of the orders at the broker. */
export interface CancelRequest {
  /** Its key in the control stream with the sequence of the setting that first asked, or the id of the local latch. */
  readonly id: string;
  readonly scope: KillScope;
  readonly cancelOrders: CancelOrders;
  readonly reason: string;
  readonly actor: Actor;
  readonly at: string;
}

/** Every stop that holds now and asks for it; what is looser again asks for nothing any more. Pure. */
export function cancelRequests(
  view: Pick<ControlView, "settings" | "trips">,
  latch: KillLatch | undefined,
): CancelRequest[] {
  const settings = view.settings().flatMap(({ scope, setting, sequence }): CancelRequest[] => {
    const parsed = KillScope.safeParse(scope);
    if (setting === "unreadable" || !parsed.success) return [];
    const { level, cancelOrders, cancelOf = sequence, reason, actor, at } = setting;
    if (level !== "HALTED" || cancelOrders === undefined) return [];
    return [{ id: `kill.${scope}.${cancelOf}`, scope: parsed.data, cancelOrders, reason, actor, at }];
  });
  const trips = view.trips().flatMap(({ key, scope, trip, level, service, sequence }): CancelRequest[] => {
    const parsed = KillScope.safeParse(scope);
    if (trip === "unreadable" || !parsed.success || level !== "HALTED" || trip.cancelOrders === undefined) return [];
    const { cancelOrders, reason, at } = trip;
    const actor = { kind: "service" as const, id: service };
    return [{ id: `trip.${key}.${sequence}`, scope: parsed.data, cancelOrders, reason, actor, at }];
  });
  return [...settings, ...trips, ...ofLatch(latch)];
}

function ofLatch(latch: KillLatch | undefined): CancelRequest[] {
  if (latch === undefined || latch.cancelOrders === null || latch.source === "control") return [];
  const { id, cancelOrders, reason, at } = latch;
  return [{ id: `latch.${id}`, scope: "global", cancelOrders, reason, actor: SELF, at }];
}

/** Whether the order is one that the stop is about. */
export function inScope(scope: KillScope, order: Pick<OrderActor["order"], "account" | "agent" | "conids">): boolean {
  if (scope === "global") return true;
  const [kind, ...rest] = scope.split(".");
  const name = rest.join(".");
  if (kind === "account") return order.account === name;
  if (kind === "agent") return order.agent === name;
  return order.conids.some((conid) => String(conid) === name);
}
