import type { ContractQuery } from "./contract-fields.ts";

interface WithReqId {
  readonly reqId: number;
}

interface WithContract extends WithReqId {
  readonly contract: ContractQuery;
}

export interface HistoricalTicksRequest extends WithContract {
  readonly kind: "reqHistoricalTicks";
  /** Exactly one of start and end is expected; both travel as text. */
  readonly start: string;
  readonly end: string;
  readonly count: number;
  readonly whatToShow: string;
  readonly useRth: boolean;
  readonly ignoreSize: boolean;
}

export interface TickByTickRequest extends WithContract {
  readonly kind: "reqTickByTickData";
  /** `Last`, `AllLast`, `BidAsk` or `MidPoint`. */
  readonly tickType: string;
  /** Past ticks to send first; 0 = none. */
  readonly count: number;
  readonly ignoreSize: boolean;
}

export interface MarketDepthRequest extends WithContract {
  readonly kind: "reqMktDepth";
  readonly rows: number;
  readonly smart: boolean;
}

export interface RealTimeBarsRequest extends WithContract {
  readonly kind: "reqRealTimeBars";
  readonly barSize: number;
  readonly whatToShow: string;
  readonly useRth: boolean;
}

export interface HistogramRequest extends WithContract {
  readonly kind: "reqHistogramData";
  readonly useRth: boolean;
  /** `3 days`, `1 week`. */
  readonly period: string;
}

/** Filters that are not given are undefined. */
export interface ScannerRequest extends WithReqId {
  readonly kind: "reqScannerSubscription";
  /** -1 or undefined = as many as TWS gives. */
  readonly rows: number | undefined;
  readonly instrument: string;
  readonly location: string;
  readonly scanCode: string;
  readonly abovePrice: string | undefined;
  readonly belowPrice: string | undefined;
  readonly aboveVolume: string | undefined;
  readonly stockType: string;
  /** `tag=value;` pairs. */
  readonly filters: string;
}

export interface HistoricalNewsRequest extends WithReqId {
  readonly kind: "reqHistoricalNews";
  readonly conId: number;
  /** Provider codes with `+` between them. */
  readonly providers: string;
  readonly start: string;
  readonly end: string;
  readonly count: number;
}

/** Requests for data other than quotes and bars. */
export type DataRequest =
  | HistoricalTicksRequest
  | TickByTickRequest
  | (WithReqId & { readonly kind: "cancelTickByTickData" })
  | MarketDepthRequest
  | (WithReqId & { readonly kind: "cancelMktDepth"; readonly smart: boolean })
  | { readonly kind: "reqMktDepthExchanges" }
  | (WithReqId & { readonly kind: "reqSmartComponents"; readonly bboExchange: string })
  | RealTimeBarsRequest
  | (WithReqId & { readonly kind: "cancelRealTimeBars" })
  | HistogramRequest
  | (WithReqId & { readonly kind: "cancelHistogramData" })
  | { readonly kind: "reqScannerParameters" }
  | ScannerRequest
  | (WithReqId & { readonly kind: "cancelScannerSubscription" })
  | HistoricalNewsRequest
  | (WithReqId & { readonly kind: "reqNewsArticle"; readonly provider: string; readonly articleId: string })
  | { readonly kind: "reqNewsBulletins"; readonly all: boolean }
  | { readonly kind: "cancelNewsBulletins" }
  | (WithContract & {
      readonly kind: "calculateImpliedVolatility";
      readonly optionPrice: string | undefined;
      readonly underlyingPrice: string | undefined;
    })
  | (WithContract & {
      readonly kind: "calculateOptionPrice";
      /** 0.28 = 28 % a year. */
      readonly volatility: string | undefined;
      readonly underlyingPrice: string | undefined;
    })
  | (WithReqId & { readonly kind: "cancelCalculateImpliedVolatility" })
  | (WithReqId & { readonly kind: "cancelCalculateOptionPrice" });

export type DataRequestKind = DataRequest["kind"];
