import { utcText } from "@countersign/clock/clock";
import { offsetMs } from "../calendar/zoned-time.ts";

/** Wall time of a zone: calendar day, and seconds since its midnight. */
export interface LocalTime {
  readonly date: string;
  readonly secondOfDay: number;
  /** How far the wall clock is ahead of UTC: the hour that comes twice in autumn differs in it. */
  readonly offsetMs: number;
}

const DAY_MS = 86_400_000;
const DAY_S = 86_400;

/** The zone is one that somebody knows. */
export function localTime(zone: string, epochMs: number): LocalTime {
  const aheadMs = offsetMs(zone, epochMs);
  const wallMs = epochMs + aheadMs;
  const secondOfDay = Math.floor((((wallMs % DAY_MS) + DAY_MS) % DAY_MS) / 1_000);
  return { date: dayText(wallMs), secondOfDay, offsetMs: aheadMs };
}

export interface LocalClock {
  readonly zone: string;
  readonly at: (epochMs: number) => LocalTime;
}

const QUARTER_MS = 900_000;

/** The same for many instants that follow each other: clocks change on a quarter of an hour and never within one. */
export function localClock(zone: string): LocalClock {
  let [quarter, start]: [number, LocalTime] = [Number.NaN, { date: "", secondOfDay: 0, offsetMs: 0 }];
  return {
    zone,
    at: (epochMs) => {
      const index = Math.floor(epochMs / QUARTER_MS);
      if (index !== quarter) [quarter, start] = [index, localTime(zone, index * QUARTER_MS)];
      const secondOfDay = start.secondOfDay + Math.floor((epochMs - index * QUARTER_MS) / 1_000);
      return secondOfDay < DAY_S ? { ...start, secondOfDay } : localTime(zone, epochMs);
    },
  };
}

/** The calendar day, in UTC, of an instant. */
export function dayText(epochMs: number): string {
  return utcText(epochMs).slice(0, 10);
}

/** The midnight of a calendar day in UTC: to count with, not the instant at which it begins anywhere. */
export function dayMs(date: string): number {
  return Date.parse(`${date}T00:00:00.000Z`);
}
