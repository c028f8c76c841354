import type { Clock } from "@countersign/clock/clock";
import { requestBehaviourOf } from "@countersign/contracts/ib-codes";
import type { AuditTrail } from "./audit/audit-trail.ts";
import type { FaultLog } from "./session/fault-log.ts";
import type { BrokerEvent } from "./session/wire.ts";

/** A broker that repeats itself does not fill the audit: what comes within this time is counted in the next record. */
const RECORD_EVERY_MS = 60_000;
/** The link itself notes this one. */
const TOO_MANY_MESSAGES = 100;

/**
 * TWS says that it was asked too fast. Whoever asks is there to prevent it, so it is a bug of ours, and on the record as one:
 * the first at once, later ones at most once a minute with their number.
 */
export class PacingViolations {
  readonly #deps: { readonly clock: Clock; readonly audit: Pick<AuditTrail, "record">; readonly faults: FaultLog };
  #recordedAtMs = Number.NEGATIVE_INFINITY;
  #unrecorded = 0;

  constructor(deps: { clock: Clock; audit: Pick<AuditTrail, "record">; faults: FaultLog }) {
    this.#deps = deps;
  }

  take(event: BrokerEvent): void {
    if (event.kind !== "error" && event.kind !== "notice") return;
    const { code, text } = event;
    if (requestBehaviourOf(code, text) !== "paced") return;
    const { clock, audit, faults } = this.#deps;
    if (code !== TOO_MANY_MESSAGES) faults.add(code, text);
    this.#unrecorded += 1;
    if (clock.monotonicMs() - this.#recordedAtMs < RECORD_EVERY_MS) return;
    const body = { bug: "pacing violation", code, count: this.#unrecorded, untrusted: text.slice(0, 500) };
    audit.record({ kind: "broker.fault", correlationId: "link", body });
    this.#recordedAtMs = clock.monotonicMs();
    this.#unrecorded = 0;
  }
}
