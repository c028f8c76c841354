import { decimal } from "@countersign/money/decimal";
import type { z } from "zod";
import type { Instrument } from "../market/instrument.ts";
import type { Quote } from "../market/market.ts";
import type { DataAnswer, DataHooks } from "../session/data-hooks.ts";
import type { DATA_FAULTS } from "./documents/data.ts";
import type { FaultOf } from "./fault-document.ts";
import type { FaultEngine } from "./fault-engine.ts";

const LAST_LIVE_TYPE = 2;
const MINUS_ONE = decimal("-1");
const MORE = "See link in 'Market Data Connections' dialog for more details.";

export const COMPETING_SESSION = { code: 10197, text: "No market data during competing live session" } as const;

const REFUSALS = {
  354: "Requested market data is not subscribed.",
  10089: `Requested market data requires additional subscription for API. ${MORE}`,
  10168: "Requested market data is not subscribed. Delayed market data is not enabled.",
  10186: "Requested market data is not subscribed. Delayed market data is not enabled.",
} as const;

type DataAction = z.output<(typeof DATA_FAULTS)[number]>["action"];

/** The rules in force, as the market data handlers ask for them. */
export class DataFaults implements DataHooks {
  readonly #engine: FaultEngine;

  constructor(engine: FaultEngine) {
    this.#engine = engine;
  }

  atSubscription(instrument: Instrument, marketDataType: number): DataAnswer | undefined {
    if (this.#engine.empty) return undefined;
    if (this.#competing(marketDataType > LAST_LIVE_TYPE)) return { kind: "refuse", ...COMPETING_SESSION };
    const none = this.#of("noData", instrument);
    if (none !== undefined) return { kind: "refuse", code: none.code, text: REFUSALS[none.code] };
    if (this.#of("delayedDataOnly", instrument) !== undefined) return delayedOnly(instrument, marketDataType);
    if (this.#of("partialData", instrument) === undefined) return undefined;
    const text = `Part of requested market data is not subscribed. ${venue(instrument)}`;
    return { kind: "partial", code: 10090, text };
  }

  shown(quote: Quote, instrument: Instrument): Quote {
    if (this.#engine.empty) return quote;
    if (this.#of("pricesMinusOne", instrument) !== undefined) {
      const sizes = { bidSize: 0, askSize: 0, lastSize: 0 };
      return { ...quote, bid: MINUS_ONE, ask: MINUS_ONE, last: MINUS_ONE, ...sizes };
    }
    const crossed = this.#of("crossedBook", instrument) !== undefined;
    return crossed ? { ...quote, bid: quote.ask, ask: quote.bid } : quote;
  }

  isStale(instrument: Instrument, delayed = false): boolean {
    if (this.#engine.empty) return false;
    return this.#competing(delayed) || this.#of("staleData", instrument) !== undefined;
  }

  halted(instrument: Instrument): "0" | "1" | "2" {
    return this.#of("halted", instrument)?.kind ?? "0";
  }

  endsSnapshot(instrument: Instrument): boolean {
    return this.#of("noSnapshotEnd", instrument) === undefined;
  }

  #competing(delayed: boolean): boolean {
    return this.#engine.standing("competingSession", (fault) => !(delayed && fault.delayed)) !== undefined;
  }

  #of<A extends DataAction>(action: A, instrument: Instrument): FaultOf<A> | undefined {
    return this.#engine.standing(action, (fault) => {
      const conid = "conid" in fault ? fault.conid : undefined;
      return conid === undefined || conid === instrument.conId;
    });
  }
}

function venue(instrument: Instrument): string {
  return `${instrument.localSymbol} ${instrument.primaryExchange || instrument.exchange}/TOP/ALL`;
}

function delayedOnly(instrument: Instrument, marketDataType: number): DataAnswer {
  if (marketDataType > LAST_LIVE_TYPE) {
    const text = "Requested market data is not subscribed. Displaying delayed market data.";
    return { kind: "delayed", code: 10167, text };
  }
  const text = `${REFUSALS[10089]}Delayed market data is available.${venue(instrument)}`;
  return { kind: "refuse", code: 10089, text };
}
