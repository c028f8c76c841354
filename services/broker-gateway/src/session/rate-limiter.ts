import type { Clock } from "@countersign/clock/clock";
import { Fault } from "@countersign/contracts/denial";

const WINDOW_MS = 1_000;
const WAITING_MAX = 500;
const PAUSE_STEP_MS = 50;

/** Cancels never wait behind anything else, and orders never behind reads. */
export type Lane = "cancel" | "order" | "read";
const LANES = ["cancel", "order", "read"] as const satisfies readonly Lane[];
/** Beyond the limit of all the others, and with it still below the one of TWS. */
const CANCELS_BEYOND = 5;

export interface RateLimits {
  /** Messages in any one second, all lanes together. TWS closes the connection above 50. */
  readonly perSecond: number;
  /** How many of them only the order lane may use. */
  readonly reservedForOrders: number;
}

interface Waiter {
  readonly resolve: () => void;
}

/** Counts what was sent in the last second, so that no window of a second ever holds more than the limit. */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #limits: RateLimits;
  readonly #sentAtMs: number[] = [];
  readonly #waiting: Record<Lane, Waiter[]> = { cancel: [], order: [], read: [] };
  #timerSet = false;
  #readsPausedUntilMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, limits: RateLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Resolves when one message of this lane may leave. Throws BUSY when too many wait; a cancel is never refused. */
  take(lane: Lane): Promise<void> {
    const queue = this.#waiting[lane];
    if (queue.length === 0 && this.#tryTake(lane)) return Promise.resolve();
    if (queue.length >= WAITING_MAX && lane !== "cancel")
      return Promise.reject(new Fault("BUSY", "too many requests wait for TWS"));
    return new Promise((resolve) => {
      queue.push({ resolve });
      this.#setTimer();
    });
  }

  /** No read leaves for so long; orders and cancels do. */
  pauseReads(forMs: number): void {
    this.#readsPausedUntilMs = this.#clock.monotonicMs() + forMs;
  }

  /** A new connection: TWS counts each one from its beginning. */
  restart(): void {
    this.#sentAtMs.length = 0;
    this.#readsPausedUntilMs = Number.NEGATIVE_INFINITY;
  }

  #tryTake(lane: Lane): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (lane === "read" && nowMs < this.#readsPausedUntilMs) return false;
    while (this.#sentAtMs.length > 0 && nowMs - (this.#sentAtMs[0] ?? nowMs) >= WINDOW_MS) this.#sentAtMs.shift();
    const room = this.#roomOf(lane);
    if (this.#sentAtMs.length >= room) return false;
    this.#sentAtMs.push(nowMs);
    return true;
  }

  #roomOf(lane: Lane): number {
    const { perSecond, reservedForOrders } = this.#limits;
    if (lane === "cancel") return perSecond + CANCELS_BEYOND;
    return lane === "read" ? perSecond - reservedForOrders : perSecond;
  }

  #setTimer(): void {
    if (this.#timerSet) return;
    this.#timerSet = true;
    const oldest = this.#sentAtMs[0] ?? this.#clock.monotonicMs();
    const roomMs = Math.ceil(oldest + WINDOW_MS - this.#clock.monotonicMs());
    const pausedMs = Math.ceil(this.#readsPausedUntilMs - this.#clock.monotonicMs());
    // In short steps, because an order may come that need not wait for the end of the pause.
    const stepMs = this.#waiting.order.length + this.#waiting.cancel.length > 0 ? 0 : Math.min(pausedMs, PAUSE_STEP_MS);
    const delayMs = Math.max(1, roomMs, stepMs);
    this.#clock.setTimeout(() => this.#release(), delayMs);
  }

  #release(): void {
    this.#timerSet = false;
    for (const lane of LANES) {
      const queue = this.#waiting[lane];
      while (queue.length > 0 && this.#tryTake(lane)) queue.shift()?.resolve();
    }
    if (LANES.some((lane) => this.#waiting[lane].length > 0)) this.#setTimer();
  }
}
