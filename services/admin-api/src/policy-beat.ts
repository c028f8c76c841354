import type { Clock } from "@countersign/clock/clock";
import { RPCS } from "@countersign/contracts/subjects";
import type { Backend } from "./backend.ts";

const EVERY_MS = 10_000;

/** Asks approval how the policy stands, for as long as this process lives: its silence stops approvals by policy there. */
export function keepAsking({ backend, clock }: { backend: Backend; clock: Clock }): () => void {
  const timer = clock.setInterval(() => void backend.request(RPCS.autoStatus, {}).catch(() => undefined), EVERY_MS);
  return () => timer.cancel();
}
