/** Reads of one operator that may wait for their turn: more than a page or a script asks for at once. */
export const READS_WAITING_MAX = 16;

/**
 * One after the other for each key, in the order in which they came. What takes a service tens of milliseconds of its time
 * would else keep it, asked for by the hundred at once, from what must not wait: a stop, and the record of an order.
 */
export class Turns {
  readonly #waitingMax: number;
  readonly #lanes = new Map<string, { tail: Promise<unknown>; count: number }>();

  constructor(waitingMax: number) {
    this.#waitingMax = waitingMax;
  }

  /** Undefined: so many of this key wait already, and the task is not run. */
  run<T>(key: string, task: () => Promise<T>): Promise<T> | undefined {
    const lane = this.#lanes.get(key) ?? { tail: Promise.resolve(), count: 0 };
    if (lane.count > this.#waitingMax) return undefined;
    lane.count += 1;
    this.#lanes.set(key, lane);
    const result = lane.tail.then(task);
    lane.tail = result
      .catch(() => undefined)
      .then(() => {
        lane.count -= 1;
        if (lane.count === 0) this.#lanes.delete(key);
      });
    return result;
  }
}
