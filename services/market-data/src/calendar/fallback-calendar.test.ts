import { join } from "node:path";
import { parseUtcText } from "@countersign/clock/clock";
import { describe, expect, test } from "vitest";
import { readExchanges } from "./exchange-file.ts";
import { fallbackCalendar } from "./fallback-calendar.ts";
import { sessionAt } from "./session.ts";

const exchanges = readExchanges(join(import.meta.dirname, "../../../../config"));

function at(code: string, time: string) {
  const exchange = exchanges.byCode(code);
  if (exchange === undefined) throw new Error(code);
  const nowMs = parseUtcText(time);
  const known = { calendar: fallbackCalendar(exchange, nowMs), source: "fallback-table" } as const;
  return sessionAt(known, { conid: 1, timeZoneId: "" }, nowMs);
}

describe("the table of exchanges", () => {
  test.each([
    ["NYSE", "2026-11-25T15:00:00.000Z", "open", "regular"],
    ["NYSE", "2026-11-26T15:00:00.000Z", "closed", "holiday"],
    ["NYSE", "2026-11-27T17:59:59.999Z", "open", "halfDay"],
    ["NYSE", "2026-11-27T18:00:00.000Z", "closed", "halfDay"],
    // The week in which Europe has winter time and New York has not.
    ["NYSE", "2026-10-28T13:30:00.000Z", "open", "regular"],
    ["LSE", "2026-10-28T08:00:00.000Z", "open", "regular"],
    ["TSEJ", "2026-11-25T02:30:00.000Z", "closed", "regular"],
    ["TSEJ", "2026-11-25T06:29:59.999Z", "open", "regular"],
    // Monday in Wellington while it is Sunday in Greenwich.
    ["NZX", "2026-11-22T21:00:00.000Z", "open", "regular"],
    ["NZX", "2026-11-19T22:00:00.000Z", "open", "regular"],
    ["NZX", "2026-11-20T22:00:00.000Z", "closed", "weekend"],
    // The clock of New York decides in Sao Paulo and in Mexico.
    ["B3", "2026-10-30T20:30:00.000Z", "closed", "regular"],
    ["B3", "2026-11-03T20:30:00.000Z", "open", "regular"],
    ["MEXI", "2026-10-30T13:30:00.000Z", "open", "regular"],
    ["MEXI", "2026-11-03T13:30:00.000Z", "closed", "regular"],
    ["B3", "2026-02-18T13:00:00.000Z", "closed", "regular"],
    ["TADAWUL", "2026-11-20T08:00:00.000Z", "closed", "weekend"],
  ])("%s at %s is %s, a %s day", (code, time, state, kind) => {
    expect(at(code, time)).toMatchObject({ state, source: "fallback-table", today: { kind } });
  });

  test.each([
    ["TADAWUL", "2026-11-22T08:00:00.000Z"],
    ["NSE", "2027-02-01T06:00:00.000Z"],
    ["NYSE", "2028-02-01T15:00:00.000Z"],
  ])("%s at %s: a weekday of a year whose holidays are not known -> unknown", (code, time) => {
    expect(at(code, time)).toMatchObject({ state: "unknown", today: null, nextOpen: null, coveredUntil: null });
  });
});
