import type { Clock } from "@countersign/clock/clock";
import type { Reply } from "@countersign/contracts/denial";
import type { Instrument } from "@countersign/contracts/instrument";
import type { Source } from "./broker-source.ts";
import { Cache } from "./cache.ts";
import type { MarketDataConfig } from "./config.ts";

export type Described = Reply<{ instrument: Instrument; source: string; asOf: string }>;

/** Instruments by conId. "There is none" is remembered too, but only briefly. */
export class Instruments {
  readonly #source: Source;
  readonly #config: MarketDataConfig;
  readonly #cache: Cache<Described>;

  constructor(deps: { clock: Clock; source: Source; config: MarketDataConfig }) {
    this.#source = deps.source;
    this.#config = deps.config;
    this.#cache = new Cache(deps.clock, deps.config.cacheEntriesMax);
  }

  get(conid: number): Promise<Described> {
    const { absentTtlMs, instrumentTtlMs } = this.#config;
    const maxAgeMs = (known: Described) => (known.outcome === "denied" ? absentTtlMs : instrumentTtlMs);
    return this.#cache.get(String(conid), maxAgeMs, () => this.#source.contract(conid));
  }
}
