import { PreparedReply } from "@countersign/bus/prepared-reply";
import { type Clock, parseUtcText } from "@countersign/clock/clock";
import { denied, ok, type Reply } from "@countersign/contracts/denial";
import { QUOTE_FIELDS, type Quote } from "@countersign/contracts/instrument";
import { RPCS } from "@countersign/contracts/subjects";
import type { Source } from "./broker-source.ts";
import { Cache } from "./cache.ts";
import type { MarketDataConfig } from "./config.ts";

/** Quotes from one shared cache; those in use are asked again in the background, so that a caller in a hurry finds them warm. */
export class Quotes {
  readonly #clock: Clock;
  readonly #source: Source;
  readonly #config: MarketDataConfig;
  readonly #cache: Cache<Reply<Quote>>;
  readonly #streamed: (conid: number, maxAgeMs: number) => Quote | undefined;
  readonly #lastUsedAtMs = new Map<number, number>();
  /** By what the cache holds, which is never changed. */
  readonly #prepared = new WeakMap<Reply<Quote>, PreparedReply<typeof RPCS.quote>>();

  constructor(deps: {
    clock: Clock;
    source: Source;
    config: MarketDataConfig;
    /** From a stream that runs, if it is young enough; absent: nothing streams. */
    streamed?: (conid: number, maxAgeMs: number) => Quote | undefined;
  }) {
    this.#streamed = deps.streamed ?? (() => undefined);
    this.#clock = deps.clock;
    this.#source = deps.source;
    this.#config = deps.config;
    const { cacheEntriesMax, quoteTtlMs, deniedTtlMs } = deps.config;
    this.#cache = new Cache(deps.clock, cacheEntriesMax, {
      asOfMs: (reply) => (reply.outcome === "ok" ? parseUtcText(reply.value.asOf) : undefined),
      ttlMs: (reply) => (reply.outcome === "ok" ? quoteTtlMs : deniedTtlMs),
    });
  }

  metrics() {
    return this.#cache.metrics();
  }

  /** A quote whose prices are no older than `maxAgeMs`. Its age is computed anew for each answer. */
  async get(conid: number, maxAgeMs: number): Promise<Reply<Quote>> {
    const streamed = this.#streamed(conid, maxAgeMs);
    if (streamed !== undefined) return ok(streamed);
    this.#touch(conid);
    const askedAtMs = this.#clock.nowMs();
    const reply = await this.#cache.get(String(conid), maxAgeMs, () => this.#source.quote(conid));
    if (reply.outcome === "denied") return reply;
    const { asOf } = reply.value;
    const nowMs = this.#clock.nowMs();
    if (parseUtcText(asOf) < Math.min(askedAtMs, nowMs - maxAgeMs))
      return denied("DATA_TOO_OLD", undefined, { asOf, ageMs: nowMs - parseUtcText(asOf) });
    return ok(aged(reply.value, nowMs));
  }

  /** What `get` would answer at once from the cache, as text that waits for its ages; undefined: ask `get`. */
  prepared(conid: number, maxAgeMs: number): PreparedReply<typeof RPCS.quote> | undefined {
    if (this.#streamed(conid, maxAgeMs) !== undefined) return undefined;
    const stored = this.#cache.peek(String(conid), maxAgeMs);
    if (stored?.outcome !== "ok" || parseUtcText(stored.value.asOf) < this.#clock.nowMs() - maxAgeMs) return undefined;
    this.#cache.hit(String(conid), maxAgeMs);
    this.#touch(conid);
    let text = this.#prepared.get(stored);
    if (text === undefined) {
      text = prepare(stored.value);
      this.#prepared.set(stored, text);
    }
    return text;
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
}

/** The same quote with every age as of now. */
export function aged(quote: Quote, nowMs: number): Quote {
  return withAges(quote, (wallMs) => Math.max(0, Math.round(nowMs - wallMs)));
}

function prepare(quote: Quote): PreparedReply<typeof RPCS.quote> {
  return PreparedReply.of(RPCS.quote, (ageSince) => ok(withAges(quote, ageSince)));
}

function withAges(quote: Quote, ageSince: (wallMs: number) => number): Quote {
  const renewed: Quote = { ...quote, ageMs: ageSince(parseUtcText(quote.asOf)) };
  for (const field of QUOTE_FIELDS) {
    const value = quote[field];
    if (value.state === "known") renewed[field] = { ...value, ageMs: ageSince(parseUtcText(value.asOf)) };
  }
  return renewed;
}
