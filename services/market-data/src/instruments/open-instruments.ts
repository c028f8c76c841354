import type { Bus } from "@countersign/bus/bus";
import type { Clock } from "@countersign/clock/clock";
import type { Source } from "../broker-source.ts";
import { Cache } from "../cache.ts";
import type { Exchanges } from "../calendar/exchange-table.ts";
import type { Paced } from "../pacing/paced.ts";
import { Absences } from "./absences.ts";
import { instrumentBroker } from "./broker.ts";
import type { ChainContractsDeps } from "./chain-contracts.ts";
import type { InstrumentsConfig } from "./config.ts";
import { DetailsBook } from "./details-book.ts";
import { ExchangeNames } from "./exchange-names.ts";
import { instrumentStore } from "./instrument-store.ts";
import { Instruments } from "./instruments.ts";
import { OptionChains } from "./option-chain.ts";
import { Resolver } from "./resolver.ts";
import { SeenInstruments } from "./seen-instruments.ts";

type Quoted = ChainContractsDeps["quote"];
export type InstrumentParts = ReturnType<typeof openInstruments>;

/** Everything that knows instruments, on one cache. */
export function openInstruments(
  bus: Bus,
  deps: {
    clock: Clock;
    source: Pick<Source, "contract">;
    quote: Quoted;
    paced: Paced;
    exchanges: Exchanges;
    config: InstrumentsConfig;
  },
) {
  const { clock, source, quote, config } = deps;
  const exchanges = new ExchangeNames(deps.exchanges);
  const broker = instrumentBroker(bus, deps.paced);
  const limits = { ttlMs: config.absentTtlMs, confirmMs: config.absenceConfirmMs, entriesMax: config.entriesMax };
  const absences = new Absences({ clock, broker }, limits);
  const seen = new SeenInstruments(config.seenMax);
  const store = instrumentStore(bus);
  const instruments = new Instruments({ clock, source, config, store, absences, seen });
  const book = new DetailsBook({ clock, broker, absences, config, seen });
  const searches = new Cache<Awaited<ReturnType<typeof broker.search>>>(clock, config.entriesMax);
  const resolver = new Resolver({ clock, broker, book, instruments, seen, searches, exchanges, config });
  const chains = new OptionChains({ clock, broker, instruments, exchanges, config });
  const caches = () => ({
    instruments: instruments.metrics(),
    descriptions: book.metrics(),
    searches: searches.metrics(),
    chains: chains.metrics(),
  });
  return { clock, broker, book, instruments, resolver, chains, seen, searches, exchanges, quote, config, caches };
}
