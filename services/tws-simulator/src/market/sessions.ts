import type { Calendar, ExchangeHours, Session } from "./calendar.ts";
import { addDays, zonedTime } from "./zoned-time.ts";

/** How many days without a session are passed over before a search ends: longer than any holiday. */
const CLOSED_DAYS_MAX = 14;

export interface DatedSession extends Session {
  /** The trading day, YYYYMMDD in the exchange's zone. */
  readonly date: string;
}

export interface SessionSearch {
  readonly calendar: Calendar;
  readonly hours: ExchangeHours;
  readonly kind: "trading" | "liquid";
}

/** Sessions that close after `fromMs`, oldest first, without end while the exchange opens at all. */
export function* sessionsAfter(search: SessionSearch, fromMs: number): Generator<DatedSession> {
  yield* walk(search, { startMs: fromMs, step: 1, fits: (session) => session.closeMs > fromMs });
}

/** Sessions that open before `untilMs`, newest first. */
export function* sessionsBefore(search: SessionSearch, untilMs: number): Generator<DatedSession> {
  yield* walk(search, { startMs: untilMs, step: -1, fits: (session) => session.openMs < untilMs });
}

function* walk(
  search: SessionSearch,
  way: { readonly startMs: number; readonly step: 1 | -1; readonly fits: (session: Session) => boolean },
): Generator<DatedSession> {
  // A session may open on the evening before its day, so the search begins a day early on either side.
  let date = addDays(zonedTime(way.startMs, search.hours.timeZoneId).date, -way.step);
  for (let closed = 0; closed < CLOSED_DAYS_MAX; date = addDays(date, way.step)) {
    const sessions = search.calendar.sessions(search.hours, date, search.kind).filter(way.fits);
    closed = sessions.length === 0 ? closed + 1 : 0;
    for (const session of way.step === 1 ? sessions : sessions.reverse()) yield { ...session, date };
  }
}
