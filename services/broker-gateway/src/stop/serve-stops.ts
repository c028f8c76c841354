import type { OrderBus } from "@countersign/bus/bus";
import { Fault, ok } from "@countersign/contracts/denial";
import { RPCS } from "@countersign/contracts/subjects";
import type { Parts } from "../connect-parts.ts";
import type { Stops } from "./open-stops.ts";

/** What a person must know to loosen the kill switch, and what became of the orders that it cancelled. */
export function serveStops(bus: OrderBus, parts: Parts, { latch, reports, runs }: Stops): void {
  bus.serve(RPCS.killReports, async ({ limit }) => ok({ running: runs.running(), reports: reports.list(limit) }));
  bus.serve(RPCS.reconcileNow, async () => {
    await parts.reconciler.read("before the kill switch is loosened");
    const at = parts.reconciler.lastAt;
    if (at === null) throw new Fault("BROKER_UNAVAILABLE", "nothing was read");
    const inState = (state: string) => parts.table.list().filter(({ order }) => order.state === state).length;
    return ok({
      at,
      unknownOrders: inState("UNKNOWN"),
      disputedOrders: inState("DISPUTED"),
      latched: latch.stands()?.reason.slice(0, 300) ?? null,
      level: parts.view.level({}).level,
    });
  });
}
