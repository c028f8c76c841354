import type { BrokerEvent, OrderToSend, WireContract, WireExecution, WireOrder } from "../gateway-types.ts";

export type TwsStatus =
  | "arrived"
  | "PreSubmitted"
  | "Submitted"
  | "Filled"
  | "Cancelled"
  | "Inactive"
  | "dropped"
  | "staged";

/** One order as the broker has it. */
export interface TwsOrder {
  readonly key: number;
  sent: OrderToSend;
  /** Messages that have changed it. */
  readonly changes: OrderToSend[];
  readonly clientId: number;
  permId: string | null;
  status: TwsStatus;
  filled: number;
  /** An exit whose entry is not filled yet. */
  waits: boolean;
  /** The broker has refused it, whatever became of it then. */
  rejected: boolean;
  /** Why it is over, in the words of TWS; empty: it was filled, or is not over. */
  why: string;
  readonly executions: { execId: string; quantity: number; total: number; reported: boolean }[];
}

const PRICE = "100";
const MARGINS = {
  ...{ initialChange: null, initialAfter: null, maintenanceChange: null, maintenanceAfter: null, equityAfter: null },
  ...{ commission: null, commissionMin: null, commissionMax: null, commissionCurrency: "", warning: "" },
};

export const isOpen = ({ status }: TwsOrder) => status === "PreSubmitted" || status === "Submitted";
export const isCompleted = ({ status }: TwsOrder) => ["Filled", "Cancelled", "Inactive"].includes(status);

function contractOf({ contract }: OrderToSend): WireContract {
  const { conid = 0, exchange } = contract;
  return {
    ...{ conid, symbol: "AAPL", secType: "STK", currency: "USD", exchange, primaryExchange: "NASDAQ" },
    ...{ localSymbol: "AAPL", tradingClass: "NMS", multiplier: null, lastTradeDate: "", strike: null, right: "" },
  };
}

/** How TWS shows an order while its client may still hear of it. A price that it has not is 0. */
export function shownBy(order: TwsOrder): WireOrder {
  const { sent, clientId, permId, status } = order;
  const { account, orderRef, side, quantity, legs, orderType, limitPrice, auxPrice, trailingPercent } = sent;
  return {
    ...{ account, orderRef, side, quantity, legs, orderType, trailingPercent, trailStopPrice: sent.trailStopPrice },
    ...{ limitPrice: limitPrice ?? "0", auxPrice: auxPrice ?? "0" },
    ...{ orderId: sent.orderId, clientId, permId, contract: contractOf(sent), filledQuantity: null },
    ...{ timeInForce: sent.timeInForce, outsideRth: sent.outsideRth, parentId: sent.group?.parentId ?? null },
    ...{ whatIf: false, status, completedStatus: "", margins: MARGINS },
  };
}

/** How it stands among the completed ones, which carry no order id. */
export function completedBy(order: TwsOrder): WireOrder {
  const filledQuantity = String(order.filled);
  const completedStatus = order.status === "Filled" ? `Filled Size: ${filledQuantity}` : order.why;
  return { ...shownBy(order), orderId: null, clientId: null, filledQuantity, completedStatus };
}

export function statusOf(order: TwsOrder): BrokerEvent {
  const { sent, clientId, permId, status } = order;
  const filled = String(order.filled);
  return { kind: "orderStatus", orderId: sent.orderId, clientId, permId, status, filled, whyHeld: heldBy(order) };
}

/** What an open order waits for. */
function heldBy(order: TwsOrder): string {
  const { waits, sent } = order;
  const reasons = [...(waits ? ["child"] : []), ...(sent.orderType === "STP" ? ["trigger"] : [])];
  return isOpen(order) ? reasons.join() : "";
}

export function executionOf(order: TwsOrder, index: number): WireExecution {
  const { sent, clientId, permId } = order;
  const { execId, quantity, total } = order.executions[index] ?? { execId: "", quantity: 0, total: 0 };
  const side = sent.side === "BUY" ? "BOT" : "SLD";
  return {
    ...{ execId, time: "20260105 15:00:00 UTC", account: sent.account, contract: contractOf(sent), side, permId },
    ...{ quantity: String(quantity), price: PRICE, cumulativeQuantity: String(total), averagePrice: PRICE },
    ...{ exchange: "NASDAQ", orderId: sent.orderId, clientId, orderRef: sent.orderRef },
  };
}

export function commissionOf(order: TwsOrder, index: number): BrokerEvent {
  const execId = order.executions[index]?.execId ?? "";
  return { kind: "commission", execId, commission: "1", currency: "USD", realizedPnl: null };
}

/** Refused by the broker it can be changed, and then works, or be cancelled. */
export function isRejected({ status, permId }: TwsOrder): boolean {
  return status === "Inactive" && permId !== null;
}

export function workingStatus({ sent, waits }: TwsOrder): TwsOrder["status"] {
  return sent.orderType === "LMT" && !waits ? "Submitted" : "PreSubmitted";
}

export function cancelled(orderId: number): BrokerEvent {
  return { kind: "error", id: orderId, code: 202, text: "Order Canceled - reason:" };
}

export function untransmitted(order: TwsOrder): BrokerEvent[] {
  const gone = { ...statusOf(order), status: "ApiCancelled" } as BrokerEvent;
  return [gone, cancelled(order.sent.orderId)];
}

/** An open order as a list has it. */
export function rowsOf(order: TwsOrder): BrokerEvent[] {
  return [{ kind: "openOrder", order: shownBy(order) }, statusOf(order)];
}
