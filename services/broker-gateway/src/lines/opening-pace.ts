import type { Clock } from "@countersign/clock/clock";

/** What may leave at once, as a part of a second's worth: TWS counts by its own clock, so bursts must not add up there. */
const BURST_PARTS = 10;
const BURST_MIN = 3;

/** Spreads the messages with which many lines are opened evenly over time. */
export class OpeningPace {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #atMs: number;

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#burst = Math.max(BURST_MIN, perSecond / BURST_PARTS);
    this.#tokens = this.#burst;
    this.#atMs = clock.monotonicMs();
  }

  /** False: not now. At most the burst may be asked for. */
  take(messages: number): boolean {
    const nowMs = this.#clock.monotonicMs();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((nowMs - this.#atMs) / 1_000) * this.#perSecond);
    this.#atMs = nowMs;
    if (this.#tokens < messages) return false;
    this.#tokens -= messages;
    return true;
  }
}
