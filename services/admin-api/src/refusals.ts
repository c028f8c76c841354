import { type Clock, utcText } from "@countersign/clock/clock";
import type { AuditEntry } from "@countersign/contracts/audit";
import { type Rate, RateLimit } from "@countersign/http/rate-limit";
import { newNonce } from "@countersign/ids/ids";
import type { LogEvents } from "./log-events.ts";

/** Puts refused requests on the record; a flood of them becomes few records that count the rest. */
export class Refusals {
  readonly #given: { clock: Clock; record: (entry: AuditEntry) => Promise<unknown>; log: LogEvents };
  readonly #rate: RateLimit;
  #uncounted = 0;

  constructor(given: { clock: Clock; rate: Rate; record: (entry: AuditEntry) => Promise<unknown>; log: LogEvents }) {
    this.#given = given;
    this.#rate = new RateLimit(given.clock, given.rate);
  }

  /** Never waits: a refusal does nothing that must wait for its record. */
  note(reason: string, operator: string | undefined, operation: string): void {
    if (this.#rate.take("all") > 0) {
      this.#uncounted += 1;
      return;
    }
    const { clock, record, log } = this.#given;
    const uncounted = this.#uncounted;
    this.#uncounted = 0;
    log.refused(reason, uncounted);
    const actor =
      operator === undefined
        ? { kind: "service" as const, id: "admin-api" }
        : { kind: "operator" as const, id: operator };
    const body = { door: "admin", reason, operation, uncounted };
    const at = utcText(clock.nowMs());
    record({ kind: "security.refused", at, correlationId: `req_${newNonce()}`, actor, body }).catch(() => {
      this.#uncounted += uncounted + 1;
    });
  }
}
