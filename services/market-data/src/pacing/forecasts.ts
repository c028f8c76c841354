import type { Clock } from "@countersign/clock/clock";
import type { Job } from "./turns.ts";

/** A forecast of a long queue takes long itself: it is good for so many times what it took, so that forecasts never have more than a fifth of the processor. */
const GOOD_FOR = 4;

/** The last forecast, for all who ask; made anew after a change, but no more often than the processor can bear. */
export class Forecasts {
  readonly #clock: Clock;
  readonly #make: () => Map<Job, number>;
  #turnAtMs = new Map<Job, number>();
  #changed = true;
  #goodUntilMs = Number.NEGATIVE_INFINITY;

  /** `make`: when the turn of each job comes that waits, as far as that can be foreseen. */
  constructor(clock: Clock, make: () => Map<Job, number>) {
    this.#clock = clock;
    this.#make = make;
  }

  changed(): void {
    this.#changed = true;
  }

  /** What was forecast is wrong, however young it is. */
  forget(): void {
    this.#changed = true;
    this.#goodUntilMs = Number.NEGATIVE_INFINITY;
  }

  /** From when on a job that waits since the last forecast is in one. */
  get nextAtMs(): number {
    return this.#goodUntilMs;
  }

  /** Infinity: further away than is foreseen. Undefined: it came after the last forecast, and it is too early for another. */
  turnAtMs(job: Job): number | undefined {
    if (this.#isDue()) this.#renew();
    return this.#turnAtMs.get(job) ?? (this.#changed ? undefined : Number.POSITIVE_INFINITY);
  }

  /** The same, with another forecast when there is none for this job. */
  turnAtMsNow(job: Job): number {
    const known = this.turnAtMs(job);
    if (known !== undefined) return known;
    this.#renew();
    return this.#turnAtMs.get(job) ?? Number.POSITIVE_INFINITY;
  }

  #isDue(): boolean {
    return this.#changed && this.#clock.monotonicMs() >= this.#goodUntilMs;
  }

  #renew(): void {
    const startedAtMs = this.#clock.monotonicMs();
    this.#turnAtMs = this.#make();
    const endedAtMs = this.#clock.monotonicMs();
    this.#goodUntilMs = endedAtMs + GOOD_FOR * (endedAtMs - startedAtMs);
    this.#changed = false;
  }
}
