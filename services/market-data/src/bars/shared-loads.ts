import type { Clock } from "@countersign/clock/clock";
import { Cache } from "../cache.ts";
import type { Cost } from "../pacing/cost.ts";
import { askFor, Caller } from "../pacing/demand.ts";
import type { Pace } from "./pace.ts";
import type { Patience } from "./patience.ts";

export interface Loaded<T> {
  readonly value: T;
  /** False: another request, now or before, had it already. */
  readonly asked: boolean;
}

/** Requests to the broker with a cache before them: equal ones that wait at the same time cost one. */
export class SharedLoads<T> {
  readonly #cache: Cache<T>;
  readonly #clock: Clock;
  readonly #pace: Pace;

  constructor(deps: { readonly clock: Clock; readonly pace: Pace; readonly entriesMax: number }) {
    this.#cache = new Cache(deps.clock, deps.entriesMax);
    this.#clock = deps.clock;
    this.#pace = deps.pace;
  }

  metrics() {
    return this.#cache.metrics();
  }

  /**
   * Throws PacingRefused when the queue is longer than the caller's patience. The request keeps its place, for this caller
   * when it asks again and for whoever joined it with more patience.
   */
  async get(
    key: string,
    how: { readonly maxAgeMs: number | ((value: T) => number); readonly cost: Cost; readonly patience: Patience },
    load: () => Promise<T>,
  ): Promise<Loaded<T>> {
    let asked = false;
    const begin = () => {
      asked = true;
      return this.#pace.run(how.cost, load);
    };
    const caller = new Caller(this.#clock, how.patience.asker, how.patience.leftMs());
    return { value: await askFor(caller, () => this.#cache.get(key, how.maxAgeMs, begin)), asked };
  }
}
