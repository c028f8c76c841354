import type { Clock } from "@countersign/clock/clock";
import { type Denial, Fault } from "@countersign/contracts/denial";
import type { InstrumentDetails } from "@countersign/contracts/messages/instrument-reads.v1";
import type { InstrumentRef } from "@countersign/contracts/messages/md-instruments.v1";
import { Cache } from "../cache.ts";
import type { Absences } from "./absences.ts";
import type { InstrumentBroker } from "./broker.ts";
import type { InstrumentsConfig } from "./config.ts";
import { refOf } from "./refs.ts";
import type { SeenInstruments } from "./seen-instruments.ts";

/** One instrument of an answer, with what tells it from others. */
export interface Row {
  readonly ref: InstrumentRef;
  readonly validExchanges: readonly string[];
  readonly identifiers: readonly { readonly type: string; readonly id: string }[];
  readonly contractMonth: string;
  readonly lastTradeTime: string;
}

export interface Rows {
  readonly rows: readonly Row[];
  readonly source: string;
  readonly asOf: string;
}

/** none: the broker says that nothing fits. denied: the question itself was refused. */
export type Found =
  | ({ readonly outcome: "rows" } & Rows)
  | { readonly outcome: "none" }
  | { readonly outcome: "denied"; readonly denial: Denial };

export type Query = Partial<Omit<Parameters<InstrumentBroker["details"]>[0], "offset" | "limit">>;

const PAGE = 30;
/** What is spread over more pages is no question about one instrument; each page costs the broker the whole answer. */
const PAGES_MAX = 4;
const ANY = {
  ...{ conid: null, symbol: null, secType: null, currency: null, exchange: null, primaryExchange: null },
  ...{ lastTradeDate: null, strike: null, right: null, multiplier: null, localSymbol: null, tradingClass: null },
  ...{ includeExpired: false, securityId: null },
} as const;

export interface DetailsBookDeps {
  readonly clock: Clock;
  readonly broker: Pick<InstrumentBroker, "details">;
  readonly absences: Absences;
  readonly config: Pick<InstrumentsConfig, "ttlMs" | "entriesMax">;
  readonly seen: SeenInstruments;
}

/** What fits a description, as the broker says; remembered for as long as an instrument is, and "nothing" briefly. */
export class DetailsBook {
  readonly #deps: DetailsBookDeps;
  readonly #cache: Cache<Found>;

  constructor(deps: DetailsBookDeps) {
    this.#deps = deps;
    this.#cache = new Cache(deps.clock, deps.config.entriesMax);
  }

  metrics() {
    return this.#cache.metrics();
  }

  async find(query: Query): Promise<Found> {
    const key = JSON.stringify({ ...ANY, ...query });
    if ((await this.#deps.absences.held(key)) !== undefined) return { outcome: "none" };
    const { ttlMs } = this.#deps.config;
    const ageMsMax = (known: Found) => (known.outcome === "rows" ? ttlMs : -1);
    return this.#cache.get(key, ageMsMax, () => this.#ask(query, key));
  }

  async #ask(query: Query, key: string): Promise<Found> {
    const askedAtMs = this.#deps.clock.nowMs();
    const all: InstrumentDetails[] = [];
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const question = { ...ANY, ...query, offset: page * PAGE, limit: PAGE };
      const reply = await this.#deps.broker.details(question);
      if (reply.outcome === "denied") return this.#refused(reply.denial, key, askedAtMs);
      all.push(...reply.value.instruments);
      if (all.length < reply.value.total && page + 1 < PAGES_MAX) continue;
      const rows = rowsOf(all);
      for (const { ref } of rows) this.#deps.seen.add(ref, reply.value);
      return { outcome: "rows", rows, source: reply.value.source, asOf: reply.value.asOf };
    }
    throw new TypeError("no page was asked for");
  }

  async #refused(denial: Denial, key: string, askedAtMs: number): Promise<Found> {
    if (denial.code !== "UNKNOWN_INSTRUMENT") return { outcome: "denied", denial };
    if ((await this.#deps.absences.proof(key, askedAtMs)) !== "nothing") return { outcome: "none" };
    const message = "TWS knows nothing that fits, but its link was not steady, so that proves nothing";
    throw new Fault("BROKER_UNAVAILABLE", message);
  }
}

/** TWS may tell one contract once for each exchange; the one that is routed by SMART stands for all. */
function rowsOf(all: readonly InstrumentDetails[]): Row[] {
  const rows = new Map<number, Row>();
  for (const details of all) {
    const known = rows.get(details.conid);
    if (known === undefined || details.exchange === "SMART") rows.set(details.conid, rowOf(details));
  }
  return [...rows.values()];
}

function rowOf(details: InstrumentDetails): Row {
  return {
    ref: refOf(details),
    validExchanges: details.validExchanges,
    identifiers: details.securityIds,
    contractMonth: details.contractMonth,
    lastTradeTime: details.lastTradeTime,
  };
}
