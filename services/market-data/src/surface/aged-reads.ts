import { type Clock, parseUtcText } from "@countersign/clock/clock";
import { ok, type Reply } from "@countersign/contracts/denial";
import { Cache } from "../cache.ts";

/** Answers of the broker that are kept, each with the time at which it was true. */
export class AgedReads {
  readonly #clock: Clock;
  readonly #cache: Cache<Reply<{ readonly asOf: string }>>;

  constructor(clock: Clock, entriesMax: number) {
    this.#clock = clock;
    this.#cache = new Cache(clock, entriesMax);
  }

  /** Never older than `maxAgeMs`, whatever the cache would keep. A refusal is handed on and not kept. */
  async get<V extends { readonly asOf: string }>(
    key: string,
    maxAgeMs: number,
    load: () => Promise<Reply<V>>,
  ): Promise<Reply<V & { ageMs: number }>> {
    const known = this.#cache.peek(key, maxAgeMs) as Reply<V> | undefined;
    const fresh = known?.outcome === "ok" && this.#ageOf(known.value) <= maxAgeMs ? known : undefined;
    const reply = fresh ?? ((await this.#cache.refresh(key, load)) as Reply<V>);
    return reply.outcome === "denied" ? reply : ok({ ...reply.value, ageMs: this.#ageOf(reply.value) });
  }

  #ageOf({ asOf }: { readonly asOf: string }): number {
    return Math.max(0, Math.round(this.#clock.nowMs() - parseUtcText(asOf)));
  }
}
