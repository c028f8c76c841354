import type { Clock } from "@countersign/clock/clock";

export interface WatcherLimits {
  readonly watchersMax: number;
  readonly watchersPerAskerMax: number;
  /** Different instruments that one asker may have streamed at a time. */
  readonly linesPerAskerMax: number;
}

interface Watcher {
  readonly asker: string;
  readonly conids: ReadonlySet<number>;
  readonly untilMs: number;
}

export type Admission =
  | { readonly admitted: true; readonly added: readonly number[]; readonly refused: readonly number[] }
  | { readonly admitted: false; readonly why: string };

/** Who watches what, and until when: a watcher that dies is forgotten with its lease. Everything in here has a bound. */
export class Watchers {
  readonly #clock: Clock;
  readonly #limits: WatcherLimits;
  readonly #watchers = new Map<string, Watcher>();
  /** How many watchers each instrument has; none: it is not in here. */
  readonly #counts = new Map<number, number>();

  constructor(clock: Clock, limits: WatcherLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Every instrument that somebody watches. */
  watched(): Iterable<number> {
    return this.#counts.keys();
  }

  /** Of each asker what it watches. */
  byAsker(): Map<string, Set<number>> {
    const all = new Map<string, Set<number>>();
    for (const { asker, conids } of this.#watchers.values()) {
      const own = all.get(asker) ?? new Set();
      all.set(asker, own);
      for (const conid of conids) own.add(conid);
    }
    return all;
  }

  isWatched(conid: number): boolean {
    return this.#counts.has(conid);
  }

  /** The whole set of one watcher. What is beyond the share of its asker is refused, the first ones are taken. */
  renew(asker: string, watcher: string, conids: readonly number[], leaseMs: number): Admission {
    const key = `${asker} ${watcher}`;
    const others = [...this.#watchers].filter(([other, { asker: owner }]) => owner === asker && other !== key);
    const known = this.#watchers.get(key);
    if (known === undefined && conids.length > 0) {
      if (others.length >= this.#limits.watchersPerAskerMax) return refused("one asker has as many watchers as it may");
      if (this.#watchers.size >= this.#limits.watchersMax) return refused("there are as many watchers as there may be");
    }
    const share = new Set(others.flatMap(([, { conids: set }]) => [...set]));
    const taken = new Set<number>();
    for (const conid of conids) {
      if (!share.has(conid) && share.size >= this.#limits.linesPerAskerMax) continue;
      share.add(conid);
      taken.add(conid);
    }
    const added = [...taken].filter((conid) => !(known?.conids.has(conid) ?? false));
    this.#put(
      key,
      taken.size === 0 ? undefined : { asker, conids: taken, untilMs: this.#clock.monotonicMs() + leaseMs },
    );
    return { admitted: true, added, refused: conids.filter((conid) => !taken.has(conid)) };
  }

  /** Forgets watchers whose lease has ended. True: there were some. */
  expire(): boolean {
    const nowMs = this.#clock.monotonicMs();
    const gone = [...this.#watchers].filter(([, { untilMs }]) => untilMs <= nowMs);
    for (const [key] of gone) this.#put(key, undefined);
    return gone.length > 0;
  }

  #put(key: string, watcher: Watcher | undefined): void {
    const before = this.#watchers.get(key);
    for (const conid of watcher?.conids ?? []) this.#counts.set(conid, (this.#counts.get(conid) ?? 0) + 1);
    for (const conid of before?.conids ?? []) {
      const left = (this.#counts.get(conid) ?? 1) - 1;
      if (left === 0) this.#counts.delete(conid);
      else this.#counts.set(conid, left);
    }
    if (watcher === undefined) this.#watchers.delete(key);
    else this.#watchers.set(key, watcher);
  }
}

function refused(why: string): Admission {
  return { admitted: false, why };
}
