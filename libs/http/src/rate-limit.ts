import type { Clock } from "@countersign/clock/clock";
import * as z from "zod";

/** A rate in a configuration: so many per second, and so many at once after a pause. */
export const Rate = z.strictObject({
  perSecond: z.number().positive().max(10_000),
  burst: z.int().min(1).max(100_000),
});
export type Rate = z.infer<typeof Rate>;

/** Token buckets, one per key; the keys must be few: those of a roster. */
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
