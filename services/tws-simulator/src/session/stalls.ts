import type { Clock, Timer } from "@countersign/clock/clock";

const TICK_MS = 10;
/** Shorter than this is the ordinary unrest of timers. */
const STALL_MS = 40;

/**
 * When what is read now may have come. A process that had no processor for a while reads at once what came over all that
 * time; a pace that dated it by its reading would blame the client for the machine. Such frames are dated evenly over the
 * stall. Frames that come together while nothing stalls all have the time of their reading.
 */
export class Stalls {
  readonly #clock: Clock;
  readonly #timer: Timer;
  #lastMs: number;
  #stall: { readonly fromMs: number; readonly untilMs: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#lastMs = clock.monotonicMs();
    this.#timer = clock.setInterval(() => this.#tick(), TICK_MS);
  }

  /** The times of so many frames that one read brought, in order; in `monotonicMs` of the clock. */
  arrivals(frames: number): number[] {
    const nowMs = this.#clock.monotonicMs();
    const fromMs = this.#stalledSince(nowMs);
    return Array.from({ length: frames }, (_, index) => nowMs - ((nowMs - fromMs) * (frames - 1 - index)) / frames);
  }

  close(): void {
    this.#timer.cancel();
  }

  /** The timer runs before sockets are read, so a stall that it has just ended counts as well. */
  #stalledSince(nowMs: number): number {
    if (nowMs - this.#lastMs > STALL_MS) return this.#lastMs;
    const ended = this.#stall;
    return ended !== undefined && nowMs - ended.untilMs <= TICK_MS ? ended.fromMs : nowMs;
  }

  #tick(): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#lastMs > STALL_MS) this.#stall = { fromMs: this.#lastMs, untilMs: nowMs };
    this.#lastMs = nowMs;
  }
}
