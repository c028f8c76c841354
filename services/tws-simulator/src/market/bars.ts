import type { BarSeries } from "./bar-series.ts";
import type { Calendar } from "./calendar.ts";
import type { Instrument } from "./instrument.ts";
import { incrementAt, type Market } from "./market.ts";
import { type CalendarUnit, calendarBars, daysBack, type Interval, tradingDays } from "./trading-days.ts";
import { zonedInstantMs, zonedTime } from "./zoned-time.ts";

/** How many points of the path one bar looks at. Its ends are among them, so that bars join. */
const SAMPLES = 6;
const VOLUME_PER_SECOND = 40;
const DAYS_MAX = 20 * 365;

export interface Bar {
  readonly startMs: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly wap: string;
  readonly count: number;
}

/** Bar sizes of TWS. Months and weeks have no fixed length and start on calendar days. */
const FIXED_BAR_SECONDS: ReadonlyMap<string, number> = new Map([
  ["1 secs", 1],
  ["5 secs", 5],
  ["10 secs", 10],
  ["15 secs", 15],
  ["30 secs", 30],
  ["1 min", 60],
  ["2 mins", 120],
  ["3 mins", 180],
  ["5 mins", 300],
  ["10 mins", 600],
  ["15 mins", 900],
  ["20 mins", 1200],
  ["30 mins", 1800],
  ["1 hour", 3600],
  ["2 hours", 7200],
  ["3 hours", 10_800],
  ["4 hours", 14_400],
  ["8 hours", 28_800],
]);
const CALENDAR_BARS: ReadonlyMap<string, CalendarUnit> = new Map([
  ["1 day", "day"],
  ["1 week", "week"],
  ["1 month", "month"],
]);

export type BarSize =
  | { readonly kind: "seconds"; readonly seconds: number }
  | { readonly kind: "calendar"; readonly unit: CalendarUnit };

/** Undefined for a text that is no bar size of TWS. `1 secs` and `1 sec`, `1W` and `1 week` are the same. */
export function parseBarSize(text: string): BarSize | undefined {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/^1 ?sec$/, "1 secs")
    .replace(/^1w$/, "1 week")
    .replace(/^1m$/, "1 month");
  const seconds = FIXED_BAR_SECONDS.get(plain);
  if (seconds !== undefined) return { kind: "seconds", seconds };
  const unit = CALENDAR_BARS.get(plain);
  return unit === undefined ? undefined : { kind: "calendar", unit };
}

export type Duration =
  | { readonly kind: "seconds"; readonly seconds: number }
  | { readonly kind: "days"; readonly days: number };

/** `3600 S`, `2 D`, `1 W`, `1 M`, `1 Y`. Undefined for anything else. */
export function parseDuration(text: string): Duration | undefined {
  const match = /^(\d{1,5}) ([SDWMY])$/.exec(text.trim().toUpperCase());
  if (match === null) return undefined;
  const count = Number(match[1]);
  if (count === 0) return undefined;
  if (match[2] === "S") return { kind: "seconds", seconds: count };
  const days = count * { D: 1, W: 7, M: 30, Y: 365 }[match[2] as "D" | "W" | "M" | "Y"];
  return days > DAYS_MAX ? undefined : { kind: "days", days };
}

function gridText(instrument: Instrument, raw: number): string {
  const increment = incrementAt(instrument, raw);
  return ticksText(Math.max(1, Math.round(raw / Number(increment))), increment);
}

/** A whole number of ticks as decimal text, by shifting the point: bars are many, and this is exact too. */
export function ticksText(ticks: number, increment: string): string {
  const [whole = "0", fraction = ""] = increment.split(".");
  const units = String(ticks * Number(whole + fraction));
  if (fraction === "") return units;
  const padded = units.padStart(fraction.length + 1, "0");
  const point = padded.length - fraction.length;
  const rest = padded.slice(point).replace(/0+$/, "");
  return rest === "" ? padded.slice(0, point) : `${padded.slice(0, point)}.${rest}`;
}

/** The bar of one interval, from the same path as the quotes. */
export function barOf(market: Market, instrument: Instrument, interval: Interval): Bar {
  const { startMs, endMs } = interval;
  const series = market.series(instrument);
  if (series !== undefined) return barOfSeries(series, instrument, interval);
  const points = Array.from({ length: SAMPLES }, (_, index) =>
    market.rawPrice(instrument, startMs + ((endMs - startMs) * index) / (SAMPLES - 1)),
  );
  const first = points[0] ?? 0;
  const last = points[SAMPLES - 1] ?? first;
  const average = points.reduce((sum, point) => sum + point, 0) / SAMPLES;
  const seconds = Math.max(1, (endMs - startMs) / 1000);
  const volume = Math.floor(seconds * VOLUME_PER_SECOND * (1 + (Math.floor(startMs / 1000) % 7) / 10));
  return {
    startMs,
    open: gridText(instrument, first),
    high: gridText(instrument, Math.max(...points)),
    low: gridText(instrument, Math.min(...points)),
    close: gridText(instrument, last),
    volume: String(volume),
    wap: gridText(instrument, average),
    count: Math.max(1, Math.floor(volume / 30)),
  };
}

/** The bar of a file, or of several of them together; where it has none, one at the price that stands. */
function barOfSeries(series: BarSeries, instrument: Instrument, interval: Interval): Bar {
  const { startMs, endMs } = interval;
  const standing = series.priceAt(startMs);
  const still = { open: standing, high: standing, low: standing, close: standing, volume: 0 };
  const { open, high, low, close, volume } = series.range(startMs, endMs) ?? still;
  return {
    startMs,
    open: gridText(instrument, open),
    high: gridText(instrument, high),
    low: gridText(instrument, low),
    close: gridText(instrument, close),
    volume: String(volume),
    wap: gridText(instrument, (open + high + low + close) / 4),
    count: Math.max(volume === 0 ? 0 : 1, Math.floor(volume / 30)),
  };
}

/** High, low, open and volume of the local day so far, and the close before it. */
export function dailyBar(market: Market, instrument: Instrument, atMs: number) {
  const zone = market.hours(instrument).timeZoneId;
  const midnightMs = zonedInstantMs(zonedTime(atMs, zone).date, 0, zone);
  const bar = barOf(market, instrument, { startMs: midnightMs, endMs: Math.max(atMs, midnightMs + 1000) });
  return { ...bar, previousClose: gridText(instrument, market.rawPrice(instrument, midnightMs - 1)) };
}

export interface BarRequest {
  readonly instrument: Instrument;
  readonly size: BarSize;
  readonly duration: Duration;
  readonly endMs: number;
  readonly liquidOnly: boolean;
}

/** A bar of a request. `date` is its day of trading, `YYYYMMDD`; undefined for a bar that is a part of a day. */
export interface DatedBar extends Bar {
  readonly date: string | undefined;
}

/** The bars of a request, oldest first, or undefined when they would be more than `barsMax`. */
export function barsOf(
  deps: { readonly market: Market; readonly calendar: Calendar },
  request: BarRequest,
  barsMax: number,
): DatedBar[] | undefined {
  const intervals = intervalsOf(deps, request, barsMax);
  if (intervals === undefined || intervals.length > barsMax) return undefined;
  const series = deps.market.series(request.instrument);
  const traded = intervals.filter(({ startMs, endMs }) => series === undefined || series.range(startMs, endMs));
  return traded.map((interval) => ({ ...barOf(deps.market, request.instrument, interval), date: interval.date }));
}

interface BarInterval extends Interval {
  readonly date?: string;
}

function intervalsOf(
  deps: { market: Market; calendar: Calendar },
  request: BarRequest,
  barsMax: number,
): BarInterval[] | undefined {
  const { size, duration } = request;
  if (size.kind === "seconds") return fixedIntervals(deps, request, { seconds: size.seconds, barsMax });
  const days = duration.kind === "days" ? tradingDays(duration.days) : 1;
  return calendarBars(deps, { ...request, unit: size.unit }, days);
}

function fixedIntervals(
  deps: { market: Market; calendar: Calendar },
  request: BarRequest,
  { seconds, barsMax }: { readonly seconds: number; readonly barsMax: number },
): Interval[] | undefined {
  const { duration, endMs } = request;
  const stepMs = seconds * 1000;
  const days = daysBack(deps, request, duration.kind === "days" ? duration.days : 2);
  const startMs = duration.kind === "seconds" ? endMs - duration.seconds * 1000 : Number.NEGATIVE_INFINITY;
  const intervals: Interval[] = [];
  for (const session of days.flatMap((day) => day.sessions)) {
    const from = Math.max(session.startMs, startMs);
    for (let at = Math.ceil(from / stepMs) * stepMs; at < session.endMs; at += stepMs) {
      intervals.push({ startMs: at, endMs: Math.min(at + stepMs, session.endMs) });
      if (intervals.length > barsMax) return undefined;
    }
  }
  return intervals;
}
