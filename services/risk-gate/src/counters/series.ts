import { minus, NOTHING, plus, type Tally } from "./tally.ts";

interface Bucket {
  readonly index: number;
  tally: Tally;
}

/**
 * A sum over a window that moves with time, in a bounded number of buckets. What happened counts for the whole length, and
 * at most one bucket's width longer: never shorter.
 */
export class Series {
  readonly #widthMs: number;
  readonly #count: number;
  /** Only those in which something happened, the oldest first. */
  #buckets: Bucket[] = [];
  #total = NOTHING;
  /** The sum since the moment that was asked for last; most questions are about the same one. */
  #since: { readonly from: number; sum: Tally } | undefined;

  constructor({ lengthMs, buckets }: { lengthMs: number; buckets: number }) {
    this.#widthMs = lengthMs / buckets;
    this.#count = buckets;
  }

  /** Times may come out of order. What lies before every window that can still be asked for is left out. */
  add(atMs: number, tally: Tally): void {
    const index = Math.floor(atMs / this.#widthMs);
    const place = this.#buckets.findLastIndex((bucket) => bucket.index <= index);
    const found = this.#buckets[place];
    if (found?.index === index) found.tally = plus(found.tally, tally);
    else this.#buckets.splice(place + 1, 0, { index, tally });
    this.#total = plus(this.#total, tally);
    if (this.#since !== undefined && index >= this.#since.from) this.#since.sum = plus(this.#since.sum, tally);
    // Without a question nothing expires; the bound holds all the same.
    if (this.#buckets.length > 2 * this.#count) this.#expire(this.#buckets.at(-1)?.index ?? index);
  }

  /** Takes back what was added for that time, unless it has left the window already. */
  remove(atMs: number, tally: Tally): void {
    const index = Math.floor(atMs / this.#widthMs);
    const found = this.#buckets.find((bucket) => bucket.index === index);
    if (found === undefined) return;
    found.tally = minus(found.tally, tally);
    this.#total = minus(this.#total, tally);
    if (this.#since !== undefined && index >= this.#since.from) this.#since.sum = minus(this.#since.sum, tally);
  }

  total(nowMs: number): Tally {
    this.#expire(Math.floor(nowMs / this.#widthMs));
    return this.#total;
  }

  /** Since a moment, with the whole bucket in which it lies. It must lie within the length. */
  since(fromMs: number): Tally {
    const from = Math.floor(fromMs / this.#widthMs);
    if (this.#since?.from === from) return this.#since.sum;
    let sum = NOTHING;
    for (let at = this.#buckets.length - 1; at >= 0; at -= 1) {
      const bucket = this.#buckets[at];
      if (bucket === undefined || bucket.index < from) break;
      sum = plus(sum, bucket.tally);
    }
    this.#since = { from, sum };
    return sum;
  }

  /** Buckets in use, for the bound of memory. */
  get size(): number {
    return this.#buckets.length;
  }

  #expire(nowIndex: number): void {
    let gone = 0;
    for (const bucket of this.#buckets) {
      if (nowIndex - bucket.index <= this.#count) break;
      this.#total = minus(this.#total, bucket.tally);
      gone += 1;
    }
    if (gone === 0) return;
    this.#buckets = this.#buckets.slice(gone);
    this.#since = undefined;
  }
}
