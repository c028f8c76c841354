import type { Clock, Timer } from "@countersign/clock/clock";

export interface WatchdogSettings {
  readonly silenceMaxMs: number;
  /** Asks for any answer. */
  probe(): void;
  onSilence(): void;
}

const PERIOD_MS = 1_000;

/** A socket can be open and dead: only an answer proves that TWS is there. */
export class Watchdog {
  readonly #clock: Clock;
  readonly #settings: WatchdogSettings;
  #timer: Timer | undefined;
  #heardAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, settings: WatchdogSettings) {
    this.#clock = clock;
    this.#settings = settings;
  }

  get heardAtMs(): number {
    return this.#heardAtMs;
  }

  heard(): void {
    this.#heardAtMs = this.#clock.monotonicMs();
  }

  start(): void {
    this.stop();
    this.heard();
    this.#timer = this.#clock.setInterval(() => this.#check(), PERIOD_MS);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #check(): void {
    const silentMs = this.#clock.monotonicMs() - this.#heardAtMs;
    if (silentMs >= this.#settings.silenceMaxMs) this.#settings.onSilence();
    else if (silentMs >= PERIOD_MS / 2) this.#settings.probe();
  }
}
