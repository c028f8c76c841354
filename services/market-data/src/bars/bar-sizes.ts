import type { BarSize } from "@countersign/contracts/bars";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export type Unit = "S" | "D" | "W" | "M" | "Y";

/**
 * What TWS allows for a bar size, and how a long range is cut for it. A page is asked for with a duration that surely
 * reaches over its whole window, whether TWS counts days of the calendar or of trading; what is too much is dropped.
 */
export interface SizeRule {
  /** Length of a bar, ms; null: days of the calendar, which have no fixed length. */
  readonly lengthMs: number | null;
  /** The longest duration of one request by its unit; a unit that is not there is not allowed. */
  readonly durations: Readonly<Partial<Record<Unit, number>>>;
  /** Shortest duration in seconds. */
  readonly shortestS: number;
  readonly page: {
    readonly windowMs: number;
    readonly duration: string;
    /** How far a page is asked for beyond its end, so that the bar across the end is whole. */
    readonly beyondMs: number;
  };
}

const within = (
  lengthMs: number,
  durations: SizeRule["durations"],
  windowMs: number,
  duration: string,
  beyondMs = 0,
): SizeRule => ({
  ...{ lengthMs, durations, shortestS: Math.max(30, lengthMs / SECOND) },
  page: { windowMs, duration, beyondMs },
});

/** The ratio of duration and bar size that TWS calls the step size, in full. */
const days = (most: number) => ({ S: 28_800, D: most });
const week = { ...days(7), W: 1 };
const month = { ...days(31), W: 4, M: 1 };
const seconds = (most: number) => ({ S: most });
/** Six days touch five dates of a market with weekends and seven of one without: what TWS may count as a week. */
const weeks = (lengthMs: number) => within(lengthMs, week, 6 * DAY, "1 W");
/** A month back is 28 days at least; three weeks leave room for the bar across the end. */
const months = (lengthMs: number) => within(lengthMs, month, 21 * DAY, "1 M", lengthMs);

/** As many days as a year has of trading, in case TWS counts those. */
const byCalendar = (
  durations: SizeRule["durations"],
  shortestDays: number,
  page: { readonly years: number; readonly windowDays: number },
): SizeRule => ({
  ...{ lengthMs: null, durations, shortestS: shortestDays * 86_400 },
  page: { windowMs: page.windowDays * DAY, duration: `${page.years} Y`, beyondMs: (shortestDays + 1) * DAY },
});

export const SIZE_RULES: Readonly<Record<BarSize, SizeRule>> = {
  "1 secs": within(SECOND, seconds(1_800), 1_800 * SECOND, "1800 S"),
  "5 secs": within(5 * SECOND, seconds(3_600), HOUR, "3600 S"),
  "10 secs": within(10 * SECOND, seconds(14_400), 4 * HOUR, "14400 S"),
  "15 secs": within(15 * SECOND, seconds(14_400), 4 * HOUR, "14400 S"),
  "30 secs": within(30 * SECOND, seconds(28_800), 8 * HOUR, "28800 S"),
  "1 min": within(MINUTE, days(1), 8 * HOUR, "28800 S"),
  "2 mins": within(2 * MINUTE, days(2), DAY, "2 D"),
  // Half a week: three thousand bars of a market that never closes do not fit into one message.
  "3 mins": within(3 * MINUTE, week, 3.5 * DAY, "1 W"),
  "5 mins": weeks(5 * MINUTE),
  "10 mins": weeks(10 * MINUTE),
  "15 mins": weeks(15 * MINUTE),
  "20 mins": weeks(20 * MINUTE),
  "30 mins": months(30 * MINUTE),
  "1 hour": months(HOUR),
  "2 hours": months(2 * HOUR),
  "3 hours": months(3 * HOUR),
  "4 hours": months(4 * HOUR),
  "8 hours": months(8 * HOUR),
  "1 day": byCalendar({ S: 86_400, D: 365, W: 52, M: 12, Y: 5 }, 1, { years: 5, windowDays: 1_200 }),
  "1 week": byCalendar({ D: 365, W: 52, M: 12, Y: 20 }, 7, { years: 20, windowDays: 4_900 }),
  "1 month": byCalendar({ W: 52, M: 12, Y: 20 }, 28, { years: 20, windowDays: 4_900 }),
};

/** Bars of 30 seconds and less have IBKR's hard pace, and reach back half a year. */
export function isShort(size: BarSize): boolean {
  const { lengthMs } = SIZE_RULES[size];
  return lengthMs !== null && lengthMs <= 30 * SECOND;
}
export const SHORT_REACH_MS = 183 * DAY;

export interface Duration {
  readonly count: number;
  readonly unit: Unit;
}

/** Of a text that has passed the contract. */
export function parseDuration(text: string): Duration {
  const [count, unit] = text.split(" ");
  return { count: Number(count), unit: unit as Unit };
}

const UNIT_DAYS = { D: 7 / 5, W: 7, M: 31, Y: 366 } as const;

/** The stretch of the calendar that a duration surely lies in: a day is a day of trading in a week of five. */
export function spanMs({ count, unit }: Duration): number {
  return unit === "S" ? count * SECOND : Math.ceil(count * UNIT_DAYS[unit]) * DAY;
}

/** Whether TWS takes it in one request. */
export function isOneRequest(size: BarSize, duration: Duration): boolean {
  const rule = SIZE_RULES[size];
  return duration.count <= (rule.durations[duration.unit] ?? 0) && !isTooShort(size, duration);
}

/** Shorter than one bar. */
export function isTooShort(size: BarSize, { count, unit }: Duration): boolean {
  const secondsOf = { S: 1, D: 86_400, W: 604_800, M: 2_419_200, Y: 31_536_000 } as const;
  return count * secondsOf[unit] < SIZE_RULES[size].shortestS;
}
