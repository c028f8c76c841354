import type { Clock } from "@countersign/clock/clock";
import { type Rate, RateLimit } from "@countersign/http/rate-limit";

/** Keeps a flood of refused requests from becoming a flood of records: beyond the rate they are only counted. */
export class Refusals {
  readonly #rate: RateLimit;
  readonly #suppressed = new Map<string, number>();

  constructor(clock: Clock, rate: Rate) {
    this.#rate = new RateLimit(clock, rate);
  }

  /** How many went unrecorded since the last record of this kind; undefined: this one goes unrecorded too. */
  count(kind: string): number | undefined {
    const before = this.#suppressed.get(kind) ?? 0;
    const record = this.#rate.take(kind) === 0;
    this.#suppressed.set(kind, record ? 0 : before + 1);
    return record ? before : undefined;
  }
}
