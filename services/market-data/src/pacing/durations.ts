const FIRST_GUESS_MS = 150;
/** Odd, so that one of them is in the middle; more than one window of historical requests, which a single stall can hold up together. */
const KEPT = 101;

/**
 * How long requests of a group take from their turn to their answer: the middle one of the newest. A moment in which the
 * broker stalls says nothing about the requests that still wait.
 */
export class Durations {
  readonly #newestOf = new Map<string, number[]>();
  readonly #middleOf = new Map<string, number>();

  of(group: string): number {
    return this.#middleOf.get(group) ?? FIRST_GUESS_MS;
  }

  took(group: string, ms: number): void {
    const newest = [...(this.#newestOf.get(group) ?? []), ms].slice(-KEPT);
    this.#newestOf.set(group, newest);
    const sorted = newest.toSorted((a, b) => a - b);
    this.#middleOf.set(group, sorted[Math.floor(sorted.length / 2)] ?? FIRST_GUESS_MS);
  }
}
