import { type Charge, type Cost, chargesOf, groupOf } from "./cost.ts";
import type { Job } from "./turns.ts";

/** A request with its answer to come. */
export class QueuedRequest<T> implements Job {
  readonly group: string;
  readonly charges: readonly Charge[];
  readonly held: boolean;
  readonly result: Promise<T>;
  readonly #enqueuedAtMs: number;
  readonly #task: () => Promise<T>;
  readonly #settle: { resolve(value: T): void; reject(error: unknown): void };
  #startedAtMs: number | undefined;

  constructor(cost: Cost, nowMs: number, task: () => Promise<T>) {
    this.group = groupOf(cost);
    this.charges = chargesOf(cost);
    this.held = cost.held ?? false;
    this.#enqueuedAtMs = nowMs;
    this.#task = task;
    const { promise, ...settle } = Promise.withResolvers<T>();
    this.result = promise;
    this.#settle = settle;
    // Somebody may have gone before it failed; that is no unhandled error.
    promise.catch(() => undefined);
  }

  /** How long it stood in the queue; undefined: its turn has not come. */
  get waitedMs(): number | undefined {
    return this.#startedAtMs === undefined ? undefined : this.#startedAtMs - this.#enqueuedAtMs;
  }

  /** The same, counted from when somebody began to wait for it. */
  waitedSinceMs(sinceMs: number): number | undefined {
    return this.#startedAtMs === undefined
      ? undefined
      : Math.max(0, this.#startedAtMs - Math.max(sinceMs, this.#enqueuedAtMs));
  }

  /** Its turn has come. */
  begin(nowMs: number): void {
    this.#startedAtMs = nowMs;
  }

  /** Makes the request. Settles with the task, never rejects; gives what the task threw. */
  async make(): Promise<unknown> {
    try {
      this.#settle.resolve(await this.#task());
      return undefined;
    } catch (error) {
      this.#settle.reject(error);
      return error;
    }
  }

  /** Its callers are told; a task under way is not waited for any more. */
  fail(error: unknown): void {
    this.#settle.reject(error);
  }
}
