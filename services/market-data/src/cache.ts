import type { Clock } from "@countersign/clock/clock";

interface Entry<V> {
  readonly value: V;
  readonly storedAtMs: number;
}

export interface CacheStats {
  hits: number;
  misses: number;
  /** Callers that joined a request that was already under way. */
  joined: number;
}

/**
 * A bounded cache with single flight: any number of callers that miss the same key at the same time cost one load.
 * A load that fails is not remembered; whoever waited for it gets its error.
 */
export class Cache<V> {
  readonly #clock: Clock;
  readonly #entriesMax: number;
  readonly #entries = new Map<string, Entry<V>>();
  readonly #loading = new Map<string, Promise<V>>();
  readonly stats: CacheStats = { hits: 0, misses: 0, joined: 0 };

  constructor(clock: Clock, entriesMax: number) {
    this.#clock = clock;
    this.#entriesMax = entriesMax;
  }

  /** The value if it is no older than `maxAgeMs`; undefined otherwise. */
  peek(key: string, maxAgeMs: number): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || this.#clock.monotonicMs() - entry.storedAtMs > maxAgeMs) return undefined;
    // Moved to the end: the first of the map is the least recently used.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  async get(key: string, maxAgeMs: number | ((value: V) => number), load: () => Promise<V>): Promise<V> {
    const stored = this.#entries.get(key);
    const ageMax = typeof maxAgeMs === "number" || stored === undefined ? maxAgeMs : maxAgeMs(stored.value);
    const known = typeof ageMax === "number" ? this.peek(key, ageMax) : undefined;
    if (known !== undefined) {
      this.stats.hits += 1;
      return known;
    }
    return this.refresh(key, load);
  }

  /** Loads whatever the age, or joins the load that runs. */
  refresh(key: string, load: () => Promise<V>): Promise<V> {
    const running = this.#loading.get(key);
    if (running !== undefined) {
      this.stats.joined += 1;
      return running;
    }
    this.stats.misses += 1;
    const loading = load()
      .then((value) => {
        this.#store(key, value);
        return value;
      })
      .finally(() => this.#loading.delete(key));
    this.#loading.set(key, loading);
    return loading;
  }

  #store(key: string, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, storedAtMs: this.#clock.monotonicMs() });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#entriesMax) return;
      this.#entries.delete(oldest);
    }
  }
}
