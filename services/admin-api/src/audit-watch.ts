import type { ControlView } from "@countersign/bus/control-view";
import type { Tripwire } from "@countersign/bus/tripwire";
import type { Clock } from "@countersign/clock/clock";
import { RPCS } from "@countersign/contracts/subjects";
import type { Backend } from "./backend.ts";

export interface AuditWatchGiven {
  readonly backend: Backend;
  readonly clock: Clock;
  readonly wire: Pick<Tripwire<"admin-api">, "trip">;
  readonly everyMs: number;
}

/** Has the audit recomputed at the start and then regularly; one that does not verify stops everything. */
export function watchAudit({ backend, clock, wire, everyMs }: AuditWatchGiven): () => void {
  const look = async () => {
    const reply = await backend.request(RPCS.verifyAudit, { against: null });
    if (reply.outcome === "ok") judgeAudit(wire, reply.value);
  };
  // An audit that does not answer is another trouble: then nothing is sent anyway.
  const quietly = () => void look().catch(() => undefined);
  quietly();
  const timer = clock.setInterval(quietly, everyMs);
  return () => timer.cancel();
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
