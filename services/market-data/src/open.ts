import type { Bus } from "@countersign/bus/bus";
import type { BusLog } from "@countersign/bus/connection";
import type { Clock } from "@countersign/clock/clock";
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

export interface OpenOptions {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly config: MarketDataConfig;
  readonly exchanges: Exchanges;
  readonly log: BusLog;
}

/** Builds every part of the service and lets it answer. */
export function openMarketData({ bus, clock, config, exchanges, log }: OpenOptions) {
  const pacing = openPacing({ bus, clock, config: config.pacing, log });
  const source = pacing.source(brokerSource(bus));
  const quotes = new Quotes({ clock, source, config });
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
  const { served, paced, scheduler: pace } = pacing;
  serveMarketData(served, { clock, config, quotes, instruments, calendars, exchanges, rates, paced, pace, source });
  const timer = clock.setInterval(() => void quotes.refreshWarm(), config.warmEveryMs);
  return {
    scheduler: pacing.scheduler,
    checks: [pacing.check],
    metrics: () => ({ quotes: quotes.metrics(), pacing: pacing.metrics() }),
    stop: async () => timer.cancel(),
  };
}
