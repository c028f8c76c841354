import type { PricingPlan } from "@countersign/contracts/costs";
import type { Instrument } from "@countersign/contracts/instrument";
import type { DatedRate, FeeTable, Schedule } from "./fee-table.ts";

/** Whose figures hold for an instrument under a plan; undefined: the table has none, and nothing is taken for it. */
export function scheduleOf(
  { schedules }: FeeTable,
  instrument: Pick<Instrument, "secType" | "currency" | "exchange" | "primaryExchange" | "symbol">,
  plan: PricingPlan,
): Schedule | undefined {
  const fits = (allowed: readonly string[] | undefined, value: string) => allowed?.includes(value) ?? true;
  return schedules.find(
    ({ plans, secTypes, currencies, primaryExchanges, exchanges, symbols }) =>
      plans.includes(plan) &&
      secTypes.includes(instrument.secType) &&
      fits(currencies, instrument.currency) &&
      fits(primaryExchanges, instrument.primaryExchange) &&
      fits(exchanges, instrument.exchange) &&
      fits(symbols, instrument.symbol),
  );
}

/** The rate in force at a time; undefined: it lies before the first that the table has. */
export function rateAt(rates: readonly DatedRate[], at: string): DatedRate | undefined {
  const day = at.slice(0, 10);
  return rates.findLast(({ from }) => from <= day);
}
