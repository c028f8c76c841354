const FIRST_GUESS_MS = 150;
const NEWEST_SHARE = 0.2;

/** How long requests of a group take from their turn to their answer: a moving average. */
export class Durations {
  readonly #msOf = new Map<string, number>();

  of(group: string): number {
    return this.#msOf.get(group) ?? FIRST_GUESS_MS;
  }

  took(group: string, ms: number): void {
    const before = this.#msOf.get(group);
    this.#msOf.set(group, before === undefined ? ms : before + (ms - before) * NEWEST_SHARE);
  }
}
