import { join } from "node:path";
import type { Exchange } from "@countersign/contracts/exchange";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, atMinute, datesBetween, weekdayOf } from "./dates.ts";
import { readExchanges } from "./exchange-file.ts";
import { minutesOfHours, tableCalendar, usualHours, weekOf } from "./fallback-calendar.ts";
import { calendarOf, type MarketCalendar } from "./market-calendar.ts";
import { marketStateAt } from "./market-state.ts";
import { parseTradingHours } from "./trading-hours.ts";
import { ianaZone } from "./zone-names.ts";
import { localDate, localMinute, offsetMs } from "./zoned-time.ts";

/**
 * Every exchange of the table, two ways: from the table itself, and from the text that TWS would write for the same days.
 * Instants are drawn where calendars break: changes of the clock, holidays, half days, both midnights, opens and closes.
 */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const exchanges = readExchanges(join(import.meta.dirname, "../../../../config")).list();
const CASES = exchanges.map((exchange) => [exchange.codes[0] ?? "", exchange] as const);

/** The instants at which the clock of a zone changes in 2026 and 2027. */
const changesByZone = new Map<string, number[]>();

function changes(zone: string): number[] {
  const known = changesByZone.get(zone);
  if (known !== undefined) return known;
  const found: number[] = [];
  // No zone changes its clock but on a whole half hour.
  let before = offsetMs(zone, Date.UTC(2026, 0, 1) - HOUR_MS / 2);
  for (let atMs = Date.UTC(2026, 0, 1); atMs < Date.UTC(2028, 0, 1); atMs += HOUR_MS / 2) {
    const offset = offsetMs(zone, atMs);
    if (offset !== before) found.push(atMs);
    before = offset;
  }
  changesByZone.set(zone, found);
  return found;
}

function edges(exchange: Exchange): number[] {
  const dates = exchange.years.flatMap(({ closed, early = [], late = [] }) => [
    ...closed,
    ...[...early, ...late].map(({ date }) => date),
  ]);
  const around = dates.flatMap((date) => [addDays(date, -1), date, addDays(date, 1)]);
  const minutes = exchange.hours.flatMap((hours) => Object.values(minutesOfHours(hours)));
  const midnights = ["2026-01-01", "2026-07-01", "2026-12-31", "2027-01-01", "2027-12-31"];
  return [
    ...changes(exchange.zone),
    ...[...around, ...midnights].flatMap((date) =>
      [0, 1440, ...minutes].map((minute) => atMinute(exchange.zone, date, minute)),
    ),
    // Where the date of UTC changes, and with it, far from Greenwich, the weekday.
    ...midnights.map((date) => Date.parse(`${date}T00:00:00Z`)),
  ];
}

/** Instants at, just before, just after and a little around the edges, and anywhere else. */
const instants = (exchange: Exchange) => {
  const near = fc
    .tuple(
      fc.constantFrom(...edges(exchange)),
      fc.oneof(fc.constantFrom(-1, 0, 1), fc.integer({ min: -2 * DAY_MS, max: 2 * DAY_MS })),
    )
    .map(([edgeMs, byMs]) => edgeMs + byMs);
  return fc.oneof(near, fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2028, 0, 1) }));
};

/** What TWS would write of these days. */
function twsText(exchange: Exchange, calendar: MarketCalendar): string {
  const { zone } = exchange;
  const compact = (date: string) => date.replaceAll("-", "");
  const stamp = (atMs: number) => {
    const minute = localMinute(zone, atMs);
    const hhmm = `${String(Math.floor(minute / 60)).padStart(2, "0")}${String(minute % 60).padStart(2, "0")}`;
    return `${compact(localDate(zone, atMs))}:${hhmm}`;
  };
  const parts = calendar.days.flatMap(({ date, sessions }) =>
    sessions.length === 0
      ? [`${compact(date)}:CLOSED`]
      : sessions.map(({ startMs, endMs }) => `${stamp(startMs)}-${stamp(endMs)}`),
  );
  return parts.join(";");
}

describe.each(CASES)("%s", (_code, exchange) => {
  const around = (atMs: number) => {
    const date = localDate(exchange.zone, atMs);
    return tableCalendar(exchange, addDays(date, -4), addDays(date, 11));
  };

  test("open is being within a range; what comes next is later; sessions are in order and never overlap", () => {
    fc.assert(
      fc.property(instants(exchange), (atMs) => {
        const calendar = around(atMs);
        const sessions = calendar.days.flatMap((day) => day.sessions);
        for (const [index, session] of sessions.entries()) {
          expect(session.endMs).toBeGreaterThan(session.startMs);
          expect(session.startMs).toBeGreaterThanOrEqual(sessions[index - 1]?.endMs ?? 0);
        }
        const inside = sessions.some(({ startMs, endMs }) => startMs <= atMs && atMs < endMs);
        const state = marketStateAt(calendar, atMs);
        if (state.state === "unknown") {
          expect(exchange.years.map(({ year }) => year)).not.toContain(
            Number(localDate(exchange.zone, atMs).slice(0, 4)),
          );
          return;
        }
        expect(state.state).toBe(inside ? "open" : "closed");
        expect(state.session === "none").toBe(!inside);
        expect(state.tradeDate === undefined).toBe(!inside);
        for (const next of [
          state.nextOpenMs,
          state.nextCloseMs,
          state.nextLiquidOpenMs,
          state.nextLiquidCloseMs,
          state.coveredUntilMs,
        ]) {
          if (next !== undefined) expect(next).toBeGreaterThan(atMs);
        }
        const { nextOpenMs = Number.POSITIVE_INFINITY, nextCloseMs = Number.POSITIVE_INFINITY } = state;
        // Open: it closes before it opens again. Closed: it opens before it closes.
        if (nextOpenMs !== nextCloseMs) expect(nextCloseMs < nextOpenMs).toBe(inside);
      }),
      { numRuns: 80 },
    );
  });

  test("the hours as TWS writes them say the same as the table, wherever both know", () => {
    fc.assert(
      fc.property(instants(exchange), (atMs) => {
        const calendar = around(atMs);
        fc.pre(calendar.days.length > 0);
        const parsed = parseTradingHours(twsText(exchange, calendar), exchange.zone);
        if ("malformed" in parsed) throw new Error(parsed.malformed);
        const read = calendarOf(parsed, parsed, weekOf(exchange));
        const [wrote, told] = [marketStateAt(calendar, atMs), marketStateAt(read, atMs)];
        if (wrote.state === "unknown" || told.state === "unknown") return;
        const { coveredUntilMs: _wrote, ...expected } = wrote;
        const { coveredUntilMs: _told, ...actual } = told;
        expect(actual).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  test("a session lasts as long as the wall clock says, but for a change of the clock within it", () => {
    for (const date of datesBetween("2026-01-01", "2027-12-31").filter((_date, index) => index % 3 === 0)) {
      const [day] = tableCalendar(exchange, date, date).days;
      if (day === undefined || day.kind !== "regular") continue;
      const year = exchange.years.find(({ year: one }) => String(one) === date.slice(0, 4));
      if (year?.late?.some((late) => late.date === date)) continue;
      const usual = usualHours(exchange, date).map(minutesOfHours);
      for (const [index, { startMs, endMs }] of day.sessions.entries()) {
        const { open = 0, close = 0 } = usual[index] ?? {};
        const change = offsetMs(exchange.zone, endMs) - offsetMs(exchange.zone, startMs);
        expect(endMs - startMs).toBe((close - open) * 60_000 - change);
        expect(localMinute(exchange.zone, startMs)).toBe((open + 1440) % 1440);
        expect(localMinute(exchange.zone, endMs)).toBe(close % 1440);
        expect(localDate(exchange.zone, endMs - 1)).toBe(date);
      }
    }
  });

  test("closed on every holiday and weekend, short on every half day, open on every other day of a known year", () => {
    for (const { year, closed, early = [] } of exchange.years) {
      for (const { date, kind, sessions } of tableCalendar(exchange, `${year}-01-01`, `${year}-12-31`).days) {
        const weekend = exchange.weekend.includes(weekdayOf(date));
        const half = early.find((one) => one.date === date);
        expect(kind, date).toBe(weekend ? "weekend" : closed.includes(date) ? "holiday" : half ? "halfDay" : "regular");
        expect(sessions.length > 0, date).toBe(kind === "regular" || kind === "halfDay");
        const last = sessions.at(-1);
        if (half !== undefined && last !== undefined) {
          expect(localMinute(exchange.zone, last.endMs)).toBe(
            Number(half.time.slice(0, 2)) * 60 + Number(half.time.slice(3)),
          );
        }
      }
    }
  });
});

const ZONES = [
  ...new Set([
    ...exchanges.map(({ zone }) => zone),
    "America/Chicago",
    "Pacific/Apia",
    "Africa/Casablanca",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
  ]),
];

describe.each(ZONES)("the clock of %s", (zone) => {
  test("a wall time goes to an instant and back; where it is skipped, to the change itself", () => {
    const minutes = fc.tuple(fc.integer({ min: 0, max: 729 }), fc.integer({ min: 0, max: 1439 }));
    const atChange = changes(zone).map((atMs) => [localDate(zone, atMs - 1), localMinute(zone, atMs - 1)] as const);
    const dates = fc.oneof(
      minutes.map(([day, minute]) => [addDays("2026-01-01", day), minute] as const),
      ...(atChange.length === 0
        ? []
        : [
            fc
              .tuple(fc.constantFrom(...atChange), fc.integer({ min: -180, max: 180 }))
              .map(([[date, minute], by]) => [date, Math.min(1439, Math.max(0, minute + by))] as const),
          ]),
    );
    fc.assert(
      fc.property(dates, ([date, minute]) => {
        const atMs = atMinute(zone, date, minute);
        const back = [localDate(zone, atMs), localMinute(zone, atMs)];
        if (back[0] === date && back[1] === minute) {
          // The first of two: an hour or half an hour before, the clock did not show it.
          for (const by of [HOUR_MS, HOUR_MS / 2]) {
            expect([localDate(zone, atMs - by), localMinute(zone, atMs - by)]).not.toEqual([date, minute]);
          }
          return;
        }
        expect(offsetMs(zone, atMs)).toBeGreaterThan(offsetMs(zone, atMs - 1));
        const shown = `${back[0]} ${String(back[1]).padStart(4, "0")}`;
        expect(shown > `${date} ${String(minute).padStart(4, "0")}`).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test("the offset is the one that Intl shows", () => {
    expect(ianaZone(zone)).toBe(zone);
    const format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
    const near = changes(zone).flatMap((atMs) => [atMs - 60_000, atMs, atMs + 60_000]);
    const anywhere = fc.sample(fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2028, 0, 1) }), 100);
    for (const atMs of [...near, ...anywhere]) {
      const minute = localMinute(zone, atMs);
      const clock = `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
      expect(`${localDate(zone, atMs)} ${clock}`).toBe(format.format(atMs));
    }
  });
});
