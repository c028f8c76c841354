import type { Bus } from "@countersign/bus/bus";
import type { Clock } from "@countersign/clock/clock";
import { Fault } from "@countersign/contracts/denial";
import { RPCS } from "@countersign/contracts/subjects";
import type { Losses } from "./option-past.ts";
import { type DatedReturn, returnsOf } from "./statistics.ts";

export interface ClosesDeps {
  readonly bus: Pick<Bus, "request">;
  readonly clock: Clock;
  /** Calendar days back. */
  readonly days: number;
  /** Older ones are asked for again; a session has one close. */
  readonly ageMsMax: number;
  /** After a first failure nothing is asked of the same instrument for so long; each further one doubles it, up to `retryMs`. */
  readonly retryMinMs: number;
  readonly retryMs: number;
}

export interface Past {
  readonly returns: readonly DatedReturn[];
  readonly averageVolume: string | null;
  readonly volumeSessions: number;
  readonly asOf: string;
  /** Of an option, whose returns are those of its underlying. */
  readonly losses?: Losses;
}

/** As many as one question takes without waiting long for the broker's pace. */
export const ONE_QUESTION = 20;

interface Failure {
  readonly reason: string;
  readonly atMs: number;
  /** A link that was gone for a moment must not deny every order for a minute. */
  readonly restMs: number;
}

/** Daily returns of instruments, asked ahead and kept. */
export class Closes {
  readonly #deps: ClosesDeps;
  readonly #known = new Map<number, { past: Past; atMs: number }>();
  readonly #failed = new Map<number, Failure>();
  /** Those that a question is under way for. */
  readonly #asked = new Map<number, Promise<void>>();
  #aheadOf: Promise<void> = Promise.resolve();
  #revision = 0;

  constructor(deps: ClosesDeps) {
    this.#deps = deps;
  }

  /** Text: why there is none. */
  of(conid: number): Past | string {
    return this.#known.get(conid)?.past ?? this.#failed.get(conid)?.reason ?? "its past has not been asked for yet";
  }

  /** Of these, what nobody has asked for: neither known nor refused. */
  unasked(conids: Iterable<number>): number[] {
    return [...conids].filter((conid) => !this.#known.has(conid) && !this.#failed.has(conid));
  }

  /** The same for as long as nothing was asked. */
  revision(): number {
    return this.#revision;
  }

  /** Of the oldest of these that are known. */
  asOf(conids: readonly number[]): string | undefined {
    const times = conids.flatMap((conid) => this.#known.get(conid)?.past.asOf ?? []);
    return times.reduce<string | undefined>(
      (least, one) => (least === undefined || one < least ? one : least),
      undefined,
    );
  }

  /** Asks for those of an order that are missing or old, and waits for those that are asked for already. What is asked ahead is not waited for. */
  async load(conids: readonly number[]): Promise<void> {
    const underWay = conids.flatMap((conid) => this.#asked.get(conid) ?? []);
    await Promise.all([...underWay, this.#askAll(conids)]);
  }

  /** Asks for all that are missing or old. One question at a time, so that an order's own come in between. */
  async ahead(conids: Iterable<number>): Promise<void> {
    const all = [...conids];
    this.#aheadOf = this.#aheadOf.then(() => this.#askAll(all));
    await this.#aheadOf;
  }

  async #askAll(conids: readonly number[]): Promise<void> {
    const wanted = this.#wanted(conids);
    for (let from = 0; from < wanted.length; from += ONE_QUESTION) {
      // What another question brought meanwhile is there.
      const some = this.#wanted(wanted.slice(from, from + ONE_QUESTION));
      if (some.length === 0) continue;
      const asking = this.#ask(some).finally(() => {
        for (const conid of some) this.#asked.delete(conid);
      });
      for (const conid of some) this.#asked.set(conid, asking);
      await asking;
    }
  }

  #wanted(conids: Iterable<number>): number[] {
    const { clock, ageMsMax } = this.#deps;
    const nowMs = clock.monotonicMs();
    const isThere = (conid: number) => nowMs - (this.#known.get(conid)?.atMs ?? -Infinity) <= ageMsMax;
    const rests = (conid: number) => {
      const failure = this.#failed.get(conid);
      return failure !== undefined && nowMs - failure.atMs <= failure.restMs;
    };
    return [...new Set(conids)].filter((conid) => !isThere(conid) && !rests(conid) && !this.#asked.has(conid));
  }

  async #ask(conids: readonly number[]): Promise<void> {
    const { bus, days } = this.#deps;
    this.#revision += 1;
    try {
      const reply = await bus.request(RPCS.bookCloses, { conids: [...conids], days });
      this.#revision += 1;
      if (reply.outcome === "denied") throw new Fault("MARKET_DATA_UNAVAILABLE", reply.denial.message);
      for (const { conid, closes } of reply.value.instruments) {
        if (closes.outcome !== "ok") {
          this.#fail(conid, closes.outcome === "denied" ? closes.denial.message : closes.fault.message);
          continue;
        }
        const { averageVolume, volumeSessions, asOf } = closes.value;
        const returns = returnsOf(closes.value.closes);
        if (typeof returns === "string") this.#fail(conid, returns);
        else this.#learn(conid, { returns, averageVolume, volumeSessions, asOf });
      }
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#revision += 1;
      for (const conid of conids) this.#fail(conid, `${error.code}: ${error.message}`);
    }
  }

  #learn(conid: number, past: Past): void {
    this.#known.set(conid, { past, atMs: this.#deps.clock.monotonicMs() });
    this.#failed.delete(conid);
  }

  #fail(conid: number, reason: string): void {
    const { clock, retryMinMs, retryMs } = this.#deps;
    const restMs = Math.min(retryMs, 2 * (this.#failed.get(conid)?.restMs ?? retryMinMs / 2));
    this.#failed.set(conid, { reason, atMs: clock.monotonicMs(), restMs });
  }
}
