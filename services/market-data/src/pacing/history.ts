import { type Clock, parseUtcText, utcText } from "@countersign/clock/clock";
import { Fault } from "@countersign/contracts/denial";
import type { KeptCharge } from "@countersign/contracts/messages/md-pacing.v1";
import { type Charge, outlivesUs } from "./cost.ts";
import { LIMITS, windowMsOf } from "./limits.ts";

/** Where the history lies; one process at a time writes it. */
export interface HistoryStore {
  /** Takes the history over: whoever had it before cannot write it any more. Throws a Fault when it cannot be had. */
  takeOver(): Promise<readonly KeptCharge[]>;
  /** Resolves when it is durable. Throws a Fault when it is not, or when another process has taken it over. */
  write(charges: readonly KeptCharge[]): Promise<void>;
}

/** A request that may leave now. */
export interface Departure {
  /** It can leave no more; from now on at the latest it counts. */
  ended(): void;
}

export interface HistoryTimes {
  /** So long after its turn a request that nobody answered can still leave for the broker. */
  readonly leavesWithinMs: number;
  readonly marginMs: number;
  readonly timeScale: number;
}

interface Kept {
  readonly charges: readonly Charge[];
  /** The latest instant, in wall ms, at which it may have reached the broker. */
  lastMs: number;
}

/** Longer than the store takes to confirm or to give up. */
const WRITE_MS_MAX = 3_000;

/**
 * What still counts at the broker, kept where a restart does not lose it, and written before each request leaves. Of a
 * process that dies with requests under way, each one counts from the last instant at which it can have left.
 */
export class History {
  readonly #clock: Clock;
  readonly #store: HistoryStore;
  readonly #times: HistoryTimes;
  readonly #kept = new Set<Kept>();
  #restored: readonly KeptCharge[] = [];
  #writing: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #failure: string | undefined;

  constructor(deps: { readonly clock: Clock; readonly store: HistoryStore }, times: HistoryTimes) {
    this.#clock = deps.clock;
    this.#store = deps.store;
    this.#times = times;
  }

  /** What earlier lives have spent and what of it counts until when, in ms from now. Throws a Fault when it is not known. */
  async open(): Promise<{ readonly charge: Charge; readonly forMs: number }[]> {
    this.#restored = await this.#store.takeOver();
    const nowMs = this.#clock.nowMs();
    return this.#restored.flatMap(({ limit, key, weight, until }) => {
      if (!isLimit(limit)) return [];
      // A clock that was set back in between makes nothing count longer than it can.
      const longestMs =
        (windowMsOf(limit, this.#times.timeScale) ?? 0) +
        this.#times.marginMs +
        this.#times.leavesWithinMs +
        WRITE_MS_MAX;
      const forMs = Math.min(parseUtcText(until) - nowMs, longestMs);
      return forMs > 0 ? [{ charge: { limit, key, weight }, forMs }] : [];
    });
  }

  /** Why nothing can be kept now; undefined: it can, as far as is known. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Undefined: nothing of it outlives the request. Rejects with a Fault when it cannot be kept: then it must not leave. */
  leaving(charges: readonly Charge[]): Promise<Departure> | undefined {
    const lasting = charges.filter(outlivesUs);
    return lasting.length === 0 ? undefined : this.#keep(lasting);
  }

  async #keep(charges: readonly Charge[]): Promise<Departure> {
    const kept: Kept = { charges, lastMs: this.#clock.nowMs() + WRITE_MS_MAX + this.#times.leavesWithinMs };
    this.#kept.add(kept);
    try {
      await this.#written();
    } catch (error) {
      this.#kept.delete(kept);
      throw error;
    }
    return {
      ended: () => {
        kept.lastMs = Math.min(kept.lastMs, this.#clock.nowMs());
      },
    };
  }

  /** One write at a time; what comes while one is under way is in the next one, together. */
  #written(): Promise<void> {
    this.#next ??= (async () => {
      await this.#writing?.catch(() => undefined);
      this.#writing = this.#next;
      this.#next = undefined;
      await this.#write();
    })();
    return this.#next;
  }

  async #write(): Promise<void> {
    const nowMs = this.#clock.nowMs();
    this.#restored = this.#restored.filter(({ until }) => parseUtcText(until) > nowMs);
    const own: KeptCharge[] = [];
    for (const kept of this.#kept) {
      const lines = kept.charges
        .map((charge) => ({ ...charge, untilMs: this.#untilMs(kept, charge) }))
        .filter(({ untilMs }) => untilMs > nowMs);
      if (lines.length === 0) this.#kept.delete(kept);
      own.push(...lines.map(({ untilMs, ...charge }) => ({ ...charge, until: utcText(Math.ceil(untilMs)) })));
    }
    try {
      await this.#store.write([...this.#restored, ...own]);
      this.#failure = undefined;
    } catch (error) {
      this.#failure = error instanceof Fault ? error.message : String(error);
      throw error;
    }
  }

  #untilMs({ lastMs }: Kept, { limit }: Charge): number {
    return lastMs + (windowMsOf(limit, this.#times.timeScale) ?? 0) + this.#times.marginMs;
  }
}

function isLimit(name: string): name is keyof typeof LIMITS {
  return name in LIMITS;
}
