import type { BROKER_READS } from "@countersign/contracts/broker-reads";
import type * as z from "zod";
import { ianaZone } from "../calendar/zone-names.ts";
import { instantOf } from "../calendar/zoned-time.ts";
import type { Stretch } from "./stretches.ts";

export interface Session extends Stretch {
  /** Trading date. */
  readonly date: string;
}

/** The sessions of an instrument, and the stretch in which they are all of them. */
export interface Sessions {
  readonly known: Stretch;
  /** In the order of time. */
  readonly list: readonly Session[];
}

export const NO_SESSIONS: Sessions = { known: { fromMs: 0, untilMs: 0 }, list: [] };

type Schedule = Extract<z.output<typeof BROKER_READS.schedule.reply>, { outcome: "ok" }>["value"];

/** What TWS tells of past sessions; they are known from the first one on up to when it was told, or the last one's end. */
export function sessionsOf(schedule: Schedule, toldMs: number): Sessions {
  const zone = ianaZone(schedule.timeZoneId);
  if (zone === undefined || schedule.sessions.length === 0) return NO_SESSIONS;
  const list = schedule.sessions
    .map(({ open, close, date }) => ({
      fromMs: instantOfLocal(zone, open),
      untilMs: instantOfLocal(zone, close),
      date,
    }))
    .filter(({ fromMs, untilMs: endMs }) => endMs > fromMs)
    .sort((a, b) => a.fromMs - b.fromMs);
  const untilMs = Math.max(toldMs, list.at(-1)?.untilMs ?? toldMs);
  return { known: { fromMs: list[0]?.fromMs ?? untilMs, untilMs }, list };
}

/** Two that touch or overlap as one; of two that do not, the later one, since a hole between them would look closed. */
export function joinSessions(earlier: Sessions, later: Sessions): Sessions {
  if (earlier.known.untilMs < later.known.fromMs) return later;
  const list = [...earlier.list.filter(({ fromMs }) => fromMs < later.known.fromMs), ...later.list];
  return { known: { fromMs: earlier.known.fromMs, untilMs: later.known.untilMs }, list };
}

function instantOfLocal(zone: string, text: string): number {
  const [date = "", time = ""] = text.split("T");
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return instantOf(zone, { year, month, day, hour, minute });
}
