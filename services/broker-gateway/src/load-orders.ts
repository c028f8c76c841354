import type { OrderBus } from "@countersign/bus/bus";
import { OrderFeed } from "@countersign/bus/order-feed";
import type { Clock } from "@countersign/clock/clock";
import type { AnyFact } from "@countersign/orders/fold";
import { OrderProjection } from "@countersign/orders/projection";
import { recentFacts } from "@countersign/orders/recent-facts";
import type { AuditTrail, Record } from "./audit/audit-trail.ts";
import type { ExecLog } from "./orders/exec-log.ts";
import type { OrderActor } from "./orders/order-actor.ts";
import type { OrderTable } from "./orders/order-table.ts";

/** So long after the epochs have changed, nothing of the writer before is on its way any more. */
const LATE_FACTS_MS = 30_000;

interface LoadPorts {
  readonly bus: OrderBus;
  readonly clock: Clock;
  readonly onFatal: (reason: string) => void;
}

/** Orders as their logs tell them. From here on this process is the only author, but for what is on its way: see below. */
export async function loadOrders(
  { bus, clock, onFatal }: LoadPorts,
  loaded: { table: OrderTable; audit: AuditTrail; execLog: ExecLog; writerEpoch: number },
): Promise<() => void> {
  const { table, audit, execLog } = loaded;
  const feed = await OrderFeed.open(bus, clock);
  const projection = new OrderProjection();
  projection.attach(feed);
  execLog.restored(projection.lastSequence());
  for (const record of projection.list()) table.restore(record, record.view.account);
  // Whoever wrote them may have died before the audit had them; twice on the record is better than not at all.
  for (const fact of recentFacts(projection, "exec")) audit.record(againOf(fact));
  projection.onFact((record, { facet, sequence, body }) => {
    if (facet !== "exec") return;
    const actor = table.get(body.proposalId);
    if (actor !== undefined) void dieUnlessOurs(actor, sequence, onFatal);
    // What the writer before us had on its way may be stored after this look; it is never sent, and settled as abandoned.
    else if (body.type === "intent/1" && body.writerEpoch < loaded.writerEpoch) {
      table.restore(record, record.view.account);
      audit.record(againOf(body));
    }
  });
  const timer = clock.setTimeout(() => feed.close(), LATE_FACTS_MS);
  return () => {
    timer.cancel();
    feed.close();
  };
}

/** A late fact of the writer before us about an order that we know already: all logs have to be read again. */
async function dieUnlessOurs(actor: OrderActor, sequence: number, onFatal: (reason: string) => void): Promise<void> {
  if (!(await actor.knows(sequence))) onFatal(`the exec log of ${actor.order.proposalId} has a fact of somebody else`);
}

function againOf(fact: AnyFact): Record {
  const body = { again: true, fact };
  return { kind: "order.edge", correlationId: fact.proposalId, body };
}
