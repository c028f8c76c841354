import { type HolidayRule, HolidayRules } from "./holidays.ts";
import { addDays, hhmm, inSummerTime, weekdayOf, zonedInstantMs, zonedTime } from "./zoned-time.ts";

export type CalendarMode = "open" | "real";

/** Minutes of the local day; an opening before 0 lies on the evening before. */
export interface DayHours {
  readonly openMinute: number;
  readonly closeMinute: number;
}

export interface EarlyClose {
  readonly on: HolidayRule;
  /** Minute of the local day at which the last session ends. */
  readonly closeMinute: number;
}

export interface LateOpen {
  readonly on: HolidayRule;
  /** Minute of the local day at which the first session begins. */
  readonly openMinute: number;
}

export interface ExchangeHours {
  readonly timeZoneId: string;
  /** Sessions of a usual day, in order; with a break at noon there are two. */
  readonly trading: readonly DayHours[];
  readonly liquid: readonly DayHours[];
  /** Sessions of a Friday where they differ. */
  readonly fridays?: readonly DayHours[];
  /** Sessions while another zone has summer time, for exchanges that follow a foreign one. */
  readonly summer?: { readonly zone: string; readonly sessions: readonly DayHours[] };
  /** Days of the week without a session, 0 = Sunday. */
  readonly closedWeekdays: readonly number[];
  readonly holidays: readonly HolidayRule[];
  readonly earlyCloses: readonly EarlyClose[];
  readonly lateOpens?: readonly LateOpen[];
}

export interface Session {
  readonly openMs: number;
  readonly closeMs: number;
}

/** A time without a change: open, or closed since the close of a session. The end is not in it. */
export interface Stretch {
  readonly open: boolean;
  readonly fromMs: number;
  readonly toMs: number;
}

const DAYS_SHOWN = 9;
const FRIDAY = 5;
const DAYS_SEARCHED = 14;
const MINUTES_PER_DAY = 1440;

/**
 * When an exchange is open. In the mode `open` every day is one session from midnight to midnight, so that sessions
 * join without a gap on weekends too and any reader of the hours finds the market open at any instant.
 */
export class Calendar {
  readonly #mode: CalendarMode;
  readonly #rules = new HolidayRules();
  readonly #days = new Map<ExchangeHours, Map<string, DaysOfYear>>();

  constructor(mode: CalendarMode) {
    this.#mode = mode;
  }

  /** The sessions of one local date; none when the exchange is closed that day. */
  sessionsOn(hours: ExchangeHours, date: string, kind: "trading" | "liquid"): readonly DayHours[] {
    if (this.#mode === "open") return [{ openMinute: 0, closeMinute: MINUTES_PER_DAY }];
    const weekday = weekdayOf(date);
    const { holidays, earlyCloses, lateOpens } = this.#daysOf(hours, date);
    if (hours.closedWeekdays.includes(weekday) || holidays.has(date)) return [];
    const usual = usualSessions(hours, date, kind);
    const [late, early] = [lateOpens.get(date), earlyCloses.get(date)];
    return usual
      .filter(
        (day) => (early === undefined || day.openMinute < early) && (late === undefined || day.closeMinute > late),
      )
      .map(({ openMinute, closeMinute }) => ({
        openMinute: late === undefined ? openMinute : Math.max(late, openMinute),
        closeMinute: early === undefined ? closeMinute : Math.min(early, closeMinute),
      }));
  }

  /** The hours text of contractData, from yesterday on: `20261120:0930-20261120:1600;20261121:CLOSED;…`. */
  hoursText(hours: ExchangeHours, nowMs: number, kind: "trading" | "liquid"): string {
    const today = zonedTime(nowMs, hours.timeZoneId).date;
    const days: string[] = [];
    for (let offset = -1; offset < DAYS_SHOWN - 1; offset += 1) {
      const date = addDays(today, offset);
      const sessions = this.sessionsOn(hours, date, kind);
      if (sessions.length === 0) days.push(`${date}:CLOSED`);
      days.push(...sessions.map((day) => `${edge(date, day.openMinute)}-${edge(date, day.closeMinute)}`));
    }
    return days.join(";");
  }

  /** The sessions of one local date as instants. */
  sessions(hours: ExchangeHours, date: string, kind: "trading" | "liquid"): Session[] {
    return this.sessionsOn(hours, date, kind).map((day) => ({
      openMs: zonedInstantMs(...shifted(date, day.openMinute), hours.timeZoneId),
      closeMs: zonedInstantMs(...shifted(date, day.closeMinute), hours.timeZoneId),
    }));
  }

  /** From the first opening to the last close of one local date, a break at noon included; undefined when closed. */
  session(hours: ExchangeHours, date: string, kind: "trading" | "liquid"): Session | undefined {
    const sessions = this.sessions(hours, date, kind);
    const [first, last] = [sessions[0], sessions.at(-1)];
    return first === undefined || last === undefined ? undefined : { openMs: first.openMs, closeMs: last.closeMs };
  }

  isOpen(hours: ExchangeHours, nowMs: number, kind: "trading" | "liquid"): boolean {
    if (this.#mode === "open") return true;
    const today = zonedTime(nowMs, hours.timeZoneId).date;
    return [today, addDays(today, 1)].some((date) =>
      this.sessions(hours, date, kind).some(({ openMs, closeMs }) => nowMs >= openMs && nowMs < closeMs),
    );
  }

  /** The stretch of trading, or of none, that an instant lies in; undefined when no session lies in the weeks around it. */
  stretchAt(hours: ExchangeHours, atMs: number): Stretch | undefined {
    const tomorrow = addDays(zonedTime(atMs, hours.timeZoneId).date, 1);
    for (let back = 0; back < DAYS_SEARCHED; back += 1) {
      const last = this.sessions(hours, addDays(tomorrow, -back), "trading").findLast(({ openMs }) => openMs <= atMs);
      if (last === undefined) continue;
      if (last.closeMs > atMs) return { open: true, fromMs: last.openMs, toMs: last.closeMs };
      const toMs = this.nextOpenMs(hours, atMs, "trading");
      return toMs === undefined ? undefined : { open: false, fromMs: last.closeMs, toMs };
    }
    return undefined;
  }

  /** The first opening after `nowMs`; undefined when none lies within two weeks. */
  nextOpenMs(hours: ExchangeHours, nowMs: number, kind: "trading" | "liquid"): number | undefined {
    return this.#firstAfter(hours, nowMs, (date) => this.sessions(hours, date, kind).map((session) => session.openMs));
  }

  /** The first close after `nowMs`: when a DAY order ends. */
  nextCloseMs(hours: ExchangeHours, nowMs: number, kind: "trading" | "liquid"): number | undefined {
    return this.#firstAfter(hours, nowMs, (date) => {
      const closeMs = this.session(hours, date, kind)?.closeMs;
      return closeMs === undefined ? [] : [closeMs];
    });
  }

  #firstAfter(hours: ExchangeHours, nowMs: number, instants: (date: string) => number[]): number | undefined {
    const today = zonedTime(nowMs, hours.timeZoneId).date;
    for (let offset = 0; offset < DAYS_SEARCHED; offset += 1) {
      const found = instants(addDays(today, offset)).find((instantMs) => instantMs > nowMs);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Holidays and early closes of the year of a date. */
  #daysOf(hours: ExchangeHours, date: string): DaysOfYear {
    const year = date.slice(0, 4);
    const years = this.#days.get(hours) ?? new Map<string, DaysOfYear>();
    this.#days.set(hours, years);
    let found = years.get(year);
    if (found === undefined) {
      const datesOf = (on: HolidayRule) => [...this.#rules.datesOf([on], Number(year))];
      const minutes = (rows: readonly { on: HolidayRule; minute: number }[]) =>
        new Map(rows.flatMap(({ on, minute }) => datesOf(on).map((one) => [one, minute] as const)));
      found = {
        holidays: this.#rules.datesOf(hours.holidays, Number(year)),
        earlyCloses: minutes(hours.earlyCloses.map(({ on, closeMinute: minute }) => ({ on, minute }))),
        lateOpens: minutes((hours.lateOpens ?? []).map(({ on, openMinute: minute }) => ({ on, minute }))),
      };
      years.set(year, found);
    }
    return found;
  }
}

interface DaysOfYear {
  readonly holidays: ReadonlySet<string>;
  /** The minute of the close by date. */
  readonly earlyCloses: ReadonlyMap<string, number>;
  /** The minute of the opening by date. */
  readonly lateOpens: ReadonlyMap<string, number>;
}

function usualSessions(hours: ExchangeHours, date: string, kind: "trading" | "liquid"): readonly DayHours[] {
  if (hours.fridays !== undefined && weekdayOf(date) === FRIDAY) return hours.fridays;
  if (hours.summer !== undefined && inSummerTime(date, hours.summer.zone)) return hours.summer.sessions;
  return hours[kind];
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
