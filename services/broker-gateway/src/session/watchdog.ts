import type { Clock, Timer } from "@countersign/clock/clock";

export interface WatchdogSettings {
  readonly silenceMaxMs: number;
  /** Asks TWS for its time. */
  probe(): void;
  onSilence(): void;
}

const PERIOD_MS = 1_000;

/**
 * A socket can be open and dead, and one that still sends prices can have stopped taking questions: only the answer to a
 * question proves that TWS is there.
 */
export class Watchdog {
  readonly #clock: Clock;
  readonly #settings: WatchdogSettings;
  #timer: Timer | undefined;
  #heardAtMs = Number.NEGATIVE_INFINITY;
  #answeredAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, settings: WatchdogSettings) {
    this.#clock = clock;
    this.#settings = settings;
  }

  /** Monotonic ms of the last word of TWS, asked for or not. */
  get heardAtMs(): number {
    return this.#heardAtMs;
  }

  heard(): void {
    this.#heardAtMs = this.#clock.monotonicMs();
  }

  /** The probe came back. */
  answered(): void {
    this.#answeredAtMs = this.#clock.monotonicMs();
  }

  start(): void {
    this.stop();
    this.heard();
    this.answered();
    this.#timer = this.#clock.setInterval(() => this.#check(), PERIOD_MS);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #check(): void {
    if (this.#clock.monotonicMs() - this.#answeredAtMs >= this.#settings.silenceMaxMs) this.#settings.onSilence();
    else this.#settings.probe();
  }
}
