import * as z from "zod";

const MINUTE_MS = 60_000;
const STYLE = { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;

interface LocalTime {
  /** "Mon" */
  readonly day: string;
  /** "09:30" */
  readonly time: string;
}

/** Time of day as a policy says it: "09:30". */
export const TimeOfDay = z.string().regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/);

/** An IANA zone that is known here. */
export const Zone = z
  .string()
  .max(60)
  .refine((zone) => localTime(zone, 0) !== undefined, "no time zone");

/** Of each zone, as it was last asked for: many orders are judged in one minute. */
const asked = new Map<string, { readonly minute: number; readonly local: LocalTime }>();

/** Day of the week and time of day in an IANA zone; undefined: there is no such zone. */
export function localTime(zone: string, atMs: number): LocalTime | undefined {
  const minute = Math.floor(atMs / MINUTE_MS);
  const last = asked.get(zone);
  if (last?.minute === minute) return last.local;
  const format = formatOf(zone);
  if (format === undefined) return undefined;
  const parts = format.formatToParts(atMs).map(({ type, value }) => [type, value]);
  const { weekday, hour, minute: ofHour } = Object.fromEntries(parts);
  const local = { day: String(weekday), time: `${hour}:${ofHour}` };
  asked.set(zone, { minute, local });
  return local;
}

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone, ...STYLE });
  } catch {
    // There is no such zone.
  }
}
