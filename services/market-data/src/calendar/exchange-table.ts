import type { Exchange, ExchangeTable, ExchangeYear } from "@countersign/contracts/exchange";
import { isDate, weekdayOf } from "./dates.ts";
import { isZone } from "./zoned-time.ts";

export interface FoundExchange {
  readonly exchange: Exchange;
  readonly matched: "code" | "alias" | "mic";
  /** What the name means elsewhere. */
  readonly conflicts: readonly string[];
}

type Row = ExchangeTable["exchanges"][number];

/** Business days by name; a year that is not there is not known. */
export type BusinessDays = ReadonlyMap<number, ReadonlySet<string>>;

/** The table of exchanges, read once and checked against itself. */
export class Exchanges {
  readonly #table: ExchangeTable;
  readonly #byCode = new Map<string, Exchange>();
  readonly #byAlias = new Map<string, Exchange[]>();
  readonly #byMic = new Map<string, Exchange>();
  readonly #settlementCalendars = new Map<string, string>();
  readonly #holidays = new Map<string, BusinessDays>();

  /** Throws an Error that lists what contradicts itself in the table. */
  constructor(table: ExchangeTable) {
    const wrong = problemsOf(table);
    if (wrong.length > 0) throw new Error(`the table of exchanges: ${wrong.join("; ")}`);
    this.#table = table;
    for (const { name, years } of table.calendars) {
      this.#holidays.set(name, new Map(years.map(({ year, closed }) => [year, new Set(closed)] as const)));
    }
    for (const row of table.exchanges) this.#add(row);
  }

  list(): Exchange[] {
    return [...new Set(this.#byCode.values())];
  }

  byCode(code: string): Exchange | undefined {
    return this.#byCode.get(code);
  }

  /** What IB means by a name comes first; then aliases, then MIC codes. */
  find(name: string): FoundExchange | undefined {
    const key = name.toUpperCase();
    const [code, aliases, mic] = [this.#byCode.get(key), this.#byAlias.get(key) ?? [], this.#byMic.get(key)];
    const exchange = code ?? aliases[0] ?? mic;
    if (exchange === undefined) return undefined;
    const others = [...new Set([...aliases, ...(mic === undefined ? [] : [mic])])].filter((one) => one !== exchange);
    return {
      exchange,
      matched: code !== undefined ? "code" : aliases.length > 0 ? "alias" : "mic",
      conflicts: others.map((other) => `elsewhere also ${other.codes[0]}, ${other.name}`),
    };
  }

  /** The days on which nothing settles at an exchange, and their name; undefined when they are not known for any year. */
  settlementDays(exchange: Exchange): { name: string; closed: BusinessDays } | undefined {
    return this.calendar(this.#settlementCalendars.get(exchange.codes[0] ?? ""));
  }

  currencyDays(currency: string): { name: string; closed: BusinessDays } | undefined {
    const { calendars } = this.#table.foreignExchange;
    return this.calendar(Object.hasOwn(calendars, currency) ? calendars[currency] : undefined);
  }

  calendar(name: string | undefined): { name: string; closed: BusinessDays } | undefined {
    const closed = name === undefined ? undefined : this.#holidays.get(name);
    return name === undefined || closed === undefined ? undefined : { name, closed };
  }

  /** Whether a pair such as USD.CAD, either way round, settles after one day. */
  settlesAfterOneDay(base: string, quote: string): boolean {
    const { oneDayPairs } = this.#table.foreignExchange;
    return oneDayPairs.includes(`${base}.${quote}`) || oneDayPairs.includes(`${quote}.${base}`);
  }

  get checkedOn(): string {
    return this.#table.checkedOn;
  }

  #add(row: Row): void {
    const { holidays, settlement, ...rest } = row;
    const years = this.#table.calendars.find(({ name }) => name === holidays)?.years ?? [];
    const yearsKnown = settlement.calendar === null ? [] : [...(this.#holidays.get(settlement.calendar)?.keys() ?? [])];
    const exchange: Exchange = {
      ...rest,
      years,
      settlement: { cycles: settlement.cycles, yearsKnown },
      source: "fallback-table",
      checkedOn: this.#table.checkedOn,
    };
    for (const code of row.codes) this.#byCode.set(code, exchange);
    for (const alias of row.aliases ?? []) this.#byAlias.set(alias, [...(this.#byAlias.get(alias) ?? []), exchange]);
    for (const mic of row.mic.segments) this.#byMic.set(mic, exchange);
    const { operating } = row.mic;
    if (operating !== null && !this.#byMic.has(operating)) this.#byMic.set(operating, exchange);
    if (settlement.calendar !== null) this.#settlementCalendars.set(row.codes[0] ?? "", settlement.calendar);
  }
}

function problemsOf({ exchanges, calendars, foreignExchange }: ExchangeTable): string[] {
  const codes = exchanges.flatMap((row) => row.codes);
  const aliases = exchanges.flatMap((row) => row.aliases ?? []);
  const names = new Set(calendars.map(({ name }) => name));
  const named = exchanges.flatMap((row) => [row.holidays, row.settlement.calendar]);
  const zones = exchanges.flatMap((row) => [
    row.zone,
    ...(row.whileSummer === undefined ? [] : [row.whileSummer.zone]),
  ]);
  return [
    ...repeated(codes).map((code) => `the code ${code} twice`),
    ...repeated(exchanges.flatMap((row) => row.mic.segments)).map((mic) => `the MIC ${mic} twice`),
    ...repeated(aliases)
      .filter((alias) => !codes.includes(alias))
      .map((alias) => `the alias ${alias} is of two exchanges and the code of none`),
    ...repeated(calendars.map(({ name }) => name)).map((name) => `the calendar ${name} twice`),
    ...[...named, ...Object.values(foreignExchange.calendars)]
      .filter((name) => name !== null && !names.has(name))
      .map((name) => `no calendar ${name}`),
    ...zones.filter((zone) => !isZone(zone)).map((zone) => `no zone ${zone}`),
    ...exchanges.flatMap((row) => [...cyclesOutOfOrder(row)]),
    ...calendars.flatMap(({ name, years }) => years.flatMap((year) => badDates(name, year))),
  ];
}

function repeated(texts: readonly string[]): string[] {
  return [...new Set(texts.filter((text, index) => texts.indexOf(text) !== index))];
}

function cyclesOutOfOrder({ codes, settlement }: Row): string[] {
  const from = settlement.cycles.map((cycle) => cycle.from ?? "");
  const inOrder = from.every((date, index) => index === 0 || date > (from[index - 1] ?? ""));
  return inOrder ? [] : [`the settlement cycles of ${codes[0]} are not in order`];
}

/** A date must exist, lie in its year, stand in order, and be no Saturday: the list is of days that would be usual. */
function badDates(name: string, { year, closed, early = [], late = [] }: ExchangeYear): string[] {
  const shortened = [...early, ...late].map(({ date }) => date);
  const wrong = [...closed, ...shortened].filter(
    (date) => !isDate(date) || !date.startsWith(String(year)) || weekdayOf(date) === 6,
  );
  const both = shortened.filter((date) => closed.includes(date));
  const sorted = closed.every((date, index) => index === 0 || date > (closed[index - 1] ?? ""));
  return [
    ...wrong.map((date) => `${date} in ${name} of ${year}`),
    ...both.map((date) => `${date} is closed and shortened in ${name}`),
    ...(sorted ? [] : [`${name} of ${year} is not in order`]),
  ];
}
