import type { Clock } from "@countersign/clock/clock";

/** Another session of the same user holds the live data. Nobody says when it ends, so one line asks now and then. */
export class Competing {
  readonly #clock: Clock;
  readonly #probeEveryMs: number;
  /** Monotonic ms of the next probe; undefined: there is no such session. */
  #probeAtMs: number | undefined;

  constructor(clock: Clock, probeEveryMs: number) {
    this.#clock = clock;
    this.#probeEveryMs = probeEveryMs;
  }

  get holds(): boolean {
    return this.#probeAtMs !== undefined;
  }

  seen(): void {
    this.#probeAtMs = this.#clock.monotonicMs() + this.#probeEveryMs;
  }

  over(): void {
    this.#probeAtMs = undefined;
  }

  get probeIsDue(): boolean {
    return this.#probeAtMs !== undefined && this.#clock.monotonicMs() >= this.#probeAtMs;
  }

  /** One is on its way; the next one is due after a while. */
  probing(): void {
    if (this.holds) this.seen();
  }
}
