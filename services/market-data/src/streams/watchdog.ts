import type { Clock } from "@countersign/clock/clock";
import type { Stream } from "./stream.ts";

export interface WatchdogDeps {
  readonly clock: Clock;
  readonly silentAfterMs: number;
  /** Whether its market is open; undefined: nobody can tell. Throws a Fault when it cannot be asked. */
  readonly isOpen: (conid: number) => Promise<boolean | undefined>;
  /** It has been silent for too long while its market is open, or may be. */
  readonly onSilent: (stream: Stream) => void;
}

const ROUNDS_MAX = 4;

/**
 * Finds streams that have fallen silent. Silence of a closed market is as it should be. A market that is only quiet is
 * opened anew too, because nobody can tell the two apart, but with each round after a longer wait.
 */
export class Watchdog {
  readonly #deps: WatchdogDeps;
  readonly #asking = new Set<number>();

  constructor(deps: WatchdogDeps) {
    this.#deps = deps;
  }

  look(stream: Stream): void {
    const { clock, silentAfterMs } = this.#deps;
    const sinceMs = Math.max(stream.tickAtMs, stream.reopenedAtMs);
    const patienceMs = silentAfterMs * 2 ** Math.min(stream.quietRounds, ROUNDS_MAX);
    if (clock.monotonicMs() - sinceMs <= patienceMs || this.#asking.has(stream.conid)) return;
    this.#asking.add(stream.conid);
    void this.#ask(stream, sinceMs).finally(() => this.#asking.delete(stream.conid));
  }

  async #ask(stream: Stream, sinceMs: number): Promise<void> {
    const open = await this.#deps.isOpen(stream.conid).catch(() => undefined);
    if (Math.max(stream.tickAtMs, stream.reopenedAtMs) !== sinceMs) return;
    if (open === false) {
      // Asked again after as long, not with every look.
      stream.reopenedAtMs = this.#deps.clock.monotonicMs();
      return;
    }
    stream.silent = true;
    stream.quietRounds += 1;
    stream.reopenedAtMs = this.#deps.clock.monotonicMs();
    this.#deps.onSilent(stream);
  }
}
