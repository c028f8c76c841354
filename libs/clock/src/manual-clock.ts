import { type Clock, sleepWith, type Timer } from "./clock.ts";

interface Task {
  readonly id: number;
  dueMs: number;
  readonly periodMs: number | undefined;
  readonly run: () => void;
}

/** Time that stands still until a test moves it. Wall and monotonic time move together. */
export class ManualClock implements Clock {
  #nowMs: number;
  #nextId = 1;
  readonly #tasks = new Map<number, Task>();

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  setTimeout(run: () => void, delayMs: number): Timer {
    return this.#add(run, delayMs, undefined);
  }

  setInterval(run: () => void, periodMs: number): Timer {
    return this.#add(run, periodMs, Math.max(1, periodMs));
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return sleepWith(this, delayMs, signal);
  }

  /** Moves time forward and runs what becomes due, in order of time; between two tasks pending promises get their turn. */
  async advance(ms: number): Promise<void> {
    const targetMs = this.#nowMs + ms;
    await turn();
    for (let task = this.#nextDue(targetMs); task !== undefined; task = this.#nextDue(targetMs)) {
      this.#nowMs = Math.max(this.#nowMs, task.dueMs);
      if (task.periodMs === undefined) this.#tasks.delete(task.id);
      else task.dueMs += task.periodMs;
      task.run();
      await turn();
    }
    this.#nowMs = targetMs;
    await turn();
  }

  #add(run: () => void, delayMs: number, periodMs: number | undefined): Timer {
    const id = this.#nextId++;
    this.#tasks.set(id, { id, dueMs: this.#nowMs + Math.max(0, delayMs), periodMs, run });
    return { cancel: () => void this.#tasks.delete(id) };
  }

  #nextDue(targetMs: number): Task | undefined {
    const due = [...this.#tasks.values()].filter((task) => task.dueMs <= targetMs);
    return due.sort((a, b) => a.dueMs - b.dueMs || a.id - b.id)[0];
  }
}

/** One turn of the event loop, so that promises and socket callbacks run. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
