const FIRST_GUESS_MS = 150;
/** Odd, so that one of them is in the middle; more than one window of historical requests, which a single stall can hold up together. */
const KEPT = 101;
/** So many of other requests stand in for a group that was never asked: most of what a request takes is the way to the broker. */
const BORROWED = 51;

/**
 * How long requests of a group take from their turn to their answer: the middle one of the newest. A moment in which the
 * broker stalls, or a rush in which we do, says nothing about the requests that still wait.
 */
export class Durations {
  readonly #newestOf = new Map<string, readonly number[]>();
  readonly #middleOf = new Map<string, number>();
  #newest: readonly number[] = [];

  of(group: string): number {
    return this.#middleOf.get(group) ?? (this.#newest.length > 0 ? middleOf(this.#newest) : FIRST_GUESS_MS);
  }

  took(group: string, ms: number): void {
    const newest = [...(this.#newestOf.get(group) ?? this.#newest), ms].slice(-KEPT);
    this.#newestOf.set(group, newest);
    this.#middleOf.set(group, middleOf(newest));
    this.#newest = [...this.#newest, ms].slice(-BORROWED);
  }
}

function middleOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? FIRST_GUESS_MS;
}
