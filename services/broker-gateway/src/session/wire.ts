import type { OrderLeg, TimeInForce } from "@countersign/contracts/order";
import type { ReadEvent } from "./wire-reads.ts";

/**
 * What TWS says, in our words: decimals as text, permId as text, null where TWS gave nothing or one of its sentinels.
 * Nothing outside this folder knows the client library.
 */
export interface WireContract {
  readonly conid: number;
  readonly symbol: string;
  readonly secType: string;
  readonly currency: string;
  readonly exchange: string;
  readonly primaryExchange: string;
  readonly localSymbol: string;
  readonly tradingClass: string;
  readonly multiplier: string | null;
  readonly lastTradeDate: string;
  readonly strike: string | null;
  readonly right: string;
}

/** A leg of a combination, as TWS shows it. */
export type WireLeg = Pick<OrderLeg, "conid" | "side" | "ratio">;

export interface WireOrder {
  /** Order id of the client that placed it; 0 for manual orders, null for completed orders, which carry none. */
  readonly orderId: number | null;
  readonly clientId: number | null;
  /** null until TWS assigned one. */
  readonly permId: string | null;
  readonly orderRef: string;
  readonly account: string;
  readonly contract: WireContract;
  /** Empty: no combination, or one of which TWS does not say what it is made of. */
  readonly legs: readonly WireLeg[];
  readonly side: string;
  readonly quantity: string | null;
  readonly filledQuantity: string | null;
  readonly orderType: string;
  readonly limitPrice: string | null;
  readonly auxPrice: string | null;
  readonly trailStopPrice: string | null;
  readonly trailingPercent: string | null;
  readonly timeInForce: string;
  readonly outsideRth: boolean;
  /** Order id of the entry of the bracket; null: none. */
  readonly parentId: number | null;
  readonly whatIf: boolean;
  readonly status: string;
  readonly completedStatus: string;
  readonly margins: WireMargins;
}

/** Of a what-if; every figure is null unless TWS set it. */
export interface WireMargins {
  readonly initialChange: string | null;
  readonly initialAfter: string | null;
  readonly maintenanceChange: string | null;
  readonly maintenanceAfter: string | null;
  readonly equityAfter: string | null;
  readonly commission: string | null;
  readonly commissionMin: string | null;
  readonly commissionMax: string | null;
  readonly commissionCurrency: string;
  readonly warning: string;
}

export interface WireExecution {
  readonly execId: string;
  readonly time: string;
  readonly account: string;
  readonly contract: WireContract;
  readonly side: string;
  readonly quantity: string | null;
  readonly price: string | null;
  readonly cumulativeQuantity: string | null;
  readonly averagePrice: string | null;
  readonly exchange: string;
  readonly orderId: number;
  readonly clientId: number;
  readonly permId: string | null;
  readonly orderRef: string;
}

export interface WireDetails {
  readonly contract: WireContract;
  readonly longName: string;
  readonly minTick: string | null;
  readonly minSize: string | null;
  readonly sizeIncrement: string | null;
  readonly orderTypes: string;
  readonly validExchanges: string;
  readonly industry: string;
  readonly category: string;
  readonly timeZoneId: string;
  readonly tradingHours: string;
  readonly liquidHours: string;
  readonly marketName: string;
  readonly priceMagnifier: number | null;
  readonly underlyingConid: number | null;
  readonly underlyingSymbol: string;
  readonly underlyingSecType: string;
  readonly contractMonth: string;
  readonly subcategory: string;
  /** One market rule for each of `validExchanges`, in their order, separated by commas. */
  readonly marketRuleIds: string;
  readonly realExpirationDate: string;
  readonly lastTradeTime: string;
  readonly stockType: string;
  readonly suggestedSizeIncrement: string | null;
  readonly securityIds: readonly { readonly tag: string; readonly value: string }[];
  /** Why the account may not trade it. */
  readonly ineligibility: readonly { readonly id: string; readonly description: string }[];
  readonly bond: WireBond | null;
}

export interface WireBond {
  readonly cusip: string;
  readonly coupon: string | null;
  readonly maturity: string;
  readonly issueDate: string;
  readonly ratings: string;
  readonly bondType: string;
  readonly couponType: string;
  readonly convertible: boolean;
  readonly callable: boolean;
  readonly putable: boolean;
  readonly description: string;
  readonly nextOptionDate: string;
  readonly nextOptionType: string;
  readonly notes: string;
}

export interface WireBar {
  readonly time: string;
  readonly open: string | null;
  readonly high: string | null;
  readonly low: string | null;
  readonly close: string | null;
  readonly volume: string | null;
  readonly averagePrice: string | null;
  readonly count: number | null;
}

export type BrokerEvent =
  | ReadEvent
  | { readonly kind: "openOrder"; readonly order: WireOrder }
  | { readonly kind: "openOrdersEnd" }
  | { readonly kind: "completedOrder"; readonly order: WireOrder }
  | { readonly kind: "completedOrdersEnd" }
  | {
      readonly kind: "orderStatus";
      readonly orderId: number;
      readonly clientId: number | null;
      readonly permId: string | null;
      readonly status: string;
      readonly filled: string | null;
      readonly whyHeld: string;
    }
  | { readonly kind: "execution"; readonly reqId: number; readonly execution: WireExecution }
  | { readonly kind: "executionsEnd"; readonly reqId: number }
  | {
      readonly kind: "commission";
      readonly execId: string;
      readonly commission: string | null;
      readonly currency: string;
      readonly realizedPnl: string | null;
    }
  | {
      readonly kind: "position";
      readonly account: string;
      readonly contract: WireContract;
      readonly quantity: string | null;
      readonly averageCost: string | null;
    }
  | { readonly kind: "positionsEnd" }
  | {
      readonly kind: "summaryRow";
      readonly reqId: number;
      readonly account: string;
      readonly tag: string;
      readonly value: string;
      readonly currency: string;
    }
  | { readonly kind: "summaryEnd"; readonly reqId: number }
  | { readonly kind: "details"; readonly reqId: number; readonly details: WireDetails }
  | { readonly kind: "detailsEnd"; readonly reqId: number }
  | {
      readonly kind: "symbols";
      readonly reqId: number;
      readonly rows: readonly { readonly contract: WireContract; readonly description: string }[];
    }
  | { readonly kind: "tick"; readonly reqId: number; readonly field: number; readonly value: string | null }
  | { readonly kind: "dataType"; readonly reqId: number; readonly dataType: number }
  | { readonly kind: "snapshotEnd"; readonly reqId: number }
  | { readonly kind: "bar"; readonly reqId: number; readonly bar: WireBar }
  | { readonly kind: "barsEnd"; readonly reqId: number }
  | { readonly kind: "currentTime"; readonly epochSeconds: number }
  | { readonly kind: "accounts"; readonly accounts: readonly string[] }
  | { readonly kind: "nextOrderId"; readonly orderId: number }
  /** About one request or order: `id` is its request id or order id. */
  | {
      readonly kind: "error";
      readonly id: number;
      readonly code: number;
      readonly text: string;
      /** JSON that says what may override a rejection; absent: none came. */
      readonly advancedReject?: string;
    }
  /** About the link as a whole. */
  | { readonly kind: "notice"; readonly code: number; readonly text: string };

/** What an order says of itself, in the fields of TWS; null and empty stay unset. */
export interface WireTerms {
  readonly side: "BUY" | "SELL";
  readonly quantity: string;
  /** Of a combination; empty: one instrument. */
  readonly legs: readonly WireLeg[];
  /** As TWS names it, for example "STP LMT". */
  readonly orderType: string;
  readonly timeInForce: TimeInForce;
  /** UTC as TWS writes it; empty: none. */
  readonly goodTillDate: string;
  readonly outsideRth: boolean;
  readonly limitPrice: string | null;
  /** Stop, trigger, trailing amount or offset, by the type. */
  readonly auxPrice: string | null;
  readonly trailStopPrice: string | null;
  /** 1.5 is 1.5 %. */
  readonly trailingPercent: string | null;
  readonly limitPriceOffset: string | null;
}

/** One placeOrder. */
export interface OrderToSend extends WireTerms {
  readonly orderId: number;
  readonly contract: ContractToSend;
  readonly account: string;
  /** Empty for a what-if. */
  readonly orderRef: string;
  readonly whatIf: boolean;
  /** null: an order by itself, sent at once. */
  readonly group: OrderGroup | null;
}

/** What an order trades, as TWS must be told. The legs of a combination stand in the order's terms. */
export type ContractToSend =
  | { readonly conid: number; readonly exchange: string }
  | { readonly conid?: never; readonly symbol: string; readonly currency: string; readonly exchange: string };

/** An order's place in a bracket. TWS holds what is not transmitted, without a word, until an order of the group is. */
export interface OrderGroup {
  /** Order id of the entry; null: this is the entry. */
  readonly parentId: number | null;
  /** Of the exits; empty for the entry. */
  readonly ocaGroup: string;
  readonly transmit: boolean;
}
