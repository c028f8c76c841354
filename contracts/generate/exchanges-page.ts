import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ExchangeTable } from "../src/exchange.ts";
import { table } from "./markdown.ts";

type Row = ExchangeTable["exchanges"][number];

const FILE = join(import.meta.dirname, "../../config/exchanges.yaml");
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** docs/generated/exchanges.md: the table of exchanges, for people. */
export function exchangesPage(): string {
  const { checkedOn, exchanges, calendars, foreignExchange } = ExchangeTable.parse(parse(readFileSync(FILE, "utf8")));
  return [
    "# Exchanges",
    '<!-- Generated from config/exchanges.yaml by "npm run generate". Do not edit. -->',
    `Checked on ${checkedOn}. For display and for settlement dates: whether a market is open for an order is told by the ` +
      "contract's own hours alone. A name that IB uses for another exchange than others do means what IB means.",
    table(
      ["IB", "name", "also called", "MIC", "", "zone", "regular hours", "weekend", "settles"],
      exchanges.map((row) => rowOf(row, exchanges)),
    ),
    "## Holidays and short days",
    "A calendar without a row for a year is not known for that year. A dash: no calendar is known at all.",
    table(
      ["exchange", "calendar", "settlement calendar"],
      exchanges.map((row) => [row.codes[0] ?? "", row.holidays ?? "-", row.settlement.calendar ?? "-"]),
    ),
    table(
      ["calendar", "year", "closed on", "shorter"],
      calendars.flatMap(({ name, years }) => years.map((year) => [name, String(year.year), ...daysOf(year)])),
    ),
    "## Foreign exchange",
    `A pair settles after two business days of both its currencies, ${foreignExchange.oneDayPairs.join(", ")} after one. ` +
      `Calendars are known for ${Object.entries(foreignExchange.calendars)
        .map(([currency, name]) => `${currency} (${name})`)
        .join(", ")}.`,
    "## Notes",
    exchanges.flatMap(({ codes, note }) => (note === undefined ? [] : [`- ${codes[0]}: ${note}`])).join("\n"),
    "",
  ].join("\n\n");
}

function rowOf(row: Row, all: readonly Row[]): string[] {
  const aliases = (row.aliases ?? []).map((alias) => {
    const taken = all.some((other) => other !== row && other.codes.includes(alias));
    return taken ? `${alias} (elsewhere; at IB another)` : alias;
  });
  const { operating, segments } = row.mic;
  const mics = operating === null ? "-" : `${operating}: ${segments.join(" ")}`;
  const weekend = row.weekend.map((day) => DAYS[day] ?? "").join(", ");
  return [
    row.codes.join(" "),
    row.name,
    aliases.join(", "),
    mics,
    `${row.country} ${row.currency}`,
    row.zone,
    hoursOf(row),
    weekend,
    settlesOf(row),
  ];
}

function hoursOf({ hours, fridays, whileSummer }: Row): string {
  const summer =
    whileSummer === undefined ? "" : `; ${whileSummer.hours.join(", ")} while ${whileSummer.zone} has summer`;
  return `${hours.join(", ")}${fridays === undefined ? "" : `; Friday ${fridays.join(", ")}`}${summer}`;
}

function settlesOf({ settlement }: Row): string {
  if (settlement.cycles.length === 0) return "-";
  return settlement.cycles.map(({ from, days }) => `T+${days}${from === null ? "" : ` from ${from}`}`).join(", ");
}

function daysOf({ closed, early = [], late = [] }: ExchangeTable["calendars"][number]["years"][number]): string[] {
  const short = (date: string) => date.slice(5);
  const shortened = [
    ...early.map(({ date, time }) => `${short(date)} until ${time}`),
    ...late.map(({ date, time }) => `${short(date)} from ${time}`),
  ];
  return [closed.map(short).join(" "), shortened.join(", ")];
}
