import { WEEKDAYS } from "@countersign/contracts/auto-approval";

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat | undefined>();
const FORMATS_MAX = 200;

/** A point in time on the wall of an exchange. */
export interface ExchangeTime {
  /** `2026-11-23` */
  readonly date: string;
  readonly weekday: (typeof WEEKDAYS)[number];
  /** `09:45`, 24 hours */
  readonly time: string;
}

/** What clock and calendar of an IANA zone show; undefined when nobody knows the zone. */
export function exchangeTime(zone: string, epochMs: number): ExchangeTime | undefined {
  const parts = formatOf(zone)?.formatToParts(epochMs);
  if (parts === undefined) return undefined;
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  const date = `${part("year")}-${part("month")}-${part("day")}`;
  const weekday = WEEKDAYS.find((day) => day === part("weekday").toUpperCase());
  return weekday && { date, weekday, time: `${part("hour")}:${part("minute")}` };
}

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  if (formats.has(timeZone)) return formats.get(timeZone);
  const format = newFormat(timeZone);
  // Bounded: names of zones come from outside.
  if (formats.size < FORMATS_MAX) formats.set(timeZone, format);
  return format;
}

function newFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  const [two, hourCycle] = ["2-digit", "h23"] as const;
  const date = { year: "numeric", month: two, day: two, weekday: "short" } as const;
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone, hourCycle, ...date, hour: two, minute: two });
  } catch {
    return undefined;
  }
}

/** Days since the epoch of a calendar date. */
export function dayNumber(date: string): number {
  return Math.round(Date.parse(`${date}T00:00:00Z`) / DAY_MS);
}

export function dateOfDay(day: number): string {
  return utcDate(day * DAY_MS);
}

function utcDate(epochMs: number): string {
  const shown = exchangeTime("UTC", epochMs);
  if (shown === undefined) throw new TypeError("the zone UTC is not known");
  return shown.date;
}
