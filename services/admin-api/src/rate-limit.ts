import type { Clock } from "@countersign/clock/clock";
import type { Rate } from "./config.ts";

/** Token buckets, one per key; the keys are those of the roster, so their number is bounded. */
export class RateLimit {
  readonly #clock: Clock;
  readonly #rate: Rate;
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>();

  constructor(clock: Clock, rate: Rate) {
    this.#clock = clock;
    this.#rate = rate;
  }

  /** 0: taken. Otherwise nothing was taken, and after so many ms there is a token again. */
  take(key: string): number {
    const { perSecond, burst } = this.#rate;
    const nowMs = this.#clock.monotonicMs();
    const before = this.#buckets.get(key) ?? { tokens: burst, atMs: nowMs };
    const tokens = Math.min(burst, before.tokens + ((nowMs - before.atMs) / 1_000) * perSecond);
    const taken = tokens >= 1;
    this.#buckets.set(key, { tokens: taken ? tokens - 1 : tokens, atMs: nowMs });
    return taken ? 0 : Math.max(1, Math.ceil(((1 - tokens) / perSecond) * 1_000));
  }
}
