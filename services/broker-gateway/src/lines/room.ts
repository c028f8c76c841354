import type { Clock } from "@countersign/clock/clock";

/** So long a limit that TWS made known holds; then the configured one is tried again. */
const LEARNED_FOR_MS = 60_000;

/** How many lines may be open, and how many of them may be held for streams. */
export class Room {
  readonly #clock: Clock;
  readonly #linesMax: number;
  readonly #reserve: number;
  #learned: { readonly max: number; readonly untilMs: number } | undefined;

  constructor(clock: Clock, linesMax: number, reserve: number) {
    this.#clock = clock;
    this.#linesMax = linesMax;
    this.#reserve = reserve;
  }

  get max(): number {
    const learned = this.#learned;
    return learned !== undefined && learned.untilMs > this.#clock.monotonicMs() ? learned.max : this.#linesMax;
  }

  /** A limit that TWS made known takes from both in the same proportion. */
  get heldMax(): number {
    const reserve = Math.floor((this.max * this.#reserve) / this.#linesMax);
    return Math.max(0, this.max - reserve);
  }

  /** TWS refused one more than these. */
  learned(max: number): void {
    this.#learned = { max: Math.max(1, max), untilMs: this.#clock.monotonicMs() + LEARNED_FOR_MS };
  }

  forget(): void {
    this.#learned = undefined;
  }
}
