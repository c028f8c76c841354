import type { Clock } from "@countersign/clock/clock";

/** Entries in the order of their arrival; a wait holds back all that are behind it. */
export class Inbox<T> {
  readonly #clock: Clock;
  readonly #handle: (entry: T) => void;
  #entries: T[] = [];
  #waiting = false;
  #draining = false;

  constructor(clock: Clock, handle: (entry: T) => void) {
    this.#clock = clock;
    this.#handle = handle;
  }

  push(entries: readonly T[]): void {
    this.#entries.push(...entries);
    this.#drain();
  }

  /** Nothing is handled for `delayMs`; then `first`, and on with the rest. */
  wait(delayMs: number, first: () => void): void {
    this.#waiting = true;
    this.#clock.setTimeout(() => {
      this.#waiting = false;
      first();
      this.#drain();
    }, delayMs);
  }

  clear(): void {
    this.#entries = [];
  }

  #drain(): void {
    if (this.#draining) return;
    this.#draining = true;
    while (!this.#waiting) {
      const entry = this.#entries.shift();
      if (entry === undefined) break;
      this.#handle(entry);
    }
    this.#draining = false;
  }
}
