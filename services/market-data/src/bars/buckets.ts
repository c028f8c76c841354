import type { Bar, BarSize } from "@countersign/contracts/bars";
import { addDays } from "../calendar/dates.ts";
import { instantOf } from "../calendar/zoned-time.ts";
import { SIZE_RULES } from "./bar-sizes.ts";
import { dayMs, dayText, type LocalClock } from "./local-time.ts";

/** The stretch that a longer bar stands for: instants within a day, else calendar days; the end is not in it. */
export type Bucket =
  | { readonly kind: "instants"; readonly fromMs: number; readonly untilMs: number }
  | { readonly kind: "dates"; readonly from: string; readonly until: string };

export interface BucketSize {
  readonly name: string;
  /** Equal for bars that belong together. */
  readonly keyOf: (bar: Bar, clock: LocalClock) => string;
  readonly bucketOf: (bar: Bar, clock: LocalClock) => Bucket;
}

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

const IN_DAY: readonly (readonly [number, string])[] = [
  ...([5, 10, 15, 30] as const).map((count) => [count, `${count} secs`] as const),
  [MINUTE, "1 min"],
  ...([2, 3, 5, 10, 15, 20, 30] as const).map((count) => [count * MINUTE, `${count} mins`] as const),
  [HOUR, "1 hour"],
  ...([2, 3, 4, 6, 8, 12] as const).map((count) => [count * HOUR, `${count} hours`] as const),
  [DAY, "1 day"],
];

/** The longer bars that bars of a size can be put together to, shortest first. */
export function bucketSizes(size: BarSize): BucketSize[] {
  const { lengthMs } = SIZE_RULES[size];
  if (lengthMs !== null) {
    const seconds = lengthMs / 1_000;
    return IN_DAY.filter(([length]) => length > seconds && length % seconds === 0).map(inDay);
  }
  const monthly = [3, 6, 12, 24, 60, 120].map(months);
  if (size === "1 month") return monthly;
  const weekly = [2, 4, 13, 26, 52].map(weeks);
  return size === "1 week" ? weekly : [weeks(1), months(1), ...monthly];
}

/** Counted from the midnight of the exchange's day, so that no bucket reaches over it. */
function inDay([seconds, name]: readonly [number, string]): BucketSize {
  const placeOf = (bar: Bar, clock: LocalClock) => {
    const { date, secondOfDay, offsetMs } = clock.at(Date.parse(bar.time ?? ""));
    return { date, index: Math.floor(secondOfDay / seconds), offsetMs };
  };
  return {
    name,
    keyOf: (bar, clock) => {
      const { date, index, offsetMs } = placeOf(bar, clock);
      return seconds === DAY ? date : `${date} ${index} ${offsetMs}`;
    },
    bucketOf: (bar, clock) => {
      const { date, index } = placeOf(bar, clock);
      return {
        kind: "instants",
        fromMs: wallMs(clock.zone, date, index * seconds),
        untilMs: wallMs(clock.zone, date, (index + 1) * seconds),
      };
    },
  };
}

function wallMs(zone: string, date: string, secondOfDay: number): number {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  const minute = Math.floor(secondOfDay / MINUTE);
  const wall = { year, month, day, hour: Math.floor(minute / 60), minute: minute % 60 };
  return instantOf(zone, wall) + (secondOfDay % MINUTE) * 1_000;
}

/** A Monday. */
const WEEK_ZERO_MS = Date.UTC(1970, 0, 5);
const WEEK_MS = 7 * DAY * 1_000;

function weeks(count: number): BucketSize {
  const indexOf = (bar: Bar) => Math.floor((dayMs(bar.date ?? "") - WEEK_ZERO_MS) / (count * WEEK_MS));
  return {
    name: count === 1 ? "1 week" : `${count} weeks`,
    keyOf: (bar) => String(indexOf(bar)),
    bucketOf: (bar) => {
      const from = dayText(WEEK_ZERO_MS + indexOf(bar) * count * WEEK_MS);
      return { kind: "dates", from, until: addDays(from, 7 * count) };
    },
  };
}

function months(count: number): BucketSize {
  const indexOf = ({ date }: Bar) => {
    const [year = 0, month = 1] = (date ?? "").split("-").map(Number);
    return Math.floor((year * 12 + month - 1) / count);
  };
  const firstDay = (index: number) => {
    const month = index * count;
    return `${String(Math.floor(month / 12)).padStart(4, "0")}-${String((month % 12) + 1).padStart(2, "0")}-01`;
  };
  return {
    name: count === 1 ? "1 month" : count % 12 === 0 ? yearsText(count / 12) : `${count} months`,
    keyOf: (bar) => String(indexOf(bar)),
    bucketOf: (bar) => ({ kind: "dates", from: firstDay(indexOf(bar)), until: firstDay(indexOf(bar) + 1) }),
  };
}

function yearsText(years: number): string {
  return years === 1 ? "1 year" : `${years} years`;
}
