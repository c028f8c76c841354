import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { addDays, datesBetween } from "../services/market-data/src/calendar/dates.ts";
import { readExchanges } from "../services/market-data/src/calendar/exchange-file.ts";
import { minutesOfHours, tableCalendar, usualHours } from "../services/market-data/src/calendar/fallback-calendar.ts";
import { Calendar, type ExchangeHours } from "../services/tws-simulator/src/market/calendar.ts";
import { EXCHANGE_HOURS } from "../services/tws-simulator/src/market/exchange-hours.ts";
import { EXCHANGES, VENUE_HOURS } from "../services/tws-simulator/src/market/exchanges.ts";

/**
 * Two tables of exchanges, written apart: the one that people read lists dates, the simulator's has rules for every year.
 * Where they differ one of them is wrong.
 */

const TODAY = "2026-11-21";
const table = readExchanges(join(import.meta.dirname, "../config"));
const simulated = new Calendar("real");
const US = ["NYSE", "NASDAQ", "ARCA", "AMEX", "BATS", "IEX"];
const HOURS: [string, ExchangeHours][] = [
  ...Object.entries(EXCHANGES).map(([code, { hours }]): [string, ExchangeHours] => [code, EXCHANGE_HOURS[hours]]),
  ...[...VENUE_HOURS].map(([code, hours]): [string, ExchangeHours] => [code, EXCHANGE_HOURS[hours]]),
  ...US.map((code): [string, ExchangeHours] => [code, EXCHANGE_HOURS.usStock]),
  ["IDEALPRO", EXCHANGE_HOURS.forex],
];

function rowOf(code: string) {
  const exchange = table.byCode(code);
  if (exchange === undefined) throw new Error(`the table has no ${code}`);
  return exchange;
}

const simulatedSpans = (hours: ExchangeHours, date: string) =>
  simulated
    .sessions(hours, date.replaceAll("-", ""), "liquid")
    .map(({ openMs, closeMs }) => `${new Date(openMs).toISOString()} ${new Date(closeMs).toISOString()}`);

describe.each(HOURS)("%s", (code, hours) => {
  test("has the same sessions on every date of the years whose holidays are known", () => {
    const exchange = rowOf(code);
    const known = exchange.years.flatMap(({ year }) => datesBetween(`${year}-01-01`, `${year}-12-31`));
    const differences = known.flatMap((date) => {
      const [day] = tableCalendar(exchange, date, date).days;
      const listed = (day?.sessions ?? []).map(
        ({ startMs, endMs }) => `${new Date(startMs).toISOString()} ${new Date(endMs).toISOString()}`,
      );
      const ruled = simulatedSpans(hours, date);
      return listed.join() === ruled.join()
        ? []
        : [`${date}: table ${listed.join() || "closed"}, simulator ${ruled.join() || "closed"}`];
    });
    expect(differences).toEqual([]);
  });

  test("has the same usual hours and the same weekend", () => {
    const exchange = rowOf(code);
    for (const date of datesBetween("2027-02-01", "2027-08-31")) {
      const sessions = simulated.sessionsOn(hours, date.replaceAll("-", ""), "liquid");
      const weekend = exchange.weekend.includes(new Date(`${date}T12:00:00Z`).getUTCDay());
      if (weekend) expect(sessions, date).toEqual([]);
      // Shorter than usual, or closed: which days these are is the matter of the other test.
      if (sessions.length === 0 || isSpecial(hours, date)) continue;
      const usual = usualHours(exchange, date).map(minutesOfHours);
      expect(
        sessions.map(({ openMinute, closeMinute }) => ({ open: openMinute, close: closeMinute })),
        date,
      ).toEqual(usual);
    }
  });
});

/** Whether the simulator has a day of its own for this date: the same weekday a week before and after are another. */
function isSpecial(hours: ExchangeHours, date: string): boolean {
  const minutes = (on: string) => JSON.stringify(simulated.sessionsOn(hours, on.replaceAll("-", ""), "liquid"));
  return minutes(date) !== minutes(addDays(date, 7)) && minutes(date) !== minutes(addDays(date, -7));
}

test.each(Object.entries(EXCHANGES))(
  "%s has the same currency and settles as fast",
  (code, { currency, settlementDays }) => {
    const exchange = rowOf(code);
    const cycle = exchange.settlement.cycles.findLast(({ from }) => from === null || from <= TODAY);
    expect([exchange.currency, cycle?.days]).toEqual([currency, settlementDays]);
  },
);
