/** Wall time of a zone as its parts; months from 1. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** The formatter of an IANA zone, or undefined when nobody knows the zone. */
function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  try {
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(zone, format);
    return format;
  } catch {
    return undefined;
  }
}

export function isZone(zone: string): boolean {
  return zone !== "" && formatOf(zone) !== undefined;
}

/** How far the zone's wall clock is ahead of UTC at this instant, in ms. */
function offsetMs(zone: string, epochMs: number): number {
  const parts = formatOf(zone)?.formatToParts(epochMs) ?? [];
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return wall - Math.floor(epochMs / 1000) * 1000;
}

/**
 * The instant of a wall time in a zone, ms since the epoch. A wall time that a change of the clock skips is taken as the
 * instant after the gap; one that comes twice as the first of the two.
 */
export function instantOf(zone: string, wall: WallTime): number {
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);
  const before = asUtc - offsetMs(zone, asUtc - 86_400_000);
  if (offsetMs(zone, before) === asUtc - before) return before;
  return asUtc - offsetMs(zone, asUtc + 86_400_000);
}
