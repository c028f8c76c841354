import type { AuditEntry } from "@countersign/contracts/audit";
import type { LiveEvidence } from "@countersign/contracts/live";
import { HeldDays } from "./held-days.ts";

const STEPS_MAX = 100;

type Counts = Pick<
  LiveEvidence,
  "strangers" | "matchedDays" | "lastUnmatchedDay" | "lastUnmatchedWhy" | "cashSteps" | "cashStepsCount"
>;

/**
 * The UTC days on which a paper gateway compared its record with the broker. A day matches when no order of ours was at
 * the broker without an intent, the day's last reconciliation left no order in doubt, and the day's last look at what is
 * held found no position that the executions on record do not explain.
 */
export class ReconciledDays {
  /** Day -> whether it matches, in order. */
  readonly #days = new Map<string, { strangers: number; unknown: number }>();
  readonly #held = new HeldDays();
  #strangers = 0;

  take(entry: AuditEntry): void {
    this.#held.take(entry);
    const { at, body } = entry;
    const { mode, unknown, strangers } = body;
    if (mode !== "paper" || typeof unknown !== "number" || typeof strangers !== "number") return;
    const day = at.slice(0, 10);
    const before = this.#days.get(day)?.strangers ?? 0;
    this.#strangers += strangers;
    this.#days.set(day, { strangers: before + strangers, unknown });
  }

  counts(): Counts {
    let matchedDays = 0;
    const steps: LiveEvidence["cashSteps"] = [];
    const counted = (lastUnmatchedDay: string | null, lastUnmatchedWhy: string | null) => {
      const cashSteps = steps.toReversed().slice(-STEPS_MAX);
      const days = { matchedDays, lastUnmatchedDay, lastUnmatchedWhy };
      return { strangers: this.#strangers, ...days, cashSteps, cashStepsCount: steps.length };
    };
    for (const [day, { strangers, unknown }] of [...this.#days].reverse()) {
      const { why, cashSteps } = this.#held.of(day);
      if (strangers > 0) return counted(day, "an order of ours that no intent explains");
      if (unknown > 0) return counted(day, "an order in doubt");
      if (why !== undefined) return counted(day, why.slice(0, 300));
      matchedDays += 1;
      steps.push(...cashSteps);
    }
    return counted(null, null);
  }
}
