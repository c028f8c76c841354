import type { ContractQuery, DataLeg } from "./contract-fields.ts";
import type { PlaceOrder } from "./place-order.ts";
import type { DataRequest } from "./requests-data.ts";

interface WithReqId {
  readonly reqId: number;
}

export interface MarketDataRequest extends WithReqId {
  readonly kind: "reqMktData";
  readonly contract: ContractQuery;
  /** Of a combination; empty for everything else. */
  readonly legs: readonly DataLeg[];
  readonly genericTicks: string;
  readonly snapshot: boolean;
  readonly regulatorySnapshot: boolean;
}

export interface HistoricalDataRequest extends WithReqId {
  readonly kind: "reqHistoricalData";
  readonly contract: ContractQuery;
  readonly endDateTime: string;
  readonly barSize: string;
  readonly duration: string;
  readonly useRth: boolean;
  readonly whatToShow: string;
  /** 1 = text in the instrument's zone, 2 = epoch seconds. */
  readonly formatDate: number;
  readonly keepUpToDate: boolean;
}

export interface ExecutionsRequest extends WithReqId {
  readonly kind: "reqExecutions";
  /** 0 or absent = any client. */
  readonly clientId: number;
  readonly account: string;
  readonly time: string;
  readonly symbol: string;
  readonly secType: string;
  readonly exchange: string;
  readonly side: string;
}

export interface CancelOrder {
  readonly kind: "cancelOrder";
  readonly orderId: number;
}

/** Every request that this simulator answers. */
export type Request =
  | PlaceOrder
  | CancelOrder
  | MarketDataRequest
  | HistoricalDataRequest
  | ExecutionsRequest
  | { readonly kind: "startApi"; readonly clientId: number }
  | { readonly kind: "reqIds" }
  | { readonly kind: "reqCurrentTime" }
  | { readonly kind: "reqManagedAccts" }
  | { readonly kind: "setServerLogLevel" }
  | { readonly kind: "reqAccountUpdates"; readonly subscribe: boolean; readonly account: string }
  | (WithReqId & { readonly kind: "reqAccountSummary"; readonly group: string; readonly tags: string })
  | (WithReqId & { readonly kind: "cancelAccountSummary" })
  | { readonly kind: "reqPositions" }
  | { readonly kind: "cancelPositions" }
  | (WithReqId & { readonly kind: "reqPositionsMulti"; readonly account: string; readonly model: string })
  | (WithReqId & { readonly kind: "cancelPositionsMulti" })
  | (WithReqId & {
      readonly kind: "reqAccountUpdatesMulti";
      readonly account: string;
      readonly model: string;
      readonly ledgerAndNetLiquidation: boolean;
    })
  | (WithReqId & { readonly kind: "cancelAccountUpdatesMulti" })
  | (WithReqId & { readonly kind: "reqPnL"; readonly account: string; readonly model: string })
  | (WithReqId & { readonly kind: "cancelPnL" })
  | (WithReqId & {
      readonly kind: "reqPnLSingle";
      readonly account: string;
      readonly model: string;
      readonly conId: number;
    })
  | (WithReqId & { readonly kind: "cancelPnLSingle" })
  | (WithReqId & {
      readonly kind: "reqContractDetails";
      readonly contract: ContractQuery;
      /** `ISIN`, `CUSIP`, `SEDOL`, `FIGI`, or empty when the contract says it all. */
      readonly securityIdType: string;
      readonly securityId: string;
    })
  | (WithReqId & { readonly kind: "reqMatchingSymbols"; readonly pattern: string })
  | { readonly kind: "reqMarketRule"; readonly ruleId: number }
  | (WithReqId & {
      readonly kind: "reqSecDefOptParams";
      readonly underlyingConId: number;
      readonly symbol: string;
      /** The exchange of options on a future; empty = all. */
      readonly exchange: string;
    })
  | (WithReqId & { readonly kind: "cancelMktData" })
  | { readonly kind: "reqMarketDataType"; readonly type: number }
  | (WithReqId & { readonly kind: "cancelHistoricalData" })
  | (WithReqId & {
      readonly kind: "reqHeadTimestamp";
      readonly contract: ContractQuery;
      readonly whatToShow: string;
      readonly formatDate: number;
    })
  | (WithReqId & { readonly kind: "cancelHeadTimestamp" })
  | { readonly kind: "reqGlobalCancel" }
  | { readonly kind: "reqOpenOrders" }
  | { readonly kind: "reqAllOpenOrders" }
  | { readonly kind: "reqAutoOpenOrders"; readonly autoBind: boolean }
  | { readonly kind: "reqCompletedOrders"; readonly apiOnly: boolean }
  | { readonly kind: "reqNewsProviders" }
  | { readonly kind: "reqFamilyCodes" }
  | (WithReqId & { readonly kind: "reqUserInfo" })
  | DataRequest;

export type RequestKind = Request["kind"];
export type RequestOf<K extends RequestKind> = Extract<Request, { readonly kind: K }>;
