import type { Clock } from "@countersign/clock/clock";
import { Cache } from "../cache.ts";
import type { Cost } from "../pacing/cost.ts";
import { PacingRefused } from "../pacing/refused.ts";
import { type Pace, waitMsOf } from "./pace.ts";
import type { Patience } from "./patience.ts";

const TRIES = 2;

export interface Loaded<T> {
  readonly value: T;
  /** False: another request, now or before, had it already. */
  readonly asked: boolean;
}

/** Requests to the broker with a cache before them: equal ones that wait at the same time cost one. */
export class SharedLoads<T> {
  readonly #cache: Cache<T>;
  readonly #pace: Pace;

  constructor(deps: { readonly clock: Clock; readonly pace: Pace; readonly entriesMax: number }) {
    this.#cache = new Cache(deps.clock, deps.entriesMax);
    this.#pace = deps.pace;
  }

  /**
   * Throws PacingRefused when the queue is longer than the caller's patience; a caller with more of it is not refused
   * because it joined one with less.
   */
  async get(
    key: string,
    how: { readonly maxAgeMs: number | ((value: T) => number); readonly cost: Cost; readonly patience: Patience },
    load: () => Promise<T>,
  ): Promise<Loaded<T>> {
    for (let tries = 1; ; tries += 1) {
      let asked = false;
      const begin = () => {
        asked = true;
        return this.#pace.run(how.cost, how.patience.asker, how.patience.leftMs(), load);
      };
      try {
        return { value: await this.#cache.get(key, how.maxAgeMs, begin), asked };
      } catch (error) {
        const mayWait =
          error instanceof PacingRefused &&
          !asked &&
          (waitMsOf(error) ?? Number.POSITIVE_INFINITY) <= how.patience.leftMs();
        if (!mayWait || tries >= TRIES) throw error;
      }
    }
  }
}
