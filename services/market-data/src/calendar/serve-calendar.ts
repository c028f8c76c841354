import type { Bus } from "@countersign/bus/bus";
import { RPCS } from "@countersign/contracts/subjects";
import type { Calendars } from "./calendars.ts";

/** What this part of the service answers. */
export const CALENDAR_SERVED = [RPCS.session, RPCS.calendar] as const;

export function serveCalendar(bus: Bus, { calendars }: { calendars: Calendars }): void {
  bus.serve(RPCS.session, ({ conid }) => calendars.session(conid));
  bus.serve(RPCS.calendar, (request) => calendars.days(request));
}
