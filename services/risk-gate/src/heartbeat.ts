import type { Bus } from "@countersign/bus/bus";
import type { ControlView } from "@countersign/bus/control-view";
import type { OrderFeed } from "@countersign/bus/order-feed";
import { type Clock, utcText } from "@countersign/clock/clock";
import type { Mode } from "@countersign/contracts/mode";
import { FACTS, HEARTBEATS } from "@countersign/contracts/subjects";
import { newNonce } from "@countersign/ids/ids";
import type { OrderProjection } from "@countersign/orders/projection";
import { runChecks } from "@countersign/service/readiness";

interface Deps {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly mode: Mode;
  readonly control: ControlView;
  readonly orders: OrderProjection;
  readonly feed: OrderFeed;
}

/** Tells once a second whether this service can do its work. */
export function startHeartbeat({ bus, clock, mode, control, orders, feed }: Deps): () => void {
  const self = { service: "risk-gate", instance: newNonce(), mode, startedAt: utcText(clock.nowMs()) };
  const checks = [
    { name: "bus", check: async () => ({ ok: bus.connected(), detail: `nats-server ${bus.serverVersion()}` }) },
    { name: "control", check: async () => ({ ok: control.fresh(), detail: control.level({}).reason }) },
    {
      name: "orders",
      check: async () => {
        const bad = orders.illegal() + feed.unreadable();
        const drift = await bus.streamDifferences(FACTS.proposal);
        const lost = feed.stands();
        if (lost !== undefined) return { ok: false, detail: lost.reason };
        const detail = `up to ${feed.lastSequence()}; ${bad} facts do not fit; ${drift.join("; ") || "as provisioned"}`;
        return { ok: bad === 0 && drift.length === 0, detail: detail.slice(0, 300) };
      },
    },
  ];
  return bus.startHeartbeat(HEARTBEATS["risk-gate"], async () => ({
    ...self,
    at: utcText(clock.nowMs()),
    ...(await runChecks(checks)),
  }));
}
