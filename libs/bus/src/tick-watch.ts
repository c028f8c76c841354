import type { Timer } from "@countersign/clock/clock";
import { MARKET_FEEDS } from "@countersign/contracts/market-feeds";
import { MARKET_READS } from "@countersign/contracts/market-reads";
import type { Tick } from "@countersign/contracts/messages/md-streams.v1";
import { flaggedStale } from "@countersign/contracts/stale";
import { newNonce } from "@countersign/ids/ids";
import type { Bus } from "./bus.ts";

export interface TickWatchOptions {
  /** On whose behalf: an agent, or the service itself. */
  readonly asker: string;
  /** Hears of every tick, and of every moment in which the newest one stopped being current. */
  readonly onTick?: (tick: Tick) => void;
}

interface Seen {
  readonly tick: Tick;
  readonly atMs: number;
}

const LEASE_MS = 15_000;
const RENEW_EVERY_MS = 4_000;
/** Market-data says every tick again after two seconds; after three such silences nothing it said is current. */
const SILENT_MS = 6_000;
const LOOK_EVERY_MS = 500;

/** Streams for one reader: renews what it watches, and never hands out as current what is not. */
export class TickWatch {
  readonly #bus: Bus;
  readonly #options: TickWatchOptions;
  readonly #watcher = newNonce();
  readonly #seen = new Map<number, Seen>();
  readonly #listening = new Map<number, () => void>();
  readonly #timers: readonly Timer[];

  constructor(bus: Bus, options: TickWatchOptions) {
    this.#bus = bus;
    this.#options = options;
    this.#timers = [
      bus.clock.setInterval(() => void this.#renew().catch(() => undefined), RENEW_EVERY_MS),
      bus.clock.setInterval(() => this.#look(), LOOK_EVERY_MS),
    ];
  }

  /** The whole set from now on. Throws a Fault when market-data cannot be asked; it is asked again all the same. */
  watch(conids: readonly number[]) {
    const wanted = new Set(conids);
    for (const [conid, stop] of this.#listening) {
      if (wanted.has(conid)) continue;
      stop();
      this.#listening.delete(conid);
      this.#seen.delete(conid);
    }
    for (const conid of wanted) {
      if (this.#listening.has(conid)) continue;
      const params = { conid: String(conid) };
      this.#listening.set(
        conid,
        this.#bus.listen(MARKET_FEEDS.tick, (tick) => this.#take(tick), params),
      );
    }
    return this.#renew();
  }

  /** The newest tick; flagged stale when it may not hold any more. Undefined: none has come. */
  latest(conid: number): Tick | undefined {
    const seen = this.#seen.get(conid);
    return seen === undefined || this.#isCurrent(seen) ? seen?.tick : outdated(seen.tick);
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) timer.cancel();
    await this.watch([]).catch(() => undefined);
  }

  async #renew() {
    const request = { asker: this.#options.asker, watcher: this.#watcher, leaseMs: LEASE_MS };
    return this.#bus.request(MARKET_READS.watch, { ...request, conids: [...this.#listening.keys()] });
  }

  #take(tick: Tick): void {
    this.#seen.set(tick.conid, { tick, atMs: this.#bus.clock.monotonicMs() });
    this.#options.onTick?.(tick);
  }

  #look(): void {
    for (const [conid, seen] of this.#seen) {
      if (seen.tick.status === "stale" || this.#isCurrent(seen)) continue;
      const tick = outdated(seen.tick);
      this.#seen.set(conid, { ...seen, tick });
      this.#options.onTick?.(tick);
    }
  }

  #isCurrent({ atMs }: Seen): boolean {
    return this.#bus.connected() && this.#bus.clock.monotonicMs() - atMs <= SILENT_MS;
  }
}

function outdated(tick: Tick): Tick {
  return { ...flaggedStale(tick), status: "stale", why: "market-data is not heard" };
}
