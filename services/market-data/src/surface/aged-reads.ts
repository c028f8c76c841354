import { type Clock, parseUtcText } from "@countersign/clock/clock";
import { ok, type Reply } from "@countersign/contracts/denial";
import { Cache } from "../cache.ts";

/** A refusal is handed on and not kept. */
const NOT_KEPT = -1;

/** Answers of the broker that are kept, each with the time at which it was true. */
export class AgedReads {
  readonly #clock: Clock;
  readonly #cache: Cache<Reply<{ readonly asOf: string }>>;

  constructor(clock: Clock, entriesMax: number) {
    this.#clock = clock;
    this.#cache = new Cache(clock, entriesMax, {
      asOfMs: (reply) => (reply.outcome === "ok" ? parseUtcText(reply.value.asOf) : undefined),
      ttlMs: (reply) => (reply.outcome === "ok" ? Number.POSITIVE_INFINITY : NOT_KEPT),
    });
  }

  metrics() {
    return this.#cache.metrics();
  }

  /** No older than `maxAgeMs`, or asked for after this call. */
  async get<V extends { readonly asOf: string }>(
    key: string,
    maxAgeMs: number,
    load: () => Promise<Reply<V>>,
  ): Promise<Reply<V & { ageMs: number }>> {
    const reply = (await this.#cache.get(key, maxAgeMs, load)) as Reply<V>;
    if (reply.outcome === "denied") return reply;
    const ageMs = Math.max(0, Math.round(this.#clock.nowMs() - parseUtcText(reply.value.asOf)));
    return ok({ ...reply.value, ageMs });
  }
}
