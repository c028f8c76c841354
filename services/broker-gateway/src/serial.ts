/** Runs tasks one after the other, in the order in which they were given. A task that throws does not stop the next. */
export class Serial {
  #tail: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T> | T): Promise<T> {
    const result = this.#tail.then(task);
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /** Waits for its turn, and has it until the function that it returns is called; more calls of it do nothing. */
  async take(): Promise<() => void> {
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const before = this.#tail;
    this.#tail = before.then(() => over);
    await before;
    return resolve;
  }

  /** Resolves when everything given so far has run. */
  async idle(): Promise<void> {
    await this.#tail;
  }
}
