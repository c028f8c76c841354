import { addDays, hhmm, weekdayOf, zonedInstantMs, zonedTime } from "./zoned-time.ts";

export type CalendarMode = "open" | "real";

/** Minutes of the local day; an opening before 0 lies on the evening before. */
export interface DayHours {
  readonly openMinute: number;
  readonly closeMinute: number;
}

export interface ExchangeHours {
  readonly timeZoneId: string;
  readonly trading: DayHours;
  readonly liquid: DayHours;
  /** Local dates without a session, YYYYMMDD. */
  readonly holidays: ReadonlySet<string>;
  /** Local dates that close early, with the minute of the close. */
  readonly earlyCloses: ReadonlyMap<string, number>;
  /** True where Saturday and Sunday are days like the others. */
  readonly weekends?: boolean;
}

export interface Session {
  readonly openMs: number;
  readonly closeMs: number;
}

const DAYS_SHOWN = 9;
const DAYS_SEARCHED = 14;
const MINUTES_PER_DAY = 1440;

/**
 * When an exchange is open. In the mode `open` every day is one session from midnight to midnight, so that sessions
 * join without a gap on weekends too and any reader of the hours finds the market open at any instant.
 */
export class Calendar {
  readonly #mode: CalendarMode;

  constructor(mode: CalendarMode) {
    this.#mode = mode;
  }

  /** The session of one local date, or undefined when the exchange is closed that day. */
  hoursOn(hours: ExchangeHours, date: string, kind: "trading" | "liquid"): DayHours | undefined {
    if (this.#mode === "open") return { openMinute: 0, closeMinute: MINUTES_PER_DAY };
    const weekday = weekdayOf(date);
    const closed = hours.weekends !== true && (weekday === 0 || weekday === 6);
    if (closed || hours.holidays.has(date)) return undefined;
    const early = hours.earlyCloses.get(date);
    const day = hours[kind];
    return early === undefined ? day : { openMinute: day.openMinute, closeMinute: Math.min(early, day.closeMinute) };
  }

  /** The hours text of contractData, from yesterday on: `20261120:0930-20261120:1600;20261121:CLOSED;…`. */
  hoursText(hours: ExchangeHours, nowMs: number, kind: "trading" | "liquid"): string {
    const today = zonedTime(nowMs, hours.timeZoneId).date;
    const days: string[] = [];
    for (let offset = -1; offset < DAYS_SHOWN - 1; offset += 1) {
      const date = addDays(today, offset);
      const day = this.hoursOn(hours, date, kind);
      days.push(day === undefined ? `${date}:CLOSED` : `${edge(date, day.openMinute)}-${edge(date, day.closeMinute)}`);
    }
    return days.join(";");
  }

  session(hours: ExchangeHours, date: string, kind: "trading" | "liquid"): Session | undefined {
    const day = this.hoursOn(hours, date, kind);
    if (day === undefined) return undefined;
    return {
      openMs: zonedInstantMs(...shifted(date, day.openMinute), hours.timeZoneId),
      closeMs: zonedInstantMs(...shifted(date, day.closeMinute), hours.timeZoneId),
    };
  }

  isOpen(hours: ExchangeHours, nowMs: number, kind: "trading" | "liquid"): boolean {
    if (this.#mode === "open") return true;
    const today = zonedTime(nowMs, hours.timeZoneId).date;
    return [today, addDays(today, 1)].some((date) => {
      const session = this.session(hours, date, kind);
      return session !== undefined && nowMs >= session.openMs && nowMs < session.closeMs;
    });
  }

  /** The first opening after `nowMs`; undefined when none lies within two weeks. */
  nextOpenMs(hours: ExchangeHours, nowMs: number, kind: "trading" | "liquid"): number | undefined {
    return this.#firstAfter(hours, nowMs, kind, (session) => session.openMs);
  }

  /** The first close after `nowMs`: when a DAY order ends. */
  nextCloseMs(hours: ExchangeHours, nowMs: number, kind: "trading" | "liquid"): number | undefined {
    return this.#firstAfter(hours, nowMs, kind, (session) => session.closeMs);
  }

  #firstAfter(
    hours: ExchangeHours,
    nowMs: number,
    kind: "trading" | "liquid",
    pick: (session: Session) => number,
  ): number | undefined {
    const today = zonedTime(nowMs, hours.timeZoneId).date;
    for (let offset = 0; offset < DAYS_SEARCHED; offset += 1) {
      const session = this.session(hours, addDays(today, offset), kind);
      if (session !== undefined && pick(session) > nowMs) return pick(session);
    }
    return undefined;
  }
}

/** Moves a minute outside 0..1439 to its own date. */
function shifted(date: string, minute: number): [string, number] {
  const days = Math.floor(minute / MINUTES_PER_DAY);
  return days === 0 ? [date, minute] : [addDays(date, days), minute - days * MINUTES_PER_DAY];
}

function edge(date: string, minute: number): string {
  const [shiftedDate, shiftedMinute] = shifted(date, minute);
  return `${shiftedDate}:${hhmm(shiftedMinute)}`;
}
