import { drain } from "./drain.ts";
import type { SimProcess } from "./sim-process.ts";

/** Something that happens at a moment: at the server or the broker (no owner), or in a process. */
export interface Task {
  atMs: number;
  order: number;
  readonly owner: SimProcess | undefined;
  readonly run: () => void;
  cancelled: boolean;
}

/** Virtual time. Tasks run one at a time, in the order of their moments; between two of them all promises come to rest. */
export class Scheduler {
  nowMs = 0;
  steps = 0;
  readonly #heap: Task[] = [];
  #order = 0;

  after(delayMs: number, owner: SimProcess | undefined, run: () => void): Task {
    this.#order += 1;
    const task = { atMs: this.nowMs + Math.max(0, delayMs), order: this.#order, owner, run, cancelled: false };
    this.#push(task);
    return task;
  }

  /** Takes up again what was held back while its process stood still. */
  again(task: Task): void {
    this.#order += 1;
    task.atMs = this.nowMs;
    task.order = this.#order;
    this.#push(task);
  }

  /** False: nothing is left before that moment. */
  step(untilMs: number): boolean {
    const task = this.#heap[0];
    if (task === undefined || task.atMs > untilMs) return false;
    this.#pop();
    if (task.cancelled) return true;
    this.nowMs = Math.max(this.nowMs, task.atMs);
    const { owner } = task;
    if (owner === undefined) {
      this.steps += 1;
      task.run();
    } else if (owner.holdsBack(task) === false) {
      this.steps += 1;
      task.run();
      drain();
    }
    return true;
  }

  #push(task: Task): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(task);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Task;
      if (isBefore(above, task)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = task;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Task, heap[child] as Task)) child += 1;
      const below = heap[child] as Task;
      if (isBefore(last, below)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(a: Task, b: Task): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
