import { type ContractView, contractTokens } from "./contract-view.ts";
import { type Reply, UNSET_DOUBLE } from "./literals.ts";
import type { OrderView } from "./order-view.ts";
import { has } from "./version-gates.ts";

export function encodeOrderStatus(order: OrderView): Reply {
  const tokens = [
    "3",
    String(order.orderId),
    order.status,
    order.filled,
    order.remaining,
    order.avgFillPrice,
    String(order.permId),
    String(order.parentId),
    order.lastFillPrice,
    String(order.clientId),
    order.whyHeld,
    order.mktCapPrice,
  ];
  return { name: "orderStatus", tokens };
}

export interface ExecutionView {
  readonly orderId: number;
  readonly contract: ContractView;
  readonly execId: string;
  /** `YYYYMMDD HH:MM:SS Zone`. */
  readonly time: string;
  readonly account: string;
  /** The venue of the fill, never SMART. */
  readonly exchange: string;
  readonly side: "BOT" | "SLD";
  readonly shares: string;
  readonly price: string;
  readonly permId: number;
  readonly clientId: number;
  readonly cumQty: string;
  readonly avgPrice: string;
  readonly orderRef: string;
  /** 1 = added liquidity, 2 = removed it. */
  readonly lastLiquidity: number;
}

/** `reqId` is -1 for an execution that nobody asked for. */
export function encodeExecution(reqId: number, execution: ExecutionView, serverVersion: number): Reply {
  const shown = { exchange: execution.exchange, strike: "0.0", right: "" };
  const tokens = [
    "11",
    String(reqId),
    String(execution.orderId),
    ...contractTokens(execution.contract, shown),
    execution.execId,
    execution.time,
    execution.account,
    execution.exchange,
    execution.side,
    execution.shares,
    execution.price,
    String(execution.permId),
    String(execution.clientId),
    "0", // liquidation
    execution.cumQty,
    execution.avgPrice,
    execution.orderRef,
    ...["", "", ""], // evRule, evMultiplier, modelCode
    String(execution.lastLiquidity),
    ...(has(serverVersion, "pendingPriceRevision") ? ["0"] : []),
  ];
  return { name: "execDetails", tokens };
}

export function encodeExecutionEnd(reqId: number): Reply {
  return { name: "execDetailsEnd", tokens: ["55", "1", String(reqId)] };
}

export interface CommissionView {
  readonly execId: string;
  readonly commission: string;
  readonly currency: string;
  /** Undefined on an opening fill. */
  readonly realizedPnl: string | undefined;
}

export function encodeCommission(view: CommissionView): Reply {
  const tokens = ["59", "1", view.execId, view.commission, view.currency, view.realizedPnl ?? UNSET_DOUBLE];
  return { name: "commissionReport", tokens: [...tokens, UNSET_DOUBLE, ""] };
}
