import { type Clock, parseUtcText } from "@countersign/clock/clock";
import { ok, type Reply } from "@countersign/contracts/denial";
import { QUOTE_FIELDS, type Quote } from "@countersign/contracts/instrument";
import type { Source } from "./broker-source.ts";
import { Cache } from "./cache.ts";
import type { MarketDataConfig } from "./config.ts";

/** Quotes from one shared cache; those in use are asked again in the background, so that a caller in a hurry finds them warm. */
export class Quotes {
  readonly #clock: Clock;
  readonly #source: Source;
  readonly #config: MarketDataConfig;
  readonly #cache: Cache<Reply<Quote>>;
  readonly #lastUsedAtMs = new Map<number, number>();

  constructor(deps: { clock: Clock; source: Source; config: MarketDataConfig }) {
    this.#clock = deps.clock;
    this.#source = deps.source;
    this.#config = deps.config;
    this.#cache = new Cache(deps.clock, deps.config.cacheEntriesMax);
  }

  get stats() {
    return this.#cache.stats;
  }

  /** A quote whose prices are no older than `maxAgeMs`. Its age is computed anew for each answer. */
  async get(conid: number, maxAgeMs: number): Promise<Reply<Quote>> {
    this.#touch(conid);
    const key = String(conid);
    const known = this.#cache.peek(key, maxAgeMs);
    if (known !== undefined && (known.outcome === "denied" || this.#ageOf(known.value) <= maxAgeMs)) {
      this.#cache.stats.hits += 1;
      return this.#aged(known);
    }
    return this.#aged(await this.#cache.refresh(key, () => this.#source.quote(conid)));
  }

  /** Asks every quote in use again; called by a timer. A quote that cannot be had now simply grows old. */
  async refreshWarm(): Promise<void> {
    const now = this.#clock.monotonicMs();
    for (const [conid, usedAtMs] of this.#lastUsedAtMs) {
      if (now - usedAtMs > this.#config.warmForMs) this.#lastUsedAtMs.delete(conid);
    }
    const conids = [...this.#lastUsedAtMs.keys()];
    await Promise.allSettled(
      conids.map((conid) => this.#cache.refresh(String(conid), () => this.#source.quote(conid))),
    );
  }

  #touch(conid: number): void {
    this.#lastUsedAtMs.delete(conid);
    this.#lastUsedAtMs.set(conid, this.#clock.monotonicMs());
    for (const oldest of this.#lastUsedAtMs.keys()) {
      if (this.#lastUsedAtMs.size <= this.#config.warmLinesMax) return;
      this.#lastUsedAtMs.delete(oldest);
    }
  }

  #ageOf(quote: Quote): number {
    return Math.max(0, this.#clock.nowMs() - parseUtcText(quote.asOf));
  }

  #aged(reply: Reply<Quote>): Reply<Quote> {
    return reply.outcome === "denied" ? reply : ok(aged(reply.value, this.#clock.nowMs()));
  }
}

/** The same quote with every age as of now. */
export function aged(quote: Quote, nowMs: number): Quote {
  const ageOf = (asOf: string) => Math.max(0, Math.round(nowMs - parseUtcText(asOf)));
  const renewed: Quote = { ...quote, ageMs: ageOf(quote.asOf) };
  for (const field of QUOTE_FIELDS) {
    const value = quote[field];
    if (value.state === "known") renewed[field] = { ...value, ageMs: ageOf(value.asOf) };
  }
  return renewed;
}
