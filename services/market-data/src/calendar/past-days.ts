import { Fault } from "@countersign/contracts/denial";
import type { RPCS } from "@countersign/contracts/subjects";
import type * as z from "zod";
import { addDays, atMinute, datesBetween } from "./dates.ts";
import type { DaySession, MarketDay } from "./market-calendar.ts";
import { ianaZone } from "./zone-names.ts";

type Schedule = Extract<z.output<typeof RPCS.schedule.reply>, { outcome: "ok" }>["value"];

/**
 * The dates of a broker's schedule that lie before a date, in order, those without a session between them too. Rejects
 * with a Fault what cannot be read: a date that would be missing would look like a holiday.
 */
export function pastDays(schedule: Schedule, before: string | undefined): Omit<MarketDay, "kind">[] {
  const zone = ianaZone(schedule.timeZoneId);
  if (zone === undefined) throw new Fault("BROKER_REFUSED", `the schedule has an unknown zone ${schedule.timeZoneId}`);
  const sessions = new Map<string, DaySession[]>();
  for (const { date, open, close } of schedule.sessions) {
    const span = { startMs: localInstant(zone, open), endMs: localInstant(zone, close) };
    if (span.endMs <= span.startMs) throw new Fault("BROKER_REFUSED", `the schedule ends before it begins on ${date}`);
    sessions.set(date, [...(sessions.get(date) ?? []), { ...span, session: "liquid" as const }]);
  }
  const dates = [...sessions.keys()].sort();
  const [first, last] = [dates[0], dates.at(-1)];
  if (first === undefined || last === undefined) return [];
  const until = before === undefined ? last : addDays(before, -1);
  return datesBetween(first, until).map((date) => ({
    date,
    sessions: (sessions.get(date) ?? []).sort((a, b) => a.startMs - b.startMs),
  }));
}

/** `2026-11-20T09:30:00` on the wall clock of a zone; seconds are not read, no session has any. */
function localInstant(zone: string, text: string): number {
  return atMinute(zone, text.slice(0, 10), Number(text.slice(11, 13)) * 60 + Number(text.slice(14, 16)));
}
