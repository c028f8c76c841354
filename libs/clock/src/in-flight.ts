import type { Clock } from "./clock.ts";

/** What has begun and is not over yet; whoever is to end waits for it, but not for ever. */
export class InFlight {
  readonly #clock: Clock;
  readonly #begun = new Set<unknown>();
  readonly #waiting = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `key` is what `ended` will name: the thing itself, or its id. */
  began(key: unknown): void {
    this.#begun.add(key);
  }

  /** Of a key that is not in flight it says nothing. */
  ended(key: unknown): void {
    this.#begun.delete(key);
    if (this.#begun.size > 0) return;
    for (const wake of this.#waiting) wake();
  }

  /** When nothing is in flight, or after the given time. */
  async landed(waitMsMax: number): Promise<void> {
    if (this.#begun.size === 0) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        late.cancel();
        this.#waiting.delete(wake);
        resolve();
      };
      const late = this.#clock.setTimeout(wake, waitMsMax);
      this.#waiting.add(wake);
    });
  }
}
