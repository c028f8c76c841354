import type { Clock } from "@countersign/clock/clock";

/** admin-api asks how the policy stands far more often than this. */
export const CONSOLE_SILENT_MS = 60_000;

/**
 * Whether the process lives in which operators are seen: it stops policies when no operator is there, and cannot say so
 * when it is itself stopped or dead. What it asks shows that it lives; its silence counts as nobody being there.
 */
export class ConsoleWatch {
  readonly #clock: Pick<Clock, "monotonicMs">;
  #heardAtMs: number;

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
    this.#heardAtMs = clock.monotonicMs();
  }

  heard(): void {
    this.#heardAtMs = this.#clock.monotonicMs();
  }

  /** Why nothing is approved by policy; undefined: it was heard of. */
  absence(): string | undefined {
    const silentMs = Math.round(this.#clock.monotonicMs() - this.#heardAtMs);
    return silentMs < CONSOLE_SILENT_MS ? undefined : `admin-api was silent for ${Math.round(silentMs / 1_000)} s`;
  }
}
