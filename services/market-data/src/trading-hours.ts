import { instantOf, isZone, type WallTime } from "./zoned-time.ts";

/** One stretch in which the market is open, ms since the epoch; the end is not in it. */
export interface OpenRange {
  readonly startMs: number;
  readonly endMs: number;
}

export type ParsedHours =
  | { readonly ranges: readonly OpenRange[]; readonly lastDayEndMs: number }
  | { readonly malformed: string };

const DAY = /^([0-9]{4})([0-9]{2})([0-9]{2})$/;
const STAMP = /^([0-9]{8}):([0-9]{4})$/;

/**
 * The hours that TWS gives with a contract: `20261123:0930-20261123:1600;20261124:CLOSED;...`, also in the older form
 * `20261123:0930-1600,1700-1800`. One part that does not fit makes the whole malformed: half a calendar is no calendar.
 */
export function parseTradingHours(text: string, zone: string): ParsedHours {
  if (!isZone(zone)) return { malformed: `unknown time zone "${zone}"` };
  const parts = text.split(";").filter((part) => part !== "");
  if (parts.length === 0) return { malformed: "no hours" };
  const ranges: OpenRange[] = [];
  let lastDayEndMs = Number.NEGATIVE_INFINITY;
  for (const part of parts) {
    const parsed = parsePart(part, zone);
    if (parsed === undefined) return { malformed: `cannot read "${part.slice(0, 60)}"` };
    ranges.push(...parsed.ranges);
    lastDayEndMs = Math.max(lastDayEndMs, parsed.dayEndMs);
  }
  return { ranges: ranges.sort((a, b) => a.startMs - b.startMs), lastDayEndMs };
}

function parsePart(part: string, zone: string): { ranges: OpenRange[]; dayEndMs: number } | undefined {
  const [day = "", rest] = splitOnce(part, ":");
  const dayEnd = wallTime(day, "2400");
  if (dayEnd === undefined || rest === undefined) return undefined;
  const dayEndMs = instantOf(zone, dayEnd);
  if (rest === "CLOSED") return { ranges: [], dayEndMs };
  const ranges: OpenRange[] = [];
  for (const range of rest.split(",")) {
    const parsed = parseRange(day, range, zone);
    if (parsed === undefined) return undefined;
    ranges.push(parsed);
  }
  return { ranges, dayEndMs: Math.max(dayEndMs, ...ranges.map((range) => range.endMs)) };
}

function parseRange(day: string, range: string, zone: string): OpenRange | undefined {
  const [from = "", to = ""] = splitOnce(range, "-");
  const end = STAMP.exec(to);
  const startWall = wallTime(day, from);
  const endWall = end === null ? wallTime(day, to) : wallTime(end[1] ?? "", end[2] ?? "");
  if (startWall === undefined || endWall === undefined) return undefined;
  const startMs = instantOf(zone, startWall);
  const endMs = instantOf(zone, endWall);
  return endMs > startMs ? { startMs, endMs } : undefined;
}

function wallTime(day: string, time: string): WallTime | undefined {
  const date = DAY.exec(day);
  if (date === null || !/^[0-9]{4}$/.test(time)) return undefined;
  const [year, month, dayOfMonth] = [Number(date[1]), Number(date[2]), Number(date[3])];
  const [hour, minute] = [Number(time.slice(0, 2)), Number(time.slice(2))];
  const inRange = hour < 24 ? minute < 60 : hour === 24 && minute === 0;
  if (!inRange || month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > daysIn(year, month)) return undefined;
  return { year, month, day: dayOfMonth, hour, minute };
}

function daysIn(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
