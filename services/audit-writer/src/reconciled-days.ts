import type { AuditEntry } from "@countersign/contracts/audit";

/**
 * The UTC days on which a paper gateway compared its orders with the broker. A day matches when no order of ours was at
 * the broker without an intent, and the day's last reconciliation left no order in doubt.
 */
export class ReconciledDays {
  /** Day -> whether it matches, in order. */
  readonly #days = new Map<string, { strangers: number; unknown: number }>();
  #strangers = 0;

  take({ at, body }: AuditEntry): void {
    const { mode, unknown, strangers } = body;
    if (mode !== "paper" || typeof unknown !== "number" || typeof strangers !== "number") return;
    const day = at.slice(0, 10);
    const before = this.#days.get(day)?.strangers ?? 0;
    this.#strangers += strangers;
    this.#days.set(day, { strangers: before + strangers, unknown });
  }

  counts(): { strangers: number; matchedDays: number; lastUnmatchedDay: string | null } {
    let matchedDays = 0;
    for (const [day, { strangers, unknown }] of [...this.#days].reverse()) {
      if (strangers > 0 || unknown > 0) return { strangers: this.#strangers, matchedDays, lastUnmatchedDay: day };
      matchedDays += 1;
    }
    return { strangers: this.#strangers, matchedDays, lastUnmatchedDay: null };
  }
}
