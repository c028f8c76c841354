import type { Clock } from "@countersign/clock/clock";
import { askerOf } from "../pacing/asker-of.ts";
import type { Asker } from "../pacing/cost.ts";

/** How long one caller waits, over all the requests that its answer takes. */
export class Patience {
  readonly #clock: Clock;
  readonly #endMs: number;
  readonly asker: Asker;

  constructor(clock: Clock, { maxWaitMs, asker }: { readonly maxWaitMs: number; readonly asker: Asker }) {
    this.#clock = clock;
    this.#endMs = clock.monotonicMs() + maxWaitMs;
    this.asker = asker;
  }

  /** Of whoever a request names. */
  static of(clock: Clock, { maxWaitMs, asker }: { readonly maxWaitMs: number; readonly asker: string }): Patience {
    return new Patience(clock, { maxWaitMs, asker: askerOf(asker) });
  }

  /** The same caller, for something that is worth less of its time. */
  atMost(maxWaitMs: number): Patience {
    return new Patience(this.#clock, { maxWaitMs: Math.min(maxWaitMs, this.leftMs()), asker: this.asker });
  }

  leftMs(): number {
    return Math.max(0, this.#endMs - this.#clock.monotonicMs());
  }

  /** Undefined: it did not come in time. What was begun goes on, for whoever asks next. */
  async waitFor<T>(coming: Promise<T>): Promise<{ readonly value: T } | undefined> {
    const timeUp = Promise.withResolvers<undefined>();
    const timer = this.#clock.setTimeout(() => timeUp.resolve(undefined), this.leftMs());
    try {
      return await Promise.race([coming.then((value) => ({ value })), timeUp.promise]);
    } finally {
      timer.cancel();
      coming.catch(() => undefined);
    }
  }
}
