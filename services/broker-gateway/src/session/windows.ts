import { isTimeZone } from "@countersign/clock/time-zone";
import type { Mode } from "@countersign/contracts/mode";
import * as z from "zod";

const Ms = z.int().min(0).max(21_600_000);
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;

/** A moment, by the clock of a place, at which TWS or IB Gateway ends all its sessions. */
export const RestartWindow = z.strictObject({
  kind: z.enum(["dailyRestart", "weeklyLogin"]).describe("weeklyLogin: TWS stays down until a person has logged in"),
  modes: z
    .array(z.enum(["simulator", "paper", "live"]))
    .min(1)
    .describe("The embedded simulator restarts with us only"),
  timeZone: z.string().refine(isTimeZone, "no IANA time zone"),
  day: z.enum(DAYS).nullable().describe("null: every day"),
  at: z.string().regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/),
  beforeMs: Ms.describe("So long before, nothing is submitted any more"),
  afterMs: Ms.describe("So long after, TWS has restarted, or will not"),
});
export type RestartWindow = z.infer<typeof RestartWindow>;

/** What is known of the link, in wall ms; undefined: never, or not now. */
export interface LinkTimes {
  /** Since when this connection has been up without a break. */
  readonly upSinceMs: number | undefined;
  readonly reconciledAtMs: number | undefined;
}

export interface NextRestart {
  readonly kind: RestartWindow["kind"];
  readonly atMs: number;
}

/**
 * Why nothing may be submitted now; undefined when nothing stands against it. A window opens before its time and closes
 * with the first reconciliation on a connection made after the restart, or, when TWS did not restart, with the first one
 * after its time. Pure.
 */
export function windowAgainst(windows: readonly RestartWindow[], nowMs: number, link: LinkTimes): string | undefined {
  for (const window of windows) {
    const { sinceMs, untilMs } = distances(window, nowMs);
    if (untilMs <= window.beforeMs) return reasonOf(window, "is about to happen");
    const atMs = nowMs - sinceMs;
    const connectedAfter = link.upSinceMs !== undefined && link.upSinceMs >= atMs;
    if (sinceMs < window.afterMs && !connectedAfter) return reasonOf(window, "is under way");
    const reconciledBefore = link.reconciledAtMs !== undefined && link.reconciledAtMs < atMs;
    if (sinceMs >= window.afterMs && reconciledBefore)
      return reasonOf(window, "has not been followed by a reconciliation");
  }
  return undefined;
}

/** The next time of each window, soonest first. Pure. */
export function nextRestarts(windows: readonly RestartWindow[], nowMs: number): NextRestart[] {
  const next = windows.map((window) => ({ kind: window.kind, atMs: nowMs + distances(window, nowMs).untilMs }));
  return next.sort((a, b) => a.atMs - b.atMs);
}

/** Those that hold in a mode. */
export function windowsOf(windows: readonly RestartWindow[], mode: Mode): RestartWindow[] {
  return windows.filter(({ modes }) => modes.includes(mode));
}

function reasonOf({ kind, at, day, timeZone }: RestartWindow, what: string): string {
  const name = kind === "weeklyLogin" ? "weekly login" : "daily restart";
  return `the ${name} of TWS at ${day === null ? "" : `${day} `}${at} ${timeZone} ${what}`;
}

const DAY_MS = 86_400_000;
const WEEK_DAYS = 7;

/** Ms since the last time of the window and until the next one: time that passes, also over a night that is an hour shorter. */
function distances(window: RestartWindow, nowMs: number): { sinceMs: number; untilMs: number } {
  const today = Math.floor(wallMs(window.timeZone, nowMs) / DAY_MS);
  const days = Array.from({ length: 2 * WEEK_DAYS + 3 }, (_, index) => today - WEEK_DAYS - 1 + index);
  const times = days
    .filter((day) => window.day === null || window.day === weekdayOf(day))
    .map((day) => at(window, day));
  const last = Math.max(...times.filter((time) => time <= nowMs));
  const next = Math.min(...times.filter((time) => time > nowMs));
  return { sinceMs: nowMs - last, untilMs: next - nowMs };
}

/** The first of January 1970 was a Thursday. */
function weekdayOf(day: number): string | undefined {
  return DAYS[(((day + 4) % WEEK_DAYS) + WEEK_DAYS) % WEEK_DAYS];
}

/** When the clock of the place shows the window's time on a day; a time that is left out there counts as the hour after it. */
function at({ timeZone, at: time }: RestartWindow, day: number): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  const shownMs = day * DAY_MS + (hours * 60 + minutes) * 60_000;
  const ahead = [shownMs - DAY_MS, shownMs + DAY_MS].map((whenMs) => wallMs(timeZone, whenMs) - whenMs);
  const times = ahead.map((aheadMs) => shownMs - aheadMs);
  return times.find((time) => wallMs(timeZone, time) === shownMs) ?? Math.max(...times);
}

/** What clock and calendar of a place show, as if it were UTC. */
function wallMs(timeZone: string, whenMs: number): number {
  const two = "2-digit" as const;
  const format = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone, year: "numeric", month: two, day: two, hourCycle: "h23" },
    ...{ hour: two, minute: two, second: two, fractionalSecondDigits: 3 },
  });
  const parts = new Map(format.formatToParts(whenMs).map(({ type, value }) => [type, value]));
  const number = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type) ?? 0);
  const date = Date.UTC(number("year"), number("month") - 1, number("day"));
  const seconds = number("hour") * 3_600 + number("minute") * 60 + number("second");
  return date + seconds * 1_000 + number("fractionalSecond");
}
