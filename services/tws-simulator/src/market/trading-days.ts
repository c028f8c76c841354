import type { Calendar } from "./calendar.ts";
import type { Instrument } from "./instrument.ts";
import type { Market } from "./market.ts";
import { sessionsBefore } from "./sessions.ts";
import { addDays, weekdayOf } from "./zoned-time.ts";

export interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

/** One day of trading, with the sessions that it consists of. */
export interface TradingDay extends Interval {
  /** `YYYYMMDD`, as the exchange counts it: a session that begins on a Sunday evening belongs to Monday. */
  readonly date: string;
  readonly sessions: readonly Interval[];
}

/** Bars of days, weeks and months: they follow the calendar and have no fixed length. */
export type CalendarUnit = "day" | "week" | "month";

export interface DaysRequest {
  readonly instrument: Instrument;
  readonly endMs: number;
  readonly liquidOnly: boolean;
}

type Deps = { readonly market: Market; readonly calendar: Calendar };

/** The last `days` days of trading that began before `endMs`, oldest first. */
export function daysBack(deps: Deps, request: DaysRequest, days: number): TradingDay[] {
  const { endMs } = request;
  const hours = deps.market.hours(request.instrument);
  const search = { calendar: deps.calendar, hours, kind: request.liquidOnly ? "liquid" : "trading" } as const;
  const found: TradingDay[] = [];
  for (const { date, openMs, closeMs } of sessionsBefore(search, endMs)) {
    const session = { startMs: openMs, endMs: Math.min(closeMs, endMs) };
    const later = found[0]?.date === date ? found.shift() : undefined;
    if (later === undefined && found.length === days) break;
    const sessions = [session, ...(later?.sessions ?? [])];
    found.unshift({ date, startMs: session.startMs, endMs: later?.endMs ?? session.endMs, sessions });
  }
  return found;
}

/** More days than a week or a month has, so that the oldest bar of a request is whole. */
const ROOM_DAYS: Readonly<Record<CalendarUnit, number>> = { day: 0, week: 7, month: 31 };

/**
 * The bars of the last `days` days of trading, oldest first. As with TWS, the oldest one is whole, however few of its
 * days were asked for, and a bar has the date of the last day of trading in it, so that the bar of this week is of
 * today.
 */
export function calendarBars(deps: Deps, request: DaysRequest & { unit: CalendarUnit }, days: number) {
  const found = daysBack(deps, request, days + ROOM_DAYS[request.unit]);
  const wanted = new Set(found.slice(-days).map(({ date }) => periodOf(date, request.unit)));
  const bars = new Map<string, Interval & { date: string }>();
  for (const { date, startMs, endMs } of found) {
    const period = periodOf(date, request.unit);
    if (wanted.has(period)) bars.set(period, { startMs: bars.get(period)?.startMs ?? startMs, endMs, date });
  }
  return [...bars.values()];
}

/** The day itself, the Monday of its week, or its month. */
function periodOf(date: string, unit: CalendarUnit): string {
  if (unit === "month") return date.slice(0, 6);
  if (unit === "day") return date;
  return addDays(date, -((weekdayOf(date) + 6) % 7));
}

/** `30 D` are 30 days of trading; weeks, months and years count their usual ones. */
export function tradingDays(days: number): number {
  if (days % 365 === 0) return (days / 365) * 252;
  if (days % 30 === 0) return (days / 30) * 21;
  return days % 7 === 0 ? (days / 7) * 5 : days;
}
