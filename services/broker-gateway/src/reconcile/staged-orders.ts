import type { Logger } from "@countersign/log/logger";
import type { OrderActor } from "../orders/order-actor.ts";
import type { OrderTable } from "../orders/order-table.ts";
import type { Link } from "../session/link.ts";
import type { RateLimiter } from "../session/rate-limiter.ts";

export interface StagedDeps {
  readonly link: Link;
  readonly limiter: RateLimiter;
  readonly table: OrderTable;
  readonly log: Logger;
}

const SELF = { kind: "service", id: "broker-gateway" } as const;
const REASON = "the bracket did not leave whole; what TWS holds of it untransmitted is taken back";

/** A bracket of which TWS has never shown anything, although some of it may have arrived. */
export function mayBeStaged({ order, exits }: OrderActor): boolean {
  const all = [order, ...exits.map((exit) => exit.order)];
  return exits.length > 0 && all.every(({ state, permId }) => state === "UNKNOWN" && permId === null);
}

/** It was late and not cut: cancelled, it takes its exits with it, and filled it must keep them. */
function hasArrived({ order }: OrderActor): boolean {
  return order.executions.size > 0 || order.state === "WORKING" || order.state === "FILLED";
}

/**
 * Takes back brackets that were cut in the middle: TWS says nothing of what was not transmitted, and a person could send
 * half of it with one click there. Each is cancelled once on every connection; a cancel does no harm to what is not there.
 */
export class StagedOrders {
  readonly #deps: StagedDeps;
  readonly #cancelledOn = new Map<string, number>();

  constructor(deps: StagedDeps) {
    this.#deps = deps;
  }

  /** After a complete reading of the broker. */
  async cancel(): Promise<void> {
    const { link, table } = this.#deps;
    for (const entry of table.entries()) {
      const { proposalId, clientId } = entry.order;
      const isOurs = link.ownsOrders && clientId === link.clientId && mayBeStaged(entry) && entry.absences > 0;
      if (!isOurs || this.#cancelledOn.get(proposalId) === link.epoch) continue;
      this.#cancelledOn.set(proposalId, link.epoch);
      await this.#cancelAll(entry);
    }
  }

  async #cancelAll(entry: OrderActor): Promise<void> {
    const { link, limiter, log } = this.#deps;
    const { epoch } = link;
    for (const actor of [entry, ...entry.exits]) {
      const { proposalId, leg, orderId } = actor.order;
      const isKept = () => actor !== entry && hasArrived(entry);
      if (isKept()) return;
      await actor.append({ type: "cancelRequested/1", actor: SELF, reason: REASON }, { actor: SELF });
      await limiter.take("cancel");
      const connection = link.epoch === epoch ? link.connection() : undefined;
      if (connection === undefined || isKept()) return;
      connection.cancelOrder(orderId);
      log.warn({ proposalId, leg, orderId }, "cancel of what may lie untransmitted");
    }
  }
}
