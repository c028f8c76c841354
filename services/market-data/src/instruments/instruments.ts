import { type Clock, parseUtcText } from "@countersign/clock/clock";
import { type Denial, denied, Fault, ok, type Reply } from "@countersign/contracts/denial";
import type { Instrument } from "@countersign/contracts/instrument";
import type { StoredInstrument } from "@countersign/contracts/messages/md-instruments.v1";
import type { Source } from "../broker-source.ts";
import { Cache } from "../cache.ts";
import { coverageOf } from "../calendar/coverage.ts";
import { MONDAY_TO_FRIDAY } from "../calendar/market-calendar.ts";
import { parseTradingHours } from "../calendar/trading-hours.ts";
import type { Absences, Proof } from "./absences.ts";
import type { InstrumentsConfig } from "./config.ts";
import type { InstrumentStore } from "./instrument-store.ts";
import { refOf } from "./refs.ts";
import type { SeenInstruments } from "./seen-instruments.ts";

export type Described = Reply<{ instrument: Instrument; source: string; asOf: string }>;

export interface InstrumentsDeps {
  readonly clock: Clock;
  readonly source: Pick<Source, "contract">;
  readonly config: Pick<InstrumentsConfig, "ttlMs" | "hoursUnclearTtlMs" | "entriesMax">;
  readonly store: InstrumentStore;
  readonly absences: Absences;
  readonly seen: SeenInstruments;
}

/** Instruments by conId: from memory, else from the store, else from the broker. */
export class Instruments {
  readonly #deps: InstrumentsDeps;
  readonly #cache: Cache<Described>;

  constructor(deps: InstrumentsDeps) {
    this.#deps = deps;
    this.#cache = new Cache(deps.clock, deps.config.entriesMax);
  }

  metrics() {
    return this.#cache.metrics();
  }

  async get(conid: number): Promise<Described> {
    const key = String(conid);
    const held = await this.#deps.absences.held(key);
    if (held !== undefined) return this.#absent(await this.#deps.store.read(conid), held);
    return this.#cache.get(
      key,
      (known) => this.#fresh(known),
      () => this.#load(conid),
    );
  }

  /** A description without end, or none at all: what is fresh is told by its own time and hours, not by that of the cache. */
  #fresh(known: Described): number {
    return known.outcome === "ok" && this.#usable(known.value) ? Number.POSITIVE_INFINITY : -1;
  }

  #usable({ instrument, asOf }: { instrument: Instrument; asOf: string }): boolean {
    const { clock, config } = this.#deps;
    const ageMs = clock.nowMs() - parseUtcText(asOf);
    const reach = hoursEndMs(instrument);
    if (reach === undefined) return ageMs <= Math.min(config.hoursUnclearTtlMs, config.ttlMs);
    return ageMs <= config.ttlMs && clock.nowMs() < reach;
  }

  /** A "no" of a link that is young is asked for once more when it is not. */
  async #load(conid: number, tries = 2): Promise<Described> {
    const { clock, source, store, absences, seen } = this.#deps;
    const stored = await store.read(conid);
    if (stored !== undefined) seen.add(refOf(stored.instrument), stored);
    if (stored !== undefined && this.#usable(stored)) return ok(descriptionOf(stored));
    const askedAtMs = clock.nowMs();
    const reply = await source.contract(conid);
    if (reply.outcome === "ok") {
      absences.forget(String(conid));
      seen.add(refOf(reply.value.instrument), reply.value);
      store.write({ type: "instrument/1", ...reply.value });
      return reply;
    }
    if (reply.denial.code !== "UNKNOWN_INSTRUMENT") return reply;
    const proof = await absences.proof(String(conid), askedAtMs);
    if (proof === "nothing" && tries > 1 && (await absences.becomesSteady())) return this.#load(conid, tries - 1);
    return this.#absent(stored, proof);
  }

  #absent(stored: StoredInstrument | undefined, proof: Proof): { outcome: "denied"; denial: Denial } {
    if (proof === "nothing") {
      const message = "TWS knows no such contract, but its link was not steady, so that proves nothing";
      throw new Fault("BROKER_UNAVAILABLE", message);
    }
    if (stored === undefined) return denied("UNKNOWN_INSTRUMENT");
    const lastKnown = lastKnownOf(stored, this.#deps.clock.nowMs());
    if (proof === "confirmed") return denied("INSTRUMENT_GONE", undefined, { lastKnown });
    const message = "TWS does not define this contract now, but did before; not yet confirmed.";
    return denied("UNKNOWN_INSTRUMENT", message, { lastKnown });
  }
}

function descriptionOf({ instrument, source, asOf }: StoredInstrument) {
  return { instrument, source, asOf };
}

function lastKnownOf({ instrument, source, asOf }: StoredInstrument, nowMs: number) {
  const { conid, symbol, secType, primaryExchange, currency, longName: name } = instrument;
  const ageMs = Math.max(0, Math.round(nowMs - parseUtcText(asOf)));
  return { conid, symbol, secType, exchange: primaryExchange, currency, name, source, asOf, ageMs };
}

const reaches = new WeakMap<Instrument, { readonly endMs: number | undefined }>();

/** To where the trading hours of an instrument are known; undefined: they are missing or malformed. */
function hoursEndMs(instrument: Instrument): number | undefined {
  const known = reaches.get(instrument);
  if (known !== undefined) return known.endMs;
  const parsed = parseTradingHours(instrument.tradingHours, instrument.timeZoneId);
  const endMs = "malformed" in parsed ? undefined : coverageOf(parsed, MONDAY_TO_FRIDAY.weekend).spans.at(-1)?.endMs;
  reaches.set(instrument, { endMs });
  return endMs;
}
