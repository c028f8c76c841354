import type { Ledger } from "./ledger.ts";
import type { Job, Turns } from "./turns.ts";

/** Everything that decides who is next and when. */
export interface State {
  readonly turns: Turns;
  readonly ledger: Ledger;
  /** What is under way, with its start. */
  readonly running: ReadonlyMap<Job, number>;
  /** How long a request takes from its turn to its answer. */
  durationMs(job: Job): number;
}

/**
 * When the turns of all who wait come, played through with the same rules on a copy of the state, and no further than
 * `untilMs`. Right when nobody else comes and each request takes as long as the state says.
 */
export function forecast(state: State, nowMs: number, untilMs: number): Map<Job, number> {
  const turns = state.turns.clone();
  const ledger = state.ledger.clone();
  const turnAtMs = new Map<Job, number>();
  const ends = [...state.running].map(([one, startedAtMs]) => ({
    job: one,
    atMs: Math.max(nowMs + 1, startedAtMs + state.durationMs(one)),
  }));
  for (let atMs = nowMs; atMs <= untilMs; ) {
    let next = turns.next(ledger, atMs);
    for (; next.job !== undefined; next = turns.next(ledger, atMs)) {
      turnAtMs.set(next.job, atMs);
      ledger.take(next.job.charges, atMs);
      ends.push({ job: next.job, atMs: atMs + Math.max(1, state.durationMs(next.job)) });
    }
    if (turns.size === 0) break;
    const soonest = ends.reduce((least, end) => Math.min(least, end.atMs), next.atMs ?? Number.POSITIVE_INFINITY);
    atMs = soonest;
    for (let index = ends.length - 1; index >= 0; index -= 1) {
      const end = ends[index];
      if (end === undefined || end.atMs > atMs) continue;
      ledger.settle(end.job.charges, end.atMs);
      ends.splice(index, 1);
    }
  }
  return turnAtMs;
}
