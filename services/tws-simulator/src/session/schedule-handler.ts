import { encodeHistoricalSchedule } from "../codec/encode-history.ts";
import type { Duration } from "../market/bars.ts";
import type { Instrument } from "../market/instrument.ts";
import { type DatedSession, sessionsBefore } from "../market/sessions.ts";
import { tradingDays } from "../market/trading-days.ts";
import { twsTime } from "../market/zoned-time.ts";
import type { Session } from "./session.ts";
import type { World } from "./world.ts";

/** `20261120-09:30:00` in the zone that the message names once. */
function scheduleTime(epochMs: number, zone: string): string {
  return twsTime(epochMs, zone).replace(` ${zone}`, "").replace(" ", "-");
}

/** The sessions of so many trading days up to an instant, oldest first. */
export function sendSchedule(
  world: World,
  session: Session,
  request: {
    readonly reqId: number;
    readonly instrument: Instrument;
    readonly duration: Duration;
    readonly endMs: number;
    readonly useRth: boolean;
  },
): void {
  const { calendar, market } = world;
  const hours = market.hours(request.instrument);
  const zone = hours.timeZoneId;
  const count = request.duration.kind === "days" ? tradingDays(request.duration.days) : 1;
  const found: DatedSession[] = [];
  const dates = new Set<string>();
  for (const day of sessionsBefore({ calendar, hours, kind: request.useRth ? "liquid" : "trading" }, request.endMs)) {
    dates.add(day.date);
    if (dates.size > count) break;
    found.unshift(day);
  }
  const sessions = found.map((day) => ({
    open: scheduleTime(day.openMs, zone),
    close: scheduleTime(day.closeMs, zone),
    refDate: day.date,
  }));
  const start = sessions[0]?.open ?? scheduleTime(request.endMs, zone);
  const end = sessions.at(-1)?.close ?? scheduleTime(request.endMs, zone);
  session.send(encodeHistoricalSchedule(request.reqId, { start, end, timeZone: zone, sessions }));
}
