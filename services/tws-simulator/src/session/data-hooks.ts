import type { Instrument } from "../market/instrument.ts";
import type { Quote } from "../market/market.ts";

/** The named places at which somebody else decides what market data a client sees. The market itself is not touched. */
export interface DataHooks {
  /** A client asks for quotes with this market data type in force. */
  atSubscription(instrument: Instrument, marketDataType: number): DataAnswer | undefined;
  /** The quote as it is shown. */
  shown(quote: Quote, instrument: Instrument): Quote;
  /** True when nobody is told that the quote moved. */
  isStale(instrument: Instrument, delayed?: boolean): boolean;
  /** Tick 49: 0 = trading, 1 = halted, 2 = halted for volatility. */
  halted(instrument: Instrument): "0" | "1" | "2";
  endsSnapshot(instrument: Instrument): boolean;
}

export interface DataAnswer {
  /** `refuse` = nothing follows; `delayed` = delayed data follows; `partial` = the data that was asked for follows. */
  readonly kind: "refuse" | "delayed" | "partial";
  readonly code: number;
  readonly text: string;
}
