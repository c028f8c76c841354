import type { Bus } from "@countersign/bus/bus";
import type { BusLog } from "@countersign/bus/connection";
import type { Clock } from "@countersign/clock/clock";
import { ok } from "@countersign/contracts/denial";
import { RPCS } from "@countersign/contracts/subjects";
import { brokerSource } from "./broker-source.ts";
import { Calendars } from "./calendar/calendars.ts";
import type { Exchanges } from "./calendar/exchange-table.ts";
import type { MarketDataConfig } from "./config.ts";
import { PairBook } from "./fx/pair-book.ts";
import { Rates } from "./fx/rates.ts";
import { serveMarketData } from "./handlers.ts";
import { openInstruments } from "./instruments/open-instruments.ts";
import { openPacing } from "./pacing/open-pacing.ts";
import { Quotes } from "./quotes.ts";
import { openStreams, serveStreams } from "./streams/serve-streams.ts";

export interface OpenOptions {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly config: MarketDataConfig;
  readonly exchanges: Exchanges;
  readonly log: BusLog;
}

/** Builds every part of the service and lets it answer. Throws a Fault when the bus does not tell what it has to start from. */
export async function openMarketData({ bus, clock, config, exchanges, log }: OpenOptions) {
  const pacing = await openPacing({ bus, clock, config: config.pacing, log });
  const source = pacing.source(brokerSource(bus));
  const streamed = (conid: number, maxAgeMs: number) => streams.quote(conid, maxAgeMs);
  const quotes = new Quotes({ clock, source, config, streamed });
  const instruments = openInstruments(bus, {
    ...{ clock, source, exchanges, config: config.instruments },
    quote: (conid, maxAgeMs) => quotes.get(conid, maxAgeMs),
    paced: pacing.paced,
  });
  const pairs = new PairBook({ clock, details: source.details, absentTtlMs: config.fx.absentPairTtlMs });
  const rates = new Rates({
    clock,
    conidOf: (pair) => pairs.conidOf(pair),
    quote: (conid, maxAgeMs) => quotes.get(conid, maxAgeMs),
    spreadMaxPercent: config.fx.spreadMaxPercent,
  });
  const calendars = new Calendars({
    ...{ clock, source, instruments: instruments.instruments, exchanges },
    config: { ...config, ...config.calendar },
  });
  const { streams, stop: stopStreams } = openStreams(bus, {
    ...{ clock, settings: config.streams, calendars },
    ...{ scheduler: pacing.scheduler, quoteLines: config.pacing.quoteLines },
  });
  const { served, paced } = pacing;
  const parts = { quotes, instruments, calendars, exchanges, rates };
  const caches = serveMarketData(served, { clock, config, source, paced, ...parts });
  // Renewing a watch asks nothing of the broker: it has bounds of its own, and no part in the turns.
  serveStreams(bus, streams);
  const timer = clock.setInterval(() => void quotes.refreshWarm(), config.warmEveryMs);
  const metrics = () => ({ caches: caches(), pacing: pacing.metrics() });
  bus.serve(RPCS.marketStats, async () => ok(metrics()));
  return {
    scheduler: pacing.scheduler,
    checks: [pacing.check],
    metrics: () => ({ ...metrics(), streams: streams.stats }),
    stop: async () => {
      timer.cancel();
      stopStreams();
    },
  };
}
