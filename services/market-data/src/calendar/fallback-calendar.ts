import type { Exchange } from "@countersign/contracts/exchange";
import type { MarketDayKind } from "@countersign/contracts/market-session";
import { addDays, atMinute, datesBetween, weekdayOf } from "./dates.ts";
import type { DaySession, MarketCalendar, MarketDay, WeekShape } from "./market-calendar.ts";
import { spansOf } from "./spans.ts";
import type { Span } from "./trading-hours.ts";
import { localDate, offsetMs } from "./zoned-time.ts";

const DAYS_BEFORE = 3;
const DAYS_AFTER = 10;
const FRIDAY = 5;

/**
 * The usual hours of an exchange around an instant. A date of a year whose holidays are not known is not covered, unless
 * it is a weekend: a weekday may be a holiday, and nobody here can tell.
 */
export function fallbackCalendar(exchange: Exchange, nowMs: number): MarketCalendar {
  const today = localDate(exchange.zone, nowMs);
  return tableCalendar(exchange, addDays(today, -DAYS_BEFORE), addDays(today, DAYS_AFTER));
}

export function tableCalendar(exchange: Exchange, first: string, last: string): MarketCalendar {
  const { zone } = exchange;
  const days = datesBetween(first, last).flatMap((date) => dayOf(exchange, date) ?? []);
  const open = spansOf(days.flatMap((day) => day.sessions));
  return { zone, days, open, liquid: open, covered: spansOf(days.map((day) => coveredOf(exchange, day))) };
}

/** The hours of a usual day of a date: Fridays, and the summer of another zone, may differ. */
export function usualHours(exchange: Exchange, date: string): readonly string[] {
  if (exchange.fridays !== undefined && weekdayOf(date) === FRIDAY) return exchange.fridays;
  const { whileSummer } = exchange;
  return whileSummer !== undefined && isSummer(whileSummer.zone, date) ? whileSummer.hours : exchange.hours;
}

/** Undefined when it is not known whether the exchange is open on that date. */
function dayOf(exchange: Exchange, date: string): MarketDay | undefined {
  if (exchange.weekend.includes(weekdayOf(date))) return { date, kind: "weekend", sessions: [] };
  const year = exchange.years.find((one) => String(one.year) === date.slice(0, 4));
  if (year === undefined) return undefined;
  if (year.closed.includes(date)) return { date, kind: "holiday", sessions: [] };
  const early = year.early?.find((at) => at.date === date);
  const late = year.late?.find((at) => at.date === date);
  const [openMinute, closeMinute] = [minutesOf(late?.time ?? "00:00"), minutesOf(early?.time ?? "24:00")];
  const sessions = usualHours(exchange, date).flatMap((hours): DaySession[] => {
    const usual = minutesOfHours(hours);
    const open = late === undefined ? usual.open : Math.max(usual.open, openMinute);
    const close = Math.min(usual.close, closeMinute);
    if (close <= open) return [];
    return [
      { session: "liquid", startMs: atMinute(exchange.zone, date, open), endMs: atMinute(exchange.zone, date, close) },
    ];
  });
  const kind: MarketDayKind = early === undefined ? "regular" : "halfDay";
  return { date, kind, sessions };
}

/** From midnight to midnight; where sessions open in the evening, from one evening to the next. */
function coveredOf(exchange: Exchange, { date, sessions }: MarketDay): Span {
  const { zone } = exchange;
  const evening = Math.min(...exchange.hours.map((hours) => minutesOfHours(hours).open), 0);
  const startMs = Math.min(atMinute(zone, date, evening), ...sessions.map((session) => session.startMs));
  return { startMs, endMs: atMinute(zone, date, 1440 + evening) };
}

/** `-17:15-17:00` as minutes of the date; the evening before is less than 0. */
export function minutesOfHours(hours: string): { open: number; close: number } {
  const evening = hours.startsWith("-");
  const [from = "", to = ""] = hours.slice(evening ? 1 : 0).split("-");
  return { open: minutesOf(from) - (evening ? 1440 : 0), close: minutesOf(to) };
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

function isSummer(zone: string, date: string): boolean {
  const noonMs = atMinute(zone, date, 720);
  const january = atMinute(zone, `${date.slice(0, 4)}-01-01`, 720);
  const july = atMinute(zone, `${date.slice(0, 4)}-07-01`, 720);
  return offsetMs(zone, noonMs) > Math.min(offsetMs(zone, january), offsetMs(zone, july));
}

/** Its weekend, and the days that are shorter every week: neither is a holiday. */
export function weekOf({ weekend, hours, fridays }: Exchange): WeekShape {
  const closeOf = (sessions: readonly string[]) => Math.max(...sessions.map((one) => minutesOfHours(one).close));
  const short = fridays !== undefined && closeOf(fridays) < closeOf(hours);
  return { weekend, shortDays: short ? [FRIDAY] : [] };
}
