import { type Clock, sleepWith, type Timer } from "@countersign/clock/clock";
import type { Scheduler, Task } from "./scheduler.ts";

/** Wall time when a schedule begins. */
export const START_MS = Date.UTC(2026, 0, 5, 15, 0, 0);

const ON_ITS_WAY_MS = 500;

/**
 * A process as the simulator sees it: what runs for it, its clock, and its end. Killed, nothing of it ever runs again: its
 * memory is garbage. Stopped, everything that comes for it waits until it goes on.
 */
export class SimProcess {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  alive = true;
  paused = false;
  /** How far its wall clock is off. */
  wallOffsetMs = 0;
  /** It dies before its next effect but so many. */
  effectsLeft = Number.POSITIVE_INFINITY;
  #diedAtMs = Number.POSITIVE_INFINITY;
  readonly #held: Task[] = [];
  readonly #onDeath: (() => void)[] = [];

  constructor(name: string, scheduler: Scheduler) {
    this.name = name;
    this.scheduler = scheduler;
    this.clock = clockOf(this);
  }

  onDeath(run: () => void): void {
    this.#onDeath.push(run);
  }

  kill(): void {
    if (!this.alive) return;
    this.alive = false;
    this.#diedAtMs = this.scheduler.nowMs;
    for (const run of this.#onDeath) run();
  }

  /** What it had written when it died arrives soon, or never. */
  get isLongDead(): boolean {
    return this.scheduler.nowMs - this.#diedAtMs > ON_ITS_WAY_MS;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    for (const task of this.#held.splice(0)) this.scheduler.again(task);
  }

  /** To be asked before anything leaves this process. False: it is dead, and nothing leaves. */
  effect(): boolean {
    if (!this.alive) return false;
    if (this.effectsLeft <= 0) this.kill();
    this.effectsLeft -= 1;
    return this.alive;
  }

  /** False: the task may run now. */
  holdsBack(task: Task): boolean {
    if (!this.alive) return true;
    if (this.paused) this.#held.push(task);
    return this.paused;
  }
}

function clockOf(process: SimProcess): Clock {
  const { scheduler } = process;
  const clock: Clock = {
    nowMs: () => START_MS + scheduler.nowMs + process.wallOffsetMs,
    monotonicMs: () => scheduler.nowMs,
    setTimeout: (run, delayMs) => timerOf(scheduler.after(Math.max(1, delayMs), process, run)),
    setInterval: (run, periodMs) => {
      let task: Task | undefined;
      let over = false;
      const tick = () => {
        if (!over) task = scheduler.after(Math.max(1, periodMs), process, fire);
      };
      const fire = () => {
        tick();
        run();
      };
      tick();
      return {
        cancel: () => {
          over = true;
          if (task !== undefined) task.cancelled = true;
        },
      };
    },
    sleep: (delayMs, signal) => sleepWith(clock, delayMs, signal),
  };
  return clock;
}

function timerOf(task: Task): Timer {
  return {
    cancel: () => {
      task.cancelled = true;
    },
  };
}
