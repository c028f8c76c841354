import type { ControlView } from "@countersign/bus/control-view";
import type { Tripwire } from "@countersign/bus/tripwire";
import { type Clock, parseUtcText, type Timer } from "@countersign/clock/clock";
import type { AuditTrail } from "../audit/audit-trail.ts";
import type { BrokerGatewayConfig } from "../config.ts";
import { isTwoOrders } from "../fold/plan.ts";
import type { OrderActor } from "../orders/order-actor.ts";
import type { OrderTable } from "../orders/order-table.ts";
import type { Reconciler } from "../reconcile/reconciler.ts";

export interface TriggersDeps {
  readonly clock: Clock;
  readonly table: Pick<OrderTable, "list">;
  readonly audit: Pick<AuditTrail, "waitingMs">;
  readonly reconciler: Pick<Reconciler, "strangers">;
  /** References of orders that the logs have lost, as this process found at its start. */
  readonly lostOrders: readonly string[];
  readonly view: Pick<ControlView, "clockStepMs" | "trips">;
  readonly wire: Pick<Tripwire<"broker-gateway">, "trip">;
  readonly config: BrokerGatewayConfig["stops"];
}

const LOOK_EVERY_MS = 250;

/** So many are named in a trip; more would not fit. */
const NAMED_MAX = 18;

/**
 * What stops this gateway by itself: an order that nobody knows anything of, one that the broker shows twice, one of ours that
 * no log has, an audit that lags, a clock that jumped.
 */
export class Triggers {
  readonly #deps: TriggersDeps;
  /** Monotonic ms since when each order is UNKNOWN; earlier than the start of this process when the log says so. */
  readonly #unknownSinceMs = new Map<string, number>();
  /** Orders of ours without a log that this process has tripped for. */
  readonly #strangers = new Set<string>();
  readonly #timer: Timer;

  constructor(deps: TriggersDeps) {
    this.#deps = deps;
    this.#timer = deps.clock.setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  look(): void {
    this.#lookAtUnknown();
    this.#lookAtTwoOrders();
    this.#lookAtStrangers();
    this.#lookAtAudit();
    this.#lookAtClock();
  }

  stop(): void {
    this.#timer.cancel();
  }

  #lookAtUnknown(): void {
    const { clock, table, wire, config } = this.#deps;
    const nowMs = clock.monotonicMs();
    const unknown = table.list().filter(({ order }) => order.state === "UNKNOWN");
    const refs = new Set(unknown.map(({ order }) => order.orderRef));
    for (const ref of this.#unknownSinceMs.keys()) if (!refs.has(ref)) this.#unknownSinceMs.delete(ref);
    for (const { order } of unknown) {
      const sinceMs = this.#unknownSinceMs.get(order.orderRef) ?? nowMs - this.#onRecordMs(order);
      this.#unknownSinceMs.set(order.orderRef, sinceMs);
      const unknownMs = Math.round(nowMs - sinceMs);
      if (unknownMs < config.unknownOrder.afterMs) continue;
      const reason = `nobody knows of order ${order.orderRef} for ${unknownMs} ms`;
      const evidence = { proposalId: order.proposalId, orderRef: order.orderRef, unknownMs };
      wire.trip({ cause: "unknown-order", scope: "global", level: config.unknownOrder.level, reason, evidence });
    }
  }

  /** How long the log has it as UNKNOWN already: a restart begins no new time. */
  #onRecordMs({ unknownSince }: OrderActor["order"]): number {
    if (unknownSince === undefined) return 0;
    return Math.max(0, this.#deps.clock.nowMs() - parseUtcText(unknownSince));
  }

  /** Nothing more of an instrument of which the broker may hold twice what was sent; a reset before it is settled trips anew. */
  #lookAtTwoOrders(): void {
    for (const { order } of this.#deps.table.list().filter((one) => isTwoOrders(one.order))) {
      const { orderRef, proposalId, dispute } = order;
      for (const conid of order.conids) {
        const scope = `instrument.${conid}` as const;
        const reason = `order ${orderRef}: ${dispute}`;
        const evidence = { proposalId, orderRef, conid };
        this.#deps.wire.trip({ cause: "two-orders", scope, level: "HALTED", reason, evidence });
      }
    }
  }

  /**
   * The logs have lost it, as after a restored backup, or somebody sends in our name: what they say of positions, limits and
   * approvals that are used does not hold. A person who has looked at these resets, and only others trip again.
   */
  #lookAtStrangers(): void {
    const { reconciler, lostOrders, view, wire } = this.#deps;
    const strangers = [...new Set([...lostOrders, ...reconciler.strangers])];
    if (strangers.every((ref) => this.#strangers.has(ref))) return;
    const before = view.trips().find(({ service, cause }) => service === "broker-gateway" && cause === "strange-order");
    const named = before === undefined || before.trip === "unreadable" ? [] : before.trip.evidence;
    for (const { value } of named) this.#strangers.add(value);
    const news = strangers.filter((ref) => !this.#strangers.has(ref));
    if (news.length === 0) return;
    for (const ref of news) this.#strangers.add(ref);
    const shown = [...news, ...strangers.filter((ref) => !news.includes(ref))].slice(0, NAMED_MAX);
    const evidence = {
      count: strangers.length,
      ...Object.fromEntries(shown.map((ref, index) => [`ref${index}`, ref])),
    };
    const reason = `orders of ours that no log knows (${strangers.length}): ${shown.slice(0, 5).join(", ")}`;
    wire.trip({ cause: "strange-order", scope: "global", level: "HALTED", reason, evidence, anew: true });
  }

  #lookAtAudit(): void {
    const { audit, wire, config } = this.#deps;
    const waitingMs = Math.round(audit.waitingMs());
    if (waitingMs < config.auditLag.afterMs) return;
    const reason = `a record waits for the audit for ${waitingMs} ms`;
    wire.trip({ cause: "audit-lag", scope: "global", level: config.auditLag.level, reason, evidence: { waitingMs } });
  }

  #lookAtClock(): void {
    const { view, wire } = this.#deps;
    const stepMs = view.clockStepMs();
    if (stepMs === 0) return;
    const reason = `the clock of the gateway's machine was stepped by ${stepMs} ms`;
    wire.trip({ cause: "clock-step", scope: "global", level: "HALTED", reason, evidence: { stepMs } });
  }
}
