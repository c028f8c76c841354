import type { AccountExecution, OpenOrder } from "@countersign/contracts/account";
import { Fault } from "@countersign/contracts/denial";
import type { CompletedOrder } from "@countersign/contracts/messages/account-reads.v1";
import { executionOf } from "../orders/follow.ts";
import type { OrderTable } from "../orders/order-table.ts";
import { COMBO } from "../session/order-terms.ts";
import type { WireOrder } from "../session/wire.ts";
import type { ChargedExecution } from "./broker-lists.ts";

/** Ours is what an exec log of ours knows by its reference; everything else was entered by somebody else. */
function owner(table: OrderTable, orderRef: string): Pick<OpenOrder, "ownership" | "proposalId"> {
  const actor = orderRef === "" ? undefined : table.find({ orderRef, permId: null, clientId: null, orderId: null });
  if (actor === undefined) return { ownership: "foreign", proposalId: null };
  return { ownership: "ours", proposalId: actor.order.proposalId };
}

export function openOrderOf(table: OrderTable, wire: WireOrder): OpenOrder | undefined {
  const side = wire.side === "BUY" || wire.side === "SELL" ? wire.side : undefined;
  if (side === undefined || wire.quantity === null || wire.permId === null) return undefined;
  const stopPrice = stopOf(wire);
  return {
    account: wire.account,
    permId: wire.permId,
    orderId: wire.orderId ?? 0,
    clientId: wire.clientId ?? 0,
    orderRef: wire.orderRef,
    ...owner(table, wire.orderRef),
    conid: wire.contract.conid,
    symbol: wire.contract.symbol,
    ...(wire.contract.secType === COMBO && { comboLegs: [...wire.legs] }),
    side,
    quantity: wire.quantity,
    filledQuantity: wire.filledQuantity,
    orderType: wire.orderType,
    // TWS echoes 0 where an order has no limit.
    limitPrice: wire.orderType.includes("LMT") ? wire.limitPrice : null,
    ...(stopPrice !== null && { stopPrice }),
    timeInForce: wire.timeInForce,
    status: wire.status,
  };
}

/** Under the auxiliary price TWS keeps the stop or trigger, but of a trail its distance. */
function stopOf({ orderType, auxPrice, trailStopPrice }: WireOrder): string | null {
  if (orderType.startsWith("TRAIL")) return trailStopPrice;
  return ["STP", "STP LMT", "STP PRT", "MIT", "LIT"].includes(orderType) ? auxPrice : null;
}

/** Throws a Fault when the row cannot be read: left out, the list would pass for complete. */
export function completedOrderOf(table: OrderTable, wire: WireOrder): CompletedOrder {
  const open = openOrderOf(table, wire);
  if (open === undefined) throw new Fault("BROKER_REFUSED", "TWS sent a completed order that cannot be read");
  const { orderId: _order, clientId: _client, ...order } = open;
  return { ...order, completedStatus: wire.completedStatus };
}

export function accountExecutionOf(table: OrderTable, wire: ChargedExecution): AccountExecution | undefined {
  const execution = executionOf(wire);
  if (execution === undefined || wire.permId === null) return undefined;
  return {
    ...execution,
    account: wire.account,
    conid: wire.contract.conid,
    symbol: wire.contract.symbol,
    ...(wire.contract.secType === COMBO && { combo: true as const }),
    orderRef: wire.orderRef,
    permId: wire.permId,
    ...owner(table, wire.orderRef),
    commission: wire.commission,
  };
}
