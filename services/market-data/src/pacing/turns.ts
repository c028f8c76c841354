import type { Asker, Charge } from "./cost.ts";
import type { Ledger } from "./ledger.ts";

/** How many of one asker's requests are looked at for one that may go, when the first may not. */
const LOOK_AHEAD = 8;

/** One request that waits for its turn. */
export interface Job {
  readonly group: string;
  readonly charges: readonly Charge[];
  /** It stays open until it is given back, which nobody can foretell. */
  readonly held: boolean;
}

interface Queue {
  readonly asker: Asker;
  readonly jobs: Job[];
}
/** Those who wait in one group; whose turn is next comes first. */
type Ring = Map<string, Queue>;
/** The groups of a lane; whose turn is next comes first. */
type Lane = Map<string, Ring>;

/** The job whose turn it is, or when there can be one at the earliest as far as that is known. */
type Next =
  | { readonly job: Job; readonly asker: Asker }
  | { readonly job: undefined; readonly atMs: number | undefined };

/**
 * Who is next. The gate before everybody; then groups take turns, and in a group the askers, so that whoever asks for ten
 * thousand does not slow whoever asks for one. A job may wait under several askers: the first turn of any of them serves all.
 * A plain value: the forecast works on a copy.
 */
export class Turns {
  readonly #askersOf = new Map<Job, Asker[]>();
  readonly #lanes = { gate: new Map() as Lane, others: new Map() as Lane };
  readonly #countOf = new Map<string, number>();

  clone(): Turns {
    const copy = new Turns();
    for (const [job, askers] of this.#askersOf) copy.#askersOf.set(job, [...askers]);
    for (const [name, lane] of Object.entries(this.#lanes)) {
      for (const [group, ring] of lane) {
        const rings = [...ring].map(([id, { asker, jobs }]): [string, Queue] => [id, { asker, jobs: [...jobs] }]);
        copy.#lanes[name as "gate" | "others"].set(group, new Map(rings));
      }
    }
    return copy;
  }

  /** How many requests wait. */
  get size(): number {
    return this.#askersOf.size;
  }

  has(job: Job): boolean {
    return this.#askersOf.has(job);
  }

  /** How many requests of this asker wait. */
  countOf(asker: Asker): number {
    return this.#countOf.get(nameOf(asker)) ?? 0;
  }

  /** Adds the job, or one more asker to a job that waits already. */
  add(job: Job, asker: Asker): void {
    const askers = this.#askersOf.get(job) ?? [];
    const name = nameOf(asker);
    if (askers.some((other) => nameOf(other) === name)) return;
    this.#askersOf.set(job, [...askers, asker]);
    this.#countOf.set(name, this.countOf(asker) + 1);
    const lane = this.#laneOf(asker);
    const ring: Ring = lane.get(job.group) ?? new Map();
    lane.set(job.group, ring);
    const queue = ring.get(name) ?? { asker, jobs: [] };
    ring.set(name, queue);
    queue.jobs.push(job);
  }

  /** The job is served, or nobody waits for it any more. */
  remove(job: Job): void {
    for (const asker of this.#askersOf.get(job) ?? []) {
      const name = nameOf(asker);
      const count = this.countOf(asker) - 1;
      if (count > 0) this.#countOf.set(name, count);
      else this.#countOf.delete(name);
      const lane = this.#laneOf(asker);
      const ring = lane.get(job.group);
      const queue = ring?.get(name);
      queue?.jobs.splice(queue.jobs.indexOf(job), 1);
      if (queue?.jobs.length === 0) ring?.delete(name);
      if (ring?.size === 0) lane.delete(job.group);
    }
    this.#askersOf.delete(job);
  }

  /** Takes out the job whose turn it is. */
  next(ledger: Ledger, nowMs: number): Next {
    let earliest: number | undefined;
    for (const lane of [this.#lanes.gate, this.#lanes.others]) {
      for (const [group, ring] of lane) {
        const found = nextOf(ring, ledger, nowMs);
        if (found.job === undefined) {
          earliest = sooner(earliest, found.atMs);
          continue;
        }
        toEnd(ring, nameOf(found.asker));
        toEnd(lane, group);
        this.remove(found.job);
        return found;
      }
    }
    return { job: undefined, atMs: earliest };
  }

  #laneOf(asker: Asker): Lane {
    return asker.lane === "gate" ? this.#lanes.gate : this.#lanes.others;
  }
}

function nextOf(ring: Ring, ledger: Ledger, nowMs: number): Next {
  const shared = sharedFreeAtMs(ring, ledger, nowMs);
  if (shared === undefined || shared > nowMs) return { job: undefined, atMs: shared };
  let earliest: number | undefined;
  for (const { asker, jobs } of ring.values()) {
    for (const job of jobs.slice(0, LOOK_AHEAD)) {
      const atMs = ledger.freeAtMs(job.charges, asker.lane, nowMs);
      if (atMs !== undefined && atMs <= nowMs) return { job, asker };
      earliest = sooner(earliest, atMs);
    }
  }
  return { job: undefined, atMs: earliest };
}

/** Before then nobody of the ring has a turn: its requests share the limits that have one counter. */
function sharedFreeAtMs(ring: Ring, ledger: Ledger, nowMs: number): number | undefined {
  const [first] = ring.values();
  const [job] = first?.jobs ?? [];
  if (first === undefined || job === undefined) return nowMs;
  const shared = job.charges.filter(({ key }) => key === "").map((charge) => ({ ...charge, weight: 1 }));
  return ledger.freeAtMs(shared, first.asker.lane, nowMs);
}

function sooner(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

function toEnd<V>(ring: Map<string, V>, name: string): void {
  const value = ring.get(name);
  if (value === undefined) return;
  ring.delete(name);
  ring.set(name, value);
}

function nameOf({ lane, id }: Asker): string {
  return `${lane} ${id}`;
}
