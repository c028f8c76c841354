import type { Clock } from "@countersign/clock/clock";

interface Lease {
  readonly epoch: number;
  readonly untilMs: number;
  readonly want: readonly number[];
}

const HOLDERS_MAX = 8;

/** What those who hold lines want, each for as long as it says so: a holder that dies leaves no line open. */
export class WantedLines {
  readonly #clock: Clock;
  readonly #leases = new Map<string, Lease>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The epoch that holds: the holder's own unless this one came late. The oldest holder goes when there are too many. */
  renew(holder: string, lease: { readonly epoch: number; readonly leaseMs: number; readonly want: readonly number[] }) {
    const known = this.#leases.get(holder);
    if (known !== undefined && known.epoch >= lease.epoch) return known.epoch;
    this.#leases.delete(holder);
    const untilMs = this.#clock.monotonicMs() + lease.leaseMs;
    this.#leases.set(holder, { epoch: lease.epoch, untilMs, want: lease.want });
    for (const oldest of this.#leases.keys()) {
      if (this.#leases.size <= HOLDERS_MAX) break;
      this.#leases.delete(oldest);
    }
    return lease.epoch;
  }

  /** True: a lease has ended since the last call. */
  expire(): boolean {
    const before = this.#leases.size;
    const nowMs = this.#clock.monotonicMs();
    for (const [holder, { untilMs }] of this.#leases) if (untilMs <= nowMs) this.#leases.delete(holder);
    return this.#leases.size < before;
  }

  /** All that is wanted, the most important of each holder before the second of any. */
  list(): number[] {
    const wants = [...this.#leases.values()].map(({ want }) => want);
    const longest = Math.max(0, ...wants.map((want) => want.length));
    const all = new Set<number>();
    for (let place = 0; place < longest; place += 1) {
      for (const want of wants) {
        const conid = want[place];
        if (conid !== undefined) all.add(conid);
      }
    }
    return [...all];
  }
}
