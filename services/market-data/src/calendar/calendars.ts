import { type Clock, utcText } from "@countersign/clock/clock";
import { denied, ok, type Reply } from "@countersign/contracts/denial";
import type { Instrument } from "@countersign/contracts/instrument";
import type { MarketSession } from "@countersign/contracts/market-session";
import type { RPCS } from "@countersign/contracts/subjects";
import type * as z from "zod";
import type { Source } from "../broker-source.ts";
import { Cache } from "../cache.ts";
import type { Instruments } from "../instruments/instruments.ts";
import type { Exchanges } from "./exchange-table.ts";
import { fallbackCalendar, weekOf } from "./fallback-calendar.ts";
import { type MarketDay, MONDAY_TO_FRIDAY, type WeekShape, withKinds } from "./market-calendar.ts";
import { pastDays } from "./past-days.ts";
import { contractCalendar, type KnownCalendar, sessionAt } from "./session.ts";
import { lastTradeDate, settlementOf } from "./settlement.ts";

type CalendarAnswer = Extract<z.output<typeof RPCS.calendar.reply>, { outcome: "ok" }>["value"];
type SettlementAnswer = Extract<z.output<typeof RPCS.settlement.reply>, { outcome: "ok" }>["value"];
type Schedule = Awaited<ReturnType<Source["schedule"]>>;

export interface CalendarDeps {
  readonly clock: Clock;
  readonly source: Source;
  readonly instruments: Instruments;
  readonly exchanges: Exchanges;
  readonly config: { readonly scheduleTtlMs: number; readonly cacheEntriesMax: number };
}

/** Calendars of instruments: from their own hours, from the broker for the past, and from the table for display. */
export class Calendars {
  readonly #deps: CalendarDeps;
  readonly #schedules: Cache<Schedule>;
  /** Read once for each copy of an instrument that the cache holds: a week of hours costs more than the answer. */
  readonly #read = new WeakMap<Instrument, KnownCalendar>();

  constructor(deps: CalendarDeps) {
    this.#deps = deps;
    this.#schedules = new Cache(deps.clock, deps.config.cacheEntriesMax);
  }

  metrics() {
    return this.#schedules.metrics();
  }

  async session(conid: number): Promise<Reply<MarketSession>> {
    const found = await this.#deps.instruments.get(conid);
    return found.outcome === "denied" ? found : ok(this.#sessionOf(found.value.instrument));
  }

  async days({ conid, pastDays: count }: { conid: number; pastDays: number }): Promise<Reply<CalendarAnswer>> {
    const found = await this.#deps.instruments.get(conid);
    if (found.outcome === "denied") return found;
    const { instrument } = found.value;
    const known = this.#calendarOf(instrument);
    if ("missing" in known) return denied("MARKET_HOURS_UNKNOWN", known.missing);
    const { calendar, source } = known;
    const past = count === 0 ? undefined : await this.#schedule(conid, count);
    if (past?.outcome === "denied") return past;
    const before = past === undefined ? [] : pastDays(past.value, calendar.days[0]?.date);
    // A day of the past gets its kind by comparison; what the table knows of a day needs none.
    const days =
      before.length === 0
        ? calendar.days
        : withKinds(calendar.zone, [...before, ...calendar.days], this.#weekOf(instrument));
    const sourceOf = (index: number) => (index < before.length ? "schedule" : source);
    return ok({
      conid,
      timeZoneId: instrument.timeZoneId,
      zone: calendar.zone,
      source,
      days: days.map((day, index) => ({ ...dayOnWire(day), source: sourceOf(index) })),
      asOf: utcText(this.#deps.clock.nowMs()),
    });
  }

  async settlement(request: { conid: number; tradeDate: string | null }): Promise<Reply<SettlementAnswer>> {
    const { conid } = request;
    const found = await this.#deps.instruments.get(conid);
    if (found.outcome === "denied") return found;
    const { instrument } = found.value;
    const tradeDate = request.tradeDate ?? this.#tradeDate(instrument);
    if (tradeDate === undefined) return denied("MARKET_HOURS_UNKNOWN", this.#sessionOf(instrument).reason);
    const settled = settlementOf(this.#deps.exchanges, instrument, tradeDate);
    if (settled.outcome === "denied") return settled;
    const { checkedOn } = this.#deps.exchanges;
    const expiry = { lastTradeDate: lastTradeDate(instrument) };
    return ok({ conid, tradeDate, ...settled.value, ...expiry, source: "fallback-table", checkedOn });
  }

  /** The session of now, or the one that opens next. */
  #tradeDate(instrument: Instrument): string | undefined {
    const known = this.#calendarOf(instrument);
    const { tradeDate, nextOpen } = this.#sessionOf(instrument);
    if (tradeDate !== null || "missing" in known || nextOpen === null) return tradeDate ?? undefined;
    const opens = ({ startMs }: { startMs: number }) => utcText(startMs) === nextOpen;
    return known.calendar.days.find(({ sessions }) => sessions.some(opens))?.date;
  }

  #sessionOf(instrument: Instrument): MarketSession {
    return sessionAt(this.#calendarOf(instrument), instrument, this.#deps.clock.nowMs());
  }

  /** The contract's own; the table's, with that label, only for a contract that has none. */
  #calendarOf(instrument: Instrument): KnownCalendar {
    const known = this.#read.get(instrument) ?? contractCalendar(instrument, this.#weekOf(instrument));
    this.#read.set(instrument, known);
    const exchange = this.#exchangeOf(instrument);
    if (!("missing" in known) || instrument.tradingHours !== "" || exchange === undefined) return known;
    return { calendar: fallbackCalendar(exchange, this.#deps.clock.nowMs()), source: "fallback-table" };
  }

  #weekOf(instrument: Instrument): WeekShape {
    const exchange = this.#exchangeOf(instrument);
    return exchange === undefined ? MONDAY_TO_FRIDAY : weekOf(exchange);
  }

  #exchangeOf({ primaryExchange, exchange }: Instrument) {
    return this.#deps.exchanges.byCode(primaryExchange || exchange);
  }

  #schedule(conid: number, days: number): Promise<Schedule> {
    const { config, source } = this.#deps;
    return this.#schedules.get(`${conid} ${days}`, config.scheduleTtlMs, () =>
      source.schedule({ conid, days, regularHoursOnly: true }),
    );
  }
}

function dayOnWire({ date, kind, sessions }: MarketDay) {
  const onWire = sessions.map(({ session, startMs, endMs }) => ({
    session,
    open: utcText(startMs),
    close: utcText(endMs),
  }));
  return { date, kind, sessions: onWire };
}
