import type { Instrument } from "@countersign/contracts/instrument";
import type { InstrumentRef } from "@countersign/contracts/messages/md-instruments.v1";

type Told = Pick<Instrument, Exclude<keyof InstrumentRef, "multiplier">> & { readonly multiplier: string | null };

/** What tells an instrument from others. TWS may write a time behind the last trading day. */
export function refOf(instrument: Told): InstrumentRef {
  const { conid, symbol, secType, exchange, primaryExchange, currency, localSymbol, tradingClass } = instrument;
  const { multiplier, lastTradeDate, strike, right, longName } = instrument;
  return {
    ...{ conid, symbol, secType, exchange, primaryExchange, currency, localSymbol, tradingClass },
    ...{ multiplier, lastTradeDate: lastTradeDate.slice(0, 8), strike, right, longName },
  };
}
