import { denied, ok } from "@countersign/contracts/denial";
import { RPCS } from "@countersign/contracts/subjects";
import type { Served } from "../pacing/asking.ts";
import type { Calendars } from "./calendars.ts";
import type { Exchanges } from "./exchange-table.ts";

/** What this part of the service answers. */
export const CALENDAR_SERVED = [RPCS.session, RPCS.calendar, RPCS.exchange, RPCS.settlement] as const;

export function serveCalendar(bus: Served, deps: { calendars: Calendars; exchanges: Exchanges }): void {
  const { calendars, exchanges } = deps;
  bus.serve(RPCS.session, ({ conid }) => calendars.session(conid));
  bus.serve(RPCS.calendar, (request) => calendars.days(request));
  bus.serve(RPCS.settlement, (request) => calendars.settlement(request));
  bus.serve(RPCS.exchange, async ({ name }) => {
    const found = exchanges.find(name);
    return found === undefined ? denied("EXCHANGE_UNKNOWN") : ok({ ...found, conflicts: [...found.conflicts] });
  });
}
