import type { MarketDayKind, SessionKind } from "@countersign/contracts/market-session";
import { coverageOf } from "./coverage.ts";
import { weekdayOf } from "./dates.ts";
import { common, spansOf, without } from "./spans.ts";
import type { OpenRange, Span, TradingHours } from "./trading-hours.ts";
import { localMinute } from "./zoned-time.ts";

export interface DaySession extends Span {
  readonly session: SessionKind;
}

/** One date and what is traded on it, in order; none when it is closed. */
export interface MarketDay {
  readonly date: string;
  readonly kind: MarketDayKind;
  readonly sessions: readonly DaySession[];
}

/** When a market is open, as far as it is known. All spans are in order and none overlaps or touches another. */
export interface MarketCalendar {
  readonly zone: string;
  readonly days: readonly MarketDay[];
  readonly open: readonly Span[];
  readonly liquid: readonly Span[];
  /** Outside of it nothing is known. */
  readonly covered: readonly Span[];
}

/** What is usual, for telling a half day from a short weekday and a holiday from a weekend. */
export interface WeekShape {
  /** Weekdays without a session, 0 = Sunday. */
  readonly weekend: readonly number[];
  /** Weekdays that are always shorter than the others. */
  readonly shortDays: readonly number[];
}

export const MONDAY_TO_FRIDAY: WeekShape = { weekend: [0, 6], shortDays: [] };

/** The calendar of a contract from its two texts. A session whose regular hours are not told is not known. */
export function calendarOf(trading: TradingHours, liquid: TradingHours, shape: WeekShape): MarketCalendar {
  const all = coverageOf(trading, shape.weekend);
  const regular = new Set(coverageOf(liquid, shape.weekend).dates);
  const open = spansOf(trading.ranges);
  const liquidOpen = common(open, spansOf(liquid.ranges));
  const untold = trading.ranges.filter(({ date }) => !regular.has(date));
  const days = all.dates
    .filter((date) => regular.has(date))
    .map((date) => ({ date, sessions: sessionsOf(trading.ranges, liquidOpen, date) }));
  return {
    zone: trading.zone,
    days: withKinds(trading.zone, days, shape),
    open,
    liquid: liquidOpen,
    covered: without(all.spans, untold),
  };
}

/** The sessions of a date: each range cut where its regular hours begin and end. */
function sessionsOf(ranges: readonly OpenRange[], liquid: readonly Span[], date: string): DaySession[] {
  return ranges
    .filter((range) => range.date === date)
    .flatMap((range) => {
      const regular = common([range], liquid);
      const rest = without([range], regular);
      const session: SessionKind = range.overnight ? "overnight" : "extended";
      return [
        ...regular.map((span) => ({ ...span, session: "liquid" as const })),
        ...rest.map((span) => ({ ...span, session })),
      ];
    })
    .sort((a, b) => a.startMs - b.startMs);
}

type Day = Omit<MarketDay, "kind">;

/** Tells holidays and half days by comparing each date with the others. */
export function withKinds(zone: string, days: readonly Day[], shape: WeekShape): MarketDay[] {
  const closes = new Map(days.map((day) => [day.date, closeMinute(zone, day)] as const));
  return days.map((day) => {
    const close = closes.get(day.date);
    const weekday = weekdayOf(day.date);
    if (close === undefined) return { ...day, kind: shape.weekend.includes(weekday) ? "weekend" : "holiday" };
    if (shape.shortDays.includes(weekday)) return { ...day, kind: "regular" };
    const others = days.filter(({ date }) => date !== day.date && !shape.shortDays.includes(weekdayOf(date)));
    const usual = mostCommon(others.flatMap(({ date }) => closes.get(date) ?? []));
    return { ...day, kind: usual === undefined ? "unknown" : close < usual ? "halfDay" : "regular" };
  });
}

/** The minute of the day at which the regular hours end; undefined when there are none. */
function closeMinute(zone: string, day: Day): number | undefined {
  const last = day.sessions.findLast(({ session }) => session === "liquid");
  return last === undefined ? undefined : localMinute(zone, last.endMs - 1) + 1;
}

/** Of several that are equally common the latest. */
function mostCommon(minutes: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const minute of minutes) counts.set(minute, (counts.get(minute) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0];
}
