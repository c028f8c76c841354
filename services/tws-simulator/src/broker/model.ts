/** State of the broker. Plain JSON with decimal text, so that it is stored as it is. */

export type OrderStatus =
  | "PendingSubmit"
  | "PreSubmitted"
  | "Submitted"
  | "PendingCancel"
  | "Cancelled"
  | "Filled"
  | "Inactive";

export const TERMINAL_STATUSES: ReadonlySet<string> = new Set(["Cancelled", "Filled", "Inactive"]);

export type Side = "BUY" | "SELL";
export type OrderType = "MKT" | "LMT";
export type TimeInForce = "DAY" | "GTC" | "IOC";

/** What the client ordered, after validation. */
export interface OrderTerms {
  readonly conId: number;
  readonly exchange: string;
  readonly action: Side;
  readonly quantity: string;
  readonly orderType: OrderType;
  /** Present exactly when the type is LMT. */
  readonly lmtPrice: string | undefined;
  readonly tif: TimeInForce;
  readonly account: string;
  readonly orderRef: string;
  readonly outsideRth: boolean;
  readonly openClose: string;
  readonly origin: number;
  readonly hidden: boolean;
  readonly ocaGroup: string;
  readonly displaySize: number | undefined;
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
  lastFillPrice: string;
  /** Cumulative; undefined until the first commission report. */
  commission: string | undefined;
  /** When a DAY order ends; undefined for GTC. */
  expiresMs: number | undefined;
  /** The order may match only from this instant on; undefined = at once. */
  activeFromMs: number | undefined;
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

export function isOpen(order: Order): boolean {
  return !TERMINAL_STATUSES.has(order.status);
}
