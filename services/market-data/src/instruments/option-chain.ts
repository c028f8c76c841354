import type { Clock } from "@countersign/clock/clock";
import { type Denial, denied, ok, type Reply } from "@countersign/contracts/denial";
import type { Instrument } from "@countersign/contracts/instrument";
import type { OptionSeries } from "@countersign/contracts/messages/md-instruments.v1";
import { compare, decimal } from "@countersign/money/decimal";
import { Cache } from "../cache.ts";
import type { InstrumentBroker } from "./broker.ts";
import type { ExchangeNames } from "./exchange-names.ts";
import { expiryFault } from "./expiry.ts";
import type { Instruments } from "./instruments.ts";
import { sameSymbol } from "./symbol-text.ts";

export interface Chain {
  readonly underlying: Instrument;
  readonly series: readonly OptionSeries[];
  readonly source: string;
  readonly asOf: string;
}

export interface ChainFilter {
  readonly tradingClass: string | null;
  readonly expiryFrom: string | null;
  readonly expiryTo: string | null;
  readonly strikeFrom: string | null;
  readonly strikeTo: string | null;
}

export interface OptionChainsDeps {
  readonly clock: Clock;
  readonly broker: Pick<InstrumentBroker, "chains">;
  readonly instruments: Instruments;
  readonly exchanges: ExchangeNames;
  readonly config: { readonly chainTtlMs: number; readonly entriesMax: number };
}

type Told = Awaited<ReturnType<InstrumentBroker["chains"]>>;

/** Which options there are on an underlying; new strikes appear every day, so this is remembered for hours and not for a day. */
export class OptionChains {
  readonly #deps: OptionChainsDeps;
  readonly #cache: Cache<Told>;

  constructor(deps: OptionChainsDeps) {
    this.#deps = deps;
    this.#cache = new Cache(deps.clock, deps.config.entriesMax);
  }

  metrics() {
    return this.#cache.metrics();
  }

  async of(conid: number, exchange: string | null): Promise<Reply<Chain>> {
    const described = await this.#deps.instruments.get(conid);
    if (described.outcome === "denied") return described;
    const underlying = described.value.instrument;
    // TWS wants the exchange of options on a future, and none for all others.
    const code = exchange === null ? underlying.exchange : this.#deps.exchanges.code(exchange);
    const request = { conid, exchange: underlying.secType === "FUT" ? code : null };
    const ttlMs = (known: Told) => (known.outcome === "ok" ? this.#deps.config.chainTtlMs : -1);
    const load = () => this.#deps.broker.chains(request);
    const told = await this.#cache.get(JSON.stringify(request), ttlMs, load);
    if (told.outcome === "denied") return told;
    const { chains, source, asOf } = told.value;
    const listed = exchange === null ? chains : chains.filter((one) => this.#deps.exchanges.same(one.exchange, code));
    if (listed.length === 0) return denied("UNKNOWN_INSTRUMENT", `No options on it are listed at ${code}.`);
    return ok({ underlying, series: merged(listed), source, asOf });
  }
}

/** Most exchanges list the same: they are told once, with all who list it. */
function merged(chains: readonly Omit<OptionSeries, "exchanges">[] & readonly { exchange: string }[]): OptionSeries[] {
  const series = new Map<string, OptionSeries>();
  for (const { exchange, tradingClass, multiplier, expirations, strikes } of chains) {
    const key = JSON.stringify([tradingClass, multiplier, expirations, strikes]);
    const known = series.get(key);
    if (known === undefined) series.set(key, { exchanges: [exchange], tradingClass, multiplier, expirations, strikes });
    else known.exchanges.push(exchange);
  }
  return [...series.values()];
}

/** What is left of a chain; what bounds leave empty is taken away. */
export function filteredSeries(series: readonly OptionSeries[], filter: ChainFilter): OptionSeries[] {
  const { tradingClass, expiryFrom, expiryTo, strikeFrom, strikeTo } = filter;
  const inTime = (day: string) => (expiryFrom === null || day >= expiryFrom) && (expiryTo === null || day <= expiryTo);
  const inRange = (strike: string) =>
    (strikeFrom === null || compare(decimal(strike), decimal(strikeFrom)) >= 0) &&
    (strikeTo === null || compare(decimal(strike), decimal(strikeTo)) <= 0);
  return series
    .filter((one) => tradingClass === null || sameSymbol(one.tradingClass, tradingClass))
    .map((one) => ({
      ...one,
      expirations: one.expirations.filter(inTime),
      strikes: one.strikes.filter(inRange),
    }))
    .filter(({ expirations, strikes }) => expirations.length > 0 && strikes.length > 0);
}

/** Bounds that no chain can be within. */
export function boundsFault(filter: ChainFilter): { outcome: "denied"; denial: Denial } | undefined {
  const { expiryFrom, expiryTo, strikeFrom, strikeTo } = filter;
  for (const day of [expiryFrom, expiryTo]) {
    // A bound in the past is one all the same.
    const fault = day === null ? undefined : expiryFault(day, Number.NEGATIVE_INFINITY);
    if (fault !== undefined) return denied("INVALID_ARGUMENT", fault);
  }
  if (expiryFrom !== null && expiryTo !== null && expiryFrom > expiryTo) {
    return denied("INVALID_ARGUMENT", "expiryFrom is after expiryTo");
  }
  if (strikeFrom !== null && strikeTo !== null && compare(decimal(strikeFrom), decimal(strikeTo)) > 0) {
    return denied("INVALID_ARGUMENT", "strikeFrom is above strikeTo");
  }
  return undefined;
}
