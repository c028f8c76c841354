/** What of one limit is taken now: what is under way, and what is over but still in the window. */
export class Counter {
  #running = 0;
  #total = 0;
  /** In the order of their end. */
  #spent: { readonly untilMs: number; readonly weight: number }[] = [];

  clone(): Counter {
    const copy = new Counter();
    copy.#running = this.#running;
    copy.#total = this.#total;
    copy.#spent = [...this.#spent];
    return copy;
  }

  take(weight: number): void {
    this.#running += weight;
    this.#total += weight;
  }

  /** What was under way is over; it counts until then. */
  settle(weight: number, untilMs: number): void {
    this.#running -= weight;
    this.#spent.push({ untilMs, weight });
    if ((this.#spent.at(-2)?.untilMs ?? untilMs) > untilMs) this.#spent.sort((a, b) => a.untilMs - b.untilMs);
  }

  used(nowMs: number): number {
    let gone = 0;
    for (const { untilMs, weight } of this.#spent) {
      if (untilMs > nowMs) break;
      this.#total -= weight;
      gone += 1;
    }
    if (gone > 0) this.#spent.splice(0, gone);
    return this.#total;
  }

  /** When so much is free at the earliest; undefined: only when something that is under way ends. */
  freeAtMs(weight: number, max: number, nowMs: number): number | undefined {
    let left = this.used(nowMs);
    if (left + weight <= max) return nowMs;
    for (const one of this.#spent) {
      left -= one.weight;
      if (left + weight <= max) return one.untilMs;
    }
    return undefined;
  }
}
