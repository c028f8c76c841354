import { addDays, atMinute, isDate } from "./dates.ts";
import { ianaZone } from "./zone-names.ts";
import { localDate } from "./zoned-time.ts";

/** A stretch of time, ms since the epoch; the end is not in it. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** One stretch in which the market is open. */
export interface OpenRange extends Span {
  /** The local date whose session it is: the one on which it ends, as a session of the night belongs to the day after. */
  readonly date: string;
  /** Whether it began before the local midnight of that date. */
  readonly overnight: boolean;
}

export interface TradingHours {
  /** The IANA zone. */
  readonly zone: string;
  /** In order, none overlapping another. */
  readonly ranges: readonly OpenRange[];
  /** The dates that the text names, in order: as the head of a part, or as the end of a session. */
  readonly named: readonly string[];
  /** The dates that it calls closed. */
  readonly closed: ReadonlySet<string>;
}

export type ParsedHours = TradingHours | { readonly malformed: string };

const STAMP = /^([0-9]{8}):([0-9]{4})$/;
/** No session of any exchange is longer; a longer one is a text misread. */
const RANGE_MS_MAX = 8 * 86_400_000;

/**
 * The hours that TWS gives with a contract: `20261123:0930-20261123:1600;20261124:CLOSED;...`, also in the older form
 * `20261123:0930-1600,1700-1800`, in which a session that ends before it begins opened on the evening before. One part
 * that does not fit makes the whole malformed: half a calendar is no calendar.
 */
export function parseTradingHours(text: string, zoneName: string): ParsedHours {
  const zone = ianaZone(zoneName);
  if (zone === undefined) return { malformed: `unknown time zone "${zoneName.slice(0, 60)}"` };
  const parts = text.split(";").filter((part) => part !== "");
  if (parts.length === 0) return { malformed: "no hours" };
  const read: Part[] = [];
  for (const part of parts) {
    const parsed = parsePart(part, zone);
    if (parsed === undefined) return { malformed: `cannot read "${part.slice(0, 60)}"` };
    read.push(parsed);
  }
  const ranges = joined(read.flatMap((part) => part.ranges));
  const closed = new Set(read.filter((part) => part.ranges.length === 0).map(({ date }) => date));
  const both = [...closed].find((date) => ranges.some((range) => isOpenOn(zone, range, date)));
  if (both !== undefined) return { malformed: `${both} is both closed and open` };
  return {
    zone,
    ranges,
    named: [...new Set(read.flatMap((part) => [part.date, ...part.ranges.map(({ date }) => date)]))].sort(),
    closed,
  };
}

/** Its own session, or one that goes on all day. The evening in which the next session opens belongs to the date after. */
function isOpenOn(zone: string, range: OpenRange, date: string): boolean {
  return date === range.date || (localDate(zone, range.startMs) < date && date < range.date);
}

interface Part {
  /** The date at the head of the part. */
  readonly date: string;
  readonly ranges: OpenRange[];
}

function parsePart(part: string, zone: string): Part | undefined {
  const [day = "", rest] = splitOnce(part, ":");
  const date = dateOf(day);
  if (date === undefined || rest === undefined) return undefined;
  const ranges: OpenRange[] = [];
  for (const range of rest === "CLOSED" ? [] : rest.split(",")) {
    const parsed = parseRange(date, range, zone);
    if (parsed === undefined) return undefined;
    ranges.push(parsed);
  }
  return { date, ranges };
}

function parseRange(date: string, range: string, zone: string): OpenRange | undefined {
  const [from = "", to = ""] = splitOnce(range, "-");
  const stamp = STAMP.exec(to);
  const open = minuteOf(from);
  const close = minuteOf(stamp?.[2] ?? to);
  const until = stamp === null ? date : dateOf(stamp[1] ?? "");
  if (open === undefined || close === undefined || until === undefined) return undefined;
  // In the older form an end at 0000 could be this midnight or the next.
  if (stamp === null && close === 0) return undefined;
  const evening = stamp === null && close < open;
  const startMs = atMinute(zone, evening ? addDays(date, -1) : date, open);
  const endMs = atMinute(zone, until, close);
  if (endMs <= startMs || endMs - startMs > RANGE_MS_MAX) return undefined;
  return { startMs, endMs, ...sessionDay(zone, { startMs, endMs }) };
}

/** Which date a stretch of trading belongs to. */
export function sessionDay(zone: string, { startMs, endMs }: Span): { date: string; overnight: boolean } {
  const date = localDate(zone, endMs - 1);
  return { date, overnight: localDate(zone, startMs) !== date };
}

/** In order; what overlaps becomes one. Ranges that only touch stay two, each with its own date. */
function joined(ranges: readonly OpenRange[]): OpenRange[] {
  const result: OpenRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs)) {
    const last = result.at(-1);
    if (last === undefined || range.startMs >= last.endMs) result.push(range);
    else if (range.endMs > last.endMs) {
      const overnight = last.overnight || last.date !== range.date;
      result[result.length - 1] = { ...range, startMs: last.startMs, overnight };
    }
  }
  return result;
}

/** `20261123` as `2026-11-23`; undefined when there is no such date. */
function dateOf(text: string): string | undefined {
  const date = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
  return isDate(date) ? date : undefined;
}

/** `0930` as minutes of the day, up to `2400`. */
function minuteOf(text: string): number | undefined {
  if (!/^[0-9]{4}$/.test(text)) return undefined;
  const [hour, minute] = [Number(text.slice(0, 2)), Number(text.slice(2))];
  const fits = hour < 24 ? minute < 60 : hour === 24 && minute === 0;
  return fits ? hour * 60 + minute : undefined;
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
