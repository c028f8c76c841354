import type { Conditions } from "../codec/order-conditions.ts";
import type { Combo } from "../codec/order-legs.ts";

/** State of the broker. Plain JSON with decimal text, so that it is stored as it is. */

export type OrderStatus =
  | "PendingSubmit"
  | "PreSubmitted"
  | "Submitted"
  | "PendingCancel"
  | "ApiCancelled"
  | "Cancelled"
  | "Filled"
  | "Inactive";

/** An order in one of these never works again. An inactive one may: it is dead until somebody changes it. */
const FINAL_STATUSES: ReadonlySet<OrderStatus> = new Set(["Cancelled", "ApiCancelled", "Filled"]);

export type Side = "BUY" | "SELL";

export type OrderType =
  | "MKT"
  | "LMT"
  | "STP"
  | "STP LMT"
  | "TRAIL"
  | "TRAIL LIMIT"
  | "MIT"
  | "LIT"
  | "MOC"
  | "LOC"
  | "MOO"
  | "LOO"
  | "MIDPRICE"
  | "REL";
export type TimeInForce = "DAY" | "GTC" | "GTD" | "IOC" | "FOK" | "OPG";

/** What the client ordered, after validation. A price is present where the type needs it or allows it. */
export interface OrderTerms {
  /** Of a combination: the number that TWS gives every combination. */
  readonly conId: number;
  readonly combo: Combo;
  readonly exchange: string;
  readonly action: Side;
  readonly quantity: string;
  readonly orderType: OrderType;
  readonly lmtPrice: string | undefined;
  /** Stop or touched price; of a trailing order the distance, of a relative one the offset. */
  readonly auxPrice: string | undefined;
  /** First stop of a trailing order; absent = measured from the market. */
  readonly trailStopPrice: string | undefined;
  readonly trailingPercent: string | undefined;
  readonly lmtPriceOffset: string | undefined;
  readonly triggerMethod: number;
  readonly tif: TimeInForce;
  readonly goodAfterTime: string;
  readonly goodTillDate: string;
  readonly account: string;
  readonly orderRef: string;
  readonly outsideRth: boolean;
  readonly openClose: string;
  readonly origin: number;
  readonly hidden: boolean;
  /** 0 = none. */
  readonly parentId: number;
  readonly ocaGroup: string;
  /** 0 = not said. */
  readonly ocaType: number;
  readonly displaySize: number | undefined;
  readonly allOrNone: boolean;
  readonly minQty: number | undefined;
  readonly conditions: Conditions;
}

export interface Order {
  /** 0 = placed by hand and not bound; negative = placed by hand and bound to client 0. */
  orderId: number;
  readonly clientId: number;
  readonly permId: number;
  readonly acceptedMs: number;
  terms: OrderTerms;
  status: OrderStatus;
  whyHeld: string;
  filled: string;
  /** Sum of price times quantity over all fills, without multiplier. */
  filledValue: string;
  /** Number of fills. */
  fills: number;
  lastFillPrice: string;
  /** Cumulative; undefined until the first commission report. */
  commission: string | undefined;
  /** When it ends by itself; undefined for GTC. */
  expiresMs: number | undefined;
  /** The order may match only from this instant on; undefined = at once. */
  activeFromMs: number | undefined;
  /** Shares to sell short are looked for until then; undefined = not needed. */
  locateUntilMs: number | undefined;
  /** The order that this one is a child of; undefined = of none. */
  parentPermId: number | undefined;
  /** True until its parent is filled. */
  heldByParent: boolean;
  /** The group that it shares with others, a bracket's own included; empty = none. */
  ocaGroup: string;
  ocaType: number;
  /** True once it was sent to its exchange. */
  working: boolean;
  triggered: boolean;
  /** Looks at the market in a row that reached the trigger: some trigger methods ask for two. */
  triggerHits: number;
  /** The stop where it stands now; undefined for types without one. */
  stopPrice: string | undefined;
  conditionsMet: boolean;
  /** The price that a capped order goes to at most; undefined = not capped. */
  capPrice: string | undefined;
  /** Changed from a limit to a market order: its end is then told before its execution. */
  becameMarket: boolean;
  completedMs: number | undefined;
  completedStatus: string;
}

export interface Execution {
  readonly execId: string;
  readonly orderId: number;
  readonly clientId: number;
  readonly permId: number;
  readonly account: string;
  readonly conId: number;
  /** Present on the execution of a combination as a whole; its legs follow as executions with the commission. */
  readonly combo?: Combo;
  readonly timeMs: number;
  readonly exchange: string;
  readonly side: "BOT" | "SLD";
  readonly shares: string;
  readonly price: string;
  readonly cumQty: string;
  readonly avgPrice: string;
  readonly orderRef: string;
  readonly lastLiquidity: number;
  readonly commission: string;
  readonly commissionCurrency: string;
  /** Undefined on an opening fill. */
  readonly realizedPnl: string | undefined;
}

/** A holding. `cost` includes commission and multiplier and has the sign of the quantity; `grossCost` is without it. */
export interface Position {
  quantity: string;
  cost: string;
  grossCost: string;
  realizedPnl: string;
}

export interface Account {
  readonly id: string;
  /** Balance by currency. */
  readonly cash: Record<string, string>;
  /** By conId. A position closed today stays with quantity 0. */
  readonly positions: Record<string, Position>;
  realizedPnl: string;
}

/** It works, or waits to. */
export function isOpen(order: Order): boolean {
  return order.status !== "Inactive" && !isFinal(order);
}

export function isFinal(order: Order): boolean {
  return FINAL_STATUSES.has(order.status);
}
