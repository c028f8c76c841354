import type { Clock } from "@countersign/clock/clock";
import { LRUCache } from "lru-cache";

const AGENTS_MAX = 10_000;
const MINUTE_MS = 60_000;

/**
 * How many answers that cost the broker something one agent may have: apart from the broker's limits, and for agents alone.
 * After a minute without one it may have all at once.
 */
export class AgentLimit {
  readonly #clock: Clock;
  readonly #periodMs: number;
  /** When the bucket of an agent is full again, in monotonic ms. */
  readonly #fullAtMs = new LRUCache<string, number>({ max: AGENTS_MAX });
  refused = 0;

  constructor(clock: Clock, perMinute: number) {
    this.#clock = clock;
    this.#periodMs = MINUTE_MS / perMinute;
  }

  /** 0: it may ask. Otherwise so many ms until it may. */
  take(agent: string): number {
    const nowMs = this.#clock.monotonicMs();
    const fullAtMs = Math.max(nowMs, this.#fullAtMs.get(agent) ?? nowMs) + this.#periodMs;
    const retryAfterMs = Math.ceil(fullAtMs - nowMs - MINUTE_MS);
    if (retryAfterMs <= 0) {
      this.#fullAtMs.set(agent, fullAtMs);
      return 0;
    }
    this.refused += 1;
    return retryAfterMs;
  }
}
