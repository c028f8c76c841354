import { denied, ok, type Reply } from "@countersign/contracts/denial";
import type { Exchange } from "@countersign/contracts/exchange";
import type { Instrument } from "@countersign/contracts/instrument";
import { addDays, isDate, weekdayOf } from "./dates.ts";
import type { BusinessDays, Exchanges } from "./exchange-table.ts";

export interface Settled {
  readonly settlementDate: string;
  readonly cycleDays: number;
  readonly basis: string;
}

/** One set of days on which nothing settles. */
interface Closed {
  readonly name: string;
  readonly closed: BusinessDays;
  /** 0 = Sunday. */
  readonly weekend: readonly number[];
  /** Its holidays stop the settlement date only, not the days counted up to it. */
  readonly endOnly: boolean;
}

/** No cycle with its holidays is longer; a walk that is has run into a table that is wrong. */
const WALK_DAYS_MAX = 40;
const FX_DAYS = 2;

/** When a trade of an instrument on a date settles, by the table of exchanges. */
export function settlementOf(exchanges: Exchanges, instrument: Instrument, tradeDate: string): Reply<Settled> {
  if (!isDate(tradeDate)) return denied("INVALID_ARGUMENT", `${tradeDate} is no date`);
  const last = lastTradeDate(instrument);
  if (last !== null && tradeDate > last)
    return denied("INVALID_ARGUMENT", `the contract is traded until ${last}`, { lastTradeDate: last });
  if (instrument.secType === "CASH") return foreignExchange(exchanges, instrument, tradeDate);
  const usOption = instrument.secType === "OPT" && instrument.currency === "USD";
  if (instrument.secType !== "STK" && !usOption)
    return denied(
      "SETTLEMENT_UNKNOWN",
      `no settlement cycle is known for ${instrument.secType} in ${instrument.currency}`,
    );
  const code = usOption ? "NYSE" : instrument.primaryExchange || instrument.exchange;
  const exchange = exchanges.byCode(code);
  const cycle = exchange?.settlement.cycles.findLast(({ from }) => from === null || from <= tradeDate);
  if (exchange === undefined || cycle === undefined)
    return denied("SETTLEMENT_UNKNOWN", `the table of exchanges has no settlement cycle for ${code}`);
  const days = exchanges.settlementDays(exchange);
  if (days === undefined)
    return denied("HOLIDAYS_UNKNOWN", `the settlement days of ${exchange.codes[0]} are not known`, { exchange: code });
  if (!mayTrade(exchange, tradeDate)) return denied("INVALID_ARGUMENT", `${code} does not trade on ${tradeDate}`);
  const closed = [{ ...days, weekend: exchange.weekend, endOnly: false }];
  return walked(tradeDate, cycle.days, `${exchange.codes[0]} T+${cycle.days}`, closed);
}

/** The last date on which a contract is traded; null when it has none, as TWS gives it. */
export function lastTradeDate({ lastTradeDate: text }: Instrument): string | null {
  const date = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`;
  return isDate(date) ? date : null;
}

/** Two business days of both currencies, for some pairs one. A holiday of the dollar stops only the day of settlement. */
function foreignExchange(exchanges: Exchanges, { symbol, currency }: Instrument, tradeDate: string): Reply<Settled> {
  const days = exchanges.settlesAfterOneDay(symbol, currency) ? 1 : FX_DAYS;
  const closed: Closed[] = [];
  for (const one of new Set([symbol, currency, "USD"])) {
    const known = exchanges.currencyDays(one);
    if (known === undefined)
      return denied("HOLIDAYS_UNKNOWN", `the business days of ${one} are not known`, { currency: one });
    closed.push({ ...known, weekend: [0, 6], endOnly: one === "USD" });
  }
  if ([0, 6].includes(weekdayOf(tradeDate))) return denied("INVALID_ARGUMENT", `no currency trades on ${tradeDate}`);
  return walked(tradeDate, days, `${symbol}.${currency} spot T+${days}`, closed);
}

function walked(tradeDate: string, days: number, cycle: string, closed: readonly Closed[]): Reply<Settled> {
  const names = closed.map(({ name }) => name).join(", ");
  let [date, counted] = [tradeDate, 0];
  for (let walk = 0; walk < WALK_DAYS_MAX; walk += 1) {
    const unknown = closed.find((one) => !one.closed.has(Number(date.slice(0, 4))));
    if (unknown !== undefined)
      return denied("HOLIDAYS_UNKNOWN", `the holidays of ${date.slice(0, 4)} are not known in ${unknown.name}`, {
        calendar: unknown.name,
        year: Number(date.slice(0, 4)),
      });
    if (counted >= days && closed.every((one) => isBusinessDay(date, one)))
      return ok({ settlementDate: date, cycleDays: days, basis: `${cycle}, business days of ${names}` });
    date = addDays(date, 1);
    if (counted < days && closed.every((one) => (one.endOnly ? !isWeekend(date, one) : isBusinessDay(date, one))))
      counted += 1;
  }
  throw new Error(`no settlement date within ${WALK_DAYS_MAX} days of ${tradeDate}`);
}

function isBusinessDay(date: string, days: Closed): boolean {
  return !isWeekend(date, days) && days.closed.get(Number(date.slice(0, 4)))?.has(date) !== true;
}

function isWeekend(date: string, { weekend }: Closed): boolean {
  return weekend.includes(weekdayOf(date));
}

/** False when the table says that the exchange is closed; a year that it does not know is no reason to say so. */
function mayTrade({ weekend, years }: Exchange, date: string): boolean {
  return !weekend.includes(weekdayOf(date)) && !years.some(({ closed }) => closed.includes(date));
}
