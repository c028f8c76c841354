import type { AppendOutcome, Bus, StoredFact } from "@countersign/bus/bus";
import { type Clock, type Timer, utcText } from "@countersign/clock/clock";
import type { WriterLease as Body } from "@countersign/contracts/control";
import { Fault } from "@countersign/contracts/denial";
import { FACTS } from "@countersign/contracts/subjects";
import type { Logger } from "@countersign/log/logger";

export interface LeaseDeps {
  readonly bus: Pick<Bus, "append" | "readLast">;
  readonly clock: Clock;
  readonly log: Logger;
  readonly instance: string;
  /** Not renewed for so long, the lease is free for another. */
  readonly leaseMs: number;
  /** Another process holds the lease now; this one must not write any more. */
  readonly onLost: (reason: string) => void;
}

type Stored = StoredFact<typeof FACTS.lease>;

const RENEWALS_PER_LEASE = 3;
const LOOKS_PER_LEASE = 10;

/**
 * The right to be the one gateway that speaks to TWS, held only while it is renewed. Whoever waits measures with its own
 * clock how long the lease has not moved, so that no two clocks have to agree. The lease keeps a second gateway waiting;
 * what makes a stale one harmless is the epoch, which the control stream checks at every claim.
 */
export class WriterLease {
  readonly #deps: LeaseDeps;
  #sequence: number;
  #confirmedAtMs: number;
  #timer: Timer | undefined;
  #renewing: Promise<void> | undefined;
  #ended = false;

  private constructor(deps: LeaseDeps, sequence: number, confirmedAtMs: number) {
    this.#deps = deps;
    this.#sequence = sequence;
    this.#confirmedAtMs = confirmedAtMs;
  }

  /** Stands by until the lease is free, and takes it. Rejects when the signal aborts. */
  static async acquire(deps: LeaseDeps, signal?: AbortSignal): Promise<WriterLease> {
    const { clock, log, leaseMs } = deps;
    let seen: { readonly sequence: number; readonly sinceMs: number } | undefined;
    for (;;) {
      signal?.throwIfAborted();
      const startedAtMs = clock.monotonicMs();
      const last = await look(deps);
      if (last !== "unknown") {
        if (last === undefined || last.body.released || last.body.instance === deps.instance) seen = undefined;
        else if (seen?.sequence !== last.sequence) {
          if (seen === undefined)
            log.warn({ holder: last.body.instance }, "another gateway holds the lease; standing by");
          seen = { sequence: last.sequence, sinceMs: clock.monotonicMs() };
        }
        const free = seen === undefined || clock.monotonicMs() - seen.sinceMs > leaseMs;
        const taken = free ? await tryPut(deps, last?.sequence ?? 0) : undefined;
        if (taken?.outcome === "appended") return WriterLease.#held(deps, taken.sequence, startedAtMs);
      }
      await clock.sleep(leaseMs / LOOKS_PER_LEASE, signal);
    }
  }

  static #held(deps: LeaseDeps, sequence: number, confirmedAtMs: number): WriterLease {
    const lease = new WriterLease(deps, sequence, confirmedAtMs);
    const periodMs = deps.leaseMs / RENEWALS_PER_LEASE;
    lease.#timer = deps.clock.setInterval(() => void lease.#renew(), periodMs);
    return lease;
  }

  /** False: for too long nobody has confirmed that it is still ours, so another may have it. */
  get held(): boolean {
    return !this.#ended && this.#deps.clock.monotonicMs() - this.#confirmedAtMs < this.#deps.leaseMs;
  }

  /** Gives it to whoever waits. */
  async release(): Promise<void> {
    if (this.#ended) return;
    this.#end();
    await this.#renewing;
    await put(this.#deps, this.#sequence, true).catch(() => undefined);
  }

  #renew(): Promise<void> {
    this.#renewing ??= this.#renewOnce().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #renewOnce(): Promise<void> {
    const { clock, log, instance } = this.#deps;
    const startedAtMs = clock.monotonicMs();
    try {
      const result = await put(this.#deps, this.#sequence, false);
      if (this.#ended) return;
      const sequence = result.outcome === "appended" ? result.sequence : await this.#ownSequence();
      if (sequence === undefined) {
        this.#end();
        this.#deps.onLost("another gateway holds the lease");
        return;
      }
      this.#sequence = sequence;
      this.#confirmedAtMs = startedAtMs;
    } catch (error) {
      log.warn({ instance, error: String(error) }, "the lease was not renewed");
    }
  }

  /** Of a renewal of ours that was stored without our hearing of it; undefined: the last one is another's. */
  async #ownSequence(): Promise<number | undefined> {
    const last = await look(this.#deps);
    if (last === "unknown") throw new Fault("BUS_UNAVAILABLE", "the lease cannot be read");
    return last?.body.instance === this.#deps.instance ? last.sequence : undefined;
  }

  #end(): void {
    this.#ended = true;
    this.#timer?.cancel();
  }
}

/** "unknown": nobody answers just now. */
async function look({ bus, log }: LeaseDeps): Promise<Stored | undefined | "unknown"> {
  try {
    return await bus.readLast(FACTS.lease, {});
  } catch (error) {
    log.warn({ error: String(error) }, "the lease cannot be read");
    return "unknown";
  }
}

/** Undefined: nobody answered; the next look shows what came of it. */
function tryPut(deps: LeaseDeps, expectedSequence: number): Promise<AppendOutcome | undefined> {
  return put(deps, expectedSequence, false).catch((error: unknown) => {
    deps.log.warn({ error: String(error) }, "the lease was not taken");
    return undefined;
  });
}

/** Throws a Fault when the store did not answer: it may be written all the same. */
function put(deps: LeaseDeps, expectedSequence: number, released: boolean): Promise<AppendOutcome> {
  const { bus, clock, instance, leaseMs } = deps;
  const body: Body = { type: "lease/1", instance, leaseMs, released, at: utcText(clock.nowMs()) };
  return bus.append(FACTS.lease, {}, body, { expectedSequence });
}
