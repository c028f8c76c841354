import { utcText } from "@countersign/clock/clock";

/** Wall time of a zone as its parts; months from 1. Hour 24 with minute 0 is the midnight that ends the day. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

/** From `fromMs` on the wall clock is `offsetMs` ahead of UTC. */
interface Change {
  readonly fromMs: number;
  readonly offsetMs: number;
}

/** One year of UTC in one zone, from its first instant to the first of the next. */
interface ZoneYear {
  readonly startMs: number;
  readonly endMs: number;
  readonly changes: readonly Change[];
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** No zone changes its clock twice within this time. */
const PROBE_MS = 7 * DAY_MS;

const formats = new Map<string, Intl.DateTimeFormat | undefined>();
const years = new Map<string, ZoneYear>();
/** Nearly every question about a zone is about the same year as the one before it. */
const lastYears = new Map<string, ZoneYear>();

/** The formatter of an IANA zone, or undefined when nobody knows the zone. */
function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  if (formats.has(zone)) return formats.get(zone);
  const format = newFormat(zone);
  // Bounded: names of zones come from outside.
  if (formats.size < 1_000) formats.set(zone, format);
  return format;
}

function newFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  const [numeric, hourCycle] = ["numeric", "h23"] as const;
  const date = { year: numeric, month: numeric, day: numeric } as const;
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle,
      ...date,
      hour: numeric,
      minute: numeric,
      second: numeric,
    });
  } catch {
    return undefined;
  }
}

export function isZone(zone: string): boolean {
  return zone !== "" && formatOf(zone) !== undefined;
}

/** Asked of Intl, which is exact and slow. */
function probe(zone: string, epochMs: number): number {
  const parts = formatOf(zone)?.formatToParts(epochMs) ?? [];
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return wall - Math.floor(epochMs / 1000) * 1000;
}

/** The offset at the start of a UTC year and every change in it, found once by halving. */
function yearOf(zone: string, year: number): ZoneYear {
  const key = `${year} ${zone}`;
  const known = years.get(key);
  if (known !== undefined) return known;
  const [startMs, endMs] = [Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1)];
  let atMs = startMs;
  let offsetMs = probe(zone, atMs);
  const changes: Change[] = [{ fromMs: atMs, offsetMs }];
  while (atMs < endMs) {
    const untilMs = Math.min(atMs + PROBE_MS, endMs);
    const later = probe(zone, untilMs);
    if (later !== offsetMs) changes.push({ fromMs: firstWith(zone, later, atMs, untilMs), offsetMs: later });
    [atMs, offsetMs] = [untilMs, later];
  }
  if (years.size >= 2_000) years.clear();
  const found = { startMs, endMs, changes };
  years.set(key, found);
  return found;
}

/** The first instant in (fromMs, untilMs] at which the offset holds; changes happen on whole minutes. */
function firstWith(zone: string, offsetMs: number, fromMs: number, untilMs: number): number {
  let [before, after] = [fromMs, untilMs];
  while (after - before > MINUTE_MS) {
    const middle = before + Math.floor((after - before) / 2 / MINUTE_MS) * MINUTE_MS;
    if (probe(zone, middle) === offsetMs) after = middle;
    else before = middle;
  }
  return after;
}

/** How far the zone's wall clock is ahead of UTC at this instant, in ms. NaN for a zone that nobody knows. */
export function offsetMs(zone: string, epochMs: number): number {
  let year = lastYears.get(zone);
  if (year === undefined || !(year.startMs <= epochMs && epochMs < year.endMs)) {
    year = yearOf(zone, Number(utcText(epochMs).slice(0, 4)));
    if (lastYears.size >= 1_000) lastYears.clear();
    lastYears.set(zone, year);
  }
  return year.changes.findLast(({ fromMs }) => fromMs <= epochMs)?.offsetMs ?? Number.NaN;
}

/**
 * The instant of a wall time in a zone, ms since the epoch. A wall time that comes twice is the first of the two; one
 * that a change of the clock skips is the instant of that change: the first at which the wall clock is not before it.
 */
export function instantOf(zone: string, wall: WallTime): number {
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);
  const [before, after] = [offsetMs(zone, asUtc - DAY_MS), offsetMs(zone, asUtc + DAY_MS)];
  for (const offset of [before, after]) {
    if (offsetMs(zone, asUtc - offset) === offset) return asUtc - offset;
  }
  return firstWith(zone, after, asUtc - after, asUtc - before);
}

/** The local date at an instant, `2026-11-23`. */
export function localDate(zone: string, epochMs: number): string {
  return utcText(epochMs + offsetMs(zone, epochMs)).slice(0, 10);
}

/** What the wall clock shows at an instant, in minutes since local midnight. */
export function localMinute(zone: string, epochMs: number): number {
  const wallMs = epochMs + offsetMs(zone, epochMs);
  return Math.floor((wallMs - Math.floor(wallMs / DAY_MS) * DAY_MS) / MINUTE_MS);
}
