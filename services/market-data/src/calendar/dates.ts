import { utcText } from "@countersign/clock/clock";
import { instantOf } from "./zoned-time.ts";

/** Dates are texts such as `2026-11-23`: they sort as they follow each other, and belong to no zone. */

const DAY_MS = 86_400_000;

function utcMidnightMs(date: string): number {
  return Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10)));
}

/** Whether the text is a date that exists. */
export function isDate(text: string): boolean {
  return /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) && utcText(utcMidnightMs(text)).slice(0, 10) === text;
}

export function addDays(date: string, days: number): string {
  return utcText(utcMidnightMs(date) + days * DAY_MS).slice(0, 10);
}

/** 0 = Sunday. */
export function weekdayOf(date: string): number {
  // 1970-01-01 was a Thursday.
  return (((utcMidnightMs(date) / DAY_MS + 4) % 7) + 7) % 7;
}

/** Every date from the first to the last, both among them; none when they are the wrong way round. */
export function datesBetween(first: string, last: string): string[] {
  const dates: string[] = [];
  for (let date = first; date <= last; date = addDays(date, 1)) dates.push(date);
  return dates;
}

/** The instant at which the zone's wall clock shows a minute of a date; 1440 is the midnight that ends it, -60 an hour before it begins. */
export function atMinute(zone: string, date: string, minute: number): number {
  const days = Math.floor(minute / 1440);
  const on = addDays(date, days);
  const [year, month, day] = [Number(on.slice(0, 4)), Number(on.slice(5, 7)), Number(on.slice(8, 10))];
  const rest = minute - days * 1440;
  return instantOf(zone, { year, month, day, hour: Math.floor(rest / 60), minute: rest % 60 });
}
