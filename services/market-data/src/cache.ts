import type { Clock } from "@countersign/clock/clock";
import { LRUCache } from "lru-cache";
import { currentDemand, Demand, runFor } from "./pacing/demand.ts";

interface Entry<V> {
  readonly value: V;
  /** Wall ms. */
  readonly asOfMs: number;
  readonly ageWhenStoredMs: number;
  /** Monotonic ms. */
  readonly storedAtMs: number;
}

interface Load<V> {
  readonly result: Promise<Entry<V>>;
  /** Monotonic ms. */
  readonly beganAtMs: number;
  readonly demand: Demand;
}

export interface CacheOptions<V> {
  /** When the value was true, in wall ms; absent: when its load began. */
  readonly asOfMs?: (value: V) => number | undefined;
  /** Above this age no caller gets the value, whatever it accepts. */
  readonly ttlMs?: (value: V) => number;
}

export type CacheMetrics = ReturnType<Cache<unknown>["metrics"]>;

/**
 * A bounded cache with single flight: any number of callers that miss the same key at the same time cost one load. Age
 * counts from the value's own time. A load that fails is not remembered; whoever waited for it gets its error.
 */
export class Cache<V> {
  readonly #clock: Clock;
  readonly #options: CacheOptions<V>;
  readonly #entries: LRUCache<string, Entry<V>>;
  readonly #loads = new Map<string, Load<V>>();
  /** hits: answered from memory. misses: loads. joined: callers of a load that was under way already. */
  readonly stats = { hits: 0, misses: 0, joined: 0 };
  #hitAgeMs = 0;

  constructor(clock: Clock, entriesMax: number, options: CacheOptions<V> = {}) {
    this.#clock = clock;
    this.#options = options;
    this.#entries = new LRUCache({ max: entriesMax });
  }

  /** The value if it is no older than `maxAgeMs`; undefined otherwise. */
  peek(key: string, maxAgeMs: number): V | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && this.#goodFor(entry, maxAgeMs) ? entry.value : undefined;
  }

  /** As `peek`, and counted as an answer from memory. */
  hit(key: string, maxAgeMs: number): V | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && this.#goodFor(entry, maxAgeMs) ? this.#fromMemory(entry) : undefined;
  }

  /**
   * The value, no older than the caller accepts. Only a load that began after the call may bring an older one: then nothing
   * younger is to be had, and the caller sees its time.
   */
  async get(key: string, maxAgeMs: number | ((value: V) => number), load: () => Promise<V>): Promise<V> {
    const ageMaxOf = typeof maxAgeMs === "number" ? () => maxAgeMs : maxAgeMs;
    const stored = this.#entries.get(key);
    if (stored !== undefined && this.#goodFor(stored, ageMaxOf(stored.value))) return this.#fromMemory(stored);
    const askedAtMs = this.#clock.monotonicMs();
    const loading = this.#loadOf(key, load);
    const entry = await loading.result;
    // A time to live is about what is remembered; an age that the caller names is about what it gets.
    const good = typeof maxAgeMs !== "number" || this.#goodFor(entry, maxAgeMs);
    if (good || loading.beganAtMs >= askedAtMs) return entry.value;
    return (await this.#loadOf(key, load).result).value;
  }

  /** Loads whatever the age, or joins the load that runs. */
  async refresh(key: string, load: () => Promise<V>): Promise<V> {
    return (await this.#loadOf(key, load).result).value;
  }

  /** Counts since the start; `ageMs` is the mean age of what was answered from memory. */
  metrics() {
    const { hits, misses, joined } = this.stats;
    const ageMs = hits === 0 ? 0 : Math.round(this.#hitAgeMs / hits);
    return {
      hits,
      misses,
      joined,
      saved: hits + joined,
      entries: this.#entries.size,
      loading: this.#loads.size,
      ageMs,
    };
  }

  #fromMemory(entry: Entry<V>): V {
    this.stats.hits += 1;
    this.#hitAgeMs += this.#ageMs(entry);
    return entry.value;
  }

  #loadOf(key: string, load: () => Promise<V>): Load<V> {
    const outer = currentDemand();
    const running = this.#loads.get(key);
    if (running !== undefined) {
      this.stats.joined += 1;
      if (outer !== undefined) running.demand.joinedBy(outer);
      return running;
    }
    this.stats.misses += 1;
    const demand = outer?.part() ?? new Demand([]);
    const began = { atMs: this.#clock.monotonicMs(), wallMs: this.#clock.nowMs() };
    const result = runFor(demand, load).then(
      (value) => {
        this.#loads.delete(key);
        return this.#store(key, value, began);
      },
      (error: unknown) => {
        this.#loads.delete(key);
        throw error;
      },
    );
    const loading = { result, beganAtMs: began.atMs, demand };
    this.#loads.set(key, loading);
    return loading;
  }

  #store(key: string, value: V, began: { readonly atMs: number; readonly wallMs: number }): Entry<V> {
    const storedAtMs = this.#clock.monotonicMs();
    const asOfMs = this.#options.asOfMs?.(value) ?? began.wallMs;
    const sinceBeginMs = this.#options.asOfMs?.(value) === undefined ? storedAtMs - began.atMs : 0;
    const ageWhenStoredMs = Math.max(sinceBeginMs, this.#clock.nowMs() - asOfMs, 0);
    const entry = { value, asOfMs, ageWhenStoredMs, storedAtMs };
    const before = this.#entries.peek(key);
    // What comes late does not replace what is younger.
    if (before === undefined || this.#ageMs(before) >= ageWhenStoredMs) this.#entries.set(key, entry);
    return entry;
  }

  #goodFor(entry: Entry<V>, maxAgeMs: number): boolean {
    return this.#ageMs(entry) <= Math.min(maxAgeMs, this.#options.ttlMs?.(entry.value) ?? maxAgeMs);
  }

  #ageMs(entry: Entry<V>): number {
    return entry.ageWhenStoredMs + this.#clock.monotonicMs() - entry.storedAtMs;
  }
}
