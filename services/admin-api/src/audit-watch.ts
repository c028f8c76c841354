import type { ControlView } from "@countersign/bus/control-view";
import type { Tripwire } from "@countersign/bus/tripwire";
import type { Clock, Timer } from "@countersign/clock/clock";
import { RPCS } from "@countersign/contracts/subjects";
import type { Backend } from "./backend.ts";

export interface AuditWatchGiven {
  readonly backend: Backend;
  readonly clock: Clock;
  readonly wire: Pick<Tripwire<"admin-api">, "trip">;
  readonly everyMs: number;
}

const RETRY_MIN_MS = 1_000;
/** A restart of the writer takes a moment; for longer nobody may believe that the record was looked at. */
const UNVERIFIED_AFTER_MS = 300_000;

/**
 * Has the audit recomputed at the start and then regularly; one that does not verify stops everything. A look that failed
 * is repeated soon, since the writer may start after this service; without one for long, `unverified` says why.
 */
export class AuditWatch {
  readonly #given: AuditWatchGiven;
  #timer: Timer | undefined;
  #stopped = false;
  #restMs = RETRY_MIN_MS;
  #failure: string | undefined = "it has not answered yet";
  #failingSinceMs: number;

  constructor(given: AuditWatchGiven) {
    this.#given = given;
    this.#failingSinceMs = given.clock.monotonicMs();
    void this.#look();
  }

  /** Why the audit was not recomputed for too long; undefined: it was. */
  unverified(): string | undefined {
    if (this.#failure === undefined) return undefined;
    if (this.#given.clock.monotonicMs() - this.#failingSinceMs <= UNVERIFIED_AFTER_MS) return undefined;
    return `the audit could not be recomputed: ${this.#failure}`;
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  async #look(): Promise<void> {
    const { backend, clock, wire, everyMs } = this.#given;
    try {
      const reply = await backend.request(RPCS.verifyAudit, { against: null });
      if (reply.outcome === "denied") throw new Error(reply.denial.message);
      judgeAudit(wire, reply.value);
      [this.#failure, this.#restMs] = [undefined, RETRY_MIN_MS];
    } catch (error) {
      if (this.#failure === undefined) this.#failingSinceMs = clock.monotonicMs();
      this.#failure = error instanceof Error ? error.message : String(error);
      this.#restMs = Math.min(everyMs, 2 * this.#restMs);
    }
    if (this.#stopped) return;
    this.#timer = clock.setTimeout(() => void this.#look(), this.#failure === undefined ? everyMs : this.#restMs);
  }
}

/** What was found in the audit and nobody has reset, also by a process before this one; undefined: nothing. */
export function standingMismatch(view: Pick<ControlView, "trips">): string | undefined {
  const found = view.trips().find(({ cause, level }) => cause === "audit-mismatch" && level !== "NONE");
  if (found === undefined) return undefined;
  return found.trip === "unreadable" ? "a stop because of the audit cannot be read" : found.trip.reason;
}

/** Whoever asked for it: what does not verify is a stop. */
export function judgeAudit(
  wire: Pick<Tripwire<"admin-api">, "trip">,
  { ok, findings }: { ok: boolean; findings: readonly string[] },
): void {
  if (ok) return;
  const reason = `the audit does not verify: ${findings[0] ?? "no finding"}`.slice(0, 500);
  wire.trip({
    cause: "audit-mismatch",
    scope: "global",
    level: "HALTED",
    reason,
    evidence: { findings: findings.length },
  });
}
