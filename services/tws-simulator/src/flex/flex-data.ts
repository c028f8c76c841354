import type { BrokerState } from "../broker/broker-state.ts";
import type { Account, Execution, Order } from "../broker/model.ts";
import { COMBO_CON_ID } from "../broker/tradables.ts";
import type { Valuer } from "../broker/valuation.ts";
import type { Calendar } from "../market/calendar.ts";
import { EXCHANGE_HOURS } from "../market/exchange-hours.ts";
import { EXCHANGES, type ExchangeCode } from "../market/exchanges.ts";
import type { Instrument } from "../market/instrument.ts";
import { addDays } from "../market/zoned-time.ts";
import { flexDate } from "./flex-time.ts";

/** Days of the statement, both included, YYYYMMDD. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** What a statement is made of. */
export interface FlexSource {
  readonly state: BrokerState;
  readonly valuer: Valuer;
  /** The exchanges' own days, whatever hours the market keeps. */
  readonly settlementCalendar: Calendar;
}

/** One execution with what belongs to it. */
export interface FlexTrade {
  readonly execution: Execution;
  readonly instrument: Instrument;
  /** Undefined when the order is too old to be kept. */
  readonly order: Order | undefined;
  readonly settlementDate: string;
}

/** Each execution of an account in the period once, as it was last corrected; busted ones and combinations are left out. */
export function tradesOf(source: FlexSource, account: Account, period: Period): FlexTrade[] {
  const latest = new Map<string, Execution>();
  for (const execution of source.state.executions()) {
    const isWhole = execution.conId === COMBO_CON_ID;
    if (execution.account === account.id && !isWhole) latest.set(execution.execId.replace(/\.\d+$/, ""), execution);
  }
  const orders = new Map(source.state.orders().map((order) => [order.permId, order]));
  return [...latest.values()]
    .filter(({ timeMs, shares }) => shares !== "0" && flexDate(timeMs) >= period.from && flexDate(timeMs) <= period.to)
    .map((execution) => {
      const instrument = source.valuer.instrument(execution.conId);
      const settlementDate = settlesOn(source.settlementCalendar, instrument, flexDate(execution.timeMs));
      return { execution, instrument, order: orders.get(execution.permId), settlementDate };
    });
}

const SETTLEMENT_DAYS_MAX = 20;

/** The n-th trading day of the instrument's exchange after the trade: one for the United States and derivatives. */
function settlesOn(calendar: Calendar, instrument: Instrument, tradeDate: string): string {
  let left = settlementDays(instrument);
  let date = tradeDate;
  for (let tries = 0; left > 0 && tries < SETTLEMENT_DAYS_MAX; tries += 1) {
    date = addDays(date, 1);
    if (calendar.sessionsOn(EXCHANGE_HOURS[instrument.hours], date, "trading").length > 0) left -= 1;
  }
  return date;
}

function settlementDays(instrument: Instrument): number {
  if (instrument.secType === "CRYPTO") return 0;
  if (instrument.secType === "CASH") return instrument.localSymbol === "USD.CAD" ? 1 : 2;
  if (instrument.secType !== "STK" || instrument.currency === "USD") return 1;
  return EXCHANGES[instrument.primaryExchange as ExchangeCode].settlementDays;
}
