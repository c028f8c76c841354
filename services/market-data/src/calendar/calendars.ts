import type { Clock } from "@countersign/clock/clock";
import { utcText } from "@countersign/clock/clock";
import { denied, ok, type Reply } from "@countersign/contracts/denial";
import type { Instrument } from "@countersign/contracts/instrument";
import type { MarketSession } from "@countersign/contracts/market-session";
import type { RPCS } from "@countersign/contracts/subjects";
import type * as z from "zod";
import type { Source } from "../broker-source.ts";
import { Cache } from "../cache.ts";
import type { Instruments } from "../instruments/instruments.ts";
import { MONDAY_TO_FRIDAY, withKinds } from "./market-calendar.ts";
import { pastDays } from "./past-days.ts";
import { contractCalendar, type KnownCalendar, sessionAt } from "./session.ts";

export type CalendarAnswer = Extract<z.output<typeof RPCS.calendar.reply>, { outcome: "ok" }>["value"];
type Schedule = Awaited<ReturnType<Source["schedule"]>>;

export interface CalendarDeps {
  readonly clock: Clock;
  readonly source: Source;
  readonly instruments: Instruments;
  readonly config: { readonly scheduleTtlMs: number; readonly cacheEntriesMax: number };
}

/** Calendars of instruments: from their own hours, and their past from the broker. */
export class Calendars {
  readonly #deps: CalendarDeps;
  readonly #schedules: Cache<Schedule>;
  /** Read once for each copy of an instrument that the cache holds: a week of hours costs more than the answer. */
  readonly #known = new WeakMap<Instrument, KnownCalendar>();

  constructor(deps: CalendarDeps) {
    this.#deps = deps;
    this.#schedules = new Cache(deps.clock, deps.config.cacheEntriesMax);
  }

  async session(conid: number): Promise<Reply<MarketSession>> {
    const found = await this.#deps.instruments.get(conid);
    if (found.outcome === "denied") return found;
    const { instrument } = found.value;
    return ok(sessionAt(this.#calendarOf(instrument), instrument, this.#deps.clock.nowMs()));
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
    const isPast = new Set(before.map(({ date }) => date));
    const days = withKinds(calendar.zone, [...before, ...calendar.days], MONDAY_TO_FRIDAY);
    return ok({
      conid,
      timeZoneId: instrument.timeZoneId,
      zone: calendar.zone,
      source,
      days: days.map(({ date, kind, sessions }) => ({
        date,
        kind,
        source: isPast.has(date) ? "schedule" : source,
        sessions: sessions.map(({ session, startMs, endMs }) => ({
          session,
          open: utcText(startMs),
          close: utcText(endMs),
        })),
      })),
      asOf: utcText(this.#deps.clock.nowMs()),
    });
  }

  #calendarOf(instrument: Instrument): KnownCalendar {
    const known = this.#known.get(instrument) ?? contractCalendar(instrument, MONDAY_TO_FRIDAY);
    this.#known.set(instrument, known);
    return known;
  }

  #schedule(conid: number, days: number): Promise<Schedule> {
    const { config, source } = this.#deps;
    return this.#schedules.get(`${conid} ${days}`, config.scheduleTtlMs, () =>
      source.schedule({ conid, days, regularHoursOnly: true }),
    );
  }
}
