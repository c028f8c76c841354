import type { PacingConfig } from "./config.ts";
import type { Asker, Charge } from "./cost.ts";
import { Counter } from "./counter.ts";
import { LIMITS, windowMsOf } from "./limits.ts";

/** Keyed counters that are idle are dropped when there are more than this. */
const COUNTERS_MAX = 1_000;

type Bounds = Pick<PacingConfig, "max" | "gateShare" | "marginMs" | "timeScale">;

/** Every limit with what is taken of it. A plain value: the forecast works on a copy. */
export class Ledger {
  readonly #bounds: Bounds;
  readonly #counters = new Map<string, Counter>();
  #blockedUntilMs = Number.NEGATIVE_INFINITY;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  clone(): Ledger {
    const copy = new Ledger(this.#bounds);
    for (const [name, counter] of this.#counters) copy.#counters.set(name, counter.clone());
    copy.#blockedUntilMs = this.#blockedUntilMs;
    return copy;
  }

  /** When all of it is free for this lane at the earliest; undefined: only when something that is under way ends. */
  freeAtMs(charges: readonly Charge[], lane: Asker["lane"], nowMs: number): number | undefined {
    let latest = nowMs;
    for (const { limit, key, weight } of charges) {
      if (limit === "historical" || limit === "historicalOpen") latest = Math.max(latest, this.#blockedUntilMs);
      const max = this.allowance(limit, lane);
      const counter = this.#counters.get(`${limit} ${key}`);
      if (counter === undefined) continue;
      const free = counter.freeAtMs(Math.min(weight, max), max, nowMs);
      if (free === undefined) return undefined;
      latest = Math.max(latest, free);
    }
    return latest;
  }

  take(charges: readonly Charge[], nowMs: number): void {
    for (const { limit, key, weight, from = LIMITS[limit].from } of charges) {
      const windowMs = windowMsOf(limit, this.#bounds.timeScale);
      const counter = this.#counter(`${limit} ${key}`, nowMs);
      counter.take(weight);
      if (windowMs !== null && from === "sent") counter.settle(weight, nowMs + windowMs);
    }
  }

  /** It is over. `lastMs`: it left then at the latest, which may lie ahead when nobody knows what became of it. */
  settle(charges: readonly Charge[], nowMs: number, lastMs: number = nowMs): void {
    for (const { limit, key, weight, from = LIMITS[limit].from } of charges) {
      const windowMs = windowMsOf(limit, this.#bounds.timeScale);
      if (windowMs !== null && from === "sent") continue;
      const untilMs = windowMs === null ? nowMs : lastMs + windowMs + this.#bounds.marginMs;
      this.#counter(`${limit} ${key}`, nowMs).settle(weight, untilMs);
    }
  }

  /** It was asked before, and counts until then. */
  restore(charge: Charge, untilMs: number, nowMs: number): void {
    const counter = this.#counter(`${charge.limit} ${charge.key}`, nowMs);
    counter.take(charge.weight);
    counter.settle(charge.weight, untilMs);
  }

  /** It was to be asked, and never left. */
  release(charges: readonly Charge[], nowMs: number): void {
    for (const { limit, key, weight, from = LIMITS[limit].from } of charges) {
      if (LIMITS[limit].windowMs === null || from === "answered")
        this.#counter(`${limit} ${key}`, nowMs).settle(weight, nowMs);
    }
  }

  /** No historical request before then. */
  block(untilMs: number): void {
    this.#blockedUntilMs = Math.max(this.#blockedUntilMs, untilMs);
  }

  /** What is taken of each limit now; of a limit with many counters the fullest one. */
  used(nowMs: number): Record<string, number> {
    const used: Record<string, number> = {};
    for (const [name, counter] of this.#counters) {
      const limit = name.slice(0, name.indexOf(" "));
      used[limit] = Math.max(used[limit] ?? 0, counter.used(nowMs));
    }
    return used;
  }

  /** Agents and people leave a part of each limit to the gate; of a limit of one there is no part. */
  allowance(limit: Charge["limit"], lane: Asker["lane"]): number {
    const max = this.#bounds.max[limit];
    if (lane === "gate" || max === 1) return max;
    return Math.max(1, max - Math.max(1, Math.ceil(max * this.#bounds.gateShare)));
  }

  #counter(name: string, nowMs: number): Counter {
    const known = this.#counters.get(name);
    if (known !== undefined) return known;
    if (this.#counters.size >= COUNTERS_MAX) {
      for (const [idle, counter] of this.#counters) if (counter.used(nowMs) === 0) this.#counters.delete(idle);
    }
    const counter = new Counter();
    this.#counters.set(name, counter);
    return counter;
  }
}
