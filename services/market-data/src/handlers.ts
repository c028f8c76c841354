import type { Clock } from "@countersign/clock/clock";
import { ok } from "@countersign/contracts/denial";
import { RPCS } from "@countersign/contracts/subjects";
import { barSource } from "./bars/bar-source.ts";
import { BARS_SERVED, serveBars } from "./bars/serve-bars.ts";
import type { Source } from "./broker-source.ts";
import type { CacheMetrics } from "./cache.ts";
import type { Calendars } from "./calendar/calendars.ts";
import type { Exchanges } from "./calendar/exchange-table.ts";
import { CALENDAR_SERVED, serveCalendar } from "./calendar/serve-calendar.ts";
import type { MarketDataConfig } from "./config.ts";
import type { Rates } from "./fx/rates.ts";
import { FX_SERVED, serveFx } from "./fx/serve-fx.ts";
import type { InstrumentParts } from "./instruments/open-instruments.ts";
import { INSTRUMENT_SERVED, serveInstruments } from "./instruments/serve-instruments.ts";
import type { Served } from "./pacing/asking.ts";
import type { Paced } from "./pacing/paced.ts";
import type { Quotes } from "./quotes.ts";
import { SURFACE_SERVED, serveSurface } from "./surface/serve-surface.ts";
import { serveBookFacts } from "./ticket-facts/serve-book-facts.ts";
import { serveShortable } from "./ticket-facts/serve-shortable.ts";
import { serveTicketFacts } from "./ticket-facts/serve-ticket-facts.ts";

export interface Deps {
  readonly clock: Clock;
  readonly config: MarketDataConfig;
  readonly source: Source;
  readonly quotes: Quotes;
  readonly instruments: InstrumentParts;
  readonly calendars: Calendars;
  readonly exchanges: Exchanges;
  readonly rates: Rates;
  readonly paced: Paced;
}

/** What this service answers. */
export const SERVED = [
  RPCS.quote,
  ...BARS_SERVED,
  ...CALENDAR_SERVED,
  RPCS.marketFacts,
  RPCS.shortable,
  RPCS.orderContract,
  RPCS.bookFacts,
  RPCS.bookCloses,
  ...FX_SERVED,
  ...INSTRUMENT_SERVED,
  ...SURFACE_SERVED,
  RPCS.watch,
  RPCS.marketStats,
] as const;

/** The returned function tells what each cache has done. */
export function serveMarketData(bus: Served, deps: Deps): () => Record<string, CacheMetrics> {
  const { clock, config, quotes, calendars, rates } = deps;

  serveInstruments(bus, deps.instruments);
  const bars = serveBars(bus, {
    ...{
      clock,
      source: barSource(bus),
      settings: config.bars,
      pace: { run: deps.paced },
    },
    describe: (conid) => deps.instruments.instruments.get(conid),
  });
  bus.serve(RPCS.orderContract, ({ conid }) => deps.instruments.instruments.get(conid));
  bus.serve(RPCS.quote, ({ conid, maxAgeMs }) => quotes.get(conid, maxAgeMs), {
    fromMemory: ({ conid, maxAgeMs }) => quotes.prepared(conid, maxAgeMs),
  });
  serveCalendar(bus, deps);
  serveTicketFacts(bus, {
    quote: (conid, maxAgeMs) => quotes.get(conid, maxAgeMs),
    session: (conid) => calendars.session(conid),
    dailyBars: bars.dailyBars,
    currencyOf: async (conid) => {
      const found = await deps.instruments.instruments.get(conid);
      return found.outcome === "denied" ? found : ok(found.value.instrument.currency);
    },
    rate: (from, to, maxAgeMs) => rates.get({ from, to, side: "mid", maxAgeMs }),
  });
  serveBookFacts(bus, {
    describe: (conid) => deps.instruments.instruments.get(conid),
    rate: (from, to, maxAgeMs) => rates.get({ from, to, side: "mid", maxAgeMs }),
    dailyBars: bars.dailyBars,
  });
  serveShortable(bus, { clock, paced: deps.paced });
  serveFx(bus, rates);
  const surface = serveSurface(bus, { clock, config: config.surface, paced: deps.paced });
  return () => ({
    quotes: quotes.metrics(),
    ...bars.caches(),
    ...deps.instruments.caches(),
    sessions: calendars.metrics(),
    surface: surface.metrics(),
  });
}
