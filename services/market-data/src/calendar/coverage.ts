import { addDays, atMinute, datesBetween, weekdayOf } from "./dates.ts";
import { spansOf } from "./spans.ts";
import type { OpenRange, Span, TradingHours } from "./trading-hours.ts";
import { localDate, localMinute } from "./zoned-time.ts";

export interface Coverage {
  /** The dates whose sessions are known, in order. */
  readonly dates: readonly string[];
  /** The time in which it is known whether the market is open, in order. */
  readonly spans: readonly Span[];
}

/**
 * What the hours of a contract speak about. A date that they do not name is unknown and not closed; only a weekend may
 * be left out between two dates. Where sessions open in the evening, the evening of the last date belongs to a session
 * that is not in the text.
 */
export function coverageOf(hours: TradingHours, weekend: readonly number[]): Coverage {
  const runs = runsOf(hours.named, weekend).map((run) => known(hours, run));
  return { dates: runs.flatMap(({ dates }) => dates), spans: spansOf(runs.map(({ span }) => span)) };
}

/** Runs of dates without a gap. */
function runsOf(named: readonly string[], weekend: readonly number[]): string[][] {
  const runs: string[][] = [];
  for (const date of named) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    const between = last === undefined ? [] : datesBetween(addDays(last, 1), addDays(date, -1));
    if (run !== undefined && between.every((one) => weekend.includes(weekdayOf(one)))) run.push(...between, date);
    else runs.push([date]);
  }
  return runs;
}

function known({ zone, ranges, closed }: TradingHours, run: readonly string[]): { dates: string[]; span: Span } {
  const [first = "", last = ""] = [run[0], run.at(-1)];
  const own = (date: string) => ranges.filter((range) => range.date === date);
  const opening = ranges.filter((range) => localDate(zone, range.startMs) === first);
  // Named by a session that opens in its evening and by nothing else: what happened during its day is not known.
  const eveningOnly = own(first).length === 0 && !closed.has(first) && opening.length > 0;
  const firstMs = eveningOnly ? Number.POSITIVE_INFINITY : atMinute(zone, first, 0);
  const startMs = Math.min(firstMs, ...[...own(first), ...opening].map((range) => range.startMs));
  return {
    dates: eveningOnly ? run.slice(1) : [...run],
    span: { startMs, endMs: endOf(zone, last, own(last), eveningOf(zone, ranges)) },
  };
}

function endOf(zone: string, last: string, own: readonly OpenRange[], evening: number | undefined): number {
  if (evening === undefined) return atMinute(zone, last, 1440);
  if (own.length === 0) return atMinute(zone, last, evening);
  return Math.max(...own.map((range) => range.endMs));
}

/** The minute of the day at which sessions of the next date open; undefined when none does. */
function eveningOf(zone: string, ranges: readonly OpenRange[]): number | undefined {
  const evenings = ranges.filter((range) => range.overnight).map((range) => localMinute(zone, range.startMs));
  return evenings.length === 0 ? undefined : Math.min(...evenings);
}
