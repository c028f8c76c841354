import { AuditOutbox } from "@countersign/bus/audit-outbox";
import type { Bus } from "@countersign/bus/bus";
import { type Clock, utcText } from "@countersign/clock/clock";

/** Refusals that may wait for an audit that is away; beyond that they are counted. */
const WAITING_MAX = 1_000;

export function refusalsOf(bus: Pick<Bus, "audit" | "log">): AuditOutbox {
  return new AuditOutbox({
    audit: (entry) => bus.audit(entry),
    max: WAITING_MAX,
    onDelayed: (waiting, error) => bus.log.warn({ waiting, error: String(error) }, "refusals wait for the audit"),
    onDropped: ({ correlationId }) => bus.log.error({ correlationId }, "a refusal is lost"),
  });
}

/** Hands on what waits. */
export function flushRefusals(outbox: AuditOutbox, clock: Clock): Promise<void> {
  return outbox.flush((dropped) => ({
    kind: "audit.gap",
    at: utcText(clock.nowMs()),
    correlationId: "risk-gate",
    actor: { kind: "service", id: "risk-gate" },
    body: { dropped },
  }));
}
